#pragma once

// Firewall rules made at random, of which every word is one that the reader of rules understands: what they stop, and
// only that, it has to expect.

#include <array>
#include <random>
#include <string>
#include <string_view>

namespace smtpath::test {

class RandomRule {
 public:
  explicit RandomRule(unsigned seed) : random_(seed) {}

  /// A ruleset for `nft -f -`: an output chain of a rule or two, one that they may call, or a postrouting chain. nft
  /// may refuse it for matches that contradict each other.
  std::string nft();
  /// A table for iptables-restore and ip6tables-restore.
  std::string iptables();

 private:
  bool happens(int one_in) { return random_() % static_cast<unsigned>(one_in) == 0; }
  template <std::size_t Count>
  std::string one_of(const std::array<std::string_view, Count>& choices) {
    return std::string(choices[random_() % Count]);
  }
  std::string port();
  std::string ports(std::string_view range, std::string_view comma);
  std::string nft_match();
  /// A goto passes by what follows it, so that it stands last.
  enum class Place { First, Last, Called };
  std::string nft_rule(Place place);
  std::string iptables_rule(std::string_view chain, Place place);

  std::mt19937 random_;
};

}  // namespace smtpath::test
