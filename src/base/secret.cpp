#include "smtpath/base/secret.h"

#include <utility>

namespace smtpath {

void wipe(std::span<char> bytes) {
  for (char& each : bytes) {
    volatile char& byte = each;
    byte = '\0';
  }
}

Secret& Secret::operator=(Secret other) noexcept {
  // The other one wipes what was here.
  std::swap(bytes_, other.bytes_);
  return *this;
}

void Secret::append(std::string_view text) {
  std::vector<char> longer;
  longer.reserve(bytes_.size() + text.size());
  longer.insert(longer.end(), bytes_.begin(), bytes_.end());
  longer.insert(longer.end(), text.begin(), text.end());
  std::swap(bytes_, longer);
  wipe(longer);
}

void Secret::clear() {
  wipe(bytes_);
  bytes_.clear();
}

}  // namespace smtpath
