#pragma once

// Drives a tracer against anything that might answer: each probe is handed to a responder, and what that returns
// arrives later, whatever it is. Nothing here behaves like a network unless the responder does.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "smtpath/path/observer.h"
#include "smtpath/probing/tracer.h"
#include "support/packets.h"
#include "support/simulation.h"

namespace smtpath::test {

struct LateFrame {
  Duration after{};
  Bytes packet;
};

using Responder = std::function<std::vector<LateFrame>(std::span<const std::byte> probe)>;

struct HostileRun {
  bool finished = false;
  Duration duration{};
  std::size_t probes = 0;
  path::PathTrace trace;
};

/// `refusal`: the errno with which the kernel refuses every send; nothing is answered then.
HostileRun run_against(const path::Plan& plan, const probing::TracerOptions& options, const Responder& responder,
                       std::optional<int> refusal = {});

/// Random packets in the name of anybody, at any time, that fit the probe well enough to be taken for answers.
Responder random_replies(std::uint64_t seed);

}  // namespace smtpath::test
