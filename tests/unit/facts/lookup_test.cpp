// Records as text, and back.

#include "smtpath/facts/lookup.h"

#include <gtest/gtest.h>

namespace smtpath::facts {
namespace {

struct Case {
  RecordType type;
  Record record;
  const char* text;
};

TEST(Lookup, ARecordIsReadAsItIsWritten) {
  const std::vector<std::byte> data{std::byte{0x00}, std::byte{0xfa}};
  for (const auto& [type, record, text] : {Case{RecordType::A, *IpAddress::parse("192.0.2.1"), "192.0.2.1"},
                                           Case{RecordType::Aaaa, *IpAddress::parse("2001:db8::1"), "2001:db8::1"},
                                           Case{RecordType::Mx, MxRecord{10, "mx.example"}, "10 mx.example"},
                                           Case{RecordType::Mx, MxRecord{65535, "a\\032b c"}, "65535 a\\032b c"},
                                           Case{RecordType::Ptr, PtrRecord{"host.example"}, "host.example"},
                                           Case{RecordType::Tlsa, TlsaRecord{3, 1, 1, data}, "3 1 1 00fa"},
                                           Case{RecordType::Tlsa, TlsaRecord{}, "0 0 0 "}}) {
    EXPECT_EQ(to_string(record), text);
    EXPECT_EQ(parse_record(type, text), record) << text;
  }
}

TEST(Lookup, WhatIsNoRecordIsNotRead) {
  struct Row {
    RecordType type;
    const char* text;
  };
  for (const auto& [type, text] :
       {Row{RecordType::A, "2001:db8::1"}, Row{RecordType::A, ""}, Row{RecordType::Aaaa, "192.0.2.1"},
        Row{RecordType::Mx, "mx.example"}, Row{RecordType::Mx, "65536 mx"}, Row{RecordType::Mx, "10"},
        Row{RecordType::Mx, "-1 mx"}, Row{RecordType::Mx, "10 "}, Row{RecordType::Ptr, ""},
        Row{RecordType::Tlsa, "3 1 1 abc"}, Row{RecordType::Tlsa, "3 1 256 ab"}, Row{RecordType::Tlsa, "3 1 1 zz"},
        Row{RecordType::Tlsa, "3 1"}}) {
    EXPECT_EQ(parse_record(type, text), std::nullopt) << to_string(type) << " " << text;
  }
}

TEST(Lookup, NoIsAnAnswerAndSilenceIsNone) {
  for (const auto result : {LookupResult::Ok, LookupResult::NxDomain, LookupResult::NoData}) {
    EXPECT_TRUE(is_answer(result)) << to_string(result);
  }
  for (const auto result : {LookupResult::ServFail, LookupResult::Refused, LookupResult::Timeout,
                            LookupResult::Unreachable, LookupResult::Failed}) {
    EXPECT_FALSE(is_answer(result)) << to_string(result);
  }
}

}  // namespace
}  // namespace smtpath::facts
