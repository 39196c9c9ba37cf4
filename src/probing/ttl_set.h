#pragma once

// A set of TTLs: hops of which something is known.

#include <bitset>
#include <optional>

#include "smtpath/base/quantities.h"

namespace smtpath::probing {

class TtlSet {
 public:
  void insert(Ttl ttl) { set_.set(ttl.hops); }
  bool contains(Ttl ttl) const { return set_.test(ttl.hops); }
  bool is_empty() const { return set_.none(); }

  /// The nearest beyond `ttl`; absent: none.
  std::optional<Ttl> next_after(Ttl ttl) const {
    for (int hops = ttl.hops + 1; hops < kTtls; ++hops) {
      if (set_.test(static_cast<std::size_t>(hops))) return Ttl{} + hops;
    }
    return std::nullopt;
  }

  /// How many lie beyond `first` and short of `last`.
  int count_between(Ttl first, Ttl last) const {
    int count = 0;
    for (auto ttl = next_after(first); ttl && *ttl < last; ttl = next_after(*ttl)) ++count;
    return count;
  }

 private:
  static constexpr int kTtls = 256;
  std::bitset<kTtls> set_;
};

}  // namespace smtpath::probing
