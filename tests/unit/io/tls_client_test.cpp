// Our end of TLS connections against servers in memory: how handshakes go, and what is told of them.

#include "smtpath/io/tls_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/io/tls_exchange.h"

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using facts::AlertFrom;
using facts::TlsEnd;
using facts::TlsResult;
using facts::Trust;
using test::kNow;
using test::ServerSpec;
using test::TlsServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class TlsClientTest : public testing::Test {
 protected:
  static X509* root() {
    static X509* const made = test::certificate({.common_name = "Test Root", .is_authority = true});
    return made;
  }
  static X509* leaf() {
    static X509* const made = test::certificate({.names = {"mx.example.com"}}, root());
    return made;
  }
  static X509* rsa_leaf() {
    static X509* const made = test::certificate({.names = {"mx.example.com"}, .has_rsa_key = true}, root());
    return made;
  }
  static const CertificateStore& store() {
    static const CertificateStore made = test::store_of({root()});
    return made;
  }
  static TlsClient begin(const TlsOptions& options = test::usual_options()) {
    return TlsClient::begin(store(), options, kNow).value();
  }
  static TlsClient met(const ServerSpec& spec, const TlsOptions& options = test::usual_options()) {
    return test::met(store(), spec, options);
  }
};

TEST_F(TlsClientTest, AHealthyServerIsTrustedAndNamed) {
  const TlsClient client = met({.chain = {leaf()}});
  EXPECT_TRUE(client.is_done());
  EXPECT_TRUE(client.is_established());
  EXPECT_FALSE(client.is_closed());
  const TlsResult& result = client.result();
  EXPECT_EQ(result.end, TlsEnd::Established);
  EXPECT_EQ(result.version, "TLSv1.3");
  EXPECT_EQ(result.cipher, "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(result.group, "X25519");
  EXPECT_EQ(result.trust, Trust::Trusted);
  EXPECT_EQ(result.trust_error, "");
  EXPECT_EQ(result.matched_name, "mx.example.com");
  EXPECT_EQ(result.dane, facts::Dane::NotUsed);
  EXPECT_EQ(result.error, "");
  EXPECT_FALSE(result.alert);
  EXPECT_FALSE(result.has_renegotiated);
}

TEST_F(TlsClientTest, EachVersionIsNamedForWhatItIs) {
  struct Version {
    int number;
    const char* name;
  };
  for (const Version version : {Version{TLS1_VERSION, "TLSv1"}, Version{TLS1_1_VERSION, "TLSv1.1"},
                                Version{TLS1_2_VERSION, "TLSv1.2"}, Version{TLS1_3_VERSION, "TLSv1.3"}}) {
    const TlsClient client = met({.chain = {leaf()}, .lowest = version.number, .highest = version.number});
    EXPECT_TRUE(client.is_established()) << version.name << ": " << client.result().error;
    EXPECT_EQ(client.result().version, version.name);
    EXPECT_EQ(client.result().group, "X25519") << version.name;
    EXPECT_EQ(client.result().trust, Trust::Trusted) << version.name;
  }
}

TEST_F(TlsClientTest, CipherAndGroupHaveTheirStandardNames) {
  const TlsClient client = met(
      {.chain = {leaf()}, .highest = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256", .groups = "P-384"});
  EXPECT_EQ(client.result().cipher, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(client.result().group, "P-384");
}

TEST_F(TlsClientTest, AKeyExchangeOfAFiniteFieldIsNamedByItsSize) {
  const TlsClient client = met({.chain = {rsa_leaf()}, .highest = TLS1_2_VERSION, .ciphers = "DHE-RSA-AES128-SHA"});
  EXPECT_TRUE(client.is_established()) << client.result().error;
  EXPECT_THAT(client.result().group, StartsWith("DH-"));
}

TEST_F(TlsClientTest, AnOldKeyExchangeHasNoGroupAndServesASmallHelloToo) {
  TlsOptions options = test::usual_options();
  for (const bool is_small : {false, true}) {
    options.is_hello_small = is_small;
    const TlsClient client = met({.chain = {rsa_leaf()}, .highest = TLS1_2_VERSION, .ciphers = "AES128-SHA"}, options);
    EXPECT_TRUE(client.is_established()) << client.result().error;
    EXPECT_EQ(client.result().cipher, "TLS_RSA_WITH_AES_128_CBC_SHA");
    EXPECT_EQ(client.result().group, "");
  }
}

TEST_F(TlsClientTest, AGroupThatWasNotGuessedCostsAnotherHello) {
  const TlsClient client = met({.chain = {leaf()}, .groups = "P-521"});
  EXPECT_TRUE(client.is_established());
  EXPECT_EQ(client.result().group, "P-521");
  ASSERT_EQ(client.result().flights.size(), 5U);
  EXPECT_EQ(client.result().client_hello_bytes, client.result().flights[0].bytes);
}

TEST_F(TlsClientTest, FlightsHaveTheirSizesAndTimes) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}, .lowest = TLS1_2_VERSION, .highest = TLS1_2_VERSION});
  const auto hello = test::sent_by(client, kNow + 1s);
  const auto answer = server.handle(hello);
  const auto half = std::span(answer).first(answer.size() / 2);
  client.handle_bytes(kNow + 1s + 20ms, half);
  client.handle_bytes(kNow + 1s + 30ms, std::span(answer).subspan(half.size()));
  const auto finished = test::sent_by(client, kNow + 1s + 31ms);
  const auto last = server.handle(finished);
  client.handle_bytes(kNow + 1s + 50ms, last);
  ASSERT_TRUE(client.is_established());
  const auto& flights = client.result().flights;
  ASSERT_EQ(flights.size(), 4U);
  EXPECT_EQ(client.result().client_hello_bytes, hello.size());
  EXPECT_EQ(client.result().received_bytes, answer.size() + last.size());
  const std::vector<std::size_t> sizes = {hello.size(), answer.size(), finished.size(), last.size()};
  for (std::size_t i = 0; i < flights.size(); ++i) {
    EXPECT_EQ(flights[i].is_ours, i % 2 == 0);
    EXPECT_EQ(flights[i].bytes, sizes[i]);
  }
  EXPECT_EQ(flights[0].at, 0ms);
  EXPECT_EQ(flights[1].at, 20ms);
  EXPECT_EQ(flights[1].until, 30ms);
  EXPECT_EQ(flights[2].at, 31ms);
  EXPECT_EQ(flights[3].until, 50ms);
}

