#pragma once

// Observes SYN-level traffic: recognises the probes of a plan as they leave and the replies that prove to answer one of
// them, whether the frames come from a live capture or from a file. It asks nothing, judges nothing and never looks at
// who sent the probes. Feed it every frame in capture order, then call finish().

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "smtpath/base/frame.h"
#include "smtpath/path/capture_loss.h"
#include "smtpath/path/plan.h"
#include "smtpath/path/trace.h"
#include "smtpath/wire/decode.h"

namespace smtpath::path {

/// How many frames were not used, and why.
struct ObserverCounters {
  std::uint64_t frames = 0;
  std::array<std::uint64_t, wire::kUndecodableKinds> undecodable{};
  /// Decoded, and of no concern to any probe.
  std::uint64_t strays = 0;
  /// On the ports of a flow, but without the proof that they answer it.
  std::uint64_t unproven = 0;
  /// Said once more what the same sender had said to the same probe, or came past the bound on replies kept.
  std::uint64_t repeated = 0;
  CaptureStatistics capture;
};

class Observer {
 public:
  /// The plan is copied.
  explicit Observer(const Plan& plan);
  Observer(Observer&&) noexcept;
  Observer& operator=(Observer&&) noexcept;
  ~Observer();

  /// The index of the target that the frame told something new of.
  std::optional<std::size_t> handle_frame(const Frame& frame);

  /// Whether a frame has shown this packet of the plan, which begins with its IP header, or its send was refused. Of a
  /// released target everything has been seen.
  bool has_seen(std::span<const std::byte> packet) const;

  /// What the capture said of itself at `now`, which may lie before frames already shown: at the start, whenever its
  /// losses changed, and wherever an evidence file has it.
  void note_statistics(Time now, const CaptureStatistics& statistics);
  /// After the last frame.
  void finish(Time end, const CaptureStatistics& statistics);

  /// Nothing more is wanted of the target: its trace is emptied, and frames of its probes are strays from here on.
  void release(std::size_t target);

  const CaptureLoss& capture_loss() const;

  /// Grows with each frame until it is released; the reference lives as long as the observer.
  const PathTrace& trace(std::size_t target) const;
  const ObserverCounters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::path
