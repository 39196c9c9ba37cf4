// The program visits servers that behave as none should: each visit ends in time, nothing of what they say reaches a
// terminal as it is, and each is reported for what it is.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "netns/mail_bench.h"
#include "netns/mail_report.h"
#include "support/odd_manners.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

struct Odd {
  std::string name;
  OddManner manner;
  /// Any of these.
  std::vector<std::string> outcomes;
  std::string stage{};
  /// Empty: it is visited by its address.
  std::string asked_name{};
};

bool is_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (byte < 0x20 && letter != '\n') || byte == 0x7f;
}

constexpr std::size_t kLong = 10'000'000;
const std::string kEhlo = "250-odd.example.test\r\n250 PIPELINING\r\n";

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "250-X" + std::to_string(i) + "\r\n";
  return text + "250 HELP\r\n";
}

std::vector<Odd> odd_servers(CertificateAuthority& authority) {
  const std::string name = "odd.example.test";
  const std::string good = authority.issue({.subject = name, .names = {name}});
  const std::string big = authority.issue({.subject = name, .names = {name}, .padding = 100'000});
  const std::string deep = authority.issue({.subject = name, .names = {name}, .intermediates = 50});
  using namespace std::string_literals;
  const std::string nul =
      authority.issue({.subject = "a\0b.example.test"s, .names = {"odd.example.test\0.evil.test"s}});
  const std::string markup = "220 \x1b[2J\x1b]0;owned\x07<script>alert(1)</script>\x9b\xff\xfe& \x08\x7f\r\n"s;
  return {
      {"silent", silence(), {"no-greeting"}, "greeting"},
      {"421", greeting_then_close("421 4.3.2 Too busy\r\n"), {"greeting-temporary"}, "greeting"},
      {"554", greeting_then_close("554 5.7.1 No\r\n"), {"greeting-refused"}, "greeting"},
      {"554-polite", plain("554 5.7.1 No\r\n", "503 5.5.1 No\r\n"), {"greeting-refused"}, "greeting"},
      {"closes", closing_at_once(), {"closed"}, "greeting"},
      {"resets", resetting_at_once(), {"reset", "refused"}},
      {"late", greeting_after(2s), {"starttls-not-offered"}, "ehlo"},
      {"resets-at-ehlo", resetting_at_ehlo(), {"reset"}, "ehlo"},
      {"hangs-after-220", answering_starttls("220 2.0.0 Ready\r\n"), {"tls-stalled"}, "tls"},
      {"hangs-after-hello", answering_client_hello(""), {"tls-stalled"}, "tls"},
      {"454", answering_starttls("454 4.7.0 TLS not available\r\n"), {"starttls-refused"}, "starttls"},
      {"no-starttls", plain("220 a ESMTP\r\n", kEhlo), {"starttls-not-offered"}, "ehlo"},
      {"smuggles", smuggling({.chain = good}, "250 injected\r\n"), {"ok"}, "quit"},
      {"masked-greeting", plain("220 **************\r\n", kEhlo), {"starttls-stripped"}, "ehlo"},
      {"markup",
       plain(markup, "250-odd\r\n250-\x1b[31mRED\r\n250-<b>\r\n250 STARTTLS\x07\r\n"),
       {"starttls-not-offered", "starttls-refused", "tls-failed", "tls-stalled"}},
      {"nuls", plain("220 a\0b\0c\r\n"s, "250-a\0b\r\n250 8BITMIME\0\r\n"s), {"starttls-not-offered"}},
      {"endless-line", flooding(std::string(65'536, 'A')), {"protocol-error"}},
      {"endless-greeting",
       plain("220 " + std::string(kLong, 'A') + "\r\n", kEhlo),
       {"protocol-error", "starttls-not-offered"}},
      {"many-lines", plain("220 a ESMTP\r\n", lines(10'000)), {"protocol-error", "starttls-not-offered"}},
      {"slow", slowly("220 a very slow server indeed\r\n", 1s), {"no-greeting", "stalled"}, "greeting"},
      {"changing-code",
       plain("220 a ESMTP\r\n", "250-a\r\n251-b\r\n550 c\r\n"),
       {"protocol-error", "greeting-refused", "starttls-not-offered"}},
      {"http", greeting_then_close("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"), {"protocol-error"}, "greeting"},
      {"ssh", plain("SSH-2.0-OpenSSH_9.2\r\n", ""), {"protocol-error"}, "greeting"},
      {"big-certificate", encrypted({.chain = big}), {"ok", "certificate-invalid", "tls-failed"}},
      {"deep-chain", encrypted({.chain = deep}), {"ok", "certificate-invalid"}},
      {"nul-names", encrypted({.chain = nul}), {"certificate-invalid"}, "tls", name},
      {"renegotiates", encrypted({.chain = good, .renegotiates = true}), {"ok", "closed", "tls-failed"}},
      {"floods-in-tls", encrypted_flood({.chain = good}), {"protocol-error", "stalled", "closed"}},
      {"floods", flooding("220-more\r\n"), {"protocol-error", "no-greeting"}},
      {"before-asked", answering_before_asked(), {"tls-stalled", "protocol-error", "stalled"}},
      {"fatal-alert", answering_client_hello("\x15\x03\x03\0\x02\x02\x28"s), {"tls-failed"}, "tls"},
      {"no-tls", answering_client_hello("500 what?\r\n"), {"tls-failed"}, "tls"},
      {"garbage-tls", answering_client_hello(std::string(2000, '\x16')), {"tls-failed"}, "tls"},
  };
}

class MailHostileTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }
};

TEST_F(MailHostileTest, EachServerIsReportedForWhatItIs) {
  MailBench bench({});
  const std::vector<Odd> servers = odd_servers(bench.authority());
  std::vector<std::string> arguments{"-p", "25", "--greeting-wait", "3"};
  for (std::size_t i = 0; i < servers.size(); ++i) {
    bench.add_odd(i, servers[i].manner);
    if (servers[i].asked_name.empty()) {
      arguments.push_back(to_string(odd_address(i, i % 2 == 0 ? Family::Ipv4 : Family::Ipv6)));
    } else {
      bench.name_odd(i, servers[i].asked_name);
      arguments.push_back(servers[i].asked_name);
    }
  }
  const MailRun run = visit(bench, arguments);
  EXPECT_EQ(run.errors, "");
  EXPECT_LT(run.time, 30s);
  EXPECT_EQ(std::count_if(run.output.begin(), run.output.end(), is_control), 0);
  EXPECT_EQ(std::count_if(run.text.begin(), run.text.end(), is_control), 0);
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const IpAddress at = odd_address(i, i % 2 == 0 ? Family::Ipv4 : Family::Ipv6);
    const json& mail = mail_of(run.report, at);
    SCOPED_TRACE(servers[i].name + ": " + mail.dump().substr(0, 3000));
    ASSERT_TRUE(mail.is_object());
    EXPECT_THAT(servers[i].outcomes, testing::Contains(mail.at("outcome")));
    if (!servers[i].stage.empty()) {
      EXPECT_EQ(mail.at("stage"), servers[i].stage);
    }
    EXPECT_EQ(mail_of(run.replayed, at), mail);
  }
}

}  // namespace
}  // namespace smtpath::test