TEST_F(TlsClientTest, WhatWasSaidArrivesOnBothSides) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}});
  test::exchange(client, server);
  client.write("EHLO client.example\r\n");
  test::exchange(client, server);
  EXPECT_EQ(server.heard(), "EHLO client.example\r\n");
  client.handle_bytes(kNow, server.say("250 mx.example.com\r\n"));
  EXPECT_EQ(test::text_of(client.read()), "250 mx.example.com\r\n");
  EXPECT_TRUE(client.read().empty());
  client.close();
  test::exchange(client, server);
  EXPECT_TRUE(server.is_closed());
  EXPECT_EQ(server.asked_name(), "mx.example.com");
}

TEST_F(TlsClientTest, WhatIsSaidWithTheEndOfTheHandshakeIsKept) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}, .lowest = TLS1_2_VERSION, .highest = TLS1_2_VERSION});
  client.handle_bytes(kNow, server.handle(test::sent_by(client)));
  auto last = server.handle(test::sent_by(client));
  const auto greeting = server.say("220 mx.example.com\r\n");
  last.insert(last.end(), greeting.begin(), greeting.end());
  client.handle_bytes(kNow, last);
  EXPECT_EQ(test::text_of(client.read()), "220 mx.example.com\r\n");
}

TEST_F(TlsClientTest, AGoodbyeClosesAndLeavesWhatWasSaid) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}});
  test::exchange(client, server);
  auto bytes = server.say("221 bye\r\n");
  const auto goodbye = server.say_goodbye();
  bytes.insert(bytes.end(), goodbye.begin(), goodbye.end());
  client.handle_bytes(kNow, bytes);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(client.result().end, TlsEnd::Established);
  EXPECT_FALSE(client.result().alert);
  EXPECT_EQ(test::text_of(client.read()), "221 bye\r\n");
}

TEST_F(TlsClientTest, AnEndAfterTheHandshakeClosesAndKeepsItsResult) {
  TlsClient client = met({.chain = {leaf()}});
  client.handle_end(kNow, TlsEnd::Reset);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(client.result().end, TlsEnd::Established);
}

TEST_F(TlsClientTest, MoreThanAMebibyteThatNobodyReadsIsAFlood) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}});
  test::exchange(client, server);
  const std::string piece(std::size_t{64} << 10, 'x');
  std::size_t given = 0;
  while (!client.is_closed() && given < std::size_t{4} << 20) {
    client.handle_bytes(kNow, server.say(piece));
    given += piece.size();
  }
  EXPECT_TRUE(client.is_closed());
  EXPECT_LE(given, (std::size_t{1} << 20) + 2 * piece.size());
  EXPECT_THAT(client.result().error, HasSubstr("floods"));
  EXPECT_EQ(client.read().size(), std::size_t{64} << 10);
}

