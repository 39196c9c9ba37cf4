#pragma once

// The dialogue as a machine: what the client is in the middle of, what the server owes, and the transcript so far.
// client_side.cpp reads the client, server_side.cpp the server; matching replies to commands is the server's side.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "smtp/command_queue.h"
#include "smtp/command_reader.h"
#include "smtp/end_of_data.h"
#include "smtp/proxy_header.h"
#include "smtpath/smtp/dialogue.h"
#include "smtpath/smtp/reply_reader.h"
#include "smtpath/smtp/transcript.h"

namespace smtpath::smtp {

struct Dialogue::State {
  /// What the client's next bytes are.
  enum class Sending : std::uint8_t {
    Commands,
    /// DATA was asked and not answered: text, unless the first line is a command beyond doubt.
    TextPerhaps,
    Text,
    /// BDAT's bytes.
    Chunk,
  };

  // client_side.cpp
  std::size_t read_client(std::span<const std::byte> bytes);
  std::size_t read_text(std::span<const std::byte> bytes);
  std::size_t read_line(std::span<const std::byte> bytes);
  void handle_line(const Command& command);
  void handle_command(const Command& command);
  void begin_text(Sending next);
  void end_text();
  void lose_client();

  // server_side.cpp
  std::size_t read_server(std::span<const std::byte> bytes);
  void handle_reply(Reply reply, const std::vector<std::string>& lines);
  bool is_greeting(const Reply& reply) const;
  void greet(Reply reply);
  void realign(std::uint16_t code);
  void answer(const Reply& reply, const std::vector<std::string>& lines);
  void answer_nothing(const Reply& reply);
  void answer_data(const Reply& reply);
  void answer_auth(const Reply& reply);
  void answer_message(const Reply& reply);
  void keep_extensions(const std::vector<std::string>& lines);
  void count(Verb verb, const Reply& reply);
  void count_message(const Reply& reply);
  bool may_repeat_secrets() const;
  bool answers_starttls(std::byte first) const;

  void update();

  Transcript transcript;
  CommandQueue queue;
  CommandReader commands;
  ReplyReader replies;
  ProxyHeader proxy_header;
  EndOfData text;
  std::uint64_t chunk_left = 0;
  /// LMTP: accepted since the last message.
  std::uint32_t recipients = 0;
  /// AUTH: lines of the client that came before the 334 which asked for them.
  std::uint32_t early_auth_lines = 0;
  Sending sending = Sending::Commands;
  bool is_auth_line_next = false;
  bool has_blank_line = false;
  bool takes_bare_line_feeds = false;
  bool is_data_accepted = false;
  /// The message was answered while its text was still under way.
  bool is_text_answered = false;
  bool has_gap_in_text = false;
  /// Commands may have been lost since the last one that is certain.
  bool is_client_lost = false;
  bool is_server_lost = false;
  bool began_late = false;
  /// Nothing was said that has not been seen.
  bool is_seen_whole = false;
  bool has_client_spoken = false;
  bool has_server_replied = false;
  bool is_group_new = false;
  bool is_tls_next = false;
};

}  // namespace smtpath::smtp
