#include "session/tls_reader.h"

namespace smtpath::session {

struct TlsReader::State {
  Tls tls;
};

TlsReader::TlsReader() : state_(std::make_unique<State>()) {}
TlsReader::TlsReader(TlsReader&&) noexcept = default;
TlsReader& TlsReader::operator=(TlsReader&&) noexcept = default;
TlsReader::~TlsReader() = default;

TlsReader::Beginning TlsReader::recognise(std::span<const std::byte>) {
  return Beginning::Other;
}

void TlsReader::handle(Side, std::span<const std::byte>) {}

void TlsReader::note_gap(Side, std::uint64_t) {}

const Tls& TlsReader::tls() const {
  return state_->tls;
}

}  // namespace smtpath::session
