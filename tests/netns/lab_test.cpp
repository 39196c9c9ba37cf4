// The lab against other people's tools: what ping, traceroute and TCP see of it is what its spec says.

#include "smtpath/io/lab.h"

#include <gmock/gmock.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "io/socket_address.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

constexpr Port kMail{25};
constexpr std::array kFamilies{Family::Ipv4, Family::Ipv6};

class LabTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }
};

Lab build(const LabSpec& spec) {
  auto lab = Lab::build(spec);
  if (!lab) throw std::runtime_error(lab.error().message);
  return std::move(lab).value();
}

LabOutcome run(const Lab& lab, std::vector<std::string> argv) {
  const auto outcome = lab.run_in(0, {.argv = std::move(argv), .timeout = 20s});
  if (!outcome) throw std::runtime_error(outcome.error().message);
  return outcome.value();
}

// What traceroute shows, one word a hop: "h3" for node 3, "*" for silence, with its mark for an unreachable: "h3!X".
std::vector<std::string> hops(const Lab& lab, Family family, Port port, int target) {
  const std::string text = run(lab, {"traceroute", "-T", "-n", "-q1", "-N6", "-w1", "-m6", "-p",
                                     std::to_string(port.number), to_string(lab.address_of(target, family))})
                               .output;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  std::vector<std::string> seen;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string ttl, address, milliseconds, unit, mark;
    words >> ttl >> address >> milliseconds >> unit >> mark;
    for (int node = 0; node <= std::max(target, lab.server_node()); ++node) {
      if (address == to_string(lab.address_of(node, family))) address = "h" + std::to_string(node);
    }
    seen.push_back(address + mark);
  }
  return seen;
}

std::vector<std::string> hops(const Lab& lab, Family family, Port port) {
  return hops(lab, family, port, lab.server_node());
}

