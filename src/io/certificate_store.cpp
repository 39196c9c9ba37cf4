#include "io/certificate_store.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace smtpath::io {

namespace {

/// As c_rehash(1) names the certificates of a folder: eight hexadecimal digits, a dot, a number.
bool is_hashed_name(std::string_view name) {
  constexpr std::size_t kDigits = 8;
  constexpr std::string_view kDecimal = "0123456789";
  if (name.size() < kDigits + 2 || name[kDigits] != '.') return false;
  return name.substr(0, kDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         name.substr(kDigits + 1).find_first_not_of(kDecimal) == std::string_view::npos;
}

std::string setting(const char* variable, const char* otherwise) {
  const char* const value = ::secure_getenv(variable);
  return value != nullptr ? value : otherwise;
}

void load_folder(X509_STORE* roots, const std::string& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (is_hashed_name(entry->path().filename().native())) X509_STORE_load_file(roots, entry->path().c_str());
  }
}

/// Separated by colons.
void load_folders(X509_STORE* roots, const std::string& list) {
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(':', start), list.size());
    load_folder(roots, list.substr(start, end - start));
    start = end + 1;
  }
}

}  // namespace

CertificateStore CertificateStore::open() {
  // Reads the library's settings now, while everything can be opened.
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, nullptr);
  auto state = std::make_unique<State>();
  state->roots.reset(X509_STORE_new());
  X509_STORE* const roots = state->roots.get();
  if (roots != nullptr) {
    const std::string file = setting(X509_get_default_cert_file_env(), X509_get_default_cert_file());
    X509_STORE_load_file(roots, file.c_str());
    load_folders(roots, setting(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()));
  }
  ERR_clear_error();
  return CertificateStore(std::move(state));
}

CertificateStore::CertificateStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
CertificateStore::CertificateStore(CertificateStore&&) noexcept = default;
CertificateStore& CertificateStore::operator=(CertificateStore&&) noexcept = default;
CertificateStore::~CertificateStore() = default;

}  // namespace smtpath::io
