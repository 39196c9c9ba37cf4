#include "io/tls_certificates.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace smtpath::io {

namespace {

using openssl::Owned;

/// Control characters are written as "\00"; letters beyond ASCII stay UTF-8.
std::string text_of(const X509_NAME* name) {
  constexpr unsigned long kFlags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  const Owned<BIO> text(BIO_new(BIO_s_mem()));
  if (!text || X509_NAME_print_ex(text.get(), name, 0, kFlags) < 0) return {};
  return std::string(openssl::content_of(text.get()).substr(0, facts::kLongestCertificateText));
}

std::string text_of(const ASN1_STRING* string) {
  const void* const begin = ASN1_STRING_get0_data(string);
  const std::string_view whole(static_cast<const char*>(begin), static_cast<std::size_t>(ASN1_STRING_length(string)));
  return std::string(whole.substr(0, facts::kLongestCertificateText));
}

std::vector<std::string> dns_names(const X509* certificate) {
  void* const extension = X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr);
  const Owned<GENERAL_NAMES> all(static_cast<GENERAL_NAMES*>(extension));
  std::vector<std::string> names;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()) && names.size() < facts::kMostNames; ++i) {
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type);
    if (type == GEN_DNS) names.push_back(text_of(static_cast<const ASN1_STRING*>(value)));
  }
  return names;
}

/// What lies outside of what a Time can hold (1677 to 2262) is its first or last value.
Time time_of(const ASN1_TIME* field) {
  const Owned<ASN1_TIME> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int seconds = 0;
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), field) != 1) return Time{};
  const std::chrono::seconds at = std::chrono::days{days} + std::chrono::seconds{seconds};
  if (at <= std::chrono::ceil<std::chrono::seconds>(Duration::min())) return Time::min();
  if (at >= std::chrono::floor<std::chrono::seconds>(Duration::max())) return Time::max();
  return Time{at};
}

}  // namespace

facts::Certificate describe(X509* certificate) {
  return {.subject = text_of(X509_get_subject_name(certificate)),
          .issuer = text_of(X509_get_issuer_name(certificate)),
          .names = dns_names(certificate),
          .not_before = time_of(X509_get0_notBefore(certificate)),
          .not_after = time_of(X509_get0_notAfter(certificate)),
          .bytes = static_cast<std::uint32_t>(std::max(0, i2d_X509(certificate, nullptr)))};
}

void describe(const STACK_OF(X509) * sent, facts::TlsResult& result) {
  const int length = std::max(0, sk_X509_num(sent));
  result.chain_length = static_cast<std::uint32_t>(length);
  result.chain.clear();
  for (int i = 0; i < length && result.chain.size() < facts::kMostCertificates; ++i) {
    result.chain.push_back(describe(sk_X509_value(sent, i)));
  }
}

}  // namespace smtpath::io
