#include "session/tls_certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <string>

#include "smtpath/base/byte_reader.h"

namespace smtpath::session {
namespace {

constexpr std::size_t kLongestName = 256;

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};

std::size_t read_length(ByteReader& reader) {
  constexpr unsigned kHighByte = 16;
  const auto high = static_cast<std::size_t>(reader.u8()) << kHighByte;
  return high | reader.u16();
}

std::string text_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  std::array<char, kLongestName> text{};
  const int length = BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
  return {text.data(), static_cast<std::size_t>(std::max(length, 0))};
}

/// What lies outside of what a Time can hold (1677 to 2262) is its first or last value.
Time time_of(const ASN1_TIME* field) {
  std::tm broken{};
  if (ASN1_TIME_to_tm(field, &broken) != 1) return Time{};
  constexpr int kTmYear = 1900;
  const std::chrono::year_month_day day{std::chrono::year{broken.tm_year + kTmYear},
                                        std::chrono::month{static_cast<unsigned>(broken.tm_mon + 1)},
                                        std::chrono::day{static_cast<unsigned>(broken.tm_mday)}};
  const std::chrono::sys_seconds at = std::chrono::sys_days{day} + std::chrono::hours{broken.tm_hour} +
                                      std::chrono::minutes{broken.tm_min} + std::chrono::seconds{broken.tm_sec};
  if (at <= std::chrono::floor<std::chrono::seconds>(Time::min()) + std::chrono::seconds{1}) return Time::min();
  if (at >= std::chrono::floor<std::chrono::seconds>(Time::max())) return Time::max();
  return at;
}

}  // namespace

std::optional<TlsCertificate> parse_certificate(std::span<const std::byte> message) {
  ByteReader reader(message);
  read_length(reader);
  const auto der = reader.take(read_length(reader));
  if (!reader.ok() || der.empty()) return {};
  const void* const begin = der.data();
  const auto* cursor = static_cast<const unsigned char*>(begin);
  const std::unique_ptr<X509, FreeCertificate> certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate) return {};
  TlsCertificate result{.subject = text_of(X509_get_subject_name(certificate.get())),
                        .issuer = text_of(X509_get_issuer_name(certificate.get())),
                        .not_before = time_of(X509_get0_notBefore(certificate.get())),
                        .not_after = time_of(X509_get0_notAfter(certificate.get()))};
  ERR_clear_error();
  return result;
}

}  // namespace smtpath::session
