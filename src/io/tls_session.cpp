#include "io/tls_session.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "io/dane.h"
#include "io/host_name.h"
#include "io/tls_certificates.h"
#include "io/tls_offer.h"
#include "io/tls_trust.h"

namespace smtpath::io {

namespace {

using facts::AlertFrom;

/// What OpenSSL hands out at once: a record's content (RFC 8446 section 5.1).
constexpr std::size_t kLongestRecord = std::size_t{16} << 10;

/// Where OpenSSL keeps what belongs to the application.
constexpr int kOwner = 0;

/// As RFC 8446 and its like call it where NIST has no name: "P-256", "X25519", "ffdhe2048".
std::string group_name(SSL* ssl) {
  const auto id = static_cast<int>(SSL_get_negotiated_group(ssl));
  constexpr int kNumber = 0xffff;
  const bool is_unnamed = (static_cast<unsigned>(id) & static_cast<unsigned>(TLSEXT_nid_unknown)) != 0;
  if (is_unnamed) return (id & kNumber) == 0 ? std::string{} : fmt::format("0x{:04x}", id & kNumber);
  if (id == NID_undef) return {};
  const char* const nist = EC_curve_nid2nist(id);
  const char* const name = nist != nullptr ? nist : OBJ_nid2sn(id);
  return name != nullptr ? name : std::string{};
}

/// Of a key exchange that names no group, as TLS 1.2 has it: "DH-2048"; empty: there was none.
std::string finite_field(SSL* ssl) {
  EVP_PKEY* key = nullptr;
  if (SSL_get_peer_tmp_key(ssl, &key) != 1) return {};
  const openssl::Owned<EVP_PKEY> owned(key);
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_DH ? fmt::format("DH-{}", EVP_PKEY_get_bits(key)) : std::string{};
}

std::string take_handshake_error() {
  const bool is_too_big = ERR_GET_REASON(ERR_peek_error()) == SSL_R_EXCESSIVE_MESSAGE_SIZE;
  const std::string words = openssl::take_error();
  if (!is_too_big) return words;
  return fmt::format("{}: of certificates more than {} bytes are not taken", words, kLongestCertificates);
}

}  // namespace

TlsSession::TlsSession(X509_STORE* roots, TlsOptions options, Time now)
    : roots_(roots), options_(std::move(options)), now_(now) {}

Result<Done> TlsSession::open() {
  ERR_clear_error();
  context_ = make_context(options_);
  if (context_) ssl_.reset(SSL_new(context_.get()));
  openssl::Owned<BIO> in(BIO_new(BIO_s_mem()));
  openssl::Owned<BIO> out(BIO_new(BIO_s_mem()));
  if (!ssl_ || !in || !out) return Error{"set up TLS: " + openssl::take_error()};
  in_ = in.release();
  out_ = out.release();
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_connect_state(ssl_.get());
  SSL_set_ex_data(ssl_.get(), kOwner, this);
  SSL_CTX_set_cert_verify_callback(context_.get(), &TlsSession::verify, this);
  SSL_set_info_callback(ssl_.get(), &TlsSession::notice);
  if (options_.key_log) SSL_CTX_set_keylog_callback(context_.get(), &TlsSession::log_key);
  const std::string asked = host_name(options_.server_name);
  usable_tlsa_ = use_tlsa(ssl_.get(), options_);
  if (!openssl::ask_for(ssl_.get(), asked)) return Error{"set up TLS for " + asked + ": " + openssl::take_error()};
  X509_VERIFY_PARAM* const terms = SSL_get0_param(ssl_.get());
  X509_VERIFY_PARAM_set_time(terms, std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count());
  X509_VERIFY_PARAM_set_depth(terms, kMostIntermediates);
  return Done{};
}

void TlsSession::take_in(std::span<const std::byte> bytes) {
  if (!bytes.empty()) BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
}

std::vector<std::byte> TlsSession::take_out() {
  std::vector<std::byte> bytes(pending_out());
  if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

std::size_t TlsSession::pending_out() const {
  return BIO_ctrl_pending(out_);
}

TlsSession::Progress TlsSession::shake_hands() {
  ERR_clear_error();
  const int status = SSL_do_handshake(ssl_.get());
  note_parameters();
  return progress_after(status);
}

TlsSession::Progress TlsSession::read(std::vector<std::byte>& said) {
  ERR_clear_error();
  std::array<std::byte, kLongestRecord> piece{};
  const int length = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
  if (length > 0) said.insert(said.end(), piece.begin(), piece.begin() + length);
  return progress_after(length);
}

bool TlsSession::write(std::string_view text) {
  ERR_clear_error();
  if (text.empty()) return true;
  return progress_after(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()))) == Progress::Done;
}

