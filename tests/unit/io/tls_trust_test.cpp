// What is said of servers' certificates: trust and name apart, TLSA records, bounds.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/io/tls_exchange.h"

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using facts::Dane;
using facts::TlsResult;
using facts::Trust;
using test::kNow;
using testing::ElementsAre;
using testing::HasSubstr;

X509* root() {
  static X509* const made = test::certificate({.common_name = "Test Root", .is_authority = true});
  return made;
}

/// A server's, signed by the root that is believed.
X509* issued(const test::CertificateSpec& spec) {
  return test::certificate(spec, root());
}

TlsResult result_for(const std::vector<X509*>& chain, const TlsOptions& options = test::usual_options()) {
  static const CertificateStore store = test::store_of({root()});
  const TlsClient client = test::met(store, {.chain = chain}, options);
  EXPECT_TRUE(client.is_established()) << client.result().error;
  return client.result();
}

std::string matched(const test::CertificateSpec& spec, std::vector<std::string> names) {
  TlsOptions options = test::usual_options();
  options.names = std::move(names);
  return result_for({issued(spec)}, options).matched_name;
}

TEST(TlsTrust, TheChainIsToldAsSent) {
  X509* const middle = test::certificate({.common_name = "Middle", .is_authority = true}, root());
  X509* const leaf = test::certificate({.names = {"mx.example.com", "*.example.org"}}, middle);
  const TlsResult result = result_for({leaf, middle});
  EXPECT_EQ(result.trust, Trust::Trusted) << result.trust_error;
  EXPECT_EQ(result.chain_length, 2U);
  ASSERT_EQ(result.chain.size(), 2U);
  EXPECT_EQ(result.chain[0].subject, "CN=mx.example.com,O=Example\\, Inc.");
  EXPECT_EQ(result.chain[0].issuer, "CN=Middle,O=Example\\, Inc.");
  EXPECT_THAT(result.chain[0].names, ElementsAre("mx.example.com", "*.example.org"));
  EXPECT_EQ(result.chain[0].not_before, kNow - std::chrono::days{30});
  EXPECT_EQ(result.chain[0].not_after, kNow + std::chrono::days{30});
  EXPECT_EQ(result.chain[0].bytes, static_cast<std::uint32_t>(i2d_X509(leaf, nullptr)));
  EXPECT_EQ(result.chain[1].issuer, "CN=Test Root,O=Example\\, Inc.");
}

TEST(TlsTrust, ASelfSignedCertificateIsCalledThat) {
  const TlsResult result = result_for({test::certificate({.names = {"mx.example.com"}})});
  EXPECT_EQ(result.trust, Trust::SelfSigned);
  EXPECT_EQ(result.trust_error, "self-signed certificate");
  EXPECT_EQ(result.matched_name, "mx.example.com");
}

TEST(TlsTrust, ASelfSignedCertificateOfTheStoreIsTrusted) {
  X509* const own = test::certificate({.names = {"mx.example.com"}});
  const TlsClient client = test::met(test::store_of({own}), {.chain = {own}});
  EXPECT_EQ(client.result().trust, Trust::Trusted) << client.result().trust_error;
}

TEST(TlsTrust, ARootThatIsNotOursIsAnUnknownIssuer) {
  X509* const other = test::certificate({.common_name = "Other Root", .is_authority = true});
  X509* const leaf = test::certificate({}, other);
  EXPECT_EQ(result_for({leaf}).trust, Trust::UnknownIssuer);
  EXPECT_EQ(result_for({leaf, other}).trust, Trust::UnknownIssuer);
}

TEST(TlsTrust, AMissingIntermediateIsAnUnknownIssuer) {
  X509* const middle = test::certificate({.common_name = "Middle", .is_authority = true}, root());
  EXPECT_EQ(result_for({test::certificate({}, middle)}).trust, Trust::UnknownIssuer);
}

TEST(TlsTrust, TimesAreHeldAgainstTheTimeThatIsGiven) {
  EXPECT_EQ(result_for({issued({.not_after = kNow - 1s})}).trust, Trust::Expired);
  EXPECT_EQ(result_for({issued({.not_after = kNow + 1s})}).trust, Trust::Trusted);
  EXPECT_EQ(result_for({issued({.not_before = kNow + 1s})}).trust, Trust::NotYetValid);
}

TEST(TlsTrust, AnExpiredIntermediateIsPlacedInTheChain) {
  X509* const middle =
      test::certificate({.common_name = "Middle", .not_after = kNow - 1s, .is_authority = true}, root());
  const TlsResult result = result_for({test::certificate({}, middle), middle});
  EXPECT_EQ(result.trust, Trust::Expired);
  EXPECT_THAT(result.trust_error, HasSubstr("1 above the server's own"));
}

