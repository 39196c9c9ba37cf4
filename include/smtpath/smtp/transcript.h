#pragma once

// What was said in one SMTP dialogue (RFC 5321), as far as it could be read: plain values, nothing of TCP, TLS or time.
// What is secret is not in it: neither credentials nor addresses nor messages are kept. Texts are bytes from the
// network, bounded in length; whoever shows them escapes them.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace smtpath::smtp {

/// A reply, of one line or more (RFC 5321 section 4.2).
struct Reply {
  /// 200 to 599.
  std::uint16_t code = 0;
  /// Of the first line, behind the code; at most kLongestText bytes.
  std::string text;
};
inline constexpr std::size_t kLongestText = 256;

/// As std::optional<Reply>, but small while there is none: a transcript has room for many, and most stay empty.
class OptionalReply {
 public:
  OptionalReply() = default;
  // NOLINTBEGIN(google-explicit-constructor): takes the place of std::optional, which converts so too.
  OptionalReply(std::nullopt_t) {}
  OptionalReply(Reply reply) : reply_(std::make_unique<Reply>(std::move(reply))) {}
  OptionalReply(std::optional<Reply> reply) : reply_(reply ? std::make_unique<Reply>(*std::move(reply)) : nullptr) {}
  operator std::optional<Reply>() const { return reply_ ? std::optional(*reply_) : std::nullopt; }
  // NOLINTEND(google-explicit-constructor)
  OptionalReply(const OptionalReply& other) : reply_(other ? std::make_unique<Reply>(*other) : nullptr) {}
  OptionalReply(OptionalReply&&) noexcept = default;
  OptionalReply& operator=(const OptionalReply& other);
  OptionalReply& operator=(OptionalReply&&) noexcept = default;
  ~OptionalReply() = default;

  explicit operator bool() const { return reply_ != nullptr; }
  bool has_value() const { return reply_ != nullptr; }
  /// Precondition for the three: there is one.
  const Reply& operator*() const { return *reply_; }
  const Reply* operator->() const { return reply_.get(); }
  Reply* operator->() { return reply_.get(); }
  void reset() { reply_.reset(); }

  friend bool operator==(const OptionalReply& reply, std::nullopt_t) { return !reply; }

 private:
  std::unique_ptr<Reply> reply_;
};

/// Lines in a row, as a list of texts that takes no more room than they do.
class Lines {
 public:
  Lines() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): takes the place of a vector.
  Lines(std::initializer_list<std::string> lines);

  /// A line holds no line feed.
  void emplace_back(std::string_view line);
  void clear();
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  std::vector<std::string> list() const;
  // NOLINTNEXTLINE(google-explicit-constructor): see above.
  operator std::vector<std::string>() const { return list(); }

 private:
  std::string joined_;
  std::size_t count_ = 0;
};

/// The commands of RFC 5321, 3030 (BDAT), 3207 (STARTTLS), 4954 (AUTH). Other: a word that is none of these.
enum class Verb : std::uint8_t {
  Helo,
  Ehlo,
  Mail,
  Rcpt,
  Data,
  Bdat,
  Rset,
  Noop,
  Quit,
  Vrfy,
  Expn,
  Help,
  Etrn,
  StartTls,
  Auth,
  Other,
};
inline constexpr std::size_t kVerbs = 16;

/// "EHLO", "MAIL", …; "other".
const char* to_string(Verb verb);

/// One verb over the whole dialogue.
struct Commands {
  std::uint32_t asked = 0;
  /// Final replies with 2xx (of DATA: 354).
  std::uint32_t accepted = 0;
  std::uint32_t refused_for_now = 0;  // 4xx
  std::uint32_t refused = 0;          // 5xx
  /// The last final reply.
  OptionalReply last_reply{};
  /// The first that refused.
  OptionalReply first_refusal{};
};

/// Commands by verb; what was never asked takes no room.
class CommandTable {
 public:
  /// All zero for what was never asked.
  const Commands& of(Verb verb) const;
  /// Makes room for the verb; the reference is good until another verb is made room for.
  Commands& of(Verb verb);
  /// How often the verb was asked.
  std::uint32_t asked(Verb verb) const { return of(verb).asked; }

 private:
  struct Row {
    Verb verb = Verb::Other;
    Commands commands{};
  };
  std::vector<Row> rows_;
};

struct Transcript {
  /// The first reply, when it came before any answer was due.
  OptionalReply greeting;
  /// The greeting's text is asterisks behind its code, as firewalls with "SMTP fixup" make it.
  bool is_greeting_masked = false;
  /// The client spoke before the greeting was complete. Tells nothing where the server's side was not captured.
  bool client_spoke_first = false;

  CommandTable commands{};
  const Commands& of(Verb verb) const { return commands.of(verb); }
  Commands& of(Verb verb) { return commands.of(verb); }

  /// The extensions of the last successful EHLO before TLS, keyword and parameters, at most kMostExtensions.
  Lines extensions;
  bool is_starttls_offered = false;
  /// An extension line made of X's where a keyword would stand ("XXXXXXXA"), or a verb in the client's lines ("XXXX").
  bool is_starttls_masked = false;
  bool is_verb_masked = false;

  /// Of AUTH, in the order tried, upper case ("PLAIN"); at most kMostMechanisms. Never what followed.
  std::vector<std::string> auth_mechanisms;

  /// Messages: an end of data (DATA's final dot, BDAT LAST) that was answered with 2xx, 4xx, 5xx, not at all.
  std::uint32_t messages_accepted = 0;
  std::uint32_t messages_refused_for_now = 0;
  std::uint32_t messages_refused = 0;
  std::uint32_t messages_unanswered = 0;
  OptionalReply last_message_reply;
  /// Message text is under way, its end not seen.
  bool is_in_data = false;

  /// Every complete reply's code in order, at most kMostCodes; `replies` counts them all.
  std::vector<std::uint16_t> reply_codes;
  std::uint64_t replies = 0;
  /// Replies that answer no command, as 421 before a server closes; the last of them.
  std::uint32_t unsolicited = 0;
  OptionalReply last_unsolicited;
  /// Any reply, the last one: its code alone.
  OptionalReply last_reply;

  /// The command that waits for its reply, when one does; the last asked.
  /// The end of a message waits as Data or Bdat; none while AUTH waits for the client's part.
  std::optional<Verb> waits_for_reply_to;
  std::optional<Verb> last_asked;
  /// A reply has begun, and its last line not ended.
  bool is_reply_under_way = false;
  /// The client speaks LMTP (RFC 2033): LHLO counts as EHLO, and each accepted recipient of a message is owed a reply.
  bool is_lmtp = false;

  /// The first bytes of the server are no reply, and were none of TLS.
  bool is_no_smtp = false;
  /// Lines that were no command or no reply where one was due: binary, endless lines.
  std::uint32_t odd_lines = 0;
  /// Bytes are missing from one side or the other; what follows a gap is matched again at the next whole line.
  std::uint32_t gaps = 0;
};
inline constexpr std::size_t kMostExtensions = 32;
inline constexpr std::size_t kMostMechanisms = 16;
inline constexpr std::size_t kMostCodes = 1024;

}  // namespace smtpath::smtp
