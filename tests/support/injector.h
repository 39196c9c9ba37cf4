#pragma once

// Somebody on the path of a lab: hears the SYNs to port 25 that come to a node, and answers them with packets crafted
// against us while they go on. He knows all that is in them.

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/io/lab.h"

namespace smtpath::test {

enum class Craft : std::uint8_t {
  /// With an initial TTL of 64, 61, 128 or 255.
  Reset,
  ResetOf61,
  ResetOf128,
  ResetOf255,
  /// With the TTL that the SYN had there.
  ResetOfCopiedTtl,
  /// Three, of random TTLs and sequence numbers.
  Resets,
  /// No ACK, and any acknowledgment number.
  BareReset,
  /// ACK for the number of the SYN itself.
  ResetOfSequence,
  SynAck,
  /// With options, windows and timestamp echoes that make no sense.
  OddSynAck,
  /// From addresses that are no hops, or from the destination; quoting the SYN as it is, or with bytes changed.
  Unreachable,
  AlteredUnreachable,
  TimeExceeded,
  AlteredTimeExceeded,
};

struct InjectorSpec {
  int node = 1;
  Family family = Family::Ipv4;
  std::vector<Craft> crafts;
  /// To each SYN only a few of them, drawn anew.
  bool is_random = false;
  std::uint64_t seed = 1;
};

class Injector {
 public:
  /// Works once this returns. The lab outlives it.
  static Result<Injector> start(const io::Lab& lab, const InjectorSpec& spec);

  Injector(Injector&&) noexcept = default;
  Injector& operator=(Injector&&) = delete;
  ~Injector();

  /// How many packets it sent.
  std::size_t sent() const;

 private:
  struct State;
  explicit Injector(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
  std::thread thread_;
};

}  // namespace smtpath::test