TEST_F(TlsClientTest, AFloodThatIsReadIsNone) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}});
  test::exchange(client, server);
  const std::string piece(std::size_t{64} << 10, 'x');
  for (int i = 0; i < 20; ++i) {
    client.handle_bytes(kNow, server.say(piece));
    EXPECT_EQ(client.read().size(), piece.size());
  }
  EXPECT_FALSE(client.is_closed());
}

TEST_F(TlsClientTest, NewKeysAreTaken) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}});
  test::exchange(client, server);
  client.handle_bytes(kNow, server.update_keys());
  test::exchange(client, server);
  client.write("NOOP\r\n");
  test::exchange(client, server);
  EXPECT_EQ(server.heard(), "NOOP\r\n");
}

TEST_F(TlsClientTest, AnotherHandshakeIsDeclinedAndNoted) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}, .highest = TLS1_2_VERSION});
  test::exchange(client, server);
  client.handle_bytes(kNow, server.ask_for_renegotiation());
  EXPECT_TRUE(client.result().has_renegotiated);
  EXPECT_EQ(client.result().end, TlsEnd::Established);
  EXPECT_FALSE(client.is_closed());
  EXPECT_FALSE(client.result().alert);
  EXPECT_FALSE(test::sent_by(client).empty());
}

TEST_F(TlsClientTest, ACertificateAskedForIsDoneWithout) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsClient client = met({.chain = {leaf()}, .highest = version, .wants_certificate = true});
    EXPECT_TRUE(client.is_established());
    EXPECT_FALSE(client.result().alert);
  }
}

TEST_F(TlsClientTest, ACertificateDemandedEndsInTheServersAlert) {
  struct Case {
    int version;
    int alert;
  };
  for (const Case each :
       {Case{TLS1_2_VERSION, SSL_AD_HANDSHAKE_FAILURE}, Case{TLS1_3_VERSION, SSL_AD_CERTIFICATE_REQUIRED}}) {
    const TlsClient client = met({.chain = {leaf()}, .highest = each.version, .demands_certificate = true});
    EXPECT_EQ(client.result().end, TlsEnd::Alerted);
    EXPECT_FALSE(client.is_established());
    EXPECT_TRUE(client.is_closed());
    ASSERT_TRUE(client.result().alert);
    EXPECT_EQ(client.result().alert->from, AlertFrom::Server);
    EXPECT_EQ(client.result().alert->description, each.alert);
    EXPECT_EQ(client.result().trust, Trust::Trusted);
    EXPECT_NE(client.result().error, "");
  }
}

TEST_F(TlsClientTest, AnAlertIsTheServersWhereItRefusesTheHello) {
  const TlsClient client = met({.chain = {leaf()}, .knows_no_name = true});
  EXPECT_EQ(client.result().end, TlsEnd::Alerted);
  ASSERT_TRUE(client.result().alert);
  EXPECT_EQ(client.result().alert->from, AlertFrom::Server);
  EXPECT_EQ(client.result().alert->description, SSL_AD_UNRECOGNIZED_NAME);
  EXPECT_EQ(client.result().version, "");
  EXPECT_TRUE(client.result().chain.empty());
}

TEST_F(TlsClientTest, AnAlertIsOursWhereTheServersMessageIsWrong) {
  TlsClient client = begin();
  test::sent_by(client);
  // A ServerHello of two bytes.
  client.handle_bytes(kNow, test::bytes_of(std::string("\x16\x03\x03\x00\x06\x02\x00\x00\x02\x00\x00", 11)));
  EXPECT_EQ(client.result().end, TlsEnd::Alerted);
  ASSERT_TRUE(client.result().alert);
  EXPECT_EQ(client.result().alert->from, AlertFrom::Us);
  EXPECT_EQ(client.result().alert->description, SSL_AD_DECODE_ERROR);
  EXPECT_NE(client.result().error, "");
  EXPECT_FALSE(test::sent_by(client).empty());
}

TEST_F(TlsClientTest, WhatIsNoTlsIsQuotedToTheEndOfItsLine) {
  for (const std::string reply : {"220 mx.example.com ESMTP\r\n250 ok\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n",
                                  "454 4.7.0 TLS not available\n"}) {
    TlsClient client = begin();
    test::sent_by(client);
    client.handle_bytes(kNow, test::bytes_of(reply));
    EXPECT_TRUE(client.is_done());
    EXPECT_EQ(client.result().end, TlsEnd::NotTls);
    EXPECT_EQ(client.result().error, reply.substr(0, reply.find_first_of("\r\n")));
    EXPECT_EQ(client.result().received_bytes, reply.size());
  }
}

