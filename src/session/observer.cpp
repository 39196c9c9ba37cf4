#include "smtpath/session/observer.h"

namespace smtpath::session {

struct Observer::State {
  Counters counters;
};

Observer::Observer(const Options&) : state_(std::make_unique<State>()) {}
Observer::Observer(Observer&&) noexcept = default;
Observer& Observer::operator=(Observer&&) noexcept = default;
Observer::~Observer() = default;

void Observer::handle_packet(Time, const wire::Packet&) {}

std::optional<Session> Observer::poll_ended() {
  return std::nullopt;
}

void Observer::finish(Time) {}

const Counters& Observer::counters() const {
  return state_->counters;
}

}  // namespace smtpath::session
