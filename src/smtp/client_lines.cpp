#include "smtp/client_lines.h"

#include <algorithm>
#include <string_view>

#include "smtp/base64.h"
#include "smtp/extension.h"
#include "smtp/text.h"

namespace smtpath::smtp {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
/// With CR LF (RFC 5321 section 4.5.3.1.4); also of AUTH with an initial response (RFC 4954 section 4).
constexpr std::size_t kLongestCommand = 512;
/// RFC 5321 section 4.5.3.1.2.
constexpr std::size_t kLongestDomain = 255;
constexpr std::string_view kPlain = "AUTH PLAIN";
constexpr std::string_view kHidden = "...";

ClientLine command(std::string text) {
  text += kLineEnd;
  return {.line = Secret(text), .shown = text};
}

/// The secret is encoded here, and shown as if it were not there.
ClientLine telling(std::string_view before, const Secret& secret) {
  ClientLine line{.line = Secret(before), .shown = std::string(before)};
  line.line.append(base64(secret.text()).text());
  line.line.append(kLineEnd);
  line.shown += kHidden;
  line.shown += kLineEnd;
  return line;
}

/// One word and nothing behind it, whatever this host is called.
std::string word_of(std::string_view name) {
  std::string word;
  for (const char each : name.substr(0, kLongestDomain))
    if (is_printable(each) && each != ' ') word += each;
  return word.empty() ? "localhost" : word;
}

/// RFC 4616 section 2: as oneself, not for another.
Secret plain_response(const Credentials& credentials) {
  constexpr std::string_view kNul{"\0", 1};
  Secret response(kNul);
  response.append(credentials.user);
  response.append(kNul);
  response.append(credentials.password.text());
  return response;
}

bool fits_a_line(const Credentials& credentials) {
  constexpr std::size_t kGroup = 3;
  constexpr std::size_t kLetters = 4;
  const std::size_t response = 2 + credentials.user.size() + credentials.password.size();
  const std::size_t encoded = (response + kGroup - 1) / kGroup * kLetters;
  return kPlain.size() + 1 + encoded + kLineEnd.size() <= kLongestCommand;
}

/// "AUTH PLAIN LOGIN", or the older "AUTH=PLAIN LOGIN".
bool offers(std::string_view line, std::string_view mechanism) {
  constexpr std::string_view kSeparators = " \t=";
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(kSeparators), line.size());
    const std::string_view word = line.substr(0, end);
    if (std::equal(word.begin(), word.end(), mechanism.begin(), mechanism.end(),
                   [](char left, char right) { return upper(left) == right; })) {
      return true;
    }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return false;
}

}  // namespace

ClientLine line_at(Step step, const ClientOptions& options) {
  switch (step) {
    case Step::Ehlo:
      return command("EHLO " + word_of(options.name));
    case Step::Helo:
      return command("HELO " + word_of(options.name));
    case Step::StartTls:
      return command("STARTTLS");
    case Step::PlainAtOnce:
      return telling(std::string(kPlain) + ' ', plain_response(*options.credentials));
    case Step::PlainAsked:
      return command(std::string(kPlain));
    case Step::PlainTold:
      return telling({}, plain_response(*options.credentials));
    case Step::LoginAsked:
      return command("AUTH LOGIN");
    case Step::LoginUser:
      return telling({}, Secret(options.credentials->user));
    case Step::LoginPassword:
      return telling({}, options.credentials->password);
    case Step::AuthCancelled:
      return command("*");
    case Step::Quit:
      return command("QUIT");
    case Step::Greeting:
    case Step::Handshake:
    case Step::Over:
      return {};
  }
  return {};
}

AuthWay auth_way(const Lines& extensions, const Credentials& credentials) {
  bool has_login = false;
  for (const std::string& each : extensions.list()) {
    const Extension extension = extension_of(each);
    if (extension.keyword != "AUTH") continue;
    const std::string_view mechanisms = std::string_view(extension.line).substr(extension.keyword.size());
    if (offers(mechanisms, "PLAIN")) return fits_a_line(credentials) ? AuthWay::PlainAtOnce : AuthWay::Plain;
    has_login = has_login || offers(mechanisms, "LOGIN");
  }
  return has_login ? AuthWay::Login : AuthWay::None;
}

std::string mechanism_at(Step step) {
  return step == Step::LoginAsked ? "LOGIN" : "PLAIN";
}

}  // namespace smtpath::smtp
