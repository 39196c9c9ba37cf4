// Any server as our client's host: it ends, in bounds, and never says what it must not. First a byte of options; then,
// again and again, what happens next: a byte of kind, tenths of a second since the last, a length, and bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "smtpath/smtp/client.h"

namespace {

using namespace smtpath;

constexpr std::size_t kHeader = 3;
/// Greeting, EHLO, HELO, STARTTLS, the same again inside TLS, five lines of AUTH, QUIT.
constexpr int kMostLines = 16;
constexpr std::size_t kLongestLine = 1024;

void demand(bool holds) {
  if (!holds) std::abort();
}

smtp::ClientOptions options_of(std::uint8_t choice) {
  smtp::ClientOptions options{.name = "client.example.org",
                              .begins_with_tls = (choice & 1U) != 0,
                              .wants_starttls = (choice & 2U) == 0,
                              .credentials = {}};
  if ((choice & 4U) != 0) options.credentials = smtp::Credentials{.user = "tim", .password = Secret("tanstaaf")};
  return options;
}

void look_at(const smtp::Transcript& transcript) {
  demand(transcript.extensions.size() <= smtp::kMostExtensions);
  demand(transcript.auth_mechanisms.size() <= 1);
  demand(transcript.reply_codes.size() <= smtp::kMostCodes);
  demand(!transcript.greeting || transcript.greeting->text.size() <= smtp::kLongestText);
  demand(!transcript.client_spoke_first && transcript.gaps == 0);
  for (const smtp::Verb verb : {smtp::Verb::Mail, smtp::Verb::Rcpt, smtp::Verb::Data, smtp::Verb::Bdat})
    demand(transcript.of(verb).asked == 0);
  demand(transcript.of(smtp::Verb::Other).asked == 0);
}

/// Holds the client to its rules, and plays the driver that carries its bytes.
class Visited {
 public:
  explicit Visited(const smtp::ClientOptions& options) : client_(options, now_) {}

  void happen(std::uint8_t kind, Duration after, std::span<const std::byte> bytes) {
    now_ += after;
    constexpr unsigned kKinds = 16;
    switch (kind % kKinds) {
      case 0:
        client_.handle_tls(now_, true);
        break;
      case 1:
        client_.handle_tls(now_, false);
        break;
      case 2:
        client_.handle_close(now_, (kind & 0x80U) != 0);
        break;
      case 3:
        client_.withhold_credentials();
        break;
      case 4:
        client_.handle_timeout(now_);
        break;
      default:
        has_heard_line_ = has_heard_line_ || std::find(bytes.begin(), bytes.end(), std::byte{'\n'}) != bytes.end();
        client_.handle_bytes(now_, bytes);
        break;
    }
    const bool is_listened_to = (kind & 0x40U) == 0;
    if (is_listened_to) listen();
  }

  void end() {
    constexpr int kMostStages = 20;
    for (int i = 0; i < kMostStages && !client_.is_finished(); ++i) {
      listen();
      demand(client_.next_timeout().has_value());
      now_ = std::max(now_, *client_.next_timeout());
      client_.handle_timeout(now_);
    }
    demand(client_.is_finished() && !client_.wants_tls() && !client_.next_timeout());
    demand(!client_.poll_transmit());
    const smtp::Visit& visit = client_.visit();
    look_at(visit.plain);
    if (visit.encrypted) look_at(*visit.encrypted);
  }

 private:
  void listen() {
    while (const auto said = client_.poll_transmit()) {
      demand(has_heard_line_);
      demand(++lines_ <= kMostLines && said->size() <= kLongestLine);
      demand(said->ends_with("\r\n") && said->find('\n') == said->size() - 1);
      for (const std::string_view word : {"MAIL", "RCPT", "DATA", "BDAT"}) demand(!said->starts_with(word));
      if (said->starts_with("AUTH")) demand(client_.visit().encrypted.has_value());
    }
  }

  Time now_{};
  smtp::Client client_;
  bool has_heard_line_ = false;
  int lines_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::uint8_t> rest(data, size);
  if (rest.empty()) return 0;
  Visited visited(options_of(rest[0]));
  rest = rest.subspan(1);
  while (rest.size() >= kHeader) {
    const std::uint8_t kind = rest[0];
    const Duration after = std::chrono::milliseconds(100) * rest[1];
    const std::size_t length = std::min<std::size_t>(rest[2], rest.size() - kHeader);
    visited.happen(kind, after, std::as_bytes(rest.subspan(kHeader, length)));
    rest = rest.subspan(kHeader + length);
  }
  visited.end();
  return 0;
}
