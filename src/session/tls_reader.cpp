#include "session/tls_reader.h"

#include <algorithm>
#include <array>
#include <vector>

#include "session/tls_certificate.h"
#include "session/tls_handshake_reader.h"
#include "session/tls_hello.h"
#include "session/tls_record_reader.h"
#include "smtpath/base/byte_reader.h"

namespace smtpath::session {
namespace {

constexpr std::uint16_t kAlertLength = 2;

/// One side's stream.
struct Half {
  TlsRecordReader records;
  TlsHandshakeReader handshake;
  std::vector<std::byte> plain_text;
  std::array<std::byte, kAlertLength> alert{};
  std::uint8_t alert_length = 0;
  bool has_begun = false;
  /// SSL 2 for good: nothing more can be read.
  bool is_old = false;
  bool has_changed_cipher = false;
  /// Part of a handshake record is missing: its messages cannot be told apart.
  bool is_handshake_torn = false;
  /// The beginning, until it is clear whether it is a hello of SSL 2.
  std::array<std::byte, OldHello::kHeader> first{};
  std::uint8_t first_length = 0;
  /// Of a ClientHello in the form of SSL 2.
  std::uint32_t old_hello_left = 0;
};

}  // namespace

struct TlsReader::State {
  void handle(Side side, std::span<const std::byte> bytes);
  bool may_begin_old(Side side, std::span<const std::byte>& bytes);
  void handle_old_hello(Side side, const OldHello& hello);
  void handle_records(Side side, std::span<const std::byte> bytes);
  void handle_fragment(Side side, const TlsFragment& fragment);
  void handle_handshake(Side side, const TlsFragment& fragment);
  void handle_message(Side side, const TlsHandshakeReader& message);
  void handle_alert(Side side, const TlsFragment& fragment);
  void keep_plain_text(Side side, std::span<const std::byte> bytes);
  bool is_encrypted(Side side) const;

  Half& half(Side side) { return side == Side::Client ? client : server; }
  const Half& half(Side side) const { return side == Side::Client ? client : server; }

