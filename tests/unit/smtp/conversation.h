#pragma once

// A dialogue as it is read in tests: what each side said, in the order in which it was seen.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/smtp/dialogue.h"
#include "support/dice.h"

namespace smtpath::test {

class Conversation {
 public:
  /// As it stands, line ends included; the other two add CR LF.
  Conversation& server_bytes(std::string bytes);
  Conversation& client_bytes(std::string bytes);
  Conversation& server(const std::string& lines) { return server_bytes(lines + "\r\n"); }
  Conversation& client(const std::string& lines) { return client_bytes(lines + "\r\n"); }
  Conversation& server_gap(std::uint64_t missing);
  Conversation& client_gap(std::uint64_t missing);
  /// Greeting, EHLO with PIPELINING and AUTH, and its reply.
  Conversation& greeted();
  /// MAIL, RCPT, DATA one by one, each accepted.
  Conversation& up_to_data();

  smtp::Dialogue read() const;
  smtp::Transcript transcript() const { return read().transcript(); }
  /// Every piece in parts of random sizes, down to one byte.
  smtp::Dialogue read_cut(Dice& dice) const;

 private:
  enum class What : std::uint8_t { Client, Server, ClientGap, ServerGap };
  struct Piece {
    What what;
    std::string bytes;
    std::uint64_t missing = 0;
  };
  static std::size_t feed(smtp::Dialogue& dialogue, const Piece& piece, std::string_view bytes);

  std::vector<Piece> pieces_;
};

std::vector<std::byte> bytes_of(std::string_view text);

/// All that a transcript holds, as text: to compare two, and to look for what must not be there.
std::string everything_in(const smtp::Transcript& transcript);

}  // namespace smtpath::test
