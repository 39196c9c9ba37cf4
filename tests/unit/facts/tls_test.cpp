// What TLS came to, in the words of reports.

#include "smtpath/facts/tls.h"

#include <gtest/gtest.h>

namespace smtpath::facts {
namespace {

TEST(Tls, TrustHasAWordForEachFlaw) {
  EXPECT_EQ(to_string(Trust::Trusted), "trusted");
  EXPECT_EQ(to_string(Trust::SelfSigned), "self-signed");
  EXPECT_EQ(to_string(Trust::UnknownIssuer), "unknown-issuer");
  EXPECT_EQ(to_string(Trust::Expired), "expired");
  EXPECT_EQ(to_string(Trust::NotYetValid), "not-yet-valid");
  EXPECT_EQ(to_string(Trust::BadChain), "bad-chain");
}

TEST(Tls, DaneHasAWordForEachResult) {
  EXPECT_EQ(to_string(Dane::NotUsed), "not-used");
  EXPECT_EQ(to_string(Dane::Matches), "matches");
  EXPECT_EQ(to_string(Dane::Differs), "differs");
}

TEST(Tls, AHandshakesEndHasAWord) {
  EXPECT_EQ(to_string(TlsEnd::Established), "established");
  EXPECT_EQ(to_string(TlsEnd::Alerted), "alerted");
  EXPECT_EQ(to_string(TlsEnd::NotTls), "not-tls");
  EXPECT_EQ(to_string(TlsEnd::Closed), "closed");
  EXPECT_EQ(to_string(TlsEnd::Reset), "reset");
  EXPECT_EQ(to_string(TlsEnd::TimedOut), "timed-out");
  EXPECT_EQ(to_string(TlsEnd::Broken), "broken");
}

}  // namespace
}  // namespace smtpath::facts
