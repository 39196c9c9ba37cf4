#pragma once

// A mail server for our client to visit, in virtual time: what it says to what, and after how long.
//
//   ScriptedServer().greets("220 mx").answers("EHLO", "250 mx").answers("QUIT", "221 bye").visited()

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/smtp/client.h"

namespace smtpath::test {

/// How a visit went.
struct Meeting {
  smtp::Visit visit;
  /// The client's lines without their ends; TLS once it was asked for and stood.
  std::vector<std::string> said;
  /// From the connection to the client's end.
  Duration took{};
  bool is_finished = false;
};

/// Into which pieces the server's bytes fall.
using Cut = std::function<std::vector<std::string>(const std::string&)>;

class ScriptedServer {
 public:
  ScriptedServer& greets(const std::string& lines, Duration after = {});
  /// To a line of the client's that begins so, once; TLS is answered by what the server says once that stands.
  ScriptedServer& answers(const std::string& to, const std::string& lines, Duration after = {});
  /// As it stands, no line end added; the rest likewise.
  ScriptedServer& sends(const std::string& to, const std::string& bytes, Duration after = {});
  /// One byte after the other.
  ScriptedServer& drips(const std::string& to, const std::string& bytes, Duration every);
  /// And a while later, without being asked.
  ScriptedServer& then_sends(const std::string& bytes, Duration after = {});
  ScriptedServer& closes(const std::string& to, Duration after = {});
  ScriptedServer& resets(const std::string& to, Duration after = {});
  ScriptedServer& takes_for_handshake(Duration duration);
  ScriptedServer& fails_handshake();
  /// Greeting, EHLO with STARTTLS, both of it inside TLS, QUIT.
  static ScriptedServer healthy();

  Meeting visited(const smtp::ClientOptions& options = visitor()) const;
  /// The same, all bytes cut; the client is asked what it has to say only between what the server says in one go.
  Meeting visited(const smtp::ClientOptions& options, const Cut& cut) const;

  static smtp::ClientOptions visitor() { return {.name = "client.example.org", .credentials = {}}; }
  static smtp::ClientOptions visitor_with_password();

 private:
  friend class Encounter;
  enum class What : std::uint8_t { Bytes, Close, Reset };
  struct Act {
    /// Empty: the connection.
    std::string upon;
    What what = What::Bytes;
    std::string bytes;
    Duration after{};
    /// Comes behind the one before it, without being asked for.
    bool is_continued = false;
  };

  std::vector<Act> acts_;
  Duration handshake_{};
  bool is_handshake_good_ = true;
};

/// All that a visit holds, as text.
std::string everything_in(const smtp::Visit& visit);

}  // namespace smtpath::test
