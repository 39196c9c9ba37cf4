#include "smtpath/wire/decoder.h"

namespace smtpath::wire {

struct Decoder::State {
  FragmentCounters fragments;
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Decoded Decoder::decode(const Frame& frame) {
  return wire::decode(frame.link, frame.bytes);
}

const FragmentCounters& Decoder::fragments() const {
  return state_->fragments;
}

}  // namespace smtpath::wire
