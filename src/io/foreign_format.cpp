#include "io/foreign_format.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "io/pcap_reader.h"

namespace smtpath::io {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view magic;
  std::string_view name;
  std::size_t offset = 0;
};

constexpr auto kCompressed = std::to_array<Signature>({
    {"\x1f\x8b"sv, "gzip"},
    {"\x28\xb5\x2f\xfd"sv, "zstd"},
    {"\xfd"
     "7zXZ\0"sv,
     "xz"},
    {"BZh"sv, "bzip2"},
    {"\x04\x22\x4d\x18"sv, "lz4"},
    {"\x1f\x9d"sv, "compress"},
    {"PK\x03\x04"sv, "zip"},
    {"LZIP"sv, "lzip"},
    {"7z\xbc\xaf\x27\x1c"sv, "7z"},
});

/// Those that wiretap of Wireshark 4.0 reads and that say what they are.
constexpr auto kOther = std::to_array<Signature>({
    {"GMBU"sv, "a Network Monitor capture"},
    {"RTSS"sv, "a Network Monitor capture"},
    {"TRSNIFF data    \x1a"sv, "a Sniffer capture"},
    {"XCP\0"sv, "a NetXRay capture"},
    {"\x7fver"sv, "a WildPackets capture"},
    {"ObserverPktBuffe"sv, "a Network Instruments capture"},
    {"iptrace 1.0"sv, "an iptrace capture"},
    {"iptrace 2.0"sv, "an iptrace capture"},
    {"\x54\x52\x00\x64\x00"sv, "an HP-UX nettl capture"},
    {"btsnoop\0"sv, "a Bluetooth capture"},
    {"snoop\0\0\0"sv, "a snoop capture of another version than 2"},
    {"\x00\x00\x02\x00\x12\x05\x00\x10"sv, "a K12 capture"},
    {"\xa1\x2b\x3c\x4d"sv, "pcap as Navtel modified it"},
    {"\x4d\x3c\x2b\xa1"sv, "pcap as Navtel modified it"},
    {"\xa1\xb2\x34\xcd"sv, "pcap as F. Mesquita modified it"},
    {"\xcd\x34\xb2\xa1"sv, "pcap as F. Mesquita modified it"},
    {"\x1c\x00\x01\xab"sv, "pcap as Ixia modified it"},
    {"\xab\x01\x00\x1c"sv, "pcap as Ixia modified it"},
    {"\x1c\x00\x01\xac"sv, "pcap as Ixia modified it"},
    {"\xac\x01\x00\x1c"sv, "pcap as Ixia modified it"},
    {"ustar"sv, "a tar archive: take the capture out first", 257},
});

bool fits(const Signature& signature, std::string_view bytes) {
  return bytes.size() >= signature.offset && bytes.substr(signature.offset, signature.magic.size()) == signature.magic;
}

bool is_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char letter) {
    const bool is_space = letter == '\n' || letter == '\r' || letter == '\t';
    return is_space || (letter >= ' ' && letter <= '~');
  });
}

}  // namespace

std::string foreign_format(std::span<const std::byte> first) {
  if (first.empty()) return "it is empty";
  std::string text(first.size(), '\0');
  std::transform(first.begin(), first.end(), text.begin(), [](std::byte byte) { return std::to_integer<char>(byte); });
  for (const Signature& known : kCompressed) {
    if (fits(known, text)) return std::string(known.name) + "-compressed: uncompress it first";
  }
  for (const Signature& known : kOther) {
    if (fits(known, text)) return std::string(known.name);
  }
  if (const auto version = unknown_pcap_version(first)) return "pcap of version " + *version;
  constexpr std::size_t kEnoughText = 16;
  if (text.size() >= kEnoughText && is_text(text)) return "it is text; tcpdump writes captures with -w";
  return {};
}

}  // namespace smtpath::io
