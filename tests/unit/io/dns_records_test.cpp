// Names and records as they come from the network.

#include "io/dns_records.h"

#include <gtest/gtest.h>

#include <string>

namespace smtpath::io {
namespace {

using facts::RecordType;

std::vector<std::byte> bytes_of(const std::string& text) {
  std::vector<std::byte> bytes;
  for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
  return bytes;
}

std::string read(RecordType type, const std::string& data) {
  const auto bytes = bytes_of(data);
  const auto record = read_record(type, bytes);
  return record ? to_string(*record) : "none";
}

TEST(DnsRecords, AreReadOffTheirBytes) {
  EXPECT_EQ(read(RecordType::A, "\x01\x02\x03\x04"), "1.2.3.4");
  EXPECT_EQ(read(RecordType::A, "\x01\x02\x03"), "none");
  EXPECT_EQ(read(RecordType::Aaaa, std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x01"), "2001:db8::1");
  EXPECT_EQ(read(RecordType::Mx, std::string("\0\x0a\x02mx\x07"
                                             "example\0",
                                             14)),
            "10 mx.example");
  EXPECT_EQ(read(RecordType::Mx, std::string("\0\0\0", 3)), "0 .");
  EXPECT_EQ(read(RecordType::Ptr, std::string("\x01"
                                              "a\x01"
                                              "b\0",
                                              5)),
            "a.b");
  EXPECT_EQ(read(RecordType::Tlsa, std::string("\x03\x01\x01\xab", 4)), "3 1 1 ab");
}

TEST(DnsRecords, StrangeBytesInNamesAreWrittenOut) {
  EXPECT_EQ(read(RecordType::Ptr, std::string("\x05\x1b[.\0\xff\0", 7)), "\\027[\\.\\000\\255");
}

TEST(DnsRecords, EveryPrefixIsNoRecord) {
  const std::string whole(
      "\0\x0a\x02mx\x07"
      "example\0",
      14);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(read(RecordType::Mx, whole.substr(0, length)), "none") << length;
  }
}

TEST(DnsRecords, NamesHaveABound) {
  std::string longest;
  for (int i = 0; i < 127; ++i)
    longest += std::string(
        "\x01"
        "a",
        2);
  EXPECT_NE(read(RecordType::Ptr, longest + std::string(1, '\0')), "none");
  EXPECT_EQ(read(RecordType::Ptr, longest + longest + std::string(1, '\0')), "none");
  EXPECT_EQ(read(RecordType::Ptr, std::string("\xc0\x0c", 2)), "none") << "a pointer";
}

TEST(DnsRecords, NamesToAskForAreLabelsByTheirLengths) {
  EXPECT_EQ(to_wire("mx.example."), bytes_of(std::string("\x02mx\x07"
                                                         "example\0",
                                                         12)));
  EXPECT_EQ(to_wire("."), bytes_of(std::string(1, '\0')));
  EXPECT_EQ(to_wire("a..b"), std::nullopt);
  EXPECT_EQ(to_wire(std::string(64, 'a')), std::nullopt);
}

}  // namespace
}  // namespace smtpath::io
