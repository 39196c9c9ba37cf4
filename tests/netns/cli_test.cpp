// Bad input and faults: one line on standard error that names the thing, the exit status of sysexits.h, nothing left
// behind. Commands run in the client of a small network, by a shell where streams are redirected.

#include <gmock/gmock.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "netns/program.h"

namespace smtpath::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr int kUsage = 64;
constexpr int kBadData = 65;
constexpr int kNoInput = 66;
constexpr int kNoHost = 68;
constexpr int kOutputFailed = 74;
constexpr int kNoPermission = 77;

MATCHER(IsOneLine, "is one line of the program") {
  return arg.starts_with("smtpath: ") && arg.find('\n') == arg.size() - 1;
}

// Where 25 is open, so that a run that has nothing else wrong with it ends with 0.
class CliTest : public testing::Test {
 public:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    lab_ = std::make_unique<io::Lab>(build({.routers = 1, .open_ports = {Port{25}}}));
  }
  static void TearDownTestSuite() { lab_.reset(); }

 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  /// "smtpath" stands for the program, SERVER for an open host.
  io::LabOutcome shell(const std::string& command) const {
    const std::string names = "smtpath() { \"" + kProgram +
                              "\" \"$@\"; }; SERVER=" + to_string(lab_->server(Family::Ipv4)) + "; cd " +
                              folder_.file("") + "; ";
    return run_in(*lab_, {"sh", "-c", names + command});
  }

  IpAddress server() const { return lab_->server(Family::Ipv4); }

  void expect_refusal(const std::string& command, int status, const std::string& named) const {
    const io::LabOutcome outcome = shell(command);
    EXPECT_EQ(outcome.status, status) << command << "\n" << outcome.errors;
    EXPECT_THAT(outcome.errors, AllOf(IsOneLine(), HasSubstr(named))) << command;
    EXPECT_EQ(outcome.output, "") << command;
  }

  Folder folder_;

 private:
  static std::unique_ptr<io::Lab> lab_;
};

std::unique_ptr<io::Lab> CliTest::lab_;

TEST_F(CliTest, TargetsThatCannotBeTracedAreNamed) {
  // The resolver's own patience is not what is tested.
  expect_refusal("RES_OPTIONS='timeout:1 attempts:1' smtpath trace --no-mail nosuch.invalid", kNoHost,
                 "nosuch.invalid");
  expect_refusal("smtpath trace --no-mail 10.0.0.300", kNoHost, "\"10.0.0.300\": not an IPv4 address");
  expect_refusal("smtpath trace --no-mail fe80::1::2", kNoHost, "\"fe80::1::2\": not an IPv6 address");
  expect_refusal("smtpath trace --no-mail -6 $SERVER", kNoHost, ": not an IPv6 address");
  expect_refusal("smtpath trace --no-mail ''", kNoHost, "\"\": ");
  expect_refusal("smtpath trace --no-mail 255.255.255.255", kNoHost, "255.255.255.255: a broadcast address");
  expect_refusal("smtpath trace --no-mail 10.9.1.255", kNoHost, "10.9.1.255: a broadcast address");
  expect_refusal("smtpath trace --no-mail 224.0.0.25", kNoHost, "224.0.0.25: a multicast address");
  expect_refusal("smtpath trace --no-mail ff02::1", kNoHost, "ff02::1: a multicast address");
}

TEST_F(CliTest, ATargetThatCannotBeTracedIsInTheDataAndLeavesNoEvidence) {
  const io::LabOutcome outcome =
      shell("smtpath trace --no-mail 224.0.0.25 ff02::1 --json - --jsonl run.jsonl --write run.pcapng");
  EXPECT_EQ(outcome.status, kNoHost);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("224.0.0.25"), HasSubstr("ff02::1")));
  const auto report = parse_json(outcome.output);
  for (const auto& target : report.at("targets")) EXPECT_EQ(target.at("error").at("kind"), "not-unicast");
  EXPECT_THAT(content_of(folder_.file("run.jsonl")), HasSubstr("224.0.0.25"));
  EXPECT_THAT(content_of(folder_.file("run.pcapng")), IsEmpty());
}

TEST_F(CliTest, ATargetThatCannotBeTracedDoesNotKeepOthersFromIt) {
  const io::LabOutcome outcome = shell("smtpath trace --no-mail 224.0.0.25 $SERVER --jsonl -");
  EXPECT_EQ(outcome.status, 2) << outcome.errors;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("\"not-unicast\""), HasSubstr("\"open\"")));
}

