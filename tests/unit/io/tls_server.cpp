#include "unit/io/tls_server.h"

#include <array>

namespace smtpath::test {
namespace {

int refuse(SSL* /*ssl*/, int* alert, void* /*argument*/) {
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  return SSL_CLIENT_HELLO_ERROR;
}

}  // namespace

TlsServer::TlsServer(const ServerSpec& spec)
    : context_(SSL_CTX_new(TLS_server_method())), in_(BIO_new(BIO_s_mem())), out_(BIO_new(BIO_s_mem())) {
  SSL_CTX* const raw = context_.get();
  SSL_CTX_set_security_level(raw, 0);
  SSL_CTX_set_min_proto_version(raw, spec.lowest);
  SSL_CTX_set_max_proto_version(raw, spec.highest);
  SSL_CTX_set_cipher_list(raw, (spec.ciphers.empty() ? "DEFAULT:@SECLEVEL=0" : spec.ciphers + ":@SECLEVEL=0").c_str());
  if (!spec.groups.empty()) SSL_CTX_set1_groups_list(raw, spec.groups.c_str());
  SSL_CTX_set_dh_auto(raw, 1);
  if (!spec.chain.empty()) SSL_CTX_use_certificate(raw, spec.chain.front());
  const bool has_rsa_key =
      !spec.chain.empty() && EVP_PKEY_get_base_id(X509_get0_pubkey(spec.chain.front())) == EVP_PKEY_RSA;
  SSL_CTX_use_PrivateKey(raw, has_rsa_key ? rsa_key() : server_key());
  for (std::size_t i = 1; i < spec.chain.size(); ++i) {
    SSL_CTX_ctrl(raw, SSL_CTRL_CHAIN_CERT, 1, spec.chain[i]);
  }
  if (spec.wants_certificate) SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  if (spec.demands_certificate) SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  if (spec.knows_no_name) SSL_CTX_set_client_hello_cb(raw, &refuse, nullptr);
  ssl_.reset(SSL_new(raw));
  SSL_set_bio(ssl_.get(), in_, out_);
  SSL_set_accept_state(ssl_.get());
}

std::vector<std::byte> TlsServer::handle(std::span<const std::byte> bytes) {
  if (!bytes.empty()) BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
  ERR_clear_error();
  std::array<char, 4096> piece{};
  int length = 0;
  while ((length = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()))) > 0) {
    heard_.append(piece.data(), static_cast<std::size_t>(length));
  }
  if (SSL_get_error(ssl_.get(), length) == SSL_ERROR_ZERO_RETURN) is_closed_ = true;
  ERR_clear_error();
  return take_out();
}

std::vector<std::byte> TlsServer::say(const std::string& text) {
  SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
  return take_out();
}

std::vector<std::byte> TlsServer::ask_for_renegotiation() {
  SSL_renegotiate(ssl_.get());
  SSL_do_handshake(ssl_.get());
  return take_out();
}

std::vector<std::byte> TlsServer::update_keys() {
  SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED);
  SSL_do_handshake(ssl_.get());
  return take_out();
}

std::vector<std::byte> TlsServer::say_goodbye() {
  SSL_shutdown(ssl_.get());
  return take_out();
}

std::string TlsServer::asked_name() const {
  const char* const name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? std::string{} : name;
}

std::vector<std::byte> TlsServer::take_out() {
  std::vector<std::byte> bytes(BIO_ctrl_pending(out_));
  if (!bytes.empty()) BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace smtpath::test
