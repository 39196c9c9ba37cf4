#include "smtpath/wire/decoder.h"

#include <algorithm>

#include "wire/decode_frame.h"

namespace smtpath::wire {

struct Decoder::State {
  Reassembler reassembler;
  /// Of the latest frame so far.
  Time now{};
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Decoded Decoder::decode(const Frame& frame) {
  State& state = *state_;
  state.now = std::max(state.now, frame.time);
  state.reassembler.forget_completed();
  const std::size_t captured = frame.bytes.size();
  const std::size_t cut = frame.original_length > captured ? frame.original_length - captured : 0;
  const DecodeOptions options{
      .verifies_transport = false, .cut = cut, .now = state.now, .reassembler = &state.reassembler};
  Decoded decoded;
  if (const Flaw flaw = decode_frame(frame.link, frame.bytes, options, std::get<Packet>(decoded))) decoded = *flaw;
  return decoded;
}

const FragmentCounters& Decoder::fragments() const {
  return state_->reassembler.counters();
}

}  // namespace smtpath::wire
