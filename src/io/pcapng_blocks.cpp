#include "io/pcapng_blocks.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "io/pcapng_format.h"

namespace smtpath::io::pcapng {

namespace {

/// One block in the making.
class Block {
 public:
  explicit Block(BlockType type) {
    number(static_cast<std::uint32_t>(type));
    number(std::uint32_t{0});  // total length, known at the end
  }

  template <class Number>
  void number(Number value) {
    const auto bytes = std::as_bytes(std::span(&value, 1));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

  /// Units of nanoseconds, the upper half first.
  void time(Time when) {
    const auto units = static_cast<std::uint64_t>(when.time_since_epoch().count());
    number(static_cast<std::uint32_t>(units >> 32));
    number(static_cast<std::uint32_t>(units));
  }

  void padded(std::span<const std::byte> content) {
    bytes_.insert(bytes_.end(), content.begin(), content.end());
    bytes_.resize(bytes_.size() + padding_after(content.size()));
  }

  /// `content` up to 65,535 bytes.
  void option(std::uint16_t code, std::span<const std::byte> content) {
    number(code);
    number(static_cast<std::uint16_t>(content.size()));
    padded(content);
    has_options_ = true;
  }

  void option(std::uint16_t code, std::string_view text) {
    if (!text.empty()) option(code, std::as_bytes(std::span(text.substr(0, kLongestPiece))));
  }

  void option(std::uint16_t code, std::uint64_t value) { option(code, std::as_bytes(std::span(&value, 1))); }

  void time_option(std::uint16_t code, Time when) {
    const auto units = static_cast<std::uint64_t>(when.time_since_epoch().count());
    const std::array halves = {static_cast<std::uint32_t>(units >> 32), static_cast<std::uint32_t>(units)};
    option(code, std::as_bytes(std::span(halves)));
  }

  std::vector<std::byte> finish() && {
    if (has_options_) number(std::uint32_t{kEndOfOptions});
    const auto total = static_cast<std::uint32_t>(bytes_.size() + sizeof(std::uint32_t));
    number(total);
    std::memcpy(bytes_.data() + sizeof(std::uint32_t), &total, sizeof(total));
    return std::move(bytes_);
  }

 private:
  std::vector<std::byte> bytes_;
  bool has_options_ = false;
};

/// As many options as it takes.
void write_comment(Block& block, std::string_view comment) {
  while (comment.size() >= kShortestCutPiece) {
    std::size_t cut = std::min(kLongestPiece, comment.size());
    const auto continues_a_letter = [&](std::size_t at) {
      return at < comment.size() && (static_cast<unsigned char>(comment[at]) & 0xc0) == 0x80;
    };
    while (cut > kShortestCutPiece && continues_a_letter(cut)) --cut;
    block.option(kComment, comment.substr(0, cut));
    comment.remove_prefix(cut);
  }
  block.option(kComment, comment);
}

std::string refusal(int error) {
  const char* name = ::strerrorname_np(error);
  return std::string(kRefusedPrefix) + (name == nullptr ? "errno" : name) + " (" + std::to_string(error) + ")";
}

}  // namespace

std::vector<std::byte> section_header(const EvidenceHeader& header) {
  Block block(BlockType::SectionHeader);
  block.number(kByteOrderMagic);
  block.number(std::uint16_t{1});  // version 1.0
  block.number(std::uint16_t{0});
  block.number(~std::uint64_t{0});  // section length: not known
  static_assert(PcapngWriter::kLongestComment < kMaxBlock);
  if (header.comment.size() <= PcapngWriter::kLongestComment) write_comment(block, header.comment);
  block.option(kSectionHardware, header.hardware);
  block.option(kSectionSystem, header.system);
  block.option(kSectionApplication, header.application);
  return std::move(block).finish();
}

std::vector<std::byte> interface_description(const InterfaceFields& fields) {
  Block block(BlockType::InterfaceDescription);
  block.number(static_cast<std::uint16_t>(fields.link));
  block.number(std::uint16_t{0});
  block.number(fields.snap_length);
  block.option(kInterfaceName, fields.name);
  constexpr std::array kNanoseconds = {std::byte{9}};
  block.option(kInterfaceTimeResolution, kNanoseconds);
  // Its first byte says that the rest is a pcap-filter(7) expression.
  if (!fields.filter.empty()) block.option(kInterfaceFilter, std::string(1, '\0').append(fields.filter));
  return std::move(block).finish();
}

std::vector<std::byte> enhanced_packet(std::uint32_t interface, const Frame& frame) {
  Block block(BlockType::EnhancedPacket);
  block.number(interface);
  block.time(frame.time);
  block.number(static_cast<std::uint32_t>(frame.bytes.size()));
  block.number(frame.original_length);
  block.padded(frame.bytes);
  if (frame.refused) block.option(kComment, refusal(*frame.refused));
  if (frame.is_unseen) block.option(kComment, kUnseenComment);
  return std::move(block).finish();
}

std::vector<std::byte> interface_statistics(const StatisticsFields& fields) {
  Block block(BlockType::InterfaceStatistics);
  block.number(fields.interface);
  block.time(fields.end);
  block.option(kComment, fields.comment);
  block.time_option(kStatisticsStart, fields.start);
  block.time_option(kStatisticsEnd, fields.end);
  block.option(kStatisticsReceived, fields.counts.received);
  block.option(kStatisticsDroppedByInterface, fields.counts.dropped);
  return std::move(block).finish();
}

std::vector<std::byte> decryption_secrets(std::string_view key_log_lines) {
  Block block(BlockType::DecryptionSecrets);
  block.number(kTlsKeyLog);
  block.number(static_cast<std::uint32_t>(key_log_lines.size()));
  block.padded(std::as_bytes(std::span(key_log_lines)));
  return std::move(block).finish();
}

}  // namespace smtpath::io::pcapng
