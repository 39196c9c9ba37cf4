#include "support/mail_certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace smtpath::test {

namespace {

constexpr long kSecondsOfDay = 86'400;
constexpr int kRsaBits = 2048;
constexpr const char* kUnknownExtension = "1.3.6.1.4.1.32473.1";  // RFC 5612: for documentation
constexpr int kLongLife = 3650;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(BASIC_CONSTRAINTS* constraints) const { BASIC_CONSTRAINTS_free(constraints); }
  void operator()(ASN1_OCTET_STRING* string) const { ASN1_OCTET_STRING_free(string); }
  void operator()(ASN1_OBJECT* object) const { ASN1_OBJECT_free(object); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

template <class T>
Owned<T> own(T* made) {
  if (made == nullptr) throw std::runtime_error("OpenSSL could not make a part of a certificate");
  return Owned<T>(made);
}

void demand(int success) {
  if (success <= 0) throw std::runtime_error("OpenSSL could not put a certificate together");
}

Owned<EVP_PKEY> make_key(CertificateKey key) {
  switch (key) {
    case CertificateKey::P256:
      return own(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    case CertificateKey::Rsa2048:
      return own(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(kRsaBits)));
  }
  return {};
}

const unsigned char* bytes_of(const std::string& text) {
  return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

struct Issuer {
  EVP_PKEY* key = nullptr;
  /// Null: the new one itself.
  X509* certificate = nullptr;
};

void name_hosts(X509* certificate, const std::vector<std::string>& hosts) {
  const auto names = own(GENERAL_NAMES_new());
  for (const std::string& host : hosts) {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    demand(ASN1_STRING_set(text, host.data(), static_cast<int>(host.size())));
    GENERAL_NAME* name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
    demand(sk_GENERAL_NAME_push(names.get(), name));
  }
  demand(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT));
}

void let_issue(X509* certificate) {
  const auto constraints = own(BASIC_CONSTRAINTS_new());
  constraints->ca = 1;
  demand(X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints.get(), 1, X509V3_ADD_DEFAULT));
}

void pad(X509* certificate, std::size_t bytes) {
  const std::string text(bytes, '.');
  const auto content = own(ASN1_OCTET_STRING_new());
  demand(ASN1_OCTET_STRING_set(content.get(), bytes_of(text), static_cast<int>(bytes)));
  const auto object = own(OBJ_txt2obj(kUnknownExtension, 1));
  const auto extension = own(X509_EXTENSION_create_by_OBJ(nullptr, object.get(), 0, content.get()));
  demand(X509_add_ext(certificate, extension.get(), -1));
}

Owned<X509> certify(const CertificateSpec& spec, EVP_PKEY* key, const Issuer& issuer, long serial, bool is_authority) {
  auto certificate = own(X509_new());
  demand(X509_set_version(certificate.get(), X509_VERSION_3));
  demand(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial));
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), spec.begins * kSecondsOfDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), spec.ends * kSecondsOfDay);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  demand(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes_of(spec.subject),
                                    static_cast<int>(spec.subject.size()), -1, 0));
  X509* const signing = issuer.certificate == nullptr ? certificate.get() : issuer.certificate;
  demand(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signing)));
  demand(X509_set_pubkey(certificate.get(), key));
  if (is_authority) let_issue(certificate.get());
  if (!spec.names.empty()) name_hosts(certificate.get(), spec.names);
  if (spec.padding > 0) pad(certificate.get(), spec.padding);
  demand(X509_sign(certificate.get(), issuer.key, EVP_sha256()));
  return certificate;
}

template <class Write>
std::string pem(const Write& write) {
  const auto memory = own(BIO_new(BIO_s_mem()));
  demand(write(memory.get()));
  std::string text(BIO_ctrl_pending(memory.get()), '\0');
  demand(BIO_read(memory.get(), text.data(), static_cast<int>(text.size())));
  return text;
}

std::string pem(EVP_PKEY* key) {
  return pem([&](BIO* to) { return PEM_write_bio_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string pem(X509* certificate) {
  return pem([&](BIO* to) { return PEM_write_bio_X509(to, certificate); });
}

}  // namespace

struct CertificateAuthority::State {
  Owned<EVP_PKEY> key = make_key(CertificateKey::P256);
  Owned<X509> root;
  /// The first was issued by the root, each other one by the one before it.
  std::vector<Owned<X509>> intermediates;
  long serial = 1;
};

// One key does for the root and those below it.
CertificateAuthority::CertificateAuthority() : state_(std::make_unique<State>()) {
  const CertificateSpec spec{.subject = "smtpath test root", .ends = kLongLife};
  state_->root = certify(spec, state_->key.get(), {state_->key.get()}, state_->serial++, true);
}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::root() const {
  return pem(state_->root.get());
}

std::string CertificateAuthority::issue(const CertificateSpec& spec) {
  const auto key = make_key(spec.key);
  if (spec.is_self_signed) {
    return pem(key.get()) + pem(certify(spec, key.get(), {key.get()}, state_->serial++, false).get());
  }
  std::string above;
  X509* issuer = state_->root.get();
  for (std::size_t level = 0; level < static_cast<std::size_t>(spec.intermediates); ++level) {
    if (level == state_->intermediates.size()) {
      const CertificateSpec between{.subject = "smtpath test authority " + std::to_string(level + 1),
                                    .ends = kLongLife};
      state_->intermediates.push_back(
          certify(between, state_->key.get(), {state_->key.get(), issuer}, state_->serial++, true));
    }
    issuer = state_->intermediates[level].get();
    above = pem(issuer) + above;
  }
  return pem(key.get()) + pem(certify(spec, key.get(), {state_->key.get(), issuer}, state_->serial++, false).get()) +
         above;
}

}  // namespace smtpath::test
