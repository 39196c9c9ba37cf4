#pragma once

// A text that must not outlive its use: a password, and whatever holds it on its way. Its bytes are overwritten before
// the memory that holds them is given back, also where they grow or move.

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace smtpath {

/// Overwrites with zeros, which the compiler may not leave out.
void wipe(std::span<char> bytes);

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret other) noexcept;
  ~Secret() { wipe(bytes_); }

  /// What text() gave before is no longer good.
  void append(std::string_view text);
  /// Overwrites it; it is empty then.
  void clear();

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  /// Good until the next change. Whoever copies it keeps the secret.
  std::string_view text() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

}  // namespace smtpath
