#include "netns/mail_clients.h"

#include <optional>
#include <sstream>
#include <utility>

#include "netns/program.h"

namespace smtpath::test {

namespace {

constexpr int kTlsAtOnce = 465;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream from(text);
  for (std::string line; std::getline(from, line);) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

/// What stands behind those words, where a line begins with them.
std::optional<std::string> behind(const std::string& line, const std::string& words) {
  if (line.rfind(words, 0) != 0) return std::nullopt;
  return line.substr(words.size());
}

std::string url(const MailAddress& server) {
  return (server.port == kTlsAtOnce ? "smtps://" : "smtp://") + server.name + ":" + std::to_string(server.port);
}

std::string socket_of(const MailAddress& server) {
  const std::string address = to_string(server.address);
  return (server.address.is_ipv4() ? address : "[" + address + "]") + ":" + std::to_string(server.port);
}

/// Keeps the replies to one command as they come by; `lines` are those of the last one that had `code`.
class Replies {
 public:
  void begin() { lines_.clear(); }
  void add(const std::string& line) { lines_.push_back(line); }
  const std::vector<std::string>& lines() const { return lines_; }
  /// Without the codes and the first line, which names the server.
  std::vector<std::string> extensions() const {
    constexpr std::size_t kCode = 4;
    std::vector<std::string> names;
    for (std::size_t i = 1; i < lines_.size(); ++i) names.push_back(lines_[i].substr(kCode));
    return names;
  }

 private:
  std::vector<std::string> lines_;
};

/// Reads a dialogue as swaks and curl print it: marks before what was said and what was heard.
void read_dialogue(const std::vector<std::string>& lines, const std::vector<std::string>& said,
                   const std::vector<std::string>& heard, SecondOpinion& opinion) {
  Replies replies;
  bool greets = true;
  bool answers_ehlo = false;
  for (const std::string& line : lines) {
    for (const std::string& mark : said) {
      const auto words = behind(line, mark);
      if (!words) continue;
      if (std::exchange(greets, false)) opinion.greeting = replies.lines();
      if (answers_ehlo) opinion.extensions = replies.extensions();
      answers_ehlo = behind(*words, "EHLO").has_value();
      replies.begin();
    }
    for (const std::string& mark : heard) {
      if (const auto words = behind(line, mark)) replies.add(*words);
    }
  }
  if (greets) opinion.greeting = replies.lines();
  if (answers_ehlo) opinion.extensions = replies.extensions();
}

}  // namespace

SecondOpinion ask_openssl(const io::Lab& lab, const MailAddress& server) {
  std::vector<std::string> argv{"openssl",   "s_client",         "-connect",  socket_of(server), "-servername",
                                server.name, "-verify_hostname", server.name, "-CAfile",         server.roots};
  if (server.port != kTlsAtOnce) argv.insert(argv.end(), {"-starttls", "smtp"});
  SecondOpinion opinion;
  opinion.text = run_in(lab, std::move(argv)).output;
  for (const std::string& line : lines_of(opinion.text)) {
    if (const auto rest = behind(line, "New, ")) {
      const std::string middle = ", Cipher is ";
      const std::size_t at = rest->find(middle);
      if (at == std::string::npos || rest->rfind("(NONE)", 0) == 0) continue;
      opinion.version = rest->substr(0, at);
      opinion.cipher = rest->substr(at + middle.size());
    }
    const std::size_t code = line.find("Verify return code: ");
    if (code == std::string::npos || opinion.version.empty()) continue;
    opinion.verify_code = std::stoi(line.substr(line.find(": ", code) + 2));
    opinion.is_verified = opinion.verify_code == 0;
  }
  return opinion;
}

SecondOpinion ask_swaks(const io::Lab& lab, const MailAddress& server) {
  const bool is_tls_at_once = server.port == kTlsAtOnce;
  SecondOpinion opinion;
  opinion.text =
      run_in(lab,
             {"swaks", "--timeout", "5", "--server", to_string(server.address), "--port", std::to_string(server.port),
              "--helo", "client.example.test", is_tls_at_once ? "--tlsc" : "--tls", "--quit-after",
              is_tls_at_once ? "FIRST-EHLO" : "EHLO", "--tls-ca-path", server.roots, "--tls-sni", server.name})
          .output;
  const std::vector<std::string> lines = lines_of(opinion.text);
  read_dialogue(lines, {" -> ", " ~> "}, {"<-  ", "<~  ", "<** ", "<~* "}, opinion);
  for (const std::string& line : lines) {
    const auto rest = behind(line, "=== TLS started with cipher ");
    if (!rest) continue;
    const std::size_t colon = rest->find(':');
    opinion.version = rest->substr(0, colon);
    opinion.cipher = rest->substr(colon + 1, rest->rfind(':') - colon - 1);
  }
  return opinion;
}

SecondOpinion ask_curl(const io::Lab& lab, const MailAddress& server) {
  const std::string known = server.name + ":" + std::to_string(server.port) + ":" + to_string(server.address);
  SecondOpinion opinion;
  opinion.text = run_in(lab, {"curl", "--verbose", "--silent", "--ssl-reqd", "--cacert", server.roots, "--capath",
                              "/nowhere", "--resolve", known, url(server)})
                     .errors;
  const std::vector<std::string> lines = lines_of(opinion.text);
  read_dialogue(lines, {"> "}, {"< "}, opinion);
  for (const std::string& line : lines) {
    if (line.find("SSL certificate verify ok.") != std::string::npos) opinion.is_verified = true;
    const auto rest = behind(line, "* SSL connection using ");
    if (!rest) continue;
    const std::string slash = " / ";
    opinion.version = rest->substr(0, rest->find(slash));
    opinion.cipher = rest->substr(rest->find(slash) + slash.size());
  }
  return opinion;
}

}  // namespace smtpath::test
