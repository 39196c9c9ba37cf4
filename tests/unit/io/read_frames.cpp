#include "unit/io/read_frames.h"

#include <pcap/pcap.h>

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

std::vector<FileFrame> frames_by_libpcap(const Bytes& bytes) {
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
  while (pcap_next_ex(pcap, &header, &content) == 1) {
    const int dlt = pcap_datalink(pcap);
    frames.push_back({.time = Time{std::chrono::seconds(header->ts.tv_sec) + Duration(header->ts.tv_usec)},
                      .link = dlt == DLT_RAW ? LinkType::Raw : static_cast<LinkType>(dlt),
                      .content = std::string(reinterpret_cast<const char*>(content), header->caplen),
                      .original_length = header->len,
                      .refused = std::nullopt});
  }
  pcap_close(pcap);
  return frames;
}

void PrintTo(const FileFrame& frame, std::ostream* stream) {
  *stream << frame.time.time_since_epoch().count() << " ns, link " << static_cast<int>(frame.link) << ", \""
          << frame.content << "\" of " << frame.original_length;
  if (frame.refused) *stream << ", refused " << *frame.refused;
}

}  // namespace smtpath::test
