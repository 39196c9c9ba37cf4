#include "io/dane.h"

#include <algorithm>
#include <vector>

#include "io/host_name.h"

namespace smtpath::io {

namespace {

/// RFC 7218 section 2.1.
constexpr std::uint8_t kDaneTa = 2;
constexpr std::uint8_t kDaneEe = 3;

bool use(SSL* ssl, const TlsaRecord& record) {
  if (record.usage != kDaneTa && record.usage != kDaneEe) return false;
  const void* const data = record.data.data();
  return SSL_dane_tlsa_add(ssl, record.usage, record.selector, record.matching_type,
                           static_cast<const unsigned char*>(data), record.data.size()) == 1;
}

}  // namespace

std::size_t use_tlsa(SSL* ssl, const TlsOptions& options) {
  if (options.tlsa.empty()) return 0;
  std::vector<std::string> hosts;
  for (const std::string& name : options.names) hosts.push_back(host_name(name));
  hosts.erase(std::remove(hosts.begin(), hosts.end(), std::string{}), hosts.end());
  if (SSL_dane_enable(ssl, hosts.empty() ? nullptr : hosts.front().c_str()) != 1) return 0;
  for (const std::string& host : hosts) SSL_add1_host(ssl, host.c_str());
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
  const auto used =
      std::count_if(options.tlsa.begin(), options.tlsa.end(), [&](const TlsaRecord& each) { return use(ssl, each); });
  ERR_clear_error();
  return static_cast<std::size_t>(used);
}

facts::Dane compare_with_tlsa(X509_STORE_CTX* check) {
  const bool matches = X509_verify_cert(check) == 1;
  ERR_clear_error();
  return matches ? facts::Dane::Matches : facts::Dane::Differs;
}

}  // namespace smtpath::io
