#pragma once

// How many networks some addresses are of. Where a network ends, no packet says: /24 and /48 stand for it, the smallest
// that are announced to the whole Internet.

#include <cstddef>
#include <set>

#include "smtpath/base/address.h"

namespace smtpath::verdict {

/// The first address of its /24 or /48.
IpAddress network_of(const IpAddress& address);

class NetworkSet {
 public:
  void add(const IpAddress& address);
  std::size_t size() const { return networks_.size(); }
  /// No more are told apart.
  bool is_full() const;

 private:
  std::set<IpAddress> networks_;
};

}  // namespace smtpath::verdict
