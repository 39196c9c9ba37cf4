#include "unit/io/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace smtpath::test {
namespace {

using io::openssl::Owned;

EVP_PKEY* new_key() {
  return EVP_EC_gen("P-256");
}

const unsigned char* bytes_of(const std::string& text) {
  const void* const begin = text.data();
  return static_cast<const unsigned char*>(begin);
}

int length_of(const std::string& text) {
  return static_cast<int>(text.size());
}

void set_time(ASN1_TIME* field, Time when) {
  ASN1_TIME_set(field, std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

void add_name(GENERAL_NAMES* all, int type, const std::string& value) {
  ASN1_STRING* const string = ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
  ASN1_STRING_set(string, value.data(), length_of(value));
  GENERAL_NAME* const name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, type, string);
  sk_GENERAL_NAME_push(all, name);
}

void add_names(X509* certificate, const CertificateSpec& spec) {
  if (spec.names.empty() && spec.address.empty()) return;
  const Owned<GENERAL_NAMES> all(sk_GENERAL_NAME_new_null());
  for (const std::string& name : spec.names) add_name(all.get(), GEN_DNS, name);
  if (!spec.address.empty()) add_name(all.get(), GEN_IPADD, spec.address);
  X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), 0, 0);
}

void add_extension(X509* certificate, int type, const std::string& value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, type, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void add_filling(X509* certificate, std::size_t length) {
  const std::string zeros(length, '\0');
  ASN1_OCTET_STRING* const content = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(content, bytes_of(zeros), length_of(zeros));
  ASN1_OBJECT* const type = OBJ_txt2obj("1.3.6.1.4.1.32473.1", 1);
  X509_EXTENSION* const extension = X509_EXTENSION_create_by_OBJ(nullptr, type, 0, content);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_OBJECT_free(type);
  ASN1_OCTET_STRING_free(content);
}

X509* signed_by(const CertificateSpec& spec, X509* issuer, EVP_PKEY* key) {
  static std::vector<std::unique_ptr<X509, decltype(&X509_free)>> all;
  X509* const raw = all.emplace_back(X509_new(), &X509_free).get();
  X509_set_version(raw, X509_VERSION_3);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(raw), serial++);
  X509_NAME* const name = X509_get_subject_name(raw);
  X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, bytes_of("Example, Inc."), -1, -1, 0);
  X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING, bytes_of(spec.common_name),
                             length_of(spec.common_name), -1, 0);
  X509_set_issuer_name(raw, issuer != nullptr ? X509_get_subject_name(issuer) : name);
  set_time(X509_getm_notBefore(raw), spec.not_before);
  set_time(X509_getm_notAfter(raw), spec.not_after);
  X509_set_pubkey(raw, spec.is_authority ? issuer_key() : spec.has_rsa_key ? rsa_key() : server_key());
  if (spec.is_authority) add_extension(raw, NID_basic_constraints, "critical,CA:TRUE");
  if (!spec.is_authority) add_extension(raw, NID_ext_key_usage, spec.purpose);
  add_names(raw, spec);
  if (spec.filling > 0) add_filling(raw, spec.filling);
  X509_sign(raw, key, EVP_sha256());
  return raw;
}

}  // namespace

EVP_PKEY* issuer_key() {
  static EVP_PKEY* const key = new_key();
  return key;
}

EVP_PKEY* server_key() {
  static EVP_PKEY* const key = new_key();
  return key;
}

EVP_PKEY* rsa_key() {
  constexpr std::size_t kBits = 2048;
  static EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", kBits);
  return key;
}

X509* certificate(const CertificateSpec& spec, X509* issuer) {
  return signed_by(spec, issuer, issuer != nullptr || spec.is_authority ? issuer_key() : server_key());
}

X509* forged_certificate(const CertificateSpec& spec, X509* issuer) {
  return signed_by(spec, issuer, server_key());
}

io::CertificateStore store_of(const std::vector<X509*>& roots) {
  std::string path = "/tmp/smtpath-roots-XXXXXX";
  std::FILE* const file = ::fdopen(::mkstemp(path.data()), "w");
  for (X509* const root : roots) PEM_write_X509(file, root);
  std::fclose(file);
  ::setenv("SSL_CERT_FILE", path.c_str(), 1);
  ::setenv("SSL_CERT_DIR", "/nowhere", 1);
  io::CertificateStore store = io::CertificateStore::open();
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("SSL_CERT_DIR");
  ::unlink(path.c_str());
  return store;
}

std::vector<std::byte> key_digest(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), &length, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  const auto bytes = std::as_bytes(std::span(digest)).first(length);
  return {bytes.begin(), bytes.end()};
}

}  // namespace smtpath::test