TEST_F(TlsClientTest, WhatIsNoTlsIsQuotedInBounds) {
  TlsClient client = begin();
  client.handle_bytes(kNow, test::bytes_of(std::string(10'000, 'x')));
  EXPECT_EQ(client.result().error, std::string(facts::kLongestForeignLine, 'x'));
}

TEST_F(TlsClientTest, WhatIsNoTlsShowsFromItsSecondByteToo) {
  TlsClient client = begin();
  client.handle_bytes(kNow, test::bytes_of("\x16"));
  EXPECT_FALSE(client.is_done());
  client.handle_bytes(kNow, test::bytes_of("hello"));
  EXPECT_EQ(client.result().end, TlsEnd::NotTls);
  EXPECT_EQ(client.result().error, "\x16hello");
}

TEST_F(TlsClientTest, GarbageInARecordsClothesFails) {
  TlsClient client = begin();
  client.handle_bytes(kNow, test::bytes_of(std::string("\x16\x03\x03\x00\x10", 5) + std::string(16, 'x')));
  EXPECT_TRUE(client.is_done());
  EXPECT_FALSE(client.is_established());
  EXPECT_NE(client.result().error, "");
}

TEST_F(TlsClientTest, ASilentServerLeavesOurFlight) {
  TlsClient client = begin();
  test::sent_by(client);
  client.handle_end(kNow + 30s, TlsEnd::TimedOut);
  EXPECT_EQ(client.result().end, TlsEnd::TimedOut);
  EXPECT_EQ(client.result().flights.size(), 1U);
  EXPECT_TRUE(client.is_done());
}

TEST_F(TlsClientTest, AnEndAnywhereInTheHandshakeIsAnEnd) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    std::size_t length = 1;
    for (std::size_t cut = 0; cut < length; cut += 7) {
      TlsClient client = begin();
      TlsServer server({.chain = {leaf()}, .highest = version});
      const auto answer = server.handle(test::sent_by(client));
      length = answer.size();
      client.handle_bytes(kNow, std::span(answer).first(cut));
      ASSERT_FALSE(client.is_done()) << cut;
      client.handle_end(kNow, TlsEnd::Closed);
      ASSERT_EQ(client.result().end, TlsEnd::Closed) << cut;
      ASSERT_EQ(client.result().received_bytes, cut);
    }
    EXPECT_GT(length, 500U);
  }
}

TEST_F(TlsClientTest, BytesMayComeOneByOne) {
  TlsClient client = begin();
  TlsServer server({.chain = {leaf()}});
  for (const std::byte byte : server.handle(test::sent_by(client))) {
    client.handle_bytes(kNow, std::span(&byte, 1));
  }
  EXPECT_TRUE(client.is_established());
  EXPECT_EQ(client.result().flights.size(), 2U);
}

TEST_F(TlsClientTest, ASmallHelloIsSmallerAndServesTheVersionsInUse) {
  TlsOptions options = test::usual_options();
  options.is_hello_small = true;
  std::uint32_t small = 0;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsClient client = met({.chain = {leaf()}, .lowest = version, .highest = version}, options);
    EXPECT_TRUE(client.is_established()) << client.result().error;
    EXPECT_EQ(client.result().group, "P-256");
    small = client.result().client_hello_bytes;
  }
  const std::uint32_t usual = met({.chain = {leaf()}}).result().client_hello_bytes;
  EXPECT_LT(small, 250U);
  EXPECT_GT(usual, small + 80);
}

TEST_F(TlsClientTest, NoNameIsAskedForWhereThereIsNone) {
  for (const std::string name : {"", "192.0.2.1", "2001:db8::1"}) {
    TlsOptions options = test::usual_options();
    options.server_name = name;
    TlsClient client = begin(options);
    TlsServer server({.chain = {leaf()}});
    test::exchange(client, server);
    EXPECT_TRUE(client.is_established());
    EXPECT_EQ(server.asked_name(), "");
  }
}

TEST_F(TlsClientTest, ANameThatCannotBeAskedForIsAnError) {
  TlsOptions options = test::usual_options();
  options.server_name = std::string(300, 'x');
  const auto client = TlsClient::begin(store(), options, kNow);
  ASSERT_FALSE(client.ok());
  EXPECT_THAT(client.error().message, StartsWith("set up TLS for xxx"));
}

TEST_F(TlsClientTest, KeysAreLoggedForWhoAsks) {
  std::vector<std::string> lines;
  TlsOptions options = test::usual_options();
  options.key_log = [&lines](std::string_view line) { lines.emplace_back(line); };
  met({.chain = {leaf()}, .highest = TLS1_2_VERSION}, options);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], StartsWith("CLIENT_RANDOM "));
  lines.clear();
  met({.chain = {leaf()}}, options);
  EXPECT_GE(lines.size(), 4U);
}

}  // namespace
}  // namespace smtpath::io
