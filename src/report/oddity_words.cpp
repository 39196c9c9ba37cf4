#include "report/oddity_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "report/rewriting_words.h"

namespace smtpath::report {

namespace {

using path::Alternation;
using path::Oddity;

constexpr std::size_t kMostTold = 6;

/// Several hops told in a row: "hop 3 (…), hop 4 (…) and 5 more".
class Listing {
 public:
  void add(Ttl ttl, const std::string& words) {
    if (count_ > 0 && std::find(told_.begin(), told_.end(), words) != told_.end()) return;
    if (!first_ || ttl < *first_) first_ = ttl;
    if (++count_ <= kMostTold) told_.push_back(words);
  }

  bool is_empty() const { return count_ == 0; }
  Ttl first() const { return *first_; }
  std::string text() const {
    std::string text;
    for (const std::string& each : told_) text += (text.empty() ? "" : ", ") + each;
    return count_ > told_.size() ? fmt::format("{} and {} more", text, count_ - told_.size()) : text;
  }

 private:
  std::vector<std::string> told_;
  std::size_t count_ = 0;
  std::optional<Ttl> first_;
};

std::string listed(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) text += (text.empty() ? "" : ", ") + to_string(address);
  return text;
}

template <class T, class Say>
Listing listing_of(const std::vector<Oddity>& oddities, const Say& say) {
  Listing listing;
  for (const Oddity& oddity : oddities) {
    if (const auto* one = std::get_if<T>(&oddity)) say(*one, listing);
  }
  return listing;
}

class Remarks {
 public:
  explicit Remarks(const std::vector<Oddity>& oddities) : oddities_(oddities) {}

  std::vector<Remark> all() && {
    several_routers(Alternation::Once, "path-changed", "The path changed during the run, as one flow saw it: {}.");
    several_routers(Alternation::BackAndForth, "alternating",
                    "Probes of one flow are answered now by one address, now by another, and by the first again: {}. "
                    "Packets are spread one by one, or one router has several addresses.");
    several_routers(
        Alternation::Unclear, "several-routers",
        "Probes of one flow drew answers of several addresses: {}. The path changed, packets are spread one "
        "by one, or one router has several addresses; the answers are too few to tell.");
    several_errors();
    target_on_the_way();
    zero_ttl_forwarding();
    uncounted_hops();
    unrouted_addresses();
    return std::move(remarks_);
  }

 private:
  void add(std::string_view kind, const Listing& listing, std::string_view sentence) {
    if (listing.is_empty()) return;
    remarks_.push_back({.kind = std::string(kind),
                        .ttl = listing.first(),
                        .text = fmt::format(fmt::runtime(sentence), listing.text())});
  }

  void several_routers(Alternation alternation, std::string_view kind, std::string_view sentence) {
    add(kind,
        listing_of<path::SeveralRouters>(oddities_,
                                         [&](const path::SeveralRouters& one, Listing& listing) {
                                           if (one.alternation != alternation) return;
                                           listing.add(one.ttl,
                                                       fmt::format("hop {} ({})", one.ttl.hops, listed(one.routers)));
                                         }),
        sentence);
  }

  void several_errors() {
    add("several-errors",
        listing_of<path::SeveralErrors>(oddities_,
                                        [](const path::SeveralErrors& one, Listing& listing) {
                                          listing.add(one.ttl,
                                                      fmt::format("hop {} ({})", one.ttl.hops, listed(one.from)));
                                        }),
        "One probe drew time exceeded from several addresses: {}. One router with several, a packet that was doubled, "
        "or "
        "somebody who forges.");
  }

  void target_on_the_way() {
    add("target-on-the-way",
        listing_of<path::TargetOnTheWay>(oddities_,
                                         [](const path::TargetOnTheWay& one, Listing& listing) {
                                           listing.add(one.ttl, fmt::format("at hop {}, with {} beyond", one.ttl.hops,
                                                                            words_on(one.beyond)));
                                         }),
        "The target's own address appears as a router {}: it passes probes on, or a router answers with its address.");
  }

  void zero_ttl_forwarding() {
    add("zero-ttl-forwarding",
        listing_of<path::ZeroTtlForwarding>(
            oddities_,
            [](const path::ZeroTtlForwarding& one, Listing& listing) {
              listing.add(one.ttl,
                          fmt::format("hop {} passes probes on with TTL 0, and {} behind it answers in its stead",
                                      one.ttl.hops, to_string(one.answered_by)));
            }),
        "Zero-TTL forwarding: {}.");
  }

  void uncounted_hops() {
    add("uncounted-hops",
        listing_of<path::UncountedHops>(oddities_,
                                        [](const path::UncountedHops& one, Listing& listing) {
                                          listing.add(one.hop.ttl,
                                                      fmt::format("TTL {} at {}", one.quoted.hops, words_on(one.hop)));
                                        }),
        "Time had ended for probes whose header, as it is quoted, did not say so: {}. Hops are counted elsewhere "
        "there, "
        "as within an MPLS tunnel.");
  }

  void unrouted_addresses() {
    add("unrouted-addresses",
        listing_of<path::UnroutedAddress>(oddities_,
                                          [](const path::UnroutedAddress& one, Listing& listing) {
                                            listing.add(one.hop.ttl,
                                                        fmt::format("{}, {}", words_on(one.hop), to_string(one.range)));
                                          }),
        "Addresses that the Internet does not route, beyond one that it does: {}.");
  }

  const std::vector<Oddity>& oddities_;
  std::vector<Remark> remarks_;
};

}  // namespace

std::vector<Remark> remarks_on(const std::vector<Oddity>& oddities) {
  return Remarks(oddities).all();
}

}  // namespace smtpath::report
