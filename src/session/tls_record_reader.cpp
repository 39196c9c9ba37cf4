#include "session/tls_record_reader.h"

#include <algorithm>

#include "smtpath/base/byte_reader.h"

namespace smtpath::session {
namespace {

constexpr std::uint8_t kMajorVersion = 3;
constexpr std::uint8_t kHighestMinorVersion = 4;
/// 2^14 and what encryption may add (RFC 5246 section 6.2.3).
constexpr std::uint16_t kLongestRecord = (1U << 14U) + 2048;

bool is_content(std::uint8_t type) {
  return type >= static_cast<std::uint8_t>(TlsContent::ChangeCipherSpec) &&
         type <= static_cast<std::uint8_t>(TlsContent::Heartbeat);
}

}  // namespace

std::optional<bool> TlsRecordReader::begins_record(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  const std::uint8_t type = reader.u8();
  if (reader.ok() && !is_content(type)) return false;
  const std::uint8_t major = reader.u8();
  if (reader.ok() && major != kMajorVersion) return false;
  const std::uint8_t minor = reader.u8();
  if (reader.ok() && minor > kHighestMinorVersion) return false;
  const std::uint16_t length = reader.u16();
  if (!reader.ok()) return {};
  return length <= kLongestRecord;
}

void TlsRecordReader::begin_segment(std::span<const std::byte> bytes) {
  if (state_ != State::Lost || !begins_record(bytes).value_or(false)) return;
  state_ = State::Records;
  header_length_ = 0;
  left_ = 0;
}

std::optional<TlsFragment> TlsRecordReader::next(std::span<const std::byte>& bytes) {
  while (state_ == State::Records && !bytes.empty()) {
    if (left_ == 0 && !read_header(bytes)) return {};
    // An empty record is one that begins and ends without bytes: pass over it.
    if (left_ == 0) continue;
    if (bytes.empty()) return {};
    const std::size_t count = std::min<std::size_t>(left_, bytes.size());
    left_ = static_cast<std::uint16_t>(left_ - count);
    const TlsFragment fragment{.content = static_cast<TlsContent>(header_.front()),
                               .record_length = length_,
                               .is_record_start = is_start_,
                               .is_record_end = left_ == 0,
                               .bytes = bytes.first(count)};
    is_start_ = false;
    bytes = bytes.subspan(count);
    return fragment;
  }
  return {};
}

bool TlsRecordReader::read_header(std::span<const std::byte>& bytes) {
  if (header_length_ == kHeader) header_length_ = 0;
  while (header_length_ < kHeader && !bytes.empty()) {
    header_.at(header_length_++) = bytes.front();
    bytes = bytes.subspan(1);
    if (!begins_record(begun()).value_or(true)) {
      state_ = State::NoTls;
      return false;
    }
  }
  if (header_length_ < kHeader) return false;
  ByteReader reader(header_);
  reader.skip(kHeader - 2);
  length_ = reader.u16();
  left_ = length_;
  is_start_ = true;
  return true;
}

std::size_t TlsRecordReader::note_gap(std::uint64_t missing) {
  if (state_ != State::Records) return 0;
  const std::size_t within = static_cast<std::size_t>(std::min<std::uint64_t>(missing, left_));
  const bool is_within = missing > 0 && missing <= left_;
  left_ = static_cast<std::uint16_t>(left_ - within);
  is_start_ = false;
  if (!is_within) {
    state_ = State::Lost;
    left_ = 0;
  }
  return within;
}

std::optional<TlsContent> TlsRecordReader::under_way() const {
  if (state_ != State::Records || left_ == 0) return {};
  return static_cast<TlsContent>(header_.front());
}

}  // namespace smtpath::session