// Connects from the client; what the port says, or the error of connect.
std::string greeting(const Lab& lab, Family family, Port port, int node) {
  std::string said;
  std::thread([&] {
    if (!lab.enter(0)) return;
    const SocketAddress server(lab.address_of(node, family), port);
    const FileDescriptor connection(socket(address_family(family), SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(connection.number(), server.get(), server.length()) != 0) {
      said = std::strerror(errno);
      return;
    }
    std::array<char, 64> text{};
    const ssize_t length = recv(connection.number(), text.data(), text.size(), 0);
    said.assign(text.data(), length < 0 ? 0 : static_cast<std::size_t>(length));
  }).join();
  return said;
}

std::string greeting(const Lab& lab, Family family, Port port) {
  return greeting(lab, family, port, lab.server_node());
}

TEST_F(LabTest, ConnectsClientAndServerInBothFamilies) {
  const Lab lab = build({.routers = 5, .open_ports = {kMail}});
  for (const Family family : kFamilies) {
    EXPECT_EQ(run(lab, {"ping", "-c1", "-W2", to_string(lab.server(family))}).status, 0) << to_string(family);
    EXPECT_EQ(greeting(lab, family, kMail), "220 lab ESMTP\r\n");
    EXPECT_EQ(greeting(lab, family, Port{26}), "Connection refused");
  }
}

TEST_F(LabTest, WorksWithoutARouter) {
  const Lab lab = build({.routers = 0, .open_ports = {kMail}});
  for (const Family family : kFamilies) EXPECT_EQ(greeting(lab, family, kMail), "220 lab ESMTP\r\n");
}

TEST_F(LabTest, RoutersAnswerWithTheAddressThatFacesTheClient) {
  const Lab lab = build({.routers = 5, .open_ports = {kMail}});
  EXPECT_EQ(to_string(lab.address_of(3, Family::Ipv4)), "10.9.3.1");
  EXPECT_EQ(to_string(lab.address_of(3, Family::Ipv6)), "fd09:0:0:3::1");
  for (const Family family : kFamilies) {
    EXPECT_THAT(hops(lab, family, kMail), ElementsAre("h1", "h2", "h3", "h4", "h5", "h6"));
  }
}

struct RuleCase {
  std::string name;
  std::string rule;
  std::vector<std::string> ipv4;
  std::vector<std::string> ipv6;
};

class LabRuleTest : public LabTest, public testing::WithParamInterface<RuleCase> {};

TEST_P(LabRuleTest, DoesWhatItSays) {
  const auto rule = parse_lab_rule(GetParam().rule);
  ASSERT_TRUE(rule) << rule.error().message;
  const Lab lab =
      build({.routers = 4, .open_ports = {kMail, Port{587}}, .listeners = {{3, kMail}}, .rules = {rule.value()}});
  EXPECT_THAT(hops(lab, Family::Ipv4, kMail), ElementsAreArray(GetParam().ipv4));
  EXPECT_THAT(hops(lab, Family::Ipv6, kMail), ElementsAreArray(GetParam().ipv6));
  EXPECT_EQ(greeting(lab, Family::Ipv4, Port{587}), "220 lab ESMTP\r\n") << "another port is as free as before";
}

// client – 1 – 2 – [3] – 4 – server; the server is h5.
INSTANTIATE_TEST_SUITE_P(
    Kinds, LabRuleTest,
    testing::Values(
        RuleCase{"DropAfterTheTtlCheck",
                 "3:forward:25:drop",
                 {"h1", "h2", "h3", "*", "*", "*"},
                 {"h1", "h2", "h3", "*", "*", "*"}},
        RuleCase{"DropBeforeTheTtlCheck",
                 "3:prerouting:25:drop",
                 {"h1", "h2", "*", "*", "*", "*"},
                 {"h1", "h2", "*", "*", "*", "*"}},
        RuleCase{"ResetAfterTheTtlCheck", "3:forward:25:reset", {"h1", "h2", "h3", "h5"}, {"h1", "h2", "h3", "h5"}},
        RuleCase{"ResetBeforeTheTtlCheck", "3:prerouting:25:reset", {"h1", "h2", "h5"}, {"h1", "h2", "h5"}},
        RuleCase{"RejectAfterTheTtlCheck",
                 "3:forward:25:reject=admin-prohibited",
                 {"h1", "h2", "h3", "h3!X"},
                 {"h1", "h2", "h3", "h3!X"}},
        RuleCase{"RejectBeforeTheTtlCheck",
                 "3:prerouting:25:reject=host-unreachable",
                 {"h1", "h2", "h3!H"},
                 {"h1", "h2", "h3!H"}},
        RuleCase{"RejectNamedForIpv6",
                 "3:forward:25:reject=policy-fail",
                 {"h1", "h2", "h3", "h3!X"},
                 {"h1", "h2", "h3", "h3!<5>"}},
        RuleCase{"Redirect", "3:prerouting:25:redirect", {"h1", "h2", "h5"}, {"h1", "h2", "h5"}},
        RuleCase{"DropAtTheServer",
                 "5:input:25:drop",
                 {"h1", "h2", "h3", "h4", "*", "*"},
                 {"h1", "h2", "h3", "h4", "*", "*"}},
        RuleCase{"LocalDrop", "0:output:25:drop", {}, {}}),
    [](const testing::TestParamInfo<RuleCase>& tested) { return tested.param.name; });

TEST_F(LabTest, ARuleForAnyPortMeansAllOfTcp) {
  const Lab lab = build({.routers = 2,
                         .open_ports = {kMail, Port{587}},
                         .rules = {lab_rule(1, LabHook::Forward, std::nullopt, LabAction::Reset)}});
  EXPECT_EQ(greeting(lab, Family::Ipv4, Port{587}), "Connection refused");
  EXPECT_EQ(greeting(lab, Family::Ipv6, kMail), "Connection refused");
  EXPECT_EQ(run(lab, {"ping", "-c1", "-W2", to_string(lab.server(Family::Ipv4))}).status, 0);
}

TEST(LabRule, TellsWhichPartOfItsTextIsWrong) {
  EXPECT_THAT(parse_lab_rule("x:forward:25:drop").error().message, HasSubstr("number of a node"));
  EXPECT_THAT(parse_lab_rule("3:forwards:25:drop").error().message, HasSubstr("prerouting, input"));
  EXPECT_THAT(parse_lab_rule("3:forward:65536:drop").error().message, HasSubstr("1 to 65535"));
  EXPECT_THAT(parse_lab_rule("3:forward:25:reject=no").error().message, HasSubstr("reject=admin-prohibited"));
}

TEST_F(LabTest, ASilentRouterForwardsButIsNotSeen) {
  const Lab lab = build({.routers = 3, .open_ports = {kMail}, .silent_routers = {2}});
  for (const Family family : kFamilies) EXPECT_THAT(hops(lab, family, kMail), ElementsAre("h1", "*", "h3", "h4"));
}

TEST_F(LabTest, RoutersLimitTheirIcmpErrorsUnlessToldNotTo) {
  for (const bool limits : {true, false}) {
    const Lab lab = build({.routers = 2, .limits_icmp = limits});
    for (const Family family : kFamilies) {
      const std::string seen =
          run(lab, {"traceroute", "-T", "-n", "-q10", "-N10", "-w0.2", "-f2", "-m2", to_string(lab.server(family))})
              .output;
      EXPECT_EQ(std::count(seen.begin(), seen.end(), '*') > 0, limits) << seen;
    }
  }
}

TEST_F(LabTest, AServerWithoutEchoStillAcceptsMail) {
  const Lab lab = build({.routers = 1, .open_ports = {kMail}, .answers_echo = false});
  for (const Family family : kFamilies) {
    EXPECT_EQ(run(lab, {"ping", "-c1", "-W0.3", to_string(lab.server(family))}).status, 1);
    EXPECT_EQ(greeting(lab, family, kMail), "220 lab ESMTP\r\n");
  }
}

// client – 1 – 2 – server 3 – host 4, and a branch 5 – 6 at router 1.
LabSpec network_with_branches() {
  return {.routers = 2,
          .open_ports = {Port{25}},
          .listeners = {{4, Port{587}}, {6, kMail}},
          .side_nodes = 3,
          .side_cables = {{3, 4}, {1, 5}, {5, 6}},
          .scripts = {{3, "cd /proc/sys/net; echo 1 | tee ipv4/ip_forward ipv6/conf/all/forwarding"}}};
}

TEST_F(LabTest, HostsBesideTheChainAreReachedThroughTheirRouters) {
  const Lab lab = build(network_with_branches());
  for (const Family family : kFamilies) {
    EXPECT_THAT(hops(lab, family, Port{587}, 4), ElementsAre("h1", "h2", "h3", "h4")) << to_string(family);
    EXPECT_THAT(hops(lab, family, kMail, 6), ElementsAre("h1", "h5", "h6")) << to_string(family);
    EXPECT_EQ(greeting(lab, family, Port{587}, 4), "220 lab ESMTP\r\n");
    EXPECT_EQ(greeting(lab, family, kMail, 4), "Connection refused");
    EXPECT_EQ(greeting(lab, family, kMail, 6), "220 lab ESMTP\r\n");
  }
}

TEST_F(LabTest, ARuleStandsOnANodeBesideTheChain) {
  LabSpec spec = network_with_branches();
  spec.rules.push_back(lab_rule(5, LabHook::Forward, kMail, LabAction::Reset));
  const Lab lab = build(spec);
  EXPECT_EQ(greeting(lab, Family::Ipv4, kMail, 6), "Connection refused");
  EXPECT_EQ(greeting(lab, Family::Ipv6, kMail, 6), "Connection refused");
  EXPECT_EQ(greeting(lab, Family::Ipv6, kMail), "220 lab ESMTP\r\n");
}

TEST_F(LabTest, ScriptsSendPacketsOverASecondUplink) {
  const Lab lab = build({.routers = 3,
                         .open_ports = {kMail},
                         .side_cables = {{0, 2}},
                         .scripts = {{0, "ip route replace default via 10.9.100.1"},
                                     {0, "ip -6 route replace default via fd09:0:0:100::1"}}});
  for (const Family family : kFamilies) {
    const std::vector<std::string> seen = hops(lab, family, kMail);
    EXPECT_EQ(seen.size(), 3U) << to_string(family);
    EXPECT_THAT(seen, ElementsAre(testing::AnyOf("h2", "10.9.100.1", "fd09:0:0:100::1"), "h3", "h4"));
  }
}

TEST_F(LabTest, ScriptsSpreadFlowsOverParallelLinks) {
  const Lab lab = build({.routers = 3,
                         .open_ports = {kMail},
                         .side_cables = {{1, 2}},
                         .scripts = {{1,
                                      "echo 1 >/proc/sys/net/ipv4/fib_multipath_hash_policy\n"
                                      "ip route replace default nexthop via 10.9.2.1 nexthop via 10.9.100.1"},
                                     {2, "echo 1 >/proc/sys/net/ipv4/icmp_errors_use_inbound_ifaddr"}}});
  const std::string target = to_string(lab.server(Family::Ipv4));
  const std::string seen =
      run(lab, {"traceroute", "-U", "-n", "-q10", "-N10", "-w1", "-f2", "-m2", "-z0.05", target}).output;
  EXPECT_THAT(seen, AllOf(HasSubstr("10.9.2.1"), HasSubstr("10.9.100.1")));
}

TEST_F(LabTest, AScriptThatFailsIsTheLabsError) {
  const auto complaint = [](const std::string& commands) {
    return Lab::build({.routers = 2, .scripts = {{2, commands}}}).error().message;
  };
  EXPECT_EQ(complaint("echo first >&2; echo second >&2; false"), "router 2: sh: first");
  EXPECT_EQ(complaint("false; true"), "router 2: sh: ended with status 1");
  EXPECT_THAT(complaint("ip route add default dev nosuch"), AllOf(HasSubstr("router 2: sh: "), HasSubstr("nosuch")));
}

TEST_F(LabTest, ADelayCountsInBothDirections) {
  const Lab lab = build({.routers = 2, .open_ports = {kMail}, .links = {{.position = 1, .one_way_delay = 20ms}}});
  for (const Family family : kFamilies) {
    greeting(lab, family, kMail);
    const auto start = steady_clock::now();
    EXPECT_EQ(greeting(lab, family, kMail), "220 lab ESMTP\r\n");
    EXPECT_THAT(steady_clock::now() - start, AllOf(Ge(2 * 2 * 20ms), Le(1s)))
        << "one round trip for the connection, one for the greeting";
  }
}

TEST_F(LabTest, LosesAsManyFramesAsAskedFor) {
  const Lab lab = build({.routers = 1, .links = {{.position = 1, .loss = 0.3}}});
  const std::string summary =
      run(lab, {"ping", "-q", "-i0.002", "-c300", "-W0.3", to_string(lab.server(Family::Ipv6))}).output;
  const std::size_t end = summary.find("% packet loss");
  ASSERT_NE(end, std::string::npos) << summary;
  const double percent = std::stod(summary.substr(summary.rfind(' ', end) + 1));
  EXPECT_THAT(percent, AllOf(Ge(40), Le(62))) << "1 - 0.7 * 0.7 is 51 %";
}

TEST_F(LabTest, ALinkWithoutLossKeepsEveryFrameInOrder) {
  const Lab lab = build({.routers = 1, .links = {{.position = 1, .one_way_delay = 50ms}}});
  run(lab, {"ping", "-c1", "-W2", to_string(lab.server(Family::Ipv4))});
  constexpr std::uint32_t kDatagrams = 5000;
  const SocketAddress server(lab.server(Family::Ipv4), Port{4000});

  std::uint32_t arrived = 0;
  std::uint32_t out_of_order = 0;
  const auto socket_in = [&](int node) {
    FileDescriptor opened;
    std::thread([&] {
      if (lab.enter(node)) opened = FileDescriptor(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    }).join();
    return opened;
  };
  const FileDescriptor receiver = socket_in(lab.server_node());
  const FileDescriptor sender = socket_in(0);
  const int large = 64 << 20;
  const timeval patience{1, 0};
  setsockopt(receiver.number(), SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof large);
  setsockopt(receiver.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ASSERT_EQ(bind(receiver.number(), server.get(), server.length()), 0);

  const auto start = steady_clock::now();
  for (std::uint32_t number = 0; number < kDatagrams; ++number) {
    while (steady_clock::now() < start + number * 100us) {
    }
    sendto(sender.number(), &number, sizeof number, 0, server.get(), server.length());
  }
  std::uint32_t number = 0;
  while (arrived < kDatagrams && recv(receiver.number(), &number, sizeof number, 0) == sizeof number) {
    if (number != arrived) ++out_of_order;
    ++arrived;
  }
  EXPECT_EQ(arrived, kDatagrams);
  EXPECT_EQ(out_of_order, 0);
}

TEST_F(LabTest, RunsACommandAsAShellWould) {
  const Lab lab = build({.routers = 0});
  const auto said =
      lab.run_in(1, {.argv = {"sh", "-c", "echo $WORD; echo no >&2; cat; exit 3"}, .environment = {"WORD=yes"}});
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_EQ(said.value().status, 3);
  EXPECT_EQ(said.value().output, "yes\n");
  EXPECT_EQ(said.value().errors, "no\n");

  const auto late = lab.run_in(0, {.argv = {"sh", "-c", "sleep 60 & wait"}, .timeout = 100ms});
  ASSERT_TRUE(late) << late.error().message;
  EXPECT_TRUE(late.value().timed_out);
  EXPECT_EQ(late.value().status, 128 + SIGKILL);

  const auto none = lab.run_in(0, {.argv = {"no-such-program"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "run no-such-program: No such file or directory");
}

TEST_F(LabTest, AnErrorNamesTheNodeAndTheReason) {
  EXPECT_THAT(Lab::build({.routers = 2, .rules = {{2, "nonsense"}}}).error().message,
              HasSubstr("router 2: nft: /dev/stdin:1:9-9: Error: syntax error"));
  EXPECT_THAT(Lab::build({.routers = 2, .rules = {{4, ""}}}).error().message, HasSubstr("node 4"));
  EXPECT_THAT(Lab::build({.routers = 2, .links = {{.position = 3}}}).error().message, HasSubstr("link 3"));
  EXPECT_THAT(Lab::build({.routers = 2, .links = {{.position = 1, .loss = 1.5}}}).error().message, HasSubstr("0..1"));
}

std::vector<std::string> host_interfaces() {
  std::vector<std::string> names;
  struct if_nameindex* const list = if_nameindex();
  for (const struct if_nameindex* each = list; each->if_name != nullptr; ++each) names.emplace_back(each->if_name);
  if_freenameindex(list);
  return names;
}

// A zombie that nobody has waited for yet has no namespace any more.
bool holds_a_namespace(pid_t id) {
  std::error_code fault;
  return !std::filesystem::read_symlink("/proc/" + std::to_string(id) + "/ns/net", fault).empty();
}

TEST_F(LabTest, LeavesTheHostAlone) {
  const std::vector<std::string> before = host_interfaces();
  std::vector<int> processes;
  {
    const Lab lab = build({.routers = 2, .links = {{.position = 1, .loss = 0.5}}});
    processes = lab.processes();
    EXPECT_EQ(host_interfaces(), before);
    EXPECT_TRUE(std::all_of(processes.begin(), processes.end(), holds_a_namespace));
  }
  EXPECT_EQ(host_interfaces(), before);
  EXPECT_TRUE(std::none_of(processes.begin(), processes.end(), holds_a_namespace));
}

TEST_F(LabTest, NothingIsLeftWhenItsOwnerIsKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  const pid_t owner = fork();
  if (owner == 0) {
    const Lab lab = build({.routers = 3, .links = {{.position = 1, .one_way_delay = 1ms}}});
    for (const pid_t id : lab.processes()) {
      if (write(writer.number(), &id, sizeof id) != sizeof id) _exit(1);
    }
    static_cast<void>(lab.run_in(0, {.argv = {"sleep", "60"}}));
    _exit(0);
  }
  writer = FileDescriptor();
  std::vector<int> processes(6);
  for (pid_t& id : processes) ASSERT_EQ(read(reader.number(), &id, sizeof id), static_cast<ssize_t>(sizeof id));

  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  char none = 0;
  EXPECT_EQ(read(reader.number(), &none, 1), 0) << "the pipe ends: nobody holds it any more";
  const auto deadline = steady_clock::now() + 5s;
  for (const pid_t id : processes) {
    while (holds_a_namespace(id) && steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
    EXPECT_FALSE(holds_a_namespace(id)) << id;
  }
}

TEST_F(LabTest, NetlabRunsACommandInTheClientsNetwork) {
  const std::string netlab = SMTPATH_NETLAB " --routers 2 --rule 1:forward:25:drop --delay 1:2ms --silent 2 -- ";
  const int status =
      std::system((netlab + "sh -c 'test {server4} = $SMTPATH_LAB_SERVER4 && ping -c1 -W2 {server6} && exit 7'"
                            " >/dev/null")
                      .c_str());
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

}  // namespace
}  // namespace smtpath::io