TEST(TlsTrust, AChainThatMayNotBeIsBad) {
  X509* const no_authority = test::certificate({.common_name = "Shop"}, root());
  EXPECT_EQ(result_for({test::certificate({}, no_authority), no_authority}).trust, Trust::BadChain);
  EXPECT_EQ(result_for({issued({.purpose = "clientAuth"})}).trust, Trust::BadChain);
  const TlsResult forged = result_for({test::forged_certificate({}, root())});
  EXPECT_EQ(forged.trust, Trust::BadChain);
  EXPECT_THAT(forged.trust_error, HasSubstr("signature"));
}

TEST(TlsTrust, AnEmptyStoreTrustsNothing) {
  const TlsClient client = test::met(test::store_of({}), {.chain = {issued({})}});
  EXPECT_TRUE(client.is_established());
  EXPECT_EQ(client.result().trust, Trust::UnknownIssuer);
}

TEST(TlsTrust, TheFirstNameThatFitsIsTold) {
  EXPECT_EQ(matched({.names = {"mx.example.com"}}, {"example.com", "mx.example.com."}), "mx.example.com.");
  EXPECT_EQ(matched({.names = {"MX.example.COM"}}, {"mx.Example.com"}), "mx.Example.com");
  EXPECT_EQ(matched({.names = {"mx.example.com"}}, {"example.com"}), "");
  EXPECT_EQ(matched({.names = {"mx.example.com"}}, {}), "");
}

TEST(TlsTrust, AWildcardStandsForOneWholeLabel) {
  EXPECT_EQ(matched({.names = {"*.example.com"}}, {"mx.example.com"}), "mx.example.com");
  EXPECT_EQ(matched({.names = {"*.example.com"}}, {"a.mx.example.com", "example.com"}), "");
  EXPECT_EQ(matched({.names = {"m*.example.com", "*x.example.com"}}, {"mx.example.com"}), "");
  EXPECT_EQ(matched({.names = {"mx.example.com"}}, {".example.com", ".", ""}), "");
}

TEST(TlsTrust, ACommonNameCountsOnlyWhereThereIsNoOther) {
  EXPECT_EQ(matched({.common_name = "mx.example.com"}, {"mx.example.com"}), "mx.example.com");
  EXPECT_EQ(matched({.common_name = "mx.example.com", .names = {"www.example.com"}}, {"mx.example.com"}), "");
}

TEST(TlsTrust, AnAddressIsHeldAgainstAddresses) {
  const std::string address = {'\xc0', '\0', '\x02', '\x01'};
  EXPECT_EQ(matched({.address = address}, {"192.0.2.1"}), "192.0.2.1");
  EXPECT_EQ(matched({.address = address}, {"192.0.2.2", "2001:db8::1"}), "");
  EXPECT_EQ(matched({.common_name = "192.0.2.1", .names = {"192.0.2.1"}}, {"192.0.2.1"}), "");
}

/// CVE-2009-2408.
TEST(TlsTrust, ANameWithANulIsNeitherCutNorMatched) {
  const std::string hostile("mx.example.com\0.evil.example", 28);
  EXPECT_EQ(matched({.common_name = "x", .names = {hostile}}, {"mx.example.com"}), "");
  EXPECT_EQ(matched({.common_name = hostile}, {"mx.example.com"}), "");
  EXPECT_EQ(matched({.names = {hostile}}, {hostile}), "");
  const TlsResult result = result_for({issued({.common_name = hostile, .names = {hostile}})});
  EXPECT_EQ(result.chain[0].subject, "CN=mx.example.com\\00.evil.example,O=Example\\, Inc.");
  EXPECT_THAT(result.chain[0].names, ElementsAre(hostile));
}

TEST(TlsTrust, FiftyCertificatesAreCountedAndSixteenKept) {
  std::vector<X509*> chain = {root()};
  for (int i = 0; i < 49; ++i) {
    chain.insert(chain.begin(), test::certificate({.common_name = std::to_string(i), .is_authority = true}, chain[0]));
  }
  chain.pop_back();
  chain.insert(chain.begin(), test::certificate({.names = {"mx.example.com"}}, chain[0]));
  const TlsResult result = result_for(chain);
  EXPECT_EQ(result.chain_length, 50U);
  EXPECT_EQ(result.chain.size(), facts::kMostCertificates);
  EXPECT_EQ(result.trust, Trust::BadChain);
  EXPECT_THAT(result.trust_error, HasSubstr("too long"));
}

