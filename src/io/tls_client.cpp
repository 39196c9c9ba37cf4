#include "smtpath/io/tls_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/certificate_store.h"
#include "io/tls_flights.h"
#include "io/tls_session.h"

namespace smtpath::io {

namespace {

using facts::TlsEnd;
using Progress = TlsSession::Progress;

/// Of what the peer said and nobody read, and of what it made us say that nobody sent.
constexpr std::size_t kMostKept = std::size_t{1} << 20;
constexpr std::size_t kMostRead = std::size_t{64} << 10;

/// RFC 8446 section 5.1: a server begins with a handshake message or an alert, in a record of major version 3.
bool could_be_tls(std::string_view beginning) {
  constexpr std::string_view kContentTypes = "\x15\x16";
  constexpr char kMajorVersion = 3;
  if (!beginning.empty() && kContentTypes.find(beginning[0]) == std::string_view::npos) return false;
  return beginning.size() < 2 || beginning[1] == kMajorVersion;
}

}  // namespace

struct TlsClient::State {
  State(X509_STORE* roots, const TlsOptions& options, Time now) : session(roots, options, now) {}

  facts::TlsResult& result() { return session.result(); }
  bool is_established() const { return session.result().end == TlsEnd::Established; }

  void advance();
  void shake_hands();
  void listen();
  bool is_beginning_tls(std::span<const std::byte> bytes);
  void end(TlsEnd end);
  void fall();
  void break_off(const char* reason);

  TlsSession session;
  TlsFlights flights;
  /// The server's first bytes, as far as they may have to be shown.
  std::string beginning{};
  /// Of what is to be sent, how much belongs to the handshake.
  std::size_t handshake_out = 0;
  std::vector<std::byte> transmitted{};
  std::vector<std::byte> said{};
  bool is_done = false;
  bool is_closed = false;
  bool has_said_anything = false;
};

/// As far as the bytes at hand go.
void TlsClient::State::advance() {
  if (!is_done) shake_hands();
  if (is_established() && !is_closed) listen();
  if (session.pending_out() > kMostKept) break_off("the server makes us answer faster than it listens");
}

void TlsClient::State::shake_hands() {
  const Progress progress = session.shake_hands();
  handshake_out = session.pending_out();
  switch (progress) {
    case Progress::NeedsBytes:
      return;
    case Progress::Done:
      is_done = true;
      result().end = TlsEnd::Established;
      return;
    case Progress::Ended:
      return end(TlsEnd::Closed);
    case Progress::Failed:
      return end(result().alert ? TlsEnd::Alerted : TlsEnd::Broken);
  }
}

void TlsClient::State::listen() {
  for (;;) {
    const Progress progress = session.read(said);
    if (progress == Progress::NeedsBytes) return;
    if (progress != Progress::Done) return fall();
    has_said_anything = true;
    if (said.size() > kMostKept) return break_off("the server floods: more than 1 MiB that nobody has read");
  }
}

void TlsClient::State::end(TlsEnd end) {
  is_done = true;
  is_closed = true;
  result().end = end;
}

/// What follows an established connection's end: a server that only refuses us once our side is done has never agreed.
void TlsClient::State::fall() {
  is_closed = true;
  if (!has_said_anything && result().alert) result().end = TlsEnd::Alerted;
}

void TlsClient::State::break_off(const char* reason) {
  is_closed = true;
  if (result().error.empty()) result().error = reason;
}

/// Takes note of them; false, and the end of it all, where no TLS begins like this.
bool TlsClient::State::is_beginning_tls(std::span<const std::byte> bytes) {
  for (const std::byte byte : bytes.first(std::min(bytes.size(), facts::kLongestForeignLine - beginning.size()))) {
    beginning += std::to_integer<char>(byte);
  }
  if (could_be_tls(beginning)) return true;
  result().error = beginning.substr(0, beginning.find_first_of("\r\n"));
  end(TlsEnd::NotTls);
  return false;
}

Result<TlsClient> TlsClient::begin(const CertificateStore& store, const TlsOptions& options, Time now) {
  auto state = std::make_unique<State>(store.state_->roots.get(), options, now);
  if (const auto opened = state->session.open(); !opened.ok()) return opened.error();
  state->advance();
  if (state->is_done) return Error{"set up TLS: " + state->result().error};
  state->result().client_hello_bytes = static_cast<std::uint32_t>(state->session.pending_out());
  return TlsClient(std::move(state));
}

void TlsClient::handle_bytes(Time now, std::span<const std::byte> bytes) {
  State& state = *state_;
  state.result().received_bytes += bytes.size();
  if (!state.is_done) {
    state.flights.add(state.result().flights, now, false, bytes.size());
    if (!state.is_beginning_tls(bytes)) return;
  }
  if (state.is_closed) return;
  state.session.take_in(bytes);
  state.advance();
}

void TlsClient::handle_end(Time, facts::TlsEnd end) {
  if (state_->is_done) {
    state_->is_closed = true;
  } else {
    state_->end(end);
  }
}

std::optional<std::span<const std::byte>> TlsClient::poll_transmit(Time now) {
  state_->transmitted = state_->session.take_out();
  if (state_->transmitted.empty()) return std::nullopt;
  state_->flights.add(state_->result().flights, now, true, std::exchange(state_->handshake_out, 0));
  return state_->transmitted;
}

bool TlsClient::is_done() const {
  return state_->is_done;
}

bool TlsClient::is_established() const {
  return state_->is_established();
}

void TlsClient::write(std::string_view text) {
  if (!state_->is_established() || state_->is_closed) return;
  if (!state_->session.write(text)) state_->fall();
}

std::vector<std::byte> TlsClient::read() {
  std::vector<std::byte>& said = state_->said;
  const auto cut = said.begin() + static_cast<std::ptrdiff_t>(std::min(said.size(), kMostRead));
  std::vector<std::byte> piece(said.begin(), cut);
  said.erase(said.begin(), cut);
  return piece;
}

bool TlsClient::is_closed() const {
  return state_->is_closed;
}

void TlsClient::close() {
  if (state_->is_established()) state_->session.say_goodbye();
}

const facts::TlsResult& TlsClient::result() const {
  return state_->session.result();
}

TlsClient::TlsClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsClient::TlsClient(TlsClient&&) noexcept = default;
TlsClient& TlsClient::operator=(TlsClient&&) noexcept = default;
TlsClient::~TlsClient() = default;

}  // namespace smtpath::io
