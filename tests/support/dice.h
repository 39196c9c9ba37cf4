#pragma once

// Draws what random cases are made of. The same seed draws the same.

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace smtpath::test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  /// Both ends included.
  int between(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }
  double between(double least, double most) { return std::uniform_real_distribution<>(least, most)(random_); }
  bool chance(double probability) { return between(0.0, 1.0) < probability; }

  template <class T, std::size_t N>
  T one_of(const std::array<T, N>& choices) {
    return choices[static_cast<std::size_t>(between(0, static_cast<int>(N) - 1))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace smtpath::test
