#pragma once

// Live capture: the frames that this host's interfaces see, in both directions, as far as the filter lets them through.
// Opening needs CAP_NET_RAW; everything after it works without. On the loopback interface a packet shows up once, as an
// incoming one.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "smtpath/base/frame.h"
#include "smtpath/base/result.h"

namespace smtpath::io {

class Capture {
 public:
  /// Frames are cut to this many bytes.
  static constexpr std::uint32_t kSnapLength = 3840;
  /// Frames that one read() delivers at most, unless told otherwise.
  static constexpr std::size_t kBatch = 512;

  /// All interfaces as LinkType::LinuxSll2, or the named one with whatever link type it has. Nothing passes before
  /// set_filter(). Errors: no such interface; no CAP_NET_RAW, with how to give it.
  static Result<Capture> open(const std::optional<std::string>& interface = std::nullopt);

  Capture(Capture&&) noexcept;
  Capture& operator=(Capture&&) noexcept;
  ~Capture();

  /// Readable when frames are waiting; good for poll().
  int descriptor() const;
  LinkType link() const;
  /// "any", or the interface that was named.
  const std::string& interface() const;

  /// A pcap-filter(7) expression; the empty one passes everything. Statistics start again at 0.
  Result<Done> set_filter(const std::string& expression);

  /// Delivers the frames that are waiting, at most `limit`, and returns how many they were. Never waits. Error: the
  /// interface is gone; one that is only down may come back.
  Result<std::size_t> read(const std::function<void(const Frame&)>& handler, std::size_t limit = kBatch);

  /// Since set_filter(): frames delivered, and frames lost before they could be.
  CaptureStatistics statistics() const;

 private:
  struct State;
  explicit Capture(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
