#pragma once

// The blocks of an evidence file as bytes, in this host's byte order. Pure: the same values make the same bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/frame.h"
#include "smtpath/base/time.h"
#include "smtpath/io/pcapng_writer.h"

namespace smtpath::io::pcapng {

std::vector<std::byte> section_header(const EvidenceHeader& header);

struct InterfaceFields {
  std::string_view name;
  LinkType link = LinkType::Raw;
  std::uint32_t snap_length = 0;
  std::string_view filter;
};
std::vector<std::byte> interface_description(const InterfaceFields& fields);

/// The comment of a refused frame holds its errno.
std::vector<std::byte> enhanced_packet(std::uint32_t interface, const Frame& frame);

struct StatisticsFields {
  std::uint32_t interface = 0;
  Time start;
  Time end;
  CaptureStatistics counts;
  std::string_view comment;
};
std::vector<std::byte> interface_statistics(const StatisticsFields& fields);

/// Lines of a TLS key log.
std::vector<std::byte> decryption_secrets(std::string_view key_log_lines);

}  // namespace smtpath::io::pcapng