TEST_F(CliTest, TargetListsThatCannotBeUsedAreNamed) {
  const auto with_list = [](const std::string& content) {
    return "printf '" + content + "' >list; smtpath trace --no-mail --json run.json --targets list";
  };
  expect_refusal("smtpath trace --no-mail --targets nosuch.txt", kNoInput, "open nosuch.txt: No such file");
  expect_refusal("smtpath trace --no-mail --targets .", kNoInput, "open .: Is a directory");
  expect_refusal(with_list(""), kBadData, "list: no target in it");
  expect_refusal(with_list("# nobody\\n\\n \\r\\n"), kBadData, "list: no target in it");
  expect_refusal("smtpath trace --no-mail --targets - </dev/null", kBadData, "standard input: no target in it");
  expect_refusal(with_list("mx.example\\n# ok\\nmx one\\n"), kBadData, "list:3: \"mx one\": more than one word");
  expect_refusal(with_list("mx.example\\nmx\\033.example"), kBadData, "list:2: a control character");
  expect_refusal(with_list("mx.example\\nmx\\000.example"), kBadData, "list:2: a control character");
  expect_refusal(
      "{ printf '\\n\\n'; head -c 100000 /dev/zero | tr '\\0' x; } >list; smtpath trace --no-mail --targets list",
      kBadData, "list:3: longer than a host name can be (253 characters)");
  expect_refusal(
      "head -c 100000 /dev/urandom >list; echo >>list; echo a b >>list; smtpath trace --no-mail --targets list",
      kBadData, "list:");
  EXPECT_THAT(folder_.files(), ElementsAre("list"));
}

TEST_F(CliTest, ARunTooLargeForItsEvidenceIsRefused) {
  expect_refusal("seq -f mx%g.example 20001 >list; smtpath trace --no-mail --targets list --write run.pcapng", kUsage,
                 "--write: 20001 targets are too many for an evidence file (at most 20000)");
  EXPECT_THAT(folder_.files(), ElementsAre("list"));
}

TEST_F(CliTest, ATargetListFollowsTheTargetsOfTheCommandLine) {
  const io::LabOutcome outcome = shell(
      "printf '\\357\\273\\277# list\\r\\n\\r\\n10.9.1.1\\t# the first router\\r\\n  224.0.0.25 "
      "\\r\\n10.9.1.1\\r\\n'$SERVER"
      " | smtpath trace --no-mail --json - --targets - ff02::1 $SERVER");
  const auto report = parse_json(outcome.output);
  std::vector<std::string> targets;
  for (const auto& target : report.at("targets")) targets.push_back(target.at("target"));
  EXPECT_THAT(targets, ElementsAre("ff02::1", to_string(server()), "10.9.1.1", "224.0.0.25")) << outcome.errors;
}

TEST_F(CliTest, AListWithoutAnyHostIsOneError) {
  const io::LabOutcome outcome = shell("printf '10.0.0.300\\nfe80::1::2\\n' | smtpath trace --no-mail --targets -");
  EXPECT_EQ(outcome.status, kNoHost);
  EXPECT_THAT(outcome.errors, AllOf(HasSubstr("\"10.0.0.300\""), HasSubstr("\"fe80::1::2\"")));
}

TEST_F(CliTest, PortsThatAreNoneAreNamed) {
  expect_refusal("smtpath trace --no-mail -p 0 $SERVER", kUsage, "-p 0");
  expect_refusal("smtpath trace --no-mail -p 70000 $SERVER", kUsage, "-p 70000");
  expect_refusal("smtpath trace --no-mail -p abc $SERVER", kUsage, "-p abc");
  expect_refusal("smtpath trace --no-mail -p 25, $SERVER", kUsage, "-p ");
  expect_refusal("smtpath trace --no-mail -p 25,587,25 $SERVER", kUsage, "port 25 is named twice");
  expect_refusal("smtpath trace --no-mail -p 25 --control 25 $SERVER", kUsage, "port 25 is named twice");
}

