#include "support/situation_parts.h"

#include <cctype>
#include <utility>

namespace smtpath::test {

namespace {

constexpr std::string_view kPolicyTable = "100";

std::string_view priority_of(std::string_view type, std::string_view hook) {
  if (type != "nat") return "0";
  return hook == "postrouting" ? "100" : "-100";
}

int take_number(std::string_view& text) {
  int number = 0;
  for (; !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0; text.remove_prefix(1)) {
    number = number * 10 + (text.front() - '0');
  }
  return number;
}

std::string network_text(int network, Family family) {
  return family == Family::Ipv4 ? to_string(LabHost{network, 0}, family) + "/24"
                                : "fd09:0:0:" + std::to_string(network) + "::/64";
}

std::string with_addresses(std::string_view text, Family family) {
  std::string result;
  while (!text.empty()) {
    const char next = text.front();
    text.remove_prefix(1);
    if (next != '@') {
      result += next;
      continue;
    }
    const int network = take_number(text);
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      result += to_string(LabHost{network, take_number(text)}, family);
    } else {
      result += network_text(network, family);
    }
  }
  return result;
}

}  // namespace

io::LabRule nft(int node, std::string_view type, std::string_view hook, const std::string& rules) {
  std::string text = "table inet situation_" + std::string(type) + "_" + std::string(hook) + " {\n  chain only {\n";
  text += "    type " + std::string(type) + " hook " + std::string(hook) + " priority ";
  text += std::string(priority_of(type, hook)) + "\n" + rules + "\n  }\n}\n";
  return {node, text};
}

io::LabRule dnat(int node, std::string_view hook, const std::string& ports, LabHost to) {
  return nft(node, "nat", hook,
             "meta nfproto ipv4 tcp dport " + ports + " dnat ip to " + to_string(to, Family::Ipv4) +
                 "\nmeta nfproto ipv6 tcp dport " + ports + " dnat ip6 to " + to_string(to, Family::Ipv6));
}

io::LabScript ip(int node, std::string_view arguments) {
  return {node,
          "ip -4 " + with_addresses(arguments, Family::Ipv4) + "\nip -6 " + with_addresses(arguments, Family::Ipv6)};
}

io::LabScript setting(int node, std::string_view name, std::string_view value) {
  return {node, "echo " + std::string(value) + " >/proc/sys/net/" + std::string(name)};
}

std::vector<io::LabScript> policy_route(int node, std::string_view route) {
  const std::string table = " table " + std::string(kPolicyTable);
  return {ip(node, "rule add ipproto tcp dport 25" + table), ip(node, "route add " + std::string(route) + table)};
}

std::vector<io::LabScript> forwarding(int node) {
  return {setting(node, "ipv4/ip_forward", "1"), setting(node, "ipv6/conf/all/forwarding", "1")};
}

BranchEnd add_branch(io::LabSpec& spec, int root, int length) {
  constexpr int kFirstSideNetwork = 100;
  BranchEnd end{root, {}};
  for (int i = 0; i < length; ++i) {
    const int node = spec.routers + 2 + spec.side_nodes++;
    end.host = {kFirstSideNetwork + static_cast<int>(spec.side_cables.size()), 1};
    spec.side_cables.push_back({std::exchange(end.node, node), node});
  }
  return end;
}

void add(io::LabSpec& spec, const std::vector<io::LabScript>& scripts) {
  spec.scripts.insert(spec.scripts.end(), scripts.begin(), scripts.end());
}

ExpectedLocation on_this_host() {
  return {"local", ExpectedHop{0, false}, ExpectedHop{1, false}, ExpectedHop{0, false}};
}

ExpectedLocation between(int last_reached, int first_missed) {
  return {"path", ExpectedHop{last_reached}, ExpectedHop{first_missed}, std::nullopt};
}

std::map<int, std::string> others(const std::string& open, const std::string& closed) {
  return {{465, closed}, {587, open}, {2525, closed}};
}

}  // namespace smtpath::test
