#include "smtpath/io/pcapng_writer.h"

#include <utility>

#include "io/pcapng_blocks.h"
#include "io/pcapng_format.h"

namespace smtpath::io {

namespace {

constexpr std::uint32_t kCaptured = 0;
constexpr std::uint32_t kUnsent = 1;

}  // namespace

PcapngWriter::PcapngWriter(const EvidenceHeader& header, Sink sink) : sink_(std::move(sink)), start_(header.start) {
  sink_(pcapng::section_header(header));
  sink_(pcapng::interface_description(
      {.name = header.interface, .link = header.link, .snap_length = header.snap_length, .filter = header.filter}));
  sink_(pcapng::interface_description(
      {.name = pcapng::kUnsentInterface, .link = LinkType::Raw, .snap_length = 0, .filter = {}}));
}

void PcapngWriter::write(const Frame& frame) {
  sink_(pcapng::enhanced_packet(frame.refused || frame.is_unseen ? kUnsent : kCaptured, frame));
}

void PcapngWriter::write(Time now, const CaptureStatistics& statistics, std::string_view comment) {
  sink_(pcapng::interface_statistics(
      {.interface = kCaptured, .start = start_, .end = now, .counts = statistics, .comment = comment}));
}

void PcapngWriter::write_secrets(std::string_view key_log_lines) {
  static_assert(kLongestSecrets < pcapng::kMaxBlock);
  if (key_log_lines.empty() || key_log_lines.size() > kLongestSecrets) return;
  sink_(pcapng::decryption_secrets(key_log_lines));
}

}  // namespace smtpath::io