void TlsSession::say_goodbye() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

TlsSession::Progress TlsSession::progress_after(int status) {
  if (status > 0) return Progress::Done;
  switch (SSL_get_error(ssl_.get(), status)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return Progress::NeedsBytes;
    case SSL_ERROR_ZERO_RETURN:
      return Progress::Ended;
    default:
      if (result_.error.empty()) result_.error = take_handshake_error();
      if (result_.error.empty()) result_.error = "the library gives no reason";
      return Progress::Failed;
  }
}

/// A server's hello is enough for the first two.
void TlsSession::note_parameters() {
  const SSL_CIPHER* const current = SSL_get_current_cipher(ssl_.get());
  const SSL_CIPHER* const cipher = current != nullptr ? current : SSL_get_pending_cipher(ssl_.get());
  if (cipher == nullptr) return;
  result_.version = SSL_get_version(ssl_.get());
  const char* const name = SSL_CIPHER_standard_name(cipher);
  result_.cipher = name != nullptr ? name : SSL_CIPHER_get_name(cipher);
  if (SSL_get_session(ssl_.get()) != nullptr) result_.group = group_name(ssl_.get());
  if (result_.group.empty()) result_.group = finite_field(ssl_.get());
}

/// In place of the library's own check: what it finds never ends the handshake.
int TlsSession::verify(X509_STORE_CTX* check, void* session) {
  static_cast<TlsSession*>(session)->look_at(check);
  X509_STORE_CTX_set_error(check, X509_V_OK);
  return 1;
}

void TlsSession::look_at(X509_STORE_CTX* check) {
  X509* const certificate = X509_STORE_CTX_get0_cert(check);
  STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(check);
  describe(sent, result_);
  TrustFinding finding = trust_of(certificate, sent, roots_, now_);
  result_.trust = finding.trust;
  result_.trust_error = std::move(finding.error);
  result_.matched_name = matched_name(certificate, options_.names);
  if (usable_tlsa_ > 0) result_.dane = compare_with_tlsa(check);
}

void TlsSession::notice(const SSL* ssl, int where, int value) {
  constexpr unsigned kByte = 8;
  constexpr unsigned kLowByte = 0xff;
  const auto alert = static_cast<unsigned>(where) & (static_cast<unsigned>(SSL_CB_ALERT));
  if (alert == 0) return;
  const bool is_ours = (static_cast<unsigned>(where) & static_cast<unsigned>(SSL_CB_WRITE)) != 0;
  const auto number = static_cast<unsigned>(value);
  static_cast<TlsSession*>(SSL_get_ex_data(ssl, kOwner))
      ->note_alert(is_ours ? AlertFrom::Us : AlertFrom::Server, static_cast<int>(number >> kByte),
                   static_cast<int>(number & kLowByte));
}

/// RFC 8446 section 6: in TLS 1.3 the level says nothing.
void TlsSession::note_alert(AlertFrom from, int level, int description) {
  if (from == AlertFrom::Us && description == SSL_AD_NO_RENEGOTIATION) result_.has_renegotiated = true;
  const bool is_harmless = description == SSL_AD_CLOSE_NOTIFY || description == SSL_AD_USER_CANCELLED;
  const bool is_fatal = level == SSL3_AL_FATAL || (SSL_version(ssl_.get()) == TLS1_3_VERSION && !is_harmless);
  if (!is_fatal || result_.alert) return;
  result_.alert = {.from = from, .description = static_cast<std::uint8_t>(description)};
}

void TlsSession::log_key(const SSL* ssl, const char* line) {
  static_cast<TlsSession*>(SSL_get_ex_data(ssl, kOwner))->options_.key_log(line);
}

}  // namespace smtpath::io
