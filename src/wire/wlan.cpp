#include "wire/wlan.h"

namespace smtpath::wire {

namespace {

// The frame control field (IEEE 802.11-2020 section 9.2.4.1), in the order of its two bytes.
struct FrameControl {
  bool is_data = false;
  bool has_body = false;
  bool has_qos = false;
  bool crosses_bridges = false;
  bool is_protected = false;
  bool has_order = false;
};

FrameControl read_frame_control(ByteReader& reader) {
  const std::uint8_t kind = reader.u8();
  const std::uint8_t flags = reader.u8();
  return {.is_data = (kind & 0x0f) == 0x08,
          .has_body = (kind & 0x40) == 0,
          .has_qos = (kind & 0x80) != 0,
          .crosses_bridges = (flags & 0x03) == 0x03,
          .is_protected = (flags & 0x40) != 0,
          .has_order = (flags & 0x80) != 0};
}

// Some interfaces pad a header with QoS to a multiple of 4 bytes.
void skip_padding(ByteReader& reader) {
  constexpr std::uint16_t kSnap = 0xaaaa;
  ByteReader behind_padding = reader;
  behind_padding.skip(2);
  const ByteReader body = behind_padding;
  if (ByteReader(reader).u16() != kSnap && behind_padding.u16() == kSnap) reader = body;
}

}  // namespace

std::optional<Layer> behind_wlan(ByteReader& reader) {
  constexpr std::size_t kAddress = 6;
  constexpr std::size_t kHighThroughputControl = 4;
  const FrameControl control = read_frame_control(reader);
  if (!control.is_data || !control.has_body || control.is_protected) return std::nullopt;
  reader.skip(2 + 3 * kAddress);  // duration
  const bool is_first_fragment = (reader.u16() >> 8 & 0x0f) == 0;
  if (!is_first_fragment) return std::nullopt;
  if (control.crosses_bridges) reader.skip(kAddress);
  if (!control.has_qos) return Layer::Llc;

  const bool is_aggregate = (reader.u16() & 0x8000) != 0;
  if (control.has_order) reader.skip(kHighThroughputControl);
  if (is_aggregate) return Layer::Ethernet;
  skip_padding(reader);
  return Layer::Llc;
}

}  // namespace smtpath::wire
