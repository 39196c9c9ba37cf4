#pragma once

// The links of a lab, each a network of its own between two nodes, and what a node needs to use them: addresses and
// routes, as text for `ip -batch -`. Only values.

#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/io/lab_spec.h"

namespace smtpath::io {

/// Interface names in every namespace of the chain: towards the client, towards the server.
inline constexpr const char* kLeft = "left";
inline constexpr const char* kRight = "right";

struct LabEnd {
  int node = 0;
  std::string interface;
};

struct LabNetwork {
  /// The part of its addresses that is its own: 10.9.<number>.0/24, fd09:0:0:<number>::/64.
  int number = 0;
  /// Has .2 and ::2.
  LabEnd near;
  /// Has .1 and ::1.
  LabEnd far;
};

/// Whether it links two neighbours of the chain, and so is the one that LabLink speaks of.
bool is_of_chain(const LabNetwork& network);

/// Whether a node can reach the chain at all.
bool is_on_the_chain(const LabSpec& spec, int node);

/// Those of the chain in their order, then the cables beside it.
std::vector<LabNetwork> networks_of(const LabSpec& spec);

/// In the order of networks_of.
std::vector<std::string> interfaces_of(const LabSpec& spec, int node);

/// Brings a node's interfaces up and gives it addresses and routes.
std::string addressing(const LabSpec& spec, int node);

/// See Lab::address_of.
IpAddress lab_address(const LabSpec& spec, int node, Family family);

}  // namespace smtpath::io
