#include "unit/session/tls_bytes.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

namespace smtpath::test {
namespace {

constexpr std::size_t kRandom = 32;
constexpr std::uint16_t kTls12 = 0x0303;
constexpr std::uint16_t kCipher = 0xC030;

}  // namespace

Wire number(std::uint64_t value, std::size_t bytes) {
  Wire wire(bytes, '\0');
  for (std::size_t i = bytes; i > 0; --i, value >>= 8U) wire[i - 1] = static_cast<char>(value & 0xFFU);
  return wire;
}

Wire prefixed(const Wire& content, std::size_t length_bytes) {
  return number(content.size(), length_bytes) + content;
}

Wire record(std::uint8_t content_type, const Wire& content) {
  return number(content_type, 1) + number(kTls12, 2) + prefixed(content, 2);
}

Wire handshake(std::uint8_t type, const Wire& body) {
  return number(type, 1) + prefixed(body, 3);
}

Wire extension(std::uint16_t type, const Wire& body) {
  return number(type, 2) + prefixed(body, 2);
}

Wire client_hello(const std::string& name, const std::vector<std::uint16_t>& versions) {
  Wire extensions = extension(0xFF01, number(0, 1));
  if (!name.empty()) extensions += extension(0, prefixed(number(0, 1) + prefixed(name, 2), 2));
  Wire list;
  for (const std::uint16_t version : versions) list += number(version, 2);
  if (!versions.empty()) extensions += extension(43, prefixed(list, 1));
  const Wire body = number(kTls12, 2) + Wire(kRandom, 'r') + prefixed(Wire(kRandom, 's'), 1) +
                    prefixed(number(kCipher, 2), 2) + prefixed(number(0, 1), 1) + prefixed(extensions, 2);
  return handshake(1, body);
}

Wire server_hello(std::uint16_t legacy_version, std::uint16_t selected) {
  Wire extensions = extension(0xFF01, number(0, 1));
  if (selected != 0) extensions += extension(43, number(selected, 2));
  return handshake(2, number(legacy_version, 2) + Wire(kRandom, 'R') + prefixed("", 1) + number(kCipher, 2) +
                          number(0, 1) + prefixed(extensions, 2));
}

Wire hello_retry_request() {
  const Wire random = number(0xCF21AD74E59A6111, 8) + number(0xBE1D8C021E65B891, 8) + number(0xC2A211167ABB8C5E, 8) +
                      number(0x079E09E2C8A8339C, 8);
  return handshake(2, number(kTls12, 2) + random + prefixed("", 1) + number(kCipher, 2) + number(0, 1) +
                          prefixed(extension(43, number(0x0304, 2)), 2));
}

Wire certificate_message(const std::string& common_name) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const auto add = [name](const char* type, const std::string& value) {
    const void* const text = value.data();
    X509_NAME_add_entry_by_NID(name, OBJ_sn2nid(type), MBSTRING_UTF8, static_cast<const unsigned char*>(text),
                               static_cast<int>(value.size()), -1, 0);
  };
  add("O", "Example, Inc.");
  add("CN", common_name);
  X509_set_issuer_name(certificate.get(), name);
  ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "20300101000000Z");
  ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "99991231235959Z");
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  Wire der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
  void* const begin = der.data();
  auto* cursor = static_cast<unsigned char*>(begin);
  i2d_X509(certificate.get(), &cursor);
  return handshake(11, prefixed(prefixed(der, 3), 3));
}

std::vector<std::byte> as_bytes(const Wire& wire) {
  std::vector<std::byte> bytes(wire.size());
  std::transform(wire.begin(), wire.end(), bytes.begin(),
                 [](char each) { return static_cast<std::byte>(static_cast<unsigned char>(each)); });
  return bytes;
}

}  // namespace smtpath::test
