// Names, by real name servers: NSD with a signed zone, one that refuses and one that is silent. All runs are made side
// by side in the client of one small network; the tests look at what each of them told.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "netns/program.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr int kNoHost = 68;

/// NSD answers at 127.0.0.11, refuses at 127.0.0.13; nobody answers at 127.0.0.12.
const char* const kServers = R"(
ip link set lo up
key=$(ldns-keygen -a ECDSAP256SHA256 -k example.)
ldns-signzone -n example.zone $key
sed -E -i '/^bogus.example/s/IN[[:space:]]A[[:space:]].*/IN A 192.0.2.66/' example.zone.signed
cp $key.key anchor
serve() {
  printf 'server:\n server-count: 1\n ip-address: %s\n username: ""\n zonesdir: "."\n database: ""\n' $1
  printf ' pidfile: "%s.pid"\n xfrdfile: "%s.xfrd"\n zonelistfile: "%s.list"\n xfrdir: "."\n' $1 $1 $1
  printf 'remote-control:\n control-enable: no\n'
}
zone() { printf 'zone:\n name: %s\n zonefile: %s\n' $1 $2; }
{ serve 127.0.0.11; zone example example.zone.signed; zone com com.zone; zone 10.in-addr.arpa reverse.zone; } >good.conf
serve 127.0.0.13 >refusing.conf
nsd -d -c good.conf 2>good.log & good=$!
nsd -d -c refusing.conf 2>refusing.log & refusing=$!
python3 -c 'import signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.12", 53)); signal.pause()' & silent=$!
trap 'kill $good $refusing $silent' EXIT
until drill @127.0.0.11 SOA example >/dev/null 2>&1; do :; done
until drill @127.0.0.13 SOA example >/dev/null 2>&1; do :; done
until ss -lun | grep -q 127.0.0.12:53; do :; done
)";

const char* const kRuns = R"(
run() {
  name=$1; shift
  "$SMTPATH" trace -p 25 --control none --no-mail --json $name.json "$@" >$name.out 2>$name.err
  echo $? >$name.status
}
asking() { name=$1; shift; run $name --resolver 127.0.0.11 --trust-anchor anchor -n "$@"; }
configured() {
  servers=$1; export name=$2; shift 2
  printf 'nameserver %s\n' $servers >$name.resolv  # one line a word
  printf '10.9.2.1 hosted.example\n' >$name.hosts
  unshare -m sh -c 'mount --bind $name.resolv /etc/resolv.conf; mount --bind $name.hosts /etc/hosts; exec "$@"' - \
    "$SMTPATH" trace -n -p 25 --control none --no-mail --json $name.json "$@" >$name.out 2>$name.err
  echo $? >$name.status
}
for domain in null nomx alias literal noaddress gone loop bogus huge nosuch; do asking $domain --mx $domain.example & done
asking good --mx postmaster@good.example --write good.pcapng &
asking slip stmp.gmail.com &
asking verbose -v --mx good.example --color never &
run named --resolver 127.0.0.11 -4 mx1.example &
run silent --resolver 127.0.0.12 -n -4 mx1.example &
configured '127.0.0.12 127.0.0.11' second -4 mx1.example &
configured '127.0.0.13 127.0.0.11' refused -4 mx1.example &
configured 127.0.0.12 hosts -4 hosted.example &
wait $(jobs -p | grep -v -e $good -e $refusing -e $silent)
"$SMTPATH" analyze --json replayed.json good.pcapng >replayed.out
exit 0
)";

