#include "smtpath/report/digest.h"

namespace smtpath::report {

struct Digest::State {
  std::uint64_t connections = 0;
  std::uint64_t failures = 0;
};

Digest::Digest(bool) : state_(std::make_unique<State>()) {}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::add(const ConnectionReport& connection) {
  ++state_->connections;
  if (verdict::is_failure(connection.verdict.outcome)) ++state_->failures;
}

std::uint64_t Digest::connections() const {
  return state_->connections;
}

std::uint64_t Digest::failures() const {
  return state_->failures;
}

void Digest::write(const std::vector<FileReport>&, const TextStyle&,
                   const std::function<void(std::string_view)>&) const {}

}  // namespace smtpath::report