TEST(TlsTrust, ABigCertificateIsTakenAndTold) {
  const TlsResult result = result_for({issued({.names = {"mx.example.com"}, .filling = 100'000})});
  EXPECT_EQ(result.trust, Trust::Trusted) << result.trust_error;
  EXPECT_GT(result.chain[0].bytes, 100'000U);
}

TEST(TlsTrust, CertificatesWithoutEndAreNotTaken) {
  static const CertificateStore store = test::store_of({root()});
  const TlsClient client = test::met(store, {.chain = {issued({.filling = 300'000})}});
  EXPECT_FALSE(client.is_established());
  EXPECT_TRUE(client.is_done());
  EXPECT_THAT(client.result().error, HasSubstr("more than 262144 bytes"));
  EXPECT_LT(client.result().received_bytes, 400'000U);
}

TEST(TlsTrust, TextsAndNamesAreCut) {
  std::vector<std::string> names;
  for (int i = 0; i < 2'000; ++i) names.push_back(std::to_string(i) + std::string(60, 'x') + ".example");
  names.insert(names.begin(), std::string(5'000, 'y'));
  names.emplace_back("mx.example.com");
  const TlsResult result = result_for({issued({.common_name = std::string(60'000, '\x1b'), .names = names})});
  EXPECT_EQ(result.chain[0].subject.size(), facts::kLongestCertificateText);
  EXPECT_EQ(result.chain[0].names.size(), facts::kMostNames);
  EXPECT_EQ(result.chain[0].names[0].size(), facts::kLongestCertificateText);
  EXPECT_EQ(result.matched_name, "mx.example.com");
}

TlsOptions with_tlsa(std::uint8_t usage, std::vector<std::byte> data) {
  TlsOptions options = test::usual_options();
  options.tlsa = {{.usage = usage, .selector = 1, .matching_type = 1, .data = std::move(data)}};
  return options;
}

TEST(Dane, AServersOwnKeyMatchesWhateverElseIsWrongWithIt) {
  X509* const own = test::certificate({.names = {"other.example"}, .not_after = kNow - 1s});
  const TlsResult result = result_for({own}, with_tlsa(3, test::key_digest(own)));
  EXPECT_EQ(result.dane, Dane::Matches);
  EXPECT_EQ(result.trust, Trust::SelfSigned);
  EXPECT_EQ(result.matched_name, "");
}

TEST(Dane, AnIssuersKeyMatchesWithTheNameOnly) {
  X509* const other = test::certificate({.common_name = "Own Root", .is_authority = true});
  X509* const leaf = test::certificate({.names = {"mx.example.com"}}, other);
  EXPECT_EQ(result_for({leaf, other}, with_tlsa(2, test::key_digest(other))).dane, Dane::Matches);
  X509* const stranger = test::certificate({.names = {"other.example"}}, other);
  EXPECT_EQ(result_for({stranger, other}, with_tlsa(2, test::key_digest(other))).dane, Dane::Differs);
}

TEST(Dane, AnotherKeyDiffersAndTheHandshakeGoesOn) {
  const TlsResult result = result_for({issued({.names = {"mx.example.com"}})}, with_tlsa(3, test::key_digest(root())));
  EXPECT_EQ(result.dane, Dane::Differs);
  EXPECT_EQ(result.trust, Trust::Trusted);
  EXPECT_EQ(result.end, facts::TlsEnd::Established);
}

TEST(Dane, RecordsThatMailCannotUseAreNotUsed) {
  X509* const leaf = issued({});
  for (const std::uint8_t usage : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{9}}) {
    EXPECT_EQ(result_for({leaf}, with_tlsa(usage, test::key_digest(leaf))).dane, Dane::NotUsed);
  }
  EXPECT_EQ(result_for({leaf}, with_tlsa(3, {std::byte{1}})).dane, Dane::NotUsed);
  TlsOptions unknown = with_tlsa(3, test::key_digest(leaf));
  unknown.tlsa[0].selector = 7;
  EXPECT_EQ(result_for({leaf}, unknown).dane, Dane::NotUsed);
}

TEST(Dane, OneOfSeveralRecordsIsEnough) {
  X509* const leaf = issued({.names = {"mx.example.com"}});
  TlsOptions options = with_tlsa(3, test::key_digest(root()));
  options.tlsa.push_back({.usage = 3, .selector = 1, .matching_type = 1, .data = test::key_digest(leaf)});
  EXPECT_EQ(result_for({leaf}, options).dane, Dane::Matches);
}

}  // namespace
}  // namespace smtpath::io