class NamesTest : public testing::Test {
 public:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    lab_ = std::make_unique<io::Lab>(build({.routers = 1, .open_ports = {Port{25}}, .limits_icmp = false}));
    folder_ = std::make_unique<Folder>();
    const std::string script =
        "set -e; cd " + folder_->file("") + "; SMTPATH=" + kProgram + "\n" + zones() + kServers + "set +e\n" + kRuns;
    const io::LabOutcome outcome = run_in(*lab_, {"bash", "-c", script});
    if (outcome.status != 0) ADD_FAILURE() << outcome.errors << outcome.output;
  }
  static void TearDownTestSuite() {
    lab_.reset();
    folder_.reset();
  }

 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "a lab needs root";
  }

  static std::string said(const std::string& file) { return content_of(folder_->file(file)); }
  static int status_of(const std::string& run) { return std::stoi("0" + said(run + ".status")); }
  static json targets_of(const std::string& run) {
    const std::string text = said(run + ".json");
    if (text.empty()) throw std::runtime_error(run + ": no report; " + said(run + ".err"));
    return parse_json(text).at("targets");
  }
  static json error_of(const std::string& run) { return targets_of(run).at(0).at("error"); }
  static json step_of(const std::string& run, std::size_t step) {
    return targets_of(run).at(0).at("lookup").at("steps").at(step);
  }
  static std::string server(Family family) { return to_string(lab_->server(family)); }

 private:
  static std::string zones() {
    std::string records = "$ORIGIN example.\n$TTL 300\n@ SOA ns root 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.11\n";
    records += fmt::format("mx1 A {0}\nmx1 AAAA {1}\nnomx A {0}\nreal A {0}\nbogus A {0}\n", server(Family::Ipv4),
                           server(Family::Ipv6));
    records +=
        "good MX 20 mx2\ngood MX 10 mx1\nmx2 A 10.9.1.1\nnull MX 0 .\nalias MX 10 www\nwww CNAME real\n"
        "literal MX 10 192.0.2.1.\nnoaddress MX 10 txt\ntxt TXT \"none\"\ngone MX 10 nowhere\n"
        "loop MX 10 round1\nround1 CNAME round2\nround2 CNAME round1\n";
    for (int i = 0; i < 300; ++i) records += fmt::format("huge MX {} host{}\n", i, i);
    const std::string com = "$ORIGIN com.\n$TTL 300\n@ SOA ns root 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.11\n";
    const std::string reverse =
        "$ORIGIN 10.in-addr.arpa.\n$TTL 300\n@ SOA ns root 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.11\n"
        "1.1.9 PTR gw\\027[2J.example.\n1.2.9 PTR mx1.example.\n";
    const auto file = [](const std::string& name, const std::string& content) {
      return "cat >" + name + " <<'ZONE'\n" + content + "ZONE\n";
    };
    return file("example.zone", records) + file("com.zone", com) + file("reverse.zone", reverse);
  }

  static std::unique_ptr<io::Lab> lab_;
  static std::unique_ptr<Folder> folder_;
};

std::unique_ptr<io::Lab> NamesTest::lab_;
std::unique_ptr<Folder> NamesTest::folder_;

TEST_F(NamesTest, EveryAddressOfEveryExchangerIsATargetInTheirOrder) {
  std::vector<std::string> addresses;
  for (const json& target : targets_of("good")) {
    EXPECT_EQ(target.at("target"), "postmaster@good.example");
    addresses.push_back(target.at("address").get<std::string>() + " by " +
                        target.at("lookup").at("mx").at("host").get<std::string>());
  }
  EXPECT_THAT(addresses, ElementsAre(server(Family::Ipv4) + " by mx1.example", server(Family::Ipv6) + " by mx1.example",
                                     "10.9.1.1 by mx2.example"));
  EXPECT_THAT(said("good.out"), HasSubstr("postmaster@good.example by mx1.example ("));
}

TEST_F(NamesTest, EachStepSaysWhoAnsweredWhatAndWhetherItIsSecure) {
  const json step = step_of("good", 0);
  EXPECT_EQ(step.at("question"), (json{{"name", "good.example"}, {"type", "MX"}}));
  EXPECT_THAT(step.at("answer"), Contains("10 mx1.example"));
  EXPECT_EQ(step.at("result"), "ok");
  EXPECT_EQ(step.at("dnssec"), "secure");
  EXPECT_EQ(step.at("resolver"), "127.0.0.11");
  EXPECT_EQ(step.at("failing_resolvers"), json::array());
  EXPECT_EQ(step_of("good", 1).at("dnssec"), "secure");
  EXPECT_THAT(said("verbose.out"), HasSubstr("Name: mx1.example A: " + server(Family::Ipv4)));
}

TEST_F(NamesTest, AReplayTellsTheSameOfNames) {
  json live = targets_of("good");
  EXPECT_EQ(targets_of("replayed"), live);
}

TEST_F(NamesTest, ANullMxAcceptsNoMail) {
  EXPECT_EQ(error_of("null").at("kind"), "null-mx");
  EXPECT_EQ(status_of("null"), kNoHost);
  EXPECT_THAT(said("null.err"), HasSubstr("null.example accepts no mail"));
}

TEST_F(NamesTest, WithoutMxMailGoesToTheDomainItself) {
  EXPECT_EQ(targets_of("nomx").at(0).at("address"), server(Family::Ipv4));
  EXPECT_EQ(targets_of("nomx").at(0).at("lookup").at("mx"), nullptr);
  EXPECT_THAT(said("nomx.out"), HasSubstr("nomx.example has no MX record"));
}

TEST_F(NamesTest, AnExchangerThatIsAnAliasIsTracedAndNamed) {
  EXPECT_EQ(targets_of("alias").at(0).at("address"), server(Family::Ipv4));
  EXPECT_EQ(step_of("alias", 1).at("alias_of"), "real.example");
  EXPECT_THAT(targets_of("alias").at(0).at("lookup").at("notes").dump(), HasSubstr("alias of real.example"));
}