  Tls tls;
  Half client;
  Half server;
};

TlsReader::TlsReader() : state_(std::make_unique<State>()) {}
TlsReader::TlsReader(TlsReader&&) noexcept = default;
TlsReader& TlsReader::operator=(TlsReader&&) noexcept = default;
TlsReader::~TlsReader() = default;

TlsReader::Beginning TlsReader::recognise(std::span<const std::byte> first) {
  if (first.size() >= OldHello::kHeader && parse_old_hello(first)) return Beginning::Tls;
  constexpr std::byte kOldHeader{0x80};
  const bool may_be_old =
      first.size() < OldHello::kHeader && !first.empty() && (first.front() & kOldHeader) == kOldHeader;
  const auto begins = TlsRecordReader::begins_record(first);
  if (!begins || may_be_old) return Beginning::Undecided;
  return *begins ? Beginning::Tls : Beginning::Other;
}

void TlsReader::handle(Side side, std::span<const std::byte> bytes) {
  state_->handle(side, bytes);
}

void TlsReader::note_gap(Side side, std::uint64_t missing) {
  Half& half = state_->half(side);
  half.has_begun = true;
  const bool is_in_handshake = half.records.under_way() == TlsContent::Handshake;
  const std::size_t within = half.records.note_gap(missing);
  half.is_handshake_torn |= is_in_handshake && within > 0;
  if (half.records.state() != TlsRecordReader::State::Records || half.is_handshake_torn) half.handshake.reset();
}

const Tls& TlsReader::tls() const {
  return state_->tls;
}

std::span<const std::byte> TlsReader::plain_text(Side side) const {
  return state_->half(side).plain_text;
}

void TlsReader::State::handle(Side side, std::span<const std::byte> bytes) {
  if (half(side).is_old) return;
  half(side).records.begin_segment(bytes);
  if (!half(side).has_begun && may_begin_old(side, bytes)) return;
  if (half(side).old_hello_left > 0) {
    const std::size_t count = std::min<std::size_t>(half(side).old_hello_left, bytes.size());
    half(side).old_hello_left -= static_cast<std::uint32_t>(count);
    bytes = bytes.subspan(count);
  }
  handle_records(side, bytes);
}

/// True while it cannot be said yet. What it took and need not have is handed on.
bool TlsReader::State::may_begin_old(Side side, std::span<const std::byte>& bytes) {
  constexpr std::byte kOldHeader{0x80};
  Half& half = this->half(side);
  if (half.first_length == 0 && !bytes.empty() && (bytes.front() & kOldHeader) != kOldHeader) {
    half.has_begun = true;
    return false;
  }
  while (half.first_length < half.first.size() && !bytes.empty()) {
    half.first.at(half.first_length++) = bytes.front();
    bytes = bytes.subspan(1);
  }
  if (half.first_length < half.first.size()) return true;
  half.has_begun = true;
  if (const auto hello = parse_old_hello(half.first)) {
    handle_old_hello(side, *hello);
  } else {
    handle_records(side, half.first);
  }
  return half.is_old;
}

void TlsReader::State::handle_old_hello(Side side, const OldHello& hello) {
  constexpr std::uint32_t kOldHeaderLength = 2;
  Half& half = this->half(side);
  if (side == Side::Client && hello.is_client) {
    tls.client_hello = true;
    tls.is_old_hello = true;
    tls.offered = hello.version;
    tls.client_hello_length = hello.length;
    const std::uint32_t taken = OldHello::kHeader - kOldHeaderLength;
    half.old_hello_left = hello.length > taken ? hello.length - taken : 0;
    half.is_old = hello.version == TlsVersion::Ssl2;
    return;
  }
  half.is_old = true;
  if (side == Side::Client || hello.is_client) return;
  tls.server_hello = true;
  tls.version = TlsVersion::Ssl2;
}

void TlsReader::State::handle_records(Side side, std::span<const std::byte> bytes) {
  Half& half = this->half(side);
  const bool was_tls = half.records.state() != TlsRecordReader::State::NoTls;
  while (const auto fragment = half.records.next(bytes)) handle_fragment(side, *fragment);
  if (half.records.state() != TlsRecordReader::State::NoTls) return;
  if (was_tls) {
    (side == Side::Client ? tls.is_client_no_tls : tls.is_server_no_tls) = true;
    keep_plain_text(side, half.records.begun());
  }
  keep_plain_text(side, bytes);
}

void TlsReader::State::handle_fragment(Side side, const TlsFragment& fragment) {
  switch (fragment.content) {
    case TlsContent::ChangeCipherSpec:
      half(side).has_changed_cipher = true;
      (side == Side::Client ? tls.client_changed_cipher : tls.server_changed_cipher) = true;
      return;
    case TlsContent::Alert:
      handle_alert(side, fragment);
      return;
    case TlsContent::Handshake:
      handle_handshake(side, fragment);
      return;
    case TlsContent::ApplicationData:
      (side == Side::Client ? tls.client_application_bytes : tls.server_application_bytes) += fragment.bytes.size();
      return;
    case TlsContent::Heartbeat:
      return;
  }
}

void TlsReader::State::handle_handshake(Side side, const TlsFragment& fragment) {
  Half& half = this->half(side);
  if (fragment.is_record_start) half.is_handshake_torn = false;
  if (half.is_handshake_torn || is_encrypted(side)) return;
  for (std::size_t read = 0; read < fragment.bytes.size();) {
    read += half.handshake.read(fragment.bytes.subspan(read));
    if (!half.handshake.has_message()) continue;
    handle_message(side, half.handshake);
    half.handshake.take();
  }
}

void TlsReader::State::handle_message(Side side, const TlsHandshakeReader& message) {
  switch (message.type()) {
    case TlsMessageType::ClientHello: {
      const auto hello = parse_client_hello(message.body());
      if (side != Side::Client || !hello) return;
      tls.client_hello = true;
      tls.offered = hello->highest;
      tls.sni = hello->server_name;
      tls.client_hello_length = message.length() + TlsHandshakeReader::kHeader;
      return;
    }
    case TlsMessageType::ServerHello: {
      const auto hello = parse_server_hello(message.body());
      if (side != Side::Server || !hello) return;
      tls.server_hello = true;
      tls.is_hello_retried |= hello->is_retry_request;
      tls.version = hello->version;
      tls.cipher = hello->cipher;
      return;
    }
    case TlsMessageType::Certificate:
      if (side != Side::Server) return;
      tls.certificate_seen = true;
      tls.certificate = parse_certificate(message.body());
      return;
  }
}

void TlsReader::State::handle_alert(Side side, const TlsFragment& fragment) {
  Half& half = this->half(side);
  if (fragment.is_record_start) half.alert_length = 0;
  for (const std::byte byte : fragment.bytes) {
    if (half.alert_length < kAlertLength) half.alert.at(half.alert_length++) = byte;
  }
  if (!fragment.is_record_end || tls.alerts.size() >= kMostAlerts) return;
  TlsAlert alert{.from = side};
  if (fragment.record_length == kAlertLength && half.alert_length == kAlertLength && !is_encrypted(side)) {
    alert.level = std::to_integer<std::uint8_t>(half.alert[0]);
    alert.description = std::to_integer<std::uint8_t>(half.alert[1]);
  }
  tls.alerts.push_back(alert);
}

void TlsReader::State::keep_plain_text(Side side, std::span<const std::byte> bytes) {
  std::vector<std::byte>& kept = half(side).plain_text;
  const auto part = bytes.first(std::min(bytes.size(), kLongestPlainText - kept.size()));
  kept.insert(kept.end(), part.begin(), part.end());
}

/// In TLS 1.3 ChangeCipherSpec is for show, and what is encrypted is application data (RFC 8446 appendix D.4).
bool TlsReader::State::is_encrypted(Side side) const {
  return half(side).has_changed_cipher && tls.version != TlsVersion::Tls13;
}

}  // namespace smtpath::session
