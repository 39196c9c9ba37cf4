#include "io/lab_links.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <queue>

namespace smtpath::io {

namespace {

constexpr int kClient = 0;
constexpr int kFirstSideNumber = 100;
constexpr int kUnreached = std::numeric_limits<int>::max();

bool touches(const LabNetwork& network, int node) {
  return network.near.node == node || network.far.node == node;
}

std::string address_in(const LabNetwork& network, int node, Family family) {
  const int host = network.far.node == node ? 1 : 2;
  return family == Family::Ipv4 ? fmt::format("10.9.{}.{}", network.number, host)
                                : fmt::format("fd09:0:0:{}::{}", network.number, host);
}

std::string prefix_of(const LabNetwork& network, Family family) {
  return family == Family::Ipv4 ? fmt::format("10.9.{}.0/24", network.number)
                                : fmt::format("fd09:0:0:{}::/64", network.number);
}

int other_end(const LabNetwork& link, int node) {
  return link.near.node == node ? link.far.node : link.near.node;
}

// How many links from each node to the nearest end of `goal`; the client forwards nothing.
std::vector<int> links_to(const LabNetwork& goal, const std::vector<LabNetwork>& links, int nodes) {
  std::vector<int> distances(static_cast<std::size_t>(nodes), kUnreached);
  std::queue<int> reached;
  const auto reach = [&](int node, int distance) {
    int& known = distances[static_cast<std::size_t>(node)];
    if (known != kUnreached || node == kClient) return;
    known = distance;
    reached.push(node);
  };
  reach(goal.near.node, 0);
  reach(goal.far.node, 0);
  for (; !reached.empty(); reached.pop()) {
    const int node = reached.front();
    for (const LabNetwork& link : links) {
      if (touches(link, node)) reach(other_end(link, node), distances[static_cast<std::size_t>(node)] + 1);
    }
  }
  return distances;
}

// The first link, in their order, that brings `node` nearer to `goal`.
const LabNetwork* first_link(const LabNetwork& goal, const std::vector<LabNetwork>& links, int node, int nodes) {
  const std::vector<int> distances = links_to(goal, links, nodes);
  const auto distance = [&](int each) { return distances[static_cast<std::size_t>(each)]; };
  const auto leads_there = [&](const LabNetwork& link) {
    return touches(link, node) && distance(other_end(link, node)) < distance(node);
  };
  const auto found = std::find_if(links.begin(), links.end(), leads_there);
  return found == links.end() ? nullptr : &*found;
}

int count_nodes(const LabSpec& spec) {
  return spec.routers + 2 + spec.side_nodes;
}

// A node of the chain has a default route towards the server; the client needs no other.
bool is_default_enough(const LabSpec& spec, const LabNetwork& goal, int node) {
  if (node > spec.routers) return false;
  return node == kClient || (is_of_chain(goal) && goal.number > node);
}

std::string routes(const LabSpec& spec, int node, Family family) {
  const std::vector<LabNetwork> all = networks_of(spec);
  const std::vector<LabNetwork> chain(all.begin(), all.begin() + spec.routers + 1);
  const bool is_in_chain = node <= spec.routers + 1;
  std::string text;
  if (node <= spec.routers) {
    text +=
        fmt::format("route add default via {}\n", address_in(all[static_cast<std::size_t>(node)], node + 1, family));
  }
  for (const LabNetwork& goal : all) {
    if (touches(goal, node) || is_default_enough(spec, goal, node)) continue;
    const auto& links = is_in_chain && is_of_chain(goal) ? chain : all;
    const LabNetwork* link = first_link(goal, links, node, count_nodes(spec));
    if (link == nullptr) continue;
    text += fmt::format("route add {} via {}\n", prefix_of(goal, family),
                        address_in(*link, other_end(*link, node), family));
  }
  return text;
}

}  // namespace

bool is_of_chain(const LabNetwork& network) {
  return network.number < kFirstSideNumber;
}

bool is_on_the_chain(const LabSpec& spec, int node) {
  const std::vector<LabNetwork> networks = networks_of(spec);
  const std::vector<int> distances = links_to(networks.front(), networks, count_nodes(spec));
  return distances[static_cast<std::size_t>(node)] != kUnreached;
}

std::vector<LabNetwork> networks_of(const LabSpec& spec) {
  std::vector<LabNetwork> networks;
  for (int node = 1; node <= spec.routers + 1; ++node) networks.push_back({node, {node - 1, kRight}, {node, kLeft}});
  for (std::size_t k = 0; k < spec.side_cables.size(); ++k) {
    const LabSideCable& cable = spec.side_cables[k];
    const std::string interface = fmt::format("side{}", k);
    networks.push_back({kFirstSideNumber + static_cast<int>(k), {cable.near, interface}, {cable.far, interface}});
  }
  return networks;
}

std::vector<std::string> interfaces_of(const LabSpec& spec, int node) {
  std::vector<std::string> names;
  for (const LabNetwork& network : networks_of(spec)) {
    if (network.near.node == node) names.push_back(network.near.interface);
    if (network.far.node == node) names.push_back(network.far.interface);
  }
  return names;
}

std::string addressing(const LabSpec& spec, int node) {
  std::string text = "link set lo up\n";
  for (const std::string& interface : interfaces_of(spec, node)) text += fmt::format("link set {} up\n", interface);
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    for (const LabNetwork& network : networks_of(spec)) {
      if (!touches(network, node)) continue;
      text += fmt::format("addr add {}{} dev {}\n", address_in(network, node, family),
                          family == Family::Ipv4 ? "/24" : "/64 nodad",
                          network.near.node == node ? network.near.interface : network.far.interface);
    }
    text += routes(spec, node, family);
  }
  return text;
}

IpAddress lab_address(const LabSpec& spec, int node, Family family) {
  const std::vector<LabNetwork> networks = networks_of(spec);
  const auto faces_the_client = [&](const LabNetwork& network) { return touches(network, node); };
  const auto found = std::find_if(networks.begin(), networks.end(), faces_the_client);
  assert(found != networks.end());
  const auto address = IpAddress::parse(address_in(*found, node, family));
  assert(address);
  return *address;
}

}  // namespace smtpath::io
