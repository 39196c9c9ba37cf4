#pragma once

// Capture files as bytes, written by the book in either byte order, for tests of the readers. Independent of the writer
// in the library.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace smtpath::test {

using Bytes = std::vector<std::byte>;

enum class Order : std::uint8_t { Big, Little };

class FileBytes {
 public:
  explicit FileBytes(Order order) : order_(order) {}

  FileBytes& u8(std::uint8_t value) { return number(value, 1); }
  FileBytes& u16(std::uint16_t value) { return number(value, 2); }
  FileBytes& u32(std::uint32_t value) { return number(value, 4); }
  FileBytes& u64(std::uint64_t value) { return number(value, 8); }
  FileBytes& bytes(std::span<const std::byte> content);
  FileBytes& text(std::string_view content) { return bytes(std::as_bytes(std::span(content))); }

  /// pcap: file header and one packet.
  FileBytes& pcap_header(std::uint32_t magic, std::uint32_t link, std::uint16_t minor_version = 4);
  struct PcapPacket {
    std::uint32_t seconds = 0;
    std::uint32_t fraction = 0;
    std::string_view content;
    std::uint32_t original = 0;
    /// The eight bytes more of Kuznetzov's variant.
    bool has_long_header = false;
  };
  FileBytes& pcap_packet(const PcapPacket& packet);

  /// pcapng: a block around `body`, an option padded to four bytes.
  FileBytes& block(std::uint32_t type, const FileBytes& body);
  FileBytes& option(std::uint16_t code, std::span<const std::byte> content);
  FileBytes& option(std::uint16_t code, std::string_view content) {
    return option(code, std::as_bytes(std::span(content)));
  }
  FileBytes& section(std::string_view comment = {});
  struct Interface {
    std::uint16_t link = 1;
    std::uint32_t snap_length = 0;
    std::uint8_t resolution = 9;
    std::int64_t time_offset = 0;
    std::string_view name;
  };
  FileBytes& interface(const Interface& interface);
  struct Packet {
    std::uint32_t interface = 0;
    std::uint64_t time = 0;
    std::string_view content;
    std::uint32_t original = 0;
    std::string_view comment;
  };
  FileBytes& enhanced_packet(const Packet& packet);
  FileBytes& obsolete_packet(const Packet& packet);
  FileBytes& simple_packet(std::string_view content, std::uint32_t original);

  const Bytes& all() const { return bytes_; }

 private:
  FileBytes& number(std::uint64_t value, int size);
  FileBytes& padded(std::span<const std::byte> content);

  Order order_;
  Bytes bytes_;
};

}  // namespace smtpath::test
