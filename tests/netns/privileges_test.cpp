// What a running trace may still do, as the kernel tells it, and that Ctrl-C costs nothing that is known.

#include <gmock/gmock.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "io/socket_address.h"
#include "netns/running.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::test {
namespace {

using testing::HasSubstr;

// 25 is open in IPv4; in IPv6 it is dropped.
io::LabSpec network() {
  return {
      .routers = 3,
      .open_ports = {Port{25}},
      .rules = {{2, "table ip6 test { chain forward { type filter hook forward priority 0; tcp dport 25 drop; }; }"}}};
}

class PrivilegesTest : public testing::Test {
 public:
  static void SetUpTestSuite() {
    if (geteuid() == 0) lab_ = std::make_unique<io::Lab>(build(network()));
  }
  static void TearDownTestSuite() { lab_.reset(); }

 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static const io::Lab& lab() { return *lab_; }
  static std::string server(Family family) { return to_string(lab_->server(family)); }

 private:
  static std::unique_ptr<io::Lab> lab_;
};

std::unique_ptr<io::Lab> PrivilegesTest::lab_;

void expect_no_privileges(std::map<std::string, std::string> status, const std::string& user) {
  const passwd* entry = getpwnam(user.c_str());
  ASSERT_NE(entry, nullptr) << user;
  const auto four_times = [](unsigned id) {
    const std::string text = std::to_string(id);
    return text + " " + text + " " + text + " " + text;
  };
  EXPECT_EQ(status["Uid"], four_times(entry->pw_uid));
  EXPECT_EQ(status["Gid"], four_times(entry->pw_gid));
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
    EXPECT_EQ(status[set], "0000000000000000") << set;
  }
  EXPECT_EQ(status["NoNewPrivs"], "1");
}

std::string groups_of(const Running& program) {
  return program.status()["Groups"];
}

bool is_confined(const Running& program) {
  return program.status()["NoNewPrivs"] == "1";
}

// A name server at the lab's server that never answers, so that its clients stay where they ask.
class NameServer {
 public:
  explicit NameServer(const io::Lab& lab) {
    std::thread([&] {
      if (!lab.enter(lab.server_node())) return;
      socket_ = io::FileDescriptor(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      const io::SocketAddress address(lab.server(Family::Ipv4), Port{53});
      is_bound_ = bind(socket_.number(), address.get(), address.length()) == 0;
    }).join();
  }

  /// Whether somebody asked, as long as a test may wait.
  bool is_asked() const {
    pollfd question{.fd = socket_.number(), .events = POLLIN, .revents = 0};
    return is_bound_ && poll(&question, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count())) == 1;
  }

 private:
  io::FileDescriptor socket_;
  bool is_bound_ = false;
};

TEST_F(PrivilegesTest, AreGoneBeforeTheFirstNameIsLookedUp) {
  const NameServer name_server(lab());
  const Folder folder;
  const std::string configuration = folder.file("resolv.conf");
  std::ofstream(configuration) << "nameserver " << server(Family::Ipv4) << "\n";
  // In a view of the files that is the program's own.
  Running program(lab(), {"trace", "--no-mail", "mx.example.com"},
                  {.wrapper = {"unshare", "-m"}, .setup = "mount --bind " + configuration + " /etc/resolv.conf; "});
  ASSERT_TRUE(name_server.is_asked());
  expect_no_privileges(program.status(), "nobody");
  program.signal(SIGKILL);
  EXPECT_EQ(program.outcome().status, 128 + SIGKILL);
}

TEST_F(PrivilegesTest, StayAwayWhileATraceRuns) {
  Running program(lab(), {"trace", "--no-mail", "--json", "-", server(Family::Ipv6)});
  wait_until("privileges are gone", [&] { return is_confined(program); });
  expect_no_privileges(program.status(), "nobody");
  EXPECT_EQ(groups_of(program), std::to_string(getpwnam("nobody")->pw_gid));
  const auto report = parse_json(program.outcome().output);
  EXPECT_EQ(report.at("targets").at(0).at("source").at("user"), "nobody");
  EXPECT_EQ(port_of(report.at("targets").at(0), 25).at("verdict"), "dropped");
}

TEST_F(PrivilegesTest, TheUserCanBeChosen) {
  Running program(lab(), {"trace", "--no-mail", "--json", "-", "--user", "daemon", server(Family::Ipv6)});
  wait_until("privileges are gone", [&] { return is_confined(program); });
  expect_no_privileges(program.status(), "daemon");
  EXPECT_EQ(parse_json(program.outcome().output).at("targets").at(0).at("source").at("user"), "daemon");
}

// The first target is done when the second is cut short; both are in every report.
TEST_F(PrivilegesTest, CtrlCReportsWhatIsKnown) {
  const Folder folder;
  const std::string lines = folder.file("run.jsonl");
  const std::string evidence = folder.file("run.pcapng");
  Running program(lab(), {"trace", "--no-mail", "--json", "-", "--jsonl", lines, "--write", evidence, "--wait", "20",
                          server(Family::Ipv4), server(Family::Ipv6)});
  wait_until("the first target is reported", [&] { return !content_of(lines).empty(); });
  program.signal(SIGINT);
  const io::LabOutcome outcome = program.outcome();
  EXPECT_EQ(outcome.status, 130);
  EXPECT_EQ(outcome.errors, "");

  const auto report = parse_json(outcome.output);
  ASSERT_EQ(report.at("targets").size(), 2);
  EXPECT_EQ(port_of(report.at("targets").at(0), 25).at("verdict"), "open");
  const auto& cut_short = port_of(report.at("targets").at(1), 25);
  EXPECT_NE(cut_short.at("verdict"), "open");
  EXPECT_FALSE(cut_short.at("hops").empty());
  EXPECT_THAT(content_of(lines), HasSubstr(server(Family::Ipv6)));
  EXPECT_EQ(parse_json(run_here({kProgram, "analyze", "--json", "-", evidence}).output).at("targets"),
            report.at("targets"));
}

}  // namespace
}  // namespace smtpath::test
