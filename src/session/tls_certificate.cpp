#include "session/tls_certificate.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "smtpath/base/byte_reader.h"

namespace smtpath::session {
namespace {

constexpr std::size_t kLongestName = 256;

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeTime {
  void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
};
struct FreeText {
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

std::size_t read_length(ByteReader& reader) {
  constexpr unsigned kHighByte = 16;
  const auto high = static_cast<std::size_t>(reader.u8()) << kHighByte;
  return high | reader.u16();
}

std::string type_of(const X509_NAME_ENTRY* entry) {
  const ASN1_OBJECT* const object = X509_NAME_ENTRY_get_object(entry);
  if (const int known = OBJ_obj2nid(object); known != NID_undef) return OBJ_nid2sn(known);
  constexpr std::size_t kLongestType = 64;
  std::array<char, kLongestType> dotted{};
  OBJ_obj2txt(dotted.data(), static_cast<int>(dotted.size()), object, 1);
  return dotted.data();
}

/// RFC 2253 section 2.4.
std::string escaped(std::string_view value) {
  constexpr std::string_view kSpecial = ",+\"\\<>;";
  std::string result;
  for (const char character : value) {
    const bool is_first_special = result.empty() && (character == '#' || character == ' ');
    if (is_first_special || kSpecial.find(character) != std::string_view::npos) result += '\\';
    result += character;
  }
  return result;
}

std::string value_of(const X509_NAME_ENTRY* entry) {
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
  if (length < 0) return {};
  const std::unique_ptr<unsigned char, FreeText> owned(text);
  const void* const begin = text;
  return escaped(
      std::string_view(static_cast<const char*>(begin), static_cast<std::size_t>(length)).substr(0, kLongestName));
}

/// RFC 2253 section 2: the last first.
std::string text_of(const X509_NAME* name) {
  std::string result;
  int set = -1;
  for (int i = X509_NAME_entry_count(name) - 1; i >= 0 && result.size() < kLongestName; --i) {
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(name, i);
    if (!result.empty()) result += X509_NAME_ENTRY_set(entry) == set ? '+' : ',';
    set = X509_NAME_ENTRY_set(entry);
    result += type_of(entry) + "=" + value_of(entry);
  }
  return result.substr(0, kLongestName);
}

/// What lies outside of what a Time can hold (1677 to 2262) is its first or last value.
Time time_of(const ASN1_TIME* field) {
  const std::unique_ptr<ASN1_TIME, FreeTime> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int seconds = 0;
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), field) != 1) return Time{};
  const std::chrono::seconds at = std::chrono::days{days} + std::chrono::seconds{seconds};
  if (at <= std::chrono::ceil<std::chrono::seconds>(Duration::min())) return Time::min();
  if (at >= std::chrono::floor<std::chrono::seconds>(Duration::max())) return Time::max();
  return Time{at};
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
  std::optional<TlsCertificate> result;
  if (certificate) {
    result = TlsCertificate{.subject = text_of(X509_get_subject_name(certificate.get())),
                            .issuer = text_of(X509_get_issuer_name(certificate.get())),
                            .not_before = time_of(X509_get0_notBefore(certificate.get())),
                            .not_after = time_of(X509_get0_notAfter(certificate.get()))};
  }
  ERR_clear_error();
  return result;
}

}  // namespace smtpath::session
