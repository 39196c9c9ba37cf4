#include "netns/random_rule.h"

namespace smtpath::test {

std::string RandomRule::port() {
  return one_of<6>({"24", "25", "26", "465", "587", "588"});
}

/// A port, a range or a list of both.
std::string RandomRule::ports(std::string_view range, std::string_view comma) {
  std::string text = happens(2) ? port() : one_of<2>({"25", "20"}) + std::string(range) + one_of<2>({"26", "465"});
  if (happens(2)) text += std::string(comma) + one_of<2>({"587", "588"});
  return text;
}

std::string RandomRule::nft_match() {
  switch (random_() % 6) {
    case 0:
      return one_of<3>({"tcp", "th", "udp"}) + " dport " + one_of<5>({"", "!= ", "< ", ">= ", ""}) + port() + ' ';
    case 1:
      return "tcp dport " + one_of<2>({"", "!= "}) + "{ " + ports("-", ", ") + " } ";
    case 2:
      return "tcp dport " + one_of<2>({"", "!= "}) + one_of<2>({"@mail ", "@pairs "});
    case 3:
      return one_of<7>({"meta l4proto tcp ", "meta l4proto != tcp ", "meta l4proto { udp, tcp } ", "ip protocol tcp ",
                        "ip6 nexthdr tcp ", "icmp type echo-request ",
                        "meta l4proto . th dport { tcp . 25, udp . 26 } "});
    case 4:
      return one_of<6>({"meta nfproto ipv4 ", "meta nfproto != ipv4 ", "meta protocol ip6 ", "ip ttl 64 ",
                        "ip6 hoplimit 64 ", "counter "});
    default:
      return one_of<4>({"oifname \"lo\" ", "oifname != \"lo\" ", "tcp sport 25 ", "tcp sport 1024-65535 "});
  }
}

std::string RandomRule::nft_rule(Place place) {
  // nft 1.0 forgets in its list that such a rule may be for one family.
  if (happens(6)) return "tcp dport " + port() + " reject with tcp reset";
  std::string rule;
  while (!happens(2)) rule += nft_match();
  if (place == Place::Last && happens(4)) return rule + "goto other";
  if (place != Place::Called && happens(4)) return rule + "jump other";
  if (place != Place::Called && happens(4))
    return rule + "tcp dport vmap { " + ports("-", " : drop, ") + " : jump other }";
  return rule + one_of<3>({"drop", "reject", "reject with icmpx admin-prohibited"});
}

std::string RandomRule::nft() {
  std::string text =
      "table inet smtpath_test {\n"
      "set mail { type inet_service; flags interval; elements = { 25, 465-587 }; }\n"
      "set pairs { type inet_service; elements = { 24, 26 }; }\n"
      "chain other {\n";
  text += nft_rule(Place::Called) + "\n}\nchain first {\ntype filter hook ";
  text += one_of<2>({"output", "postrouting"}) + " priority 0; policy " + (happens(10) ? "drop" : "accept") + ";\n";
  if (happens(3)) text += nft_rule(Place::First) + '\n';
  text += nft_rule(Place::Last) + '\n';
  return text + "}\n}\n";
}

std::string RandomRule::iptables_rule(std::string_view chain, Place place) {
  std::string rule = "-A " + std::string(chain) + ' ';
  rule += one_of<6>({"", "-o lo ", "! -o lo ", "-o righ+ ", "", ""});
  const std::string protocol = one_of<5>({"-p tcp ", "-p tcp ", "-p udp ", "! -p tcp ", ""});
  rule += protocol;
  if (protocol == "-p tcp " || protocol == "-p udp ") {
    const std::string_view name = std::string_view(protocol).substr(3);
    if (happens(2)) {
      rule += "-m " + std::string(name) + one_of<2>({"--dport ", "! --dport "}) + port() + ' ';
    } else if (happens(2)) {
      rule +=
          "-m multiport " + one_of<4>({"--dports ", "! --dports ", "--ports ", "! --ports "}) + ports(":", ",") + ' ';
    }
  }
  if (happens(4)) rule += "-m comment --comment \"-j DROP --dport 25\" ";
  if (place == Place::Last && happens(4)) return rule + "-g other\n";
  if (place != Place::Called && happens(4)) return rule + "-j other\n";
  if (protocol == "-p tcp " && happens(3)) return rule + "-j REJECT --reject-with tcp-reset\n";
  return rule + one_of<2>({"-j DROP\n", "-j REJECT\n"});
}

std::string RandomRule::iptables() {
  std::string text = "*filter\n:OUTPUT " + std::string(happens(10) ? "DROP" : "ACCEPT") + " [0:0]\n:other - [0:0]\n";
  if (happens(3)) text += iptables_rule("OUTPUT", Place::First);
  text += iptables_rule("OUTPUT", Place::Last);
  return text + iptables_rule("other", Place::Called) + "COMMIT\n";
}

}  // namespace smtpath::test
