#pragma once

// What silence so far makes of silence to come.

namespace smtpath::path {

/// Silence less likely than this is hardly chance.
inline constexpr double kUnlikelySilence = 0.05;

/// How likely it is that the next `tries` all draw nothing, where `silent` of `asked` did: Laplace's rule of
/// succession, by which every share of answers is as likely before any is counted.
constexpr double chance_of_silence(int silent, int asked, int tries) {
  double chance = 1.0;
  for (int i = 0; i < tries; ++i) chance *= static_cast<double>(silent + 1 + i) / (asked + 2 + i);
  return chance;
}

}  // namespace smtpath::path
