#pragma once

// What becomes of the packets of each port of a simulated path on every way that they can take, and which hops show
// themselves on all of them: what random_path_truth.h rests on.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "smtpath/path/plan.h"
#include "support/network_fate.h"
#include "support/network_path.h"
#include "support/network_ways.h"

namespace smtpath::test {

/// One way that packets of a port can take.
struct View {
  Fate fate;
  /// A device that copies traffic brought `fate` about; this becomes of the packets themselves.
  std::optional<Fate> behind;
  /// The path without splits; not owned.
  const NetworkPath* way = nullptr;
  Branches branches;

  const Fate& own_fate() const { return behind ? *behind : fate; }
};

bool is_same_end(const View& a, const View& b);

struct AskedPort {
  path::PortPlan plan;
  /// Each differs from the others in its branches.
  std::vector<View> views;

  template <class Holds>
  bool surely(Holds holds) const {
    return std::all_of(views.begin(), views.end(), holds);
  }
  template <class Holds>
  bool possibly(Holds holds) const {
    return std::any_of(views.begin(), views.end(), holds);
  }
};

class PathViews {
 public:
  PathViews(const NetworkPath& path, std::span<const path::PortPlan> ports, std::span<const Port> source_ports);
  // Views point into the ways.
  PathViews(const PathViews&) = delete;
  PathViews& operator=(const PathViews&) = delete;
  PathViews(PathViews&&) = delete;
  PathViews& operator=(PathViews&&) = delete;
  ~PathViews() = default;

  const NetworkPath& path() const { return path_; }
  const std::vector<AskedPort>& asked() const { return asked_; }
  const std::vector<View>& echo() const { return echo_; }

  /// On every way, with an address that is its own.
  bool answers(int hop) const;
  /// The nearest hop that answers, `hop` or before; 0: none.
  int answering_up_to(int hop) const;
  /// Routers that none of these views passes, and others do.
  std::vector<IpAddress> not_passed(std::span<const View> views) const;

 private:
  struct Way {
    Branches branches;
    NetworkPath path;
    // The same without devices that copy traffic.
    NetworkPath uncopied;
  };

  View view_of(const Way& way, std::optional<Port> port) const;
  std::vector<View> views_of(Port port, std::span<const Port> source_ports) const;

  const NetworkPath& path_;
  std::vector<Way> ways_;
  std::vector<AskedPort> asked_;
  std::vector<View> echo_;
};

}  // namespace smtpath::test