TEST_F(NamesTest, ExchangersThatMailCannotGoToAreNamed) {
  EXPECT_THAT(error_of("literal").at("text"), HasSubstr("holds an address where a host name belongs"));
  EXPECT_EQ(error_of("noaddress").at("kind"), "no-address");
  EXPECT_THAT(error_of("noaddress").at("text"), HasSubstr("The mail exchanger txt.example exists, but has no address"));
  EXPECT_EQ(error_of("gone").at("kind"), "unknown-host");
  EXPECT_THAT(error_of("gone").at("text"), HasSubstr("nowhere.example does not exist (NXDOMAIN, said by 127.0.0.11"));
  EXPECT_EQ(error_of("loop").at("kind"), "resolver-failure");
  EXPECT_THAT(error_of("loop").at("text"), HasSubstr("in a circle"));
}

TEST_F(NamesTest, ANameThatDoesNotExistIsToldFromAFailure) {
  EXPECT_EQ(error_of("nosuch").at("kind"), "unknown-host");
  EXPECT_EQ(step_of("nosuch", 0).at("result"), "nxdomain");
  EXPECT_EQ(step_of("nosuch", 0).at("dnssec"), "secure");
}

TEST_F(NamesTest, ASlipOfTheFingerGetsASuggestion) {
  EXPECT_THAT(said("slip.err"), HasSubstr("stmp.gmail.com does not exist (NXDOMAIN, said by 127.0.0.11"));
  EXPECT_THAT(said("slip.err"), HasSubstr("did you mean smtp.gmail.com?"));
  EXPECT_EQ(targets_of("slip").at(0).at("lookup").at("suggestion"), "smtp.gmail.com");
}

TEST_F(NamesTest, ABogusAnswerIsToldAndFollowed) {
  const json target = targets_of("bogus").at(0);
  EXPECT_EQ(target.at("lookup").at("steps").at(1).at("dnssec"), "bogus");
  EXPECT_EQ(target.at("address"), "192.0.2.66");
  EXPECT_THAT(target.at("lookup").at("notes").dump(), HasSubstr("does not pass DNSSEC"));
}

TEST_F(NamesTest, AHugeAnswerIsCutAndCounted) {
  EXPECT_EQ(step_of("huge", 0).at("answer").size(), 64U);
  EXPECT_EQ(step_of("huge", 0).at("left_out"), 300 - 64);
  EXPECT_EQ(targets_of("huge").size(), 16U);
}

TEST_F(NamesTest, AResolverThatIsSilentIsNamedAndTheNextOneAnswers) {
  const json step = step_of("second", 0);
  EXPECT_EQ(step.at("result"), "ok");
  EXPECT_EQ(step.at("resolver"), "127.0.0.11");
  EXPECT_EQ(step.at("failing_resolvers"), json::array({"127.0.0.12"}));
  EXPECT_THAT(step.at("asked"), Contains(json{{"resolver", "127.0.0.12"}, {"result", "timeout"}}));
  EXPECT_THAT(said("second.out"), HasSubstr("The resolver 127.0.0.12 does not answer"));
}

TEST_F(NamesTest, AResolverThatRefusesIsNamed) {
  const json step = step_of("refused", 0);
  EXPECT_EQ(step.at("result"), "ok");
  EXPECT_THAT(step.at("asked"), Contains(json{{"resolver", "127.0.0.13"}, {"result", "refused"}}));
}

TEST_F(NamesTest, SilenceIsATimeOut) {
  EXPECT_EQ(step_of("silent", 0).at("result"), "timeout");
  EXPECT_EQ(status_of("silent"), kNoHost);
  EXPECT_THAT(said("silent.err"), HasSubstr("mx1.example cannot be looked up: 127.0.0.12 does not answer"));
}

TEST_F(NamesTest, ThisHostsOwnTableComesFirst) {
  const json step = step_of("hosts", 0);
  EXPECT_EQ(step.at("resolver"), nullptr);
  EXPECT_EQ(step.at("answer"), json::array({"10.9.2.1"}));
}

TEST_F(NamesTest, HopsHaveTheirNamesAndHostileOnesAreHarmless) {
  const std::string report = targets_of("named").dump();
  EXPECT_THAT(report, HasSubstr(R"("name":"gw\\027[2j.example")"));
  EXPECT_THAT(report, HasSubstr(R"("name":"mx1.example")"));
  EXPECT_THAT(said("named.out"), HasSubstr("gw\\027[2j.example"));
  EXPECT_THAT(said("named.out"), Not(HasSubstr("\x1b")));
  EXPECT_THAT(targets_of("good").dump(), Not(HasSubstr("gw"))) << "-n";
}

}  // namespace
}  // namespace smtpath::test
