#include "unit/io/read_frames.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

namespace smtpath::test {

std::vector<FileFrame> frames_of(io::CaptureFile& file, std::string* error) {
  std::vector<FileFrame> frames;
  for (;;) {
    const auto next = file.next();
    if (!next.ok() && error != nullptr) *error += next.error().message;
    if (!next.ok() || !next.value()) return frames;
    if (!std::holds_alternative<Frame>(*next.value())) continue;
    const auto& frame = std::get<Frame>(*next.value());
    frames.push_back({.time = frame.time,
                      .link = frame.link,
                      .content = std::string(reinterpret_cast<const char*>(frame.bytes.data()), frame.bytes.size()),
                      .original_length = frame.original_length,
                      .refused = frame.refused});
  }
}

namespace {

/// Clamped as CaptureFile does it: no file of a living computer has a time that is not between 1970 and 2116.
Time time_of(const timeval& stamp) {
  constexpr std::int64_t kLatest = std::int64_t{1} << 62;
  constexpr std::int64_t kSecond = 1'000'000'000;
  if (stamp.tv_sec < 0) return Time{};
  if (stamp.tv_sec >= kLatest / kSecond) return Time{Duration(kLatest)};
  return Time{std::chrono::seconds(stamp.tv_sec) + Duration(stamp.tv_usec)};
}

}  // namespace

std::vector<FileFrame> frames_by_libpcap(const Bytes& bytes, bool* is_whole) {
  std::vector<FileFrame> frames;
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  // fmemopen only reads it.
  std::FILE* stream = fmemopen(const_cast<std::byte*>(bytes.data()), bytes.size(), "r");
  pcap_t* pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, message.data());
  if (pcap == nullptr) {
    std::fclose(stream);
    return frames;
  }
  pcap_pkthdr* header = nullptr;
  const u_char* content = nullptr;
  int status = 0;
  while ((status = pcap_next_ex(pcap, &header, &content)) == 1) {
    constexpr int kRawOfOpenBsd = 14;
    const int dlt = pcap_datalink(pcap);
    frames.push_back(
        {.time = time_of(header->ts),
         .link = dlt == DLT_RAW || dlt == kRawOfOpenBsd ? LinkType::Raw : static_cast<LinkType>(std::min(dlt, 0xffff)),
         .content = std::string(reinterpret_cast<const char*>(content), header->caplen),
         .original_length = header->len,
         .refused = std::nullopt});
  }
  if (is_whole != nullptr) *is_whole = status == PCAP_ERROR_BREAK;
  pcap_close(pcap);
  return frames;
}

void PrintTo(const FileFrame& frame, std::ostream* stream) {
  *stream << frame.time.time_since_epoch().count() << " ns, link " << static_cast<int>(frame.link) << ", \""
          << frame.content << "\" of " << frame.original_length;
  if (frame.refused) *stream << ", refused " << *frame.refused;
}

}  // namespace smtpath::test
