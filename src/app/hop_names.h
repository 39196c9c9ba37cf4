#pragma once

// The names of hops by their addresses (PTR), asked for while the run goes on and kept for all of its targets. A name
// that does not come in time is none; each address is asked for once.

#include <map>
#include <optional>
#include <string>

#include "smtpath/base/address.h"
#include "smtpath/base/time.h"
#include "smtpath/io/resolver.h"
#include "smtpath/report/report.h"

namespace smtpath::app {

class HopNames {
 public:
  /// How long a report waits for the names of its hops.
  static constexpr Duration kPatience = std::chrono::seconds(2);

  /// The resolver is lent for its life.
  explicit HopNames(io::Resolver& resolver) : resolver_(resolver) {}

  /// Begins to ask for the names of its hops, as far as they are not known.
  void want(const report::TargetReport& report);
  /// Takes what came, and waits at most so long for something to come.
  void advance(Duration patience);
  /// Nothing is outstanding.
  bool is_done() const { return asked_.empty(); }
  /// Whether the names of all its hops are known, or known to be missing.
  bool has_all(const report::TargetReport& report) const;
  /// Those that are known go into the report.
  void add_to(report::TargetReport& report) const;

 private:
  io::Resolver& resolver_;
  std::map<IpAddress, io::Resolver::Ticket> asked_;
  /// Empty: it has none.
  std::map<IpAddress, std::string> known_;
};

}  // namespace smtpath::app
