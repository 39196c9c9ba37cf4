#include "unit/io/file_bytes.h"

namespace smtpath::test {

FileBytes& FileBytes::number(std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) {
    const int shift = 8 * (order_ == Order::Little ? i : size - 1 - i);
    bytes_.push_back(static_cast<std::byte>(value >> shift & 0xff));
  }
  return *this;
}

FileBytes& FileBytes::bytes(std::span<const std::byte> content) {
  bytes_.insert(bytes_.end(), content.begin(), content.end());
  return *this;
}

FileBytes& FileBytes::padded(std::span<const std::byte> content) {
  bytes(content);
  while (bytes_.size() % 4 != 0) u8(0);
  return *this;
}

FileBytes& FileBytes::pcap_header(std::uint32_t magic, std::uint32_t link, std::uint16_t minor_version) {
  return u32(magic).u16(2).u16(minor_version).u32(0).u32(0).u32(65535).u32(link);
}

FileBytes& FileBytes::pcap_packet(const PcapPacket& packet) {
  const auto captured = static_cast<std::uint32_t>(packet.content.size());
  u32(packet.seconds).u32(packet.fraction).u32(captured).u32(packet.original);
  if (packet.has_long_header) u32(3).u16(0x0800).u8(4).u8(0);
  return text(packet.content);
}

FileBytes& FileBytes::block(std::uint32_t type, const FileBytes& body) {
  const auto length = static_cast<std::uint32_t>(body.all().size() + 12);
  return u32(type).u32(length).bytes(body.all()).u32(length);
}

FileBytes& FileBytes::option(std::uint16_t code, std::span<const std::byte> content) {
  return u16(code).u16(static_cast<std::uint16_t>(content.size())).padded(content);
}

FileBytes& FileBytes::section(std::string_view comment) {
  FileBytes body(order_);
  body.u32(0x1a2b3c4d).u16(1).u16(0).u64(~std::uint64_t{0});
  if (!comment.empty()) body.option(1, comment).u32(0);
  return block(0x0a0d0d0a, body);
}

FileBytes& FileBytes::interface(const Interface& interface) {
  FileBytes body(order_);
  body.u16(interface.link).u16(0).u32(interface.snap_length);
  body.option(9, std::string_view(reinterpret_cast<const char*>(&interface.resolution), 1));
  if (interface.time_offset != 0) {
    body.option(14, FileBytes(order_).u64(static_cast<std::uint64_t>(interface.time_offset)).all());
  }
  if (!interface.name.empty()) body.option(2, interface.name);
  return block(1, body.u32(0));
}

FileBytes& FileBytes::enhanced_packet(const Packet& packet) {
  FileBytes body(order_);
  body.u32(packet.interface).u32(static_cast<std::uint32_t>(packet.time >> 32));
  body.u32(static_cast<std::uint32_t>(packet.time)).u32(static_cast<std::uint32_t>(packet.content.size()));
  body.u32(packet.original).padded(std::as_bytes(std::span(packet.content)));
  if (!packet.comment.empty()) body.option(1, packet.comment).u32(0);
  return block(6, body);
}

FileBytes& FileBytes::obsolete_packet(const Packet& packet) {
  FileBytes body(order_);
  body.u16(static_cast<std::uint16_t>(packet.interface)).u16(0xffff);
  body.u32(static_cast<std::uint32_t>(packet.time >> 32)).u32(static_cast<std::uint32_t>(packet.time));
  body.u32(static_cast<std::uint32_t>(packet.content.size())).u32(packet.original);
  return block(2, body.padded(std::as_bytes(std::span(packet.content))));
}

FileBytes& FileBytes::simple_packet(std::string_view content, std::uint32_t original) {
  return block(3, FileBytes(order_).u32(original).padded(std::as_bytes(std::span(content))));
}

}  // namespace smtpath::test
