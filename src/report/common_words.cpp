#include "report/common_words.h"

#include <fmt/format.h>

#include <vector>

#include "report/phrase.h"
#include "report/where.h"

namespace smtpath::report {

namespace {

using verdict::CommonBlock;
using verdict::Judgement;
using verdict::Kind;
using verdict::Place;

/// More are not named in a sentence.
constexpr std::size_t kMostPortsNamed = 8;

/// "25 and 465", "25 to 2525".
std::string numbers_of(const std::vector<Port>& ports) {
  if (ports.size() > kMostPortsNamed) {
    return fmt::format("{} to {}", ports.front().number, ports.back().number);
  }
  return enumeration_of(ports);
}

/// "at hop 2 (10.9.2.1)", "between hop 2 (10.9.2.1) and hop 3 (10.9.3.1)", "after hop 2 (10.9.2.1)".
std::string where(const CommonBlock& block) {
  if (!block.verdict.location) return "at the servers";
  const verdict::Location& location = *block.verdict.location;
  if (location.place == Place::Local || location.suspect || location.first_missed) return words_of(location);
  return "after " + words_of(location.last_reached);
}

std::string_view cause_words(const CommonBlock& block) {
  if (!block.verdict.cause) return "";
  switch (*block.verdict.cause) {
    case verdict::Cause::PathDependent:
      return "on some paths only";
    case verdict::Cause::RateLimited:
      return "at times only, because the rate is limited";
    case verdict::Cause::Overloaded:
      return "at times only, because the server is overloaded";
    case verdict::Cause::Loss:
      return "at times only, because packets get lost";
  }
  return "";
}

/// What follows "Port 25".
std::string predicate_of(const CommonBlock& block) {
  const bool is_many = block.ports.size() > 1;
  const std::string_view is = is_many ? "are" : "is";
  const auto& location = block.verdict.location;
  switch (block.verdict.kind) {
    case Kind::Dropped:
      if (location && location->place == Place::Local) return fmt::format("{} stopped on this host", is);
      if (!location || location->suspect) return fmt::format("{} dropped {}", is, where(block));
      return fmt::format("{} {}", is_many ? "end" : "ends", where(block));
    case Kind::Rejected:
      return fmt::format("{} rejected {}", is, where(block));
    case Kind::Refused:
      return fmt::format("{} refused by the server itself", is);
    case Kind::ResetInjected:
      return fmt::format("{} reset {} in the server's name", is, where(block));
    case Kind::Intercepted:
      return fmt::format("{} taken over {}, where something else answers in the server's name,", is, where(block));
    case Kind::Intermittent:
      return fmt::format("{} {} ({})", is_many ? "pass" : "passes", cause_words(block), where(block));
    case Kind::Loop:
      return fmt::format("{} caught in a routing loop {}", is, where(block));
    case Kind::Unreachable:
      if (location && location->place == Place::Local) return fmt::format("{} beyond a next hop that is mute", is);
      return fmt::format("{} unreachable {}", is, where(block));
    case Kind::NoRoute:
      return fmt::format("{} without a route from this host", is);
    case Kind::Open:
    case Kind::Inconclusive:
      break;
  }
  return std::string(to_string(block.verdict.kind));
}

/// "for all 4 hosts (4 networks)", "for 3 of 4 IPv6 hosts (one network) and perhaps 1 more".
std::string hosts_of(const CommonBlock& block) {
  const std::string_view least = block.is_exact ? "" : "at least ";
  const std::string count = block.targets == block.asked ? fmt::format("all {}", block.targets)
                                                         : fmt::format("{}{} of {}", least, block.targets, block.asked);
  const std::string networks =
      block.networks == 1 ? "one network" : fmt::format("{}{} networks", least, block.networks);
  const std::string more = block.may_share == 0 ? "" : fmt::format(" and perhaps {} more", block.may_share);
  return fmt::format("for {} {}hosts ({}){}", count, block.family == Family::Ipv6 ? "IPv6 " : "", networks, more);
}

/// "; 587 passes", "; 465 gets through to the servers", or nothing: of ports that do so for each of the hosts.
std::string others_of(const CommonBlock& block) {
  std::vector<Port> open;
  std::vector<Port> refused;
  for (const verdict::OtherPort& other : block.others) {
    if (other.open + other.refused < block.targets) continue;
    (other.open == block.targets ? open : refused).push_back(other.port);
  }
  if (!open.empty()) return fmt::format("; {} pass{}", numbers_of(open), open.size() == 1 ? "es" : "");
  if (refused.empty()) return "";
  return fmt::format("; {} get{} through to the servers", numbers_of(refused), refused.size() == 1 ? "s" : "");
}

std::string judgement_words(const CommonBlock& block) {
  const std::string_view hedge = hedge_of(block.verdict.confidence);
  switch (block.judgement) {
    case Judgement::ThisHost:
      if (block.verdict.kind == Kind::Unreachable) return ": the next hop does not answer this host";
      return ": this host does it, not the network or the servers";
    case Judgement::OutgoingPolicy:
      return fmt::format(": this is {}the network's outgoing policy, not the servers'", hedge);
    case Judgement::CommonPath:
      return fmt::format(": this is {}of the path that they share, not of each server", hedge);
    case Judgement::Servers:
      if (!block.verdict.location) return ": this is the servers' own doing";
      return fmt::format(": this is {}of these servers or their network", hedge);
    case Judgement::Mixed:
      return fmt::format("; for {} other host{} {} past the same router", block.passed_there,
                         block.passed_there == 1 ? "" : "s", block.ports.size() == 1 ? "it gets" : "they get");
    case Judgement::Unknown:
      return block.networks == 1 ? ": hosts of one network leave open whose it is"
                                 : ": the packets leave open whether it is one block or several";
  }
  return "";
}

}  // namespace

std::string sentence_on(const CommonBlock& block) {
  return fmt::format("{} {} {} {}{}{}.", block.ports.size() == 1 ? "Port" : "Ports", numbers_of(block.ports),
                     predicate_of(block), hosts_of(block), others_of(block), judgement_words(block));
}

}  // namespace smtpath::report
