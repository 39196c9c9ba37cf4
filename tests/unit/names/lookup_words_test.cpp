// What a tired administrator reads of look-ups.

#include "smtpath/names/lookup_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smtpath::names {
namespace {

using namespace std::chrono_literals;
using facts::Lookup;
using facts::LookupResult;
using facts::RecordType;
using facts::TargetErrorKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Lookup said(LookupResult result, const std::string& name = "mx.example.com", RecordType type = RecordType::A) {
  Lookup lookup;
  lookup.question = {name, type};
  lookup.result = result;
  lookup.took = 12ms;
  lookup.resolver = "192.0.2.53";
  return lookup;
}

Lookup failed(LookupResult result) {
  Lookup lookup = said(result);
  lookup.resolver.reset();
  lookup.asked = {{"192.0.2.53", LookupResult::Timeout}, {"192.0.2.54", LookupResult::ServFail}};
  return lookup;
}

TEST(LookupWords, ANameThatDoesNotExistMayBeASlip) {
  const std::vector steps{said(LookupResult::NxDomain, "stmp.gmail.com")};
  const auto error = no_address_error("stmp.gmail.com", steps, std::nullopt);
  EXPECT_EQ(error.kind, TargetErrorKind::UnknownHost);
  EXPECT_EQ(error.text,
            "stmp.gmail.com does not exist (NXDOMAIN, said by 192.0.2.53 in 12 ms); did you mean smtp.gmail.com?");
  EXPECT_EQ(no_address_error("mx.example.com", steps, std::nullopt).text,
            "mx.example.com does not exist (NXDOMAIN, said by 192.0.2.53 in 12 ms)");
}

TEST(LookupWords, ANameWithoutAddressesExists) {
  const std::vector steps{said(LookupResult::NoData)};
  EXPECT_EQ(no_address_error("mx.example.com", steps, std::nullopt).kind, TargetErrorKind::NoAddress);
  EXPECT_EQ(no_address_error("mx.example.com", steps, std::nullopt).text,
            "mx.example.com exists, but has no address (said by 192.0.2.53 in 12 ms)");
  EXPECT_THAT(no_address_error("mx.example.com", steps, Family::Ipv6).text, HasSubstr("no IPv6 address"));
}

TEST(LookupWords, AFailureNamesTheResolversThatFail) {
  const std::vector steps{failed(LookupResult::ServFail)};
  const auto error = no_address_error("mx.example.com", steps, std::nullopt);
  EXPECT_EQ(error.kind, TargetErrorKind::ResolverFailure);
  EXPECT_EQ(error.text, "mx.example.com cannot be looked up: 192.0.2.53 does not answer, 192.0.2.54 answers SERVFAIL");
}

TEST(LookupWords, OneFamilyThatFailsIsAFailureWhereTheOtherHasNone) {
  const std::vector steps{said(LookupResult::NoData), failed(LookupResult::Timeout)};
  EXPECT_EQ(no_address_error("mx.example.com", steps, std::nullopt).kind, TargetErrorKind::ResolverFailure);
}

TEST(LookupWords, ANullMxAcceptsNoMail) {
  const auto error = no_route_error("example.com", said(LookupResult::Ok), RouteKind::NullMx);
  EXPECT_EQ(error.kind, TargetErrorKind::NullMx);
  EXPECT_THAT(error.text, HasSubstr("example.com accepts no mail"));
}

TEST(LookupWords, ADomainThatIsNotKnownSaysWhy) {
  EXPECT_EQ(no_route_error("gmial.com", said(LookupResult::NxDomain), RouteKind::None).text,
            "gmial.com does not exist (NXDOMAIN, said by 192.0.2.53 in 12 ms); did you mean gmail.com?");
  const auto error = no_route_error("example.com", failed(LookupResult::ServFail), RouteKind::None);
  EXPECT_EQ(error.kind, TargetErrorKind::ResolverFailure);
  EXPECT_THAT(error.text, HasSubstr("The MX records of example.com cannot be looked up: 192.0.2.53"));
}

TEST(LookupWords, AnMxThatIsNoHostIsNamed) {
  for (const HostFlaw flaw : {HostFlaw::IsAddress, HostFlaw::IsRoot, HostFlaw::NoHostName}) {
    const auto error = flawed_host_error("example.com", {10, "192.0.2.1"}, flaw);
    EXPECT_EQ(error.kind, TargetErrorKind::UnknownHost);
    EXPECT_THAT(error.text, HasSubstr("\"10 192.0.2.1\" of example.com"));
  }
}

TEST(LookupWords, WhatIsInOrderIsNotNoted) {
  const std::vector steps{said(LookupResult::Ok), said(LookupResult::NoData)};
  EXPECT_THAT(notes_on(steps), IsEmpty());
}

TEST(LookupWords, AResolverThatFailsIsNotedOnce) {
  Lookup step = said(LookupResult::Ok);
  step.took = 1502ms;
  step.resolver = "192.0.2.54";
  step.asked = {{"192.0.2.53", LookupResult::Timeout}, {"192.0.2.54", LookupResult::Ok}};
  const std::vector steps{step, step};
  EXPECT_THAT(notes_on(steps), ElementsAre("The resolver 192.0.2.53 does not answer when asked for mx.example.com (A); "
                                           "192.0.2.54 answered after 1502 ms."));
}

TEST(LookupWords, ResolversThatContradictEachOtherAreNoted) {
  Lookup step = said(LookupResult::NxDomain);
  step.asked = {{"192.0.2.54", LookupResult::Ok}};
  EXPECT_THAT(notes_on(std::vector{step}), ElementsAre(HasSubstr("contradict each other")));
}

TEST(LookupWords, SlownessBogusAnswersAndLeftOutRecordsAreNoted) {
  Lookup slow = said(LookupResult::Ok);
  slow.took = 1s;
  EXPECT_THAT(notes_on(std::vector{slow}), ElementsAre("The look-up of mx.example.com (A) took 1000 ms."));
  Lookup bogus = said(LookupResult::Ok);
  bogus.dnssec = facts::Dnssec::Bogus;
  bogus.why_bogus = "signature expired";
  EXPECT_THAT(notes_on(std::vector{bogus}), ElementsAre(HasSubstr("does not pass DNSSEC")));
  Lookup huge = said(LookupResult::Ok);
  huge.left_out = 7;
  EXPECT_THAT(notes_on(std::vector{huge}), ElementsAre(HasSubstr("7 more records")));
}

TEST(LookupWords, AnotherSortOfAddressThatCannotBeLookedUpIsNoted) {
  const std::vector steps{said(LookupResult::Ok), failed(LookupResult::ServFail)};
  EXPECT_THAT(notes_on(steps), ElementsAre("mx.example.com (A) cannot be looked up: 192.0.2.53 does not answer, "
                                           "192.0.2.54 answers SERVFAIL."));
}

TEST(LookupWords, AnAnswerThatLeadsNowhereIsNoSilence) {
  Lookup step = failed(LookupResult::ServFail);
  step.asked = {{"192.0.2.53", LookupResult::Ok}};
  EXPECT_THAT(no_address_error("mx.example.com", std::vector{step}, std::nullopt).text, HasSubstr("in a circle"));
}

TEST(LookupWords, AnExchangerThatIsAnAliasIsNoted) {
  Lookup address = said(LookupResult::Ok);
  EXPECT_EQ(note_on_alias({10, "mx.example.com"}, std::vector{address}), std::nullopt);
  address.canonical = "real.example.com";
  EXPECT_THAT(note_on_alias({10, "mx.example.com"}, std::vector{address}).value_or(""),
              HasSubstr("an alias of real.example.com"));
}

}  // namespace
}  // namespace smtpath::names