TEST_F(CliTest, WrongOptionsAndCommandsAreNamed) {
  expect_refusal("smtpath", kUsage, "ubcommand");
  expect_refusal("smtpath nonsense", kUsage, "nonsense: no such command");
  expect_refusal("smtpath trace", kUsage, "TARGET");
  expect_refusal("smtpath trace --no-mail --nonsense $SERVER", kUsage, "--nonsense");
  expect_refusal("smtpath trace --no-mail -m 256 $SERVER", kUsage, "256");
  expect_refusal("smtpath trace --no-mail -f 5 -m 4 $SERVER", kUsage, "-f 5");
  expect_refusal("smtpath trace --no-mail --color pink $SERVER", kUsage, "pink");
}

TEST_F(CliTest, AnInterfaceSourceOrUserThatDoesNotExistIsNamed) {
  expect_refusal("smtpath trace --no-mail -i nosuch0 $SERVER", kUsage, "nosuch0");
  expect_refusal("smtpath trace --no-mail -s 198.51.100.77 $SERVER", kUsage, "198.51.100.77");
  expect_refusal("smtpath trace --no-mail -s nosuch $SERVER", kUsage, "nosuch");
  expect_refusal("smtpath trace --no-mail --user nosuchuser --json new.json $SERVER", kUsage, "nosuchuser");
  EXPECT_THAT(folder_.files(), IsEmpty());
}

TEST_F(CliTest, WithoutPrivilegesItSaysWhichAndHowToGiveThem) {
  const std::string as_nobody = "setpriv --reuid=nobody --regid=nogroup --clear-groups ";
  expect_refusal(as_nobody + kProgram + " trace --no-mail $SERVER", kNoPermission, "CAP_NET_RAW");
  expect_refusal(as_nobody + kProgram + " trace --no-mail $SERVER", kNoPermission, "setcap cap_net_raw+ep " + kProgram);
  expect_refusal(as_nobody + kProgram + " demo", kNoPermission, "root");
}

TEST_F(CliTest, FilesThatCannotBeOpenedAreNamedAndNothingIsLeft) {
  expect_refusal("smtpath trace --no-mail --write no/run.pcapng $SERVER", kOutputFailed, "no/run.pcapng");
  expect_refusal("smtpath trace --no-mail --json no/run.json $SERVER", kOutputFailed, "no/run.json");
  expect_refusal("smtpath trace --no-mail --jsonl . $SERVER", kOutputFailed, "open .: Is a directory");
  expect_refusal("smtpath trace --no-mail --json new.json --write no/run.pcapng $SERVER", kOutputFailed,
                 "no/run.pcapng");
  expect_refusal("smtpath trace --no-mail --json new.json --jsonl no/run.jsonl $SERVER", kOutputFailed, "no/run.jsonl");
  EXPECT_THAT(folder_.files(), IsEmpty());
}

TEST_F(CliTest, AFullDiskIsAnError) {
  expect_refusal("smtpath trace --no-mail --write /dev/full --quiet $SERVER", kOutputFailed,
                 "/dev/full: No space left");
  expect_refusal("smtpath trace --no-mail --json /dev/full --quiet $SERVER", kOutputFailed, "/dev/full: No space left");
  expect_refusal("smtpath trace --no-mail --jsonl /dev/full --quiet $SERVER", kOutputFailed,
                 "/dev/full: No space left");
  expect_refusal("smtpath trace --no-mail $SERVER >/dev/full", kOutputFailed, "standard output: No space left");
  expect_refusal("smtpath --help >/dev/full", kOutputFailed, "standard output: No space left");
}

TEST_F(CliTest, AClosedStandardOutputIsAnError) {
  expect_refusal("smtpath trace --no-mail $SERVER >&-", kOutputFailed, "standard output: Bad file descriptor");
  expect_refusal("smtpath trace --no-mail --json - $SERVER >&-", kOutputFailed, "standard output: Bad file descriptor");
  expect_refusal("smtpath trace --no-mail --json new.json --jsonl - $SERVER >&-", kOutputFailed, "standard output");
  expect_refusal("smtpath analyze run.pcapng >&-", kOutputFailed, "standard output");
  expect_refusal("smtpath --version >&-", kOutputFailed, "standard output");
  EXPECT_THAT(folder_.files(), IsEmpty());
}

TEST_F(CliTest, AReaderThatGoesAwayIsAnError) {
  // The shell's own status is that of the last command of the pipe.
  EXPECT_EQ(shell("{ smtpath trace --no-mail $SERVER; echo $? >status; } | :").status, 0);
  EXPECT_EQ(content_of(folder_.file("status")), std::to_string(kOutputFailed) + "\n");
}

