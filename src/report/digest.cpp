#include "smtpath/report/digest.h"

#include "report/digest_rows.h"
#include "report/digest_text.h"
#include "report/failures.h"

namespace smtpath::report {

struct Digest::State {
  explicit State(bool all) : failing(all), keeps_all(all) {}

  DigestRows rows;
  Failures failing;
  bool keeps_all;
  std::uint64_t connections = 0;
  std::uint64_t failures = 0;
  std::uint64_t probes = 0;
};

Digest::Digest(bool keeps_all) : state_(std::make_unique<State>(keeps_all)) {}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::add(const ConnectionReport& connection) {
  ++state_->connections;
  if (connection.verdict.is_probe) ++state_->probes;
  state_->rows.add(connection);
  if (!connection.verdict.has_failed) return;
  ++state_->failures;
  state_->failing.add(connection);
}

std::uint64_t Digest::connections() const {
  return state_->connections;
}

std::uint64_t Digest::failures() const {
  return state_->failures;
}

void Digest::write(const std::vector<FileReport>& files, const TextStyle& style,
                   const std::function<void(std::string_view)>& sink) const {
  write_digest({.files = files,
                .rows = state_->rows,
                .failing = state_->failing,
                .connections = state_->connections,
                .failures = state_->failures,
                .probes = state_->probes,
                .has_all = state_->keeps_all},
               style, sink);
}

}  // namespace smtpath::report
