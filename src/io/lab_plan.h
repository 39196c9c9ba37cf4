#pragma once

// What each process of a lab has to set up, worked out from the spec: text for `ip` and `nft`, kernel settings, ports.
// Only values; nothing here touches the system.

#include <optional>
#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/lab_spec.h"

namespace smtpath::io {

/// Interface names in every namespace of the lab: towards the client, towards the server.
inline constexpr const char* kLeft = "left";
inline constexpr const char* kRight = "right";

struct LabSetting {
  /// Below /proc/sys/net.
  std::string name;
  std::string value;
};

/// One namespace: a node of the chain, or the wire of a link that delays or loses.
struct LabMember {
  std::string name;
  /// Made before the interfaces exist, which take over their defaults.
  std::vector<LabSetting> settings;
  std::vector<std::string> interfaces;
  /// For `ip -batch -`.
  std::string addresses;
  /// For `nft -f -`; may be empty.
  std::string rules;
  std::vector<Port> ports;
  std::optional<LabLink> wire;
};

/// A cable: interface `right` of member `left` and interface `left` of member `right`, by index.
struct LabCable {
  std::size_t left = 0;
  std::size_t right = 0;
};

struct LabPlan {
  /// The nodes in their order, wires after.
  std::vector<LabMember> members;
  std::vector<LabCable> cables;
};

/// An error names the part of the spec that no lab can have.
Result<LabPlan> plan_lab(const LabSpec& spec);

/// See LabSpec's file; the client has one interface only, and that faces the server.
IpAddress lab_address(int node, Family family);

}  // namespace smtpath::io
