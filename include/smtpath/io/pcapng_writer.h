#pragma once

// Writes the evidence of a run as pcapng: what the interfaces saw, what the kernel refused, and the plan behind it. It
// opens in Wireshark like any capture and reads back with CaptureFile. The file is valid up to its last whole block,
// and the sink is given whole blocks only. Source: draft-ietf-opsawg-pcapng.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "smtpath/base/frame.h"
#include "smtpath/base/time.h"

namespace smtpath::io {

/// What the file says of itself before the first packet.
struct EvidenceHeader {
  /// The plan. Longer than 64 KiB, it takes several comment options, which CaptureFile joins again; beyond
  /// PcapngWriter::kLongestComment it is left out.
  std::string comment;
  std::string hardware;
  std::string system;
  /// "smtpath 1.2.3"
  std::string application;
  /// That the capture runs on, its link type, its filter and its limits.
  std::string interface;
  LinkType link = LinkType::LinuxSll2;
  std::string filter;
  std::uint32_t snap_length = 0;
  Time start;
};

class PcapngWriter {
 public:
  /// Readers refuse longer blocks.
  static constexpr std::size_t kLongestComment = std::size_t{15} << 20;

  static constexpr std::size_t kLongestSecrets = std::size_t{1} << 20;

  /// Takes one whole block a call.
  using Sink = std::function<void(std::span<const std::byte>)>;

  /// Writes the header.
  PcapngWriter(const EvidenceHeader& header, Sink sink);

  /// A captured frame has the link type of the header; a refused or unseen one goes to the interface "unsent", with its
  /// errno or the words that it was seen by no interface.
  void write(const Frame& frame);

  /// What the capture says of itself now, with a comment unless that is empty. Last of all, what it says at the end.
  void write(Time now, const CaptureStatistics& statistics, std::string_view comment = {});

  /// Keys with which Wireshark reads TLS sessions of this file: lines of a key log, each with its line feed. They hold
  /// for packets that follow: it reads a file once. None, or more than kLongestSecrets, are not written.
  void write_secrets(std::string_view key_log_lines);

 private:
  Sink sink_;
  Time start_;
};

}  // namespace smtpath::io
