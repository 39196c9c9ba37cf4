// Which hosts take a domain's mail: a table of answers.

#include "smtpath/names/mail_route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpath::names {
namespace {

using facts::LookupResult;
using facts::MxRecord;
using testing::ElementsAre;
using testing::IsEmpty;

facts::Lookup mx_of(std::vector<facts::Record> records, LookupResult result = LookupResult::Ok) {
  facts::Lookup lookup;
  lookup.question = {"example.com", facts::RecordType::Mx};
  lookup.result = result;
  lookup.answer = std::move(records);
  return lookup;
}

TEST(MailRoute, TheLowerPreferenceComesFirstAndEqualOnesStayInTheirOrder) {
  const MailRoute route = route_of(mx_of(
      {MxRecord{20, "b.example"}, MxRecord{10, "z.example"}, MxRecord{20, "a.example"}, MxRecord{0, "c.example"}}));
  EXPECT_EQ(route.kind, RouteKind::Exchangers);
  EXPECT_THAT(route.exchangers, ElementsAre(Exchanger{{0, "c.example"}, {}}, Exchanger{{10, "z.example"}, {}},
                                            Exchanger{{20, "b.example"}, {}}, Exchanger{{20, "a.example"}, {}}));
}

TEST(MailRoute, AHostNamedTwiceCountsAtItsBestPreference) {
  const MailRoute route = route_of(mx_of({MxRecord{20, "MX.example"}, MxRecord{10, "mx.example."}}));
  EXPECT_THAT(route.exchangers, ElementsAre(Exchanger{{10, "mx.example."}, {}}));
}

TEST(MailRoute, ADotAloneIsANullMx) {
  EXPECT_EQ(route_of(mx_of({MxRecord{0, "."}})).kind, RouteKind::NullMx);
  EXPECT_EQ(route_of(mx_of({MxRecord{10, "."}})).kind, RouteKind::NullMx) << "whatever its preference";
}

TEST(MailRoute, ADotBesideOthersIsAFlaw) {
  const MailRoute route = route_of(mx_of({MxRecord{0, "."}, MxRecord{10, "mx.example"}}));
  EXPECT_EQ(route.kind, RouteKind::Exchangers);
  EXPECT_THAT(route.exchangers, ElementsAre(Exchanger{{0, "."}, HostFlaw::IsRoot}, Exchanger{{10, "mx.example"}, {}}));
}

TEST(MailRoute, AnAddressOrWhatIsNoNameIsAFlaw) {
  const MailRoute route = route_of(
      mx_of({MxRecord{1, "192.0.2.1"}, MxRecord{2, "192.0.2.1."}, MxRecord{3, "a\\032b.example"}, MxRecord{4, "[1]"}}));
  EXPECT_THAT(route.exchangers, ElementsAre(Exchanger{{1, "192.0.2.1"}, HostFlaw::IsAddress},
                                            Exchanger{{3, "a\\032b.example"}, HostFlaw::NoHostName},
                                            Exchanger{{4, "[1]"}, HostFlaw::NoHostName}));
}

TEST(MailRoute, WithoutMxMailGoesToTheDomainItself) {
  EXPECT_EQ(route_of(mx_of({}, LookupResult::NoData)).kind, RouteKind::ItsOwnAddress);
  EXPECT_EQ(route_of(mx_of({}, LookupResult::Ok)).kind, RouteKind::ItsOwnAddress) << "an answer of other records";
}

TEST(MailRoute, WithoutAnAnswerNothingIsKnown) {
  for (const auto result : {LookupResult::NxDomain, LookupResult::ServFail, LookupResult::Refused,
                            LookupResult::Timeout, LookupResult::Unreachable, LookupResult::Failed}) {
    EXPECT_EQ(route_of(mx_of({}, result)).kind, RouteKind::None) << to_string(result);
    EXPECT_THAT(route_of(mx_of({}, result)).exchangers, IsEmpty());
  }
}

}  // namespace
}  // namespace smtpath::names
