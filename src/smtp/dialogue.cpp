#include "smtpath/smtp/dialogue.h"

namespace smtpath::smtp {

struct Dialogue::State {
  Transcript transcript;
};

Dialogue::Dialogue() : state_(std::make_unique<State>()) {}
Dialogue::Dialogue(Dialogue&&) noexcept = default;
Dialogue& Dialogue::operator=(Dialogue&&) noexcept = default;
Dialogue::~Dialogue() = default;

std::size_t Dialogue::handle_client(std::span<const std::byte> bytes) {
  return bytes.size();
}

std::size_t Dialogue::handle_server(std::span<const std::byte> bytes) {
  return bytes.size();
}

void Dialogue::note_client_gap(std::uint64_t) {}

void Dialogue::note_server_gap(std::uint64_t) {}

bool Dialogue::is_tls_next() const {
  return false;
}

const Transcript& Dialogue::transcript() const {
  return state_->transcript;
}

}  // namespace smtpath::smtp