TEST_F(CliTest, ClosedStreamsDoNotMixIntoFiles) {
  EXPECT_EQ(shell("smtpath trace --no-mail --quiet --json run.json --write run.pcapng $SERVER <&- >&- 2>&-").status, 0);
  EXPECT_EQ(parse_json(content_of(folder_.file("run.json"))).at("schema"), "smtpath/1");
  EXPECT_EQ(shell("smtpath analyze --quiet run.pcapng").status, 0);
}

TEST_F(CliTest, OnlyOneOutputGoesToStandardOutput) {
  expect_refusal("smtpath trace --no-mail --json - --jsonl - $SERVER", kUsage, "--json and --jsonl");
  expect_refusal("smtpath trace --no-mail --json - --write - $SERVER", kUsage, "--json and --write");
  expect_refusal("smtpath trace --no-mail --jsonl - --write - $SERVER", kUsage, "--jsonl and --write");
  expect_refusal("smtpath analyze --json - --jsonl - run.pcapng", kUsage, "--json and --jsonl");
}

TEST_F(CliTest, EvidenceOnStandardOutputCanBePipedIntoAnalyze) {
  const io::LabOutcome outcome = shell("smtpath trace --no-mail --write - $SERVER | smtpath analyze --json - -");
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(port_of(parse_json(outcome.output).at("targets").at(0), 25).at("verdict"), "open");
}

TEST_F(CliTest, HelpAndVersionSucceed) {
  for (const std::string command : {"smtpath --help", "smtpath trace --help", "smtpath --version"}) {
    const io::LabOutcome outcome = shell(command);
    EXPECT_EQ(outcome.status, 0) << command;
    EXPECT_THAT(outcome.output, Not(IsEmpty())) << command;
    EXPECT_EQ(outcome.errors, "") << command;
  }
}

TEST_F(CliTest, InputThatIsNoCaptureIsNamed) {
  expect_refusal("smtpath analyze nosuch.pcapng", kNoInput, "nosuch.pcapng");
  expect_refusal("smtpath analyze .", kNoInput, "open .");
  expect_refusal("smtpath analyze /etc/passwd", kBadData, "/etc/passwd: not a capture file");
  expect_refusal("smtpath analyze /dev/null", kBadData, "/dev/null");
  expect_refusal("smtpath analyze --json new.json /etc/passwd", kBadData, "/etc/passwd");
  // Privileges are gone by the time that nothing can be read: what was made as root stays, empty.
  EXPECT_THAT(folder_.files(), testing::ElementsAre("new.json"));
  EXPECT_EQ(content_of(folder_.file("new.json")), "");
}

TEST_F(CliTest, EvidenceThatWasCutStillGivesAReport) {
  ASSERT_EQ(shell("smtpath trace --no-mail --quiet --write run.pcapng $SERVER").status, 0);
  const std::size_t size = content_of(folder_.file("run.pcapng")).size();
  for (const std::size_t part : {size - 1, size * 3 / 4, size / 2}) {
    const io::LabOutcome outcome =
        shell("head -c " + std::to_string(part) + " run.pcapng >cut.pcapng; smtpath analyze --json - cut.pcapng");
    EXPECT_THAT(outcome.errors, AllOf(IsOneLine(), HasSubstr("cut.pcapng: cut short"))) << part << " of " << size;
    EXPECT_THAT(outcome.status, testing::AnyOf(0, 1, 2)) << part << " of " << size;
    EXPECT_EQ(parse_json(outcome.output).at("targets").size(), 1) << part << " of " << size;
  }
}

TEST_F(CliTest, ColoursAreForTerminalsUnlessAskedFor) {
  const std::string escape = "\x1b[";
  const std::string on_a_terminal = "TERM=xterm script -qec '" + kProgram + " trace --no-mail '$SERVER /dev/null";
  EXPECT_THAT(shell("smtpath trace --no-mail $SERVER").output, Not(HasSubstr(escape)));
  EXPECT_THAT(shell("smtpath trace --no-mail --color always $SERVER").output, HasSubstr(escape));
  EXPECT_THAT(shell("NO_COLOR=1 smtpath trace --no-mail --color always $SERVER").output, HasSubstr(escape));
  EXPECT_THAT(shell(on_a_terminal + " 2>&1").output, HasSubstr(escape + "3"));
  EXPECT_THAT(shell("NO_COLOR=1 " + on_a_terminal).output, Not(HasSubstr(escape + "3")));
}

}  // namespace
}  // namespace smtpath::test
