#include "session/tls_reader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/dice.h"
#include "unit/session/tls_bytes.h"

namespace smtpath::test {
namespace {

using session::Side;
using session::Tls;
using session::TlsReader;
using session::TlsVersion;

constexpr std::uint8_t kChangeCipherSpec = 20;
constexpr std::uint8_t kAlert = 21;
constexpr std::uint8_t kHandshake = 22;
constexpr std::uint8_t kApplicationData = 23;
const Wire kFatal = "\x02";

using Flow = std::vector<std::pair<Side, Wire>>;

TlsReader read(const Flow& flow) {
  TlsReader reader;
  for (const auto& [side, wire] : flow) reader.handle(side, as_bytes(wire));
  return reader;
}

Wire changed_cipher() {
  return record(kChangeCipherSpec, "\x01");
}

Flow tls12() {
  return {{Side::Client, record(kHandshake, client_hello("MX.example.com", {}))},
          {Side::Server, record(kHandshake, server_hello(0x0303, 0) + certificate_message("mx.example.com"))},
          {Side::Client, changed_cipher() + record(kHandshake, Wire(40, '\x01'))},
          {Side::Server, changed_cipher() + record(kHandshake, Wire(40, '\x02'))},
          {Side::Client, record(kApplicationData, Wire(100, 'x'))},
          {Side::Server, record(kApplicationData, Wire(50, 'x')) + record(kAlert, Wire(26, 'x'))}};
}

TEST(TlsReader, ReadsAHandshakeOfTls12) {
  const TlsReader reader = read(tls12());
  const Tls& tls = reader.tls();
  EXPECT_TRUE(tls.client_hello);
  EXPECT_TRUE(tls.server_hello);
  EXPECT_EQ(tls.sni, "mx.example.com");
  EXPECT_EQ(tls.offered, TlsVersion::Tls12);
  EXPECT_EQ(tls.version, TlsVersion::Tls12);
  EXPECT_EQ(tls.cipher, 0xC030);
  EXPECT_EQ(tls.client_hello_length, client_hello("MX.example.com", {}).size());
  EXPECT_TRUE(tls.client_changed_cipher);
  EXPECT_TRUE(tls.server_changed_cipher);
  EXPECT_EQ(tls.client_application_bytes, 100U);
  EXPECT_EQ(tls.server_application_bytes, 50U);
  EXPECT_FALSE(tls.is_client_no_tls);
  ASSERT_EQ(tls.alerts.size(), 1U);
  EXPECT_EQ(tls.alerts[0].from, Side::Server);
  EXPECT_EQ(tls.alerts[0].description, std::nullopt);
}

TEST(TlsReader, ReadsTheServersCertificate) {
  const TlsReader reader = read(tls12());
  ASSERT_TRUE(reader.tls().certificate);
  EXPECT_EQ(reader.tls().certificate->subject, "CN=mx.example.com,O=Example\\, Inc.");
  EXPECT_EQ(reader.tls().certificate->issuer, reader.tls().certificate->subject);
  EXPECT_EQ(reader.tls().certificate->not_before, std::chrono::sys_days{std::chrono::year{2030} / 1 / 1});
  EXPECT_EQ(reader.tls().certificate->not_after, Time::max());
}

TEST(TlsReader, ReadsAHandshakeOfTls13PastGrease) {
  const TlsReader reader = read({{Side::Client, record(kHandshake, client_hello("a", {0x7A7A, 0x0304, 0x0303}))},
                                 {Side::Server, record(kHandshake, server_hello(0x0303, 0x0304)) + changed_cipher()}});
  EXPECT_EQ(reader.tls().offered, TlsVersion::Tls13);
  EXPECT_EQ(reader.tls().version, TlsVersion::Tls13);
}

TEST(TlsReader, ReadsTheSecondHelloBehindARetryRequest) {
  const TlsReader reader = read({{Side::Client, record(kHandshake, client_hello("a", {0x0304}))},
                                 {Side::Server, record(kHandshake, hello_retry_request()) + changed_cipher()},
                                 {Side::Client, changed_cipher() + record(kHandshake, client_hello("b", {0x0304}))},
                                 {Side::Server, record(kHandshake, server_hello(0x0303, 0x0304))},
                                 {Side::Client, record(kAlert, kFatal + '\x30')}});
  EXPECT_TRUE(reader.tls().is_hello_retried);
  EXPECT_EQ(reader.tls().sni, "b");
  ASSERT_EQ(reader.tls().alerts.size(), 1U);
  EXPECT_EQ(reader.tls().alerts[0].description, 48);
}

TEST(TlsReader, PutsAHelloTogetherThatIsSplitOverRecords) {
  const Wire hello = client_hello("split.example", {0x0304});
  Flow flow;
  for (std::size_t i = 0; i < hello.size(); i += 7)
    flow.emplace_back(Side::Client, record(kHandshake, hello.substr(i, 7)));
  EXPECT_EQ(read(flow).tls().sni, "split.example");
}

TEST(TlsReader, NamesAlertsInTheClear) {
  const TlsReader reader =
      read({{Side::Client, record(kHandshake, client_hello("a", {}))}, {Side::Server, record(kAlert, kFatal + 'F')}});
  ASSERT_EQ(reader.tls().alerts.size(), 1U);
  EXPECT_EQ(reader.tls().alerts[0].level, 2);
  EXPECT_STREQ(session::alert_name(*reader.tls().alerts[0].description), "protocol_version");
  EXPECT_EQ(session::alert_name(255), nullptr);
}

TEST(TlsReader, KeepsTheFirstAlertsOnly) {
  Flow flow;
  for (int i = 0; i < 100; ++i) flow.emplace_back(Side::Server, record(kAlert, kFatal + 'F'));
  EXPECT_EQ(read(flow).tls().alerts.size(), session::kMostAlerts);
}

TEST(TlsReader, HandsOnThePlainTextOfAServerThatSpeaksNoTls) {
  const TlsReader reader = read({{Side::Client, record(kHandshake, client_hello("a", {}))},
                                 {Side::Server, "42"},
                                 {Side::Server, "1 4.3.0 try later\r\n"}});
  EXPECT_TRUE(reader.tls().is_server_no_tls);
  EXPECT_FALSE(reader.tls().is_client_no_tls);
  const auto plain = reader.plain_text(Side::Server);
  EXPECT_EQ(std::vector(plain.begin(), plain.end()), as_bytes("421 4.3.0 try later\r\n"));
  EXPECT_TRUE(reader.plain_text(Side::Client).empty());
}

TEST(TlsReader, NoticesPlainTextBehindRecords) {
  const TlsReader reader =
      read({{Side::Server, record(kHandshake, server_hello(0x0303, 0)) + "421 lost input connection\r\n"},
            {Side::Server, Wire(5000, 'x')}});
  EXPECT_TRUE(reader.tls().server_hello);
  EXPECT_TRUE(reader.tls().is_server_no_tls);
  EXPECT_EQ(reader.plain_text(Side::Server).size(), session::kLongestPlainText);
}

TEST(TlsReader, ReadsAHelloInTheFormOfSsl2) {
  const Wire body = Wire("\x01\x03\x01", 3) + number(3, 2) + number(0, 2) + number(16, 2) + Wire(19, 'c');
  const Wire hello = number(0x8000U | body.size(), 2) + body;
  const TlsReader reader = read({{Side::Client, hello + record(kAlert, kFatal + 'F')},
                                 {Side::Server, record(kHandshake, server_hello(0x0301, 0))}});
  EXPECT_TRUE(reader.tls().is_old_hello);
  EXPECT_EQ(reader.tls().offered, TlsVersion::Tls10);
  EXPECT_EQ(reader.tls().alerts.size(), 1U);
  EXPECT_EQ(reader.tls().version, TlsVersion::Tls10);
}

TEST(TlsReader, GoesOnBehindAGapWithinARecord) {
  TlsReader reader = read({{Side::Client, record(kApplicationData, Wire(100, 'x')).substr(0, 30)}});
  reader.note_gap(Side::Client, 60);
  reader.handle(Side::Client, as_bytes(Wire(15, 'x') + record(kAlert, kFatal + 'F')));
  EXPECT_EQ(reader.tls().alerts.size(), 1U);
  EXPECT_FALSE(reader.tls().is_client_no_tls);
}

TEST(TlsReader, GoesOnBehindAGapWhereARecordBegins) {
  TlsReader reader = read({{Side::Server, record(kApplicationData, "abc")}});
  reader.note_gap(Side::Server, 1460);
  reader.handle(Side::Server, as_bytes("rest of a record"));
  EXPECT_FALSE(reader.tls().is_server_no_tls);
  reader.handle(Side::Server, as_bytes(record(kAlert, kFatal + 'F')));
  EXPECT_EQ(reader.tls().alerts.size(), 1U);
}

TEST(TlsReader, TakesNoPartOfAMessageForAnother) {
  const Wire certificate = certificate_message("mx");
  TlsReader reader = read({{Side::Server, record(kHandshake, certificate).substr(0, 60)}});
  reader.note_gap(Side::Server, 40);
  reader.handle(Side::Server,
                as_bytes(record(kHandshake, certificate).substr(100) + record(kHandshake, server_hello(0x0303, 0))));
  EXPECT_FALSE(reader.tls().certificate_seen);
  EXPECT_TRUE(reader.tls().server_hello);
}

TEST(TlsReader, KnowsTlsByItsBeginning) {
  const auto recognised = [](const Wire& wire) { return TlsReader::recognise(as_bytes(wire)); };
  EXPECT_EQ(recognised(record(kHandshake, "x")), TlsReader::Beginning::Tls);
  EXPECT_EQ(recognised(record(kApplicationData, "x")), TlsReader::Beginning::Tls);
  EXPECT_EQ(recognised(Wire("\x80\x2E\x01\x03\x01", 5)), TlsReader::Beginning::Tls);
  EXPECT_EQ(recognised("\x16"), TlsReader::Beginning::Undecided);
  EXPECT_EQ(recognised("\x80"), TlsReader::Beginning::Undecided);
  EXPECT_EQ(recognised(""), TlsReader::Beginning::Undecided);
  EXPECT_EQ(recognised("2"), TlsReader::Beginning::Other);
  EXPECT_EQ(recognised("\x16\x02"), TlsReader::Beginning::Other);
  EXPECT_EQ(recognised("\x16\x03\x01\xFF\xFF"), TlsReader::Beginning::Other);
}

std::string everything_in(const TlsReader& reader) {
  const Tls& tls = reader.tls();
  std::ostringstream out;
  out << tls.client_hello << tls.server_hello << tls.is_old_hello << tls.is_hello_retried << tls.sni << ' '
      << tls.client_hello_length << ' ' << tls.certificate_seen << tls.certificate.has_value() << ' '
      << tls.alerts.size() << tls.client_changed_cipher << tls.server_changed_cipher << ' '
      << tls.client_application_bytes << ' ' << tls.server_application_bytes << ' ' << tls.is_client_no_tls
      << tls.is_server_no_tls << (tls.version ? to_string(*tls.version) : "");
  return out.str();
}

TEST(TlsReader, ReadsTheSameHoweverTheBytesAreCut) {
  const Flow flow = tls12();
  const std::string whole = everything_in(read(flow));
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Dice dice(seed);
    TlsReader cut;
    for (const auto& [side, wire] : flow) {
      for (std::size_t at = 0; at < wire.size();) {
        const auto size = static_cast<std::size_t>(dice.between(1, 9));
        cut.handle(side, as_bytes(wire.substr(at, size)));
        at += size;
      }
    }
    ASSERT_EQ(everything_in(cut), whole) << "seed " << seed;
  }
}

TEST(TlsReader, ReadsBrokenHandshakesWithoutHarm) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    TlsReader reader;
    for (auto [side, wire] : tls12()) {
      for (int i = dice.between(0, 6); i > 0; --i)
        wire[static_cast<std::size_t>(dice.between(0, static_cast<int>(wire.size()) - 1))] =
            static_cast<char>(dice.between(0, 255));
      if (dice.chance(0.2)) reader.note_gap(side, static_cast<std::uint64_t>(dice.between(0, 3000)));
      reader.handle(side, as_bytes(wire));
    }
    EXPECT_LE(reader.tls().sni.size(), 255U) << "seed " << seed;
  }
}

}  // namespace
}  // namespace smtpath::test
