#include "smtpath/io/privileges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <sstream>

#include "smtpath/io/raw_sender.h"
#include "smtpath/io/source_ports.h"
#include "unit/io/child.h"
#include "unit/io/syn.h"

namespace smtpath::io {
namespace {

using test::bytes_of;
using test::in_child;
using test::in_new_network;
using test::run;

constexpr const char* kNoCapabilities = "0000000000000000";
/// Bit 13 (capabilities(7)).
constexpr const char* kNetRawAlone = "0000000000002000";

/// Field to value, runs of white space made one blank.
std::map<std::string, std::string> process_status() {
  std::map<std::string, std::string> fields;
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(line.find(':') + 1));
    std::string value;
    for (std::string word; words >> word;) value += (value.empty() ? "" : " ") + word;
    fields[line.substr(0, line.find(':'))] = value;
  }
  return fields;
}

TEST(Privileges, OfRootBecomeThoseOfAnotherUserWithRawSocketsOnly) {
  in_child([] {
    const auto user = assume_user("nobody");
    ASSERT_TRUE(user.ok()) << user.error().message;
    EXPECT_EQ(user.value(), "nobody");
    auto status = process_status();
    EXPECT_EQ(status["Uid"], "65534 65534 65534 65534");
    EXPECT_EQ(status["Gid"], "65534 65534 65534 65534");
    EXPECT_EQ(status["Groups"], "65534");
    EXPECT_EQ(status["CapPrm"], kNetRawAlone);
    EXPECT_EQ(status["CapEff"], kNetRawAlone);
    EXPECT_EQ(status["CapInh"], kNoCapabilities);
    EXPECT_EQ(status["CapBnd"], kNoCapabilities);
    EXPECT_EQ(status["CapAmb"], kNoCapabilities);
    EXPECT_TRUE(has_raw_capability());
  });
}

TEST(Privileges, AreAllGoneInTheEndAndOpenSocketsStillSend) {
  in_new_network([] {
    ASSERT_TRUE(assume_user("nobody").ok());
    auto sender = RawSender::open();
    ASSERT_TRUE(sender.ok()) << sender.error().message;
    ASSERT_TRUE(drop_all().ok());

    auto status = process_status();
    for (const char* set : {"CapPrm", "CapEff", "CapInh", "CapBnd", "CapAmb"}) {
      EXPECT_EQ(status[set], kNoCapabilities) << set;
    }
    EXPECT_EQ(status["NoNewPrivs"], "1");
    EXPECT_FALSE(has_raw_capability());
    EXPECT_EQ(sender.value().send(bytes_of({.from = "127.0.0.1", .to = "127.0.0.1"})), std::nullopt);
    EXPECT_EQ(sender.value().send(bytes_of({.from = "::1", .to = "::1"})), std::nullopt);
    EXPECT_TRUE(SourcePorts::hold(1).ok());
    EXPECT_FALSE(RawSender::open().ok());
    EXPECT_EQ(setuid(0), -1);
    EXPECT_EQ(setgid(0), -1);
  });
}

TEST(Privileges, CannotBeHadAgainByRootEither) {
  in_child([] {
    ASSERT_TRUE(drop_all().ok());
    auto status = process_status();
    EXPECT_EQ(status["Uid"], "0 0 0 0");
    EXPECT_EQ(status["CapPrm"], kNoCapabilities);
    EXPECT_EQ(status["CapBnd"], kNoCapabilities);
  });
}

TEST(Privileges, LetFirewallRulesSeeTheNewUser) {
  in_new_network([] {
    run("nft 'add table inet t; add chain inet t o { type filter hook output priority 0; }; "
        "add rule inet t o meta skuid nobody drop'");
    auto of_root = RawSender::open();
    ASSERT_TRUE(assume_user("nobody").ok());
    auto of_nobody = RawSender::open();
    const auto syn = bytes_of({.from = "127.0.0.1", .to = "127.0.0.1"});
    EXPECT_EQ(of_root.value().send(syn), std::nullopt);
    EXPECT_EQ(of_nobody.value().send(syn), EPERM);
  });
}

TEST(Privileges, OfAnOrdinaryUserWithTheCapabilityKeepTheUser) {
  in_child([] {
    ASSERT_TRUE(assume_user("daemon").ok());
    const auto user = assume_user("nobody");
    ASSERT_TRUE(user.ok());
    EXPECT_EQ(user.value(), "daemon");
    EXPECT_TRUE(RawSender::open().ok());
  });
}

TEST(Privileges, AreNotThereForAnOrdinaryUser) {
  in_child([] {
    ASSERT_TRUE(assume_user("daemon").ok());
    ASSERT_TRUE(drop_all().ok());
    const auto user = assume_user("nobody");
    ASSERT_FALSE(user.ok());
    EXPECT_THAT(user.error().message, testing::StartsWith("become user nobody: needs CAP_NET_RAW"));
  });
}

TEST(Privileges, NameAUserWhoDoesNotExist) {
  in_child([] {
    const auto user = assume_user("no-such-user");
    ASSERT_FALSE(user.ok());
    EXPECT_EQ(user.error().message, "become user no-such-user: no such user");
  });
}

}  // namespace
}  // namespace smtpath::io
