#pragma once

// What each process of a lab has to set up, worked out from the spec: text for `ip` and `nft`, kernel settings, ports.
// Only values; nothing here touches the system.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/lab_spec.h"

namespace smtpath::io {

struct LabSetting {
  /// Below /proc/sys/net.
  std::string name;
  std::string value;
};

/// One namespace: a node, or the wire of a link that delays or loses.
struct LabMember {
  std::string name;
  /// Made before the interfaces exist, which take over their defaults.
  std::vector<LabSetting> settings;
  std::vector<std::string> interfaces;
  /// For `ip -batch -`.
  std::string addresses;
  /// For `nft -f -`; may be empty.
  std::string rules;
  /// Each for `sh -e -c`.
  std::vector<std::string> scripts;
  std::vector<Port> ports;
  std::optional<LabLink> wire;
};

/// An interface of a member, by that one's index.
struct LabPlug {
  std::size_t member = 0;
  std::string interface;
};

struct LabCable {
  LabPlug near;
  LabPlug far;
};

struct LabPlan {
  /// The nodes in their order, wires after.
  std::vector<LabMember> members;
  std::vector<LabCable> cables;
};

/// An error names the part of the spec that no lab can have.
Result<LabPlan> plan_lab(const LabSpec& spec);

}  // namespace smtpath::io
