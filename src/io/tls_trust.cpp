#include "io/tls_trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "io/host_name.h"
#include "smtpath/base/address.h"

namespace smtpath::io {

namespace {

using facts::Trust;

/// What Debian asks of keys and signatures: 112 bits of strength.
constexpr int kStrength = 2;

Trust trust_for(int error, X509* certificate) {
  switch (error) {
    case X509_V_OK:
      return Trust::Trusted;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return Trust::SelfSigned;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
      return X509_self_signed(certificate, 1) == 1 ? Trust::SelfSigned : Trust::UnknownIssuer;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Trust::Expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Trust::NotYetValid;
    default:
      return Trust::BadChain;
  }
}

std::string words_for(int error, int depth) {
  const std::string words = X509_verify_cert_error_string(error);
  return depth <= 0 ? words : fmt::format("{} (of the chain, {} above the server's own)", words, depth);
}

bool is_for(X509* certificate, const std::string& name) {
  if (const auto address = IpAddress::parse(name)) {
    const void* const bytes = address->bytes().data();
    return X509_check_ip(certificate, static_cast<const unsigned char*>(bytes), address->bytes().size(), 0) == 1;
  }
  const std::string host = host_name(name);
  if (host.empty()) return false;
  return X509_check_host(certificate, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

}  // namespace

TrustFinding trust_of(X509* certificate, STACK_OF(X509) * sent, X509_STORE* roots, Time now) {
  const openssl::Owned<X509_STORE_CTX> check(X509_STORE_CTX_new());
  const bool is_ready = check && X509_STORE_CTX_init(check.get(), roots, certificate, sent) == 1 &&
                        X509_STORE_CTX_set_default(check.get(), "ssl_server") == 1;
  if (!is_ready) return {.trust = Trust::BadChain, .error = openssl::take_error()};
  X509_VERIFY_PARAM* const terms = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_time(terms, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  X509_VERIFY_PARAM_set_depth(terms, kMostIntermediates);
  X509_VERIFY_PARAM_set_auth_level(terms, kStrength);
  const bool is_trusted = X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  if (is_trusted) return {.trust = Trust::Trusted, .error = {}};
  int error = X509_STORE_CTX_get_error(check.get());
  if (error == X509_V_OK) error = X509_V_ERR_UNSPECIFIED;
  return {.trust = trust_for(error, certificate),
          .error = words_for(error, X509_STORE_CTX_get_error_depth(check.get()))};
}

std::string matched_name(X509* certificate, const std::vector<std::string>& names) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const std::string& name) { return is_for(certificate, name); });
  ERR_clear_error();
  return found == names.end() ? std::string{} : *found;
}

}  // namespace smtpath::io
