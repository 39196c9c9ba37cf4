#include "app/name_resolution.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "smtpath/io/usable_address.h"
#include "smtpath/names/host_name.h"
#include "smtpath/names/lookup_words.h"
#include "smtpath/names/mail_route.h"
#include "smtpath/names/mail_target.h"
#include "smtpath/names/suggestion.h"

namespace smtpath::app {

namespace {

using facts::Lookup;
using facts::LookupResult;
using facts::RecordType;
using facts::TargetError;
using facts::TargetErrorKind;

/// Mail exchangers of one domain.
constexpr std::size_t kMostExchangers = 16;

RecordType type_of(Family family) {
  return family == Family::Ipv4 ? RecordType::A : RecordType::Aaaa;
}

std::vector<Family> families_of(const NameQuery& query) {
  return query.family ? std::vector{*query.family} : std::vector{Family::Ipv4, Family::Ipv6};
}

TargetError error_on(const std::string& target, std::string_view flaw) {
  return {TargetErrorKind::UnknownHost, fmt::format("\"{}\": {}", target, flaw)};
}

/// A host whose addresses are asked for.
struct Host {
  /// Which of the targets it is for.
  std::size_t target = 0;
  /// Tried one after another, until one exists.
  std::vector<std::string> names;
  std::optional<facts::MxRecord> mx{};
  /// What came before: the look-up of the MX.
  std::vector<Lookup> steps{};
  std::vector<std::string> notes{};
  /// Of its addresses, by family.
  std::vector<Lookup> lookups{};
  std::size_t next_name = 0;

  const std::string& name() const { return names[next_name]; }
  bool exists() const {
    return std::any_of(lookups.begin(), lookups.end(), [](const Lookup& each) { return !each.answer.empty(); });
  }
};

class Resolving {
 public:
  Resolving(io::Resolver& resolver, std::span<const std::string> targets, const NameQuery& query)
      : resolver_(resolver), targets_(targets), query_(query), resolutions_(targets.size()), taken_(targets.size()) {}

  std::vector<Resolution> run() && {
    for (std::size_t i = 0; i < targets_.size(); ++i) read(i);
    ask_for_exchangers();
    ask_for_addresses();
    for (const Host& host : hosts_) conclude(host);
    return std::move(resolutions_);
  }

 private:
  void read(std::size_t index) {
    const std::string& target = targets_[index];
    if (query_.is_mail) return read_mail_target(index);
    if (const auto literal = IpAddress::parse(target)) return add_literal(index, target, *literal);
    if (const auto flaw = names::flaw_of_host_name(target); !flaw.empty()) return fail(index, error_on(target, flaw));
    Host host{.target = index, .names = resolver_.full_names(target)};
    host.lookups = own_lookups(target);
    hosts_.push_back(std::move(host));
  }

  void read_mail_target(std::size_t index) {
    auto target = names::mail_target_of(targets_[index]);
    if (!target) return fail(index, {TargetErrorKind::UnknownHost, target.error().message});
    if (const auto* address = std::get_if<IpAddress>(&target.value())) {
      return add_literal(index, to_string(*address), *address);
    }
    domains_.push_back({index, std::get<names::MailDomain>(std::move(target).value()).name});
  }

  void add_literal(std::size_t index, const std::string& text, const IpAddress& address) {
    if (query_.family && address.family() != *query_.family) {
      return fail(index, {TargetErrorKind::NoAddress, fmt::format("{}: not an {} address", text,
                                                                  *query_.family == Family::Ipv4 ? "IPv4" : "IPv6")});
    }
    if (auto flaw = io::flaw_of_address(text, address)) return fail(index, *std::move(flaw));
    resolutions_[index].push_back({.address = address});
  }

  void fail(std::size_t index, TargetError error, std::optional<facts::TargetLookup> lookup = std::nullopt) {
    resolutions_[index].push_back({.error = std::move(error), .lookup = std::move(lookup)});
  }

  /// Of hosts(5): one for each family that it has.
  std::vector<Lookup> own_lookups(const std::string& name) const {
    std::vector<Lookup> lookups;
    const auto addresses = resolver_.own_addresses(name);
    for (const Family family : families_of(query_)) {
      Lookup lookup;
      lookup.question = {name, type_of(family)};
      lookup.result = LookupResult::Ok;
      for (const IpAddress& each : addresses) {
        if (each.family() == family) lookup.answer.emplace_back(each);
      }
      if (!lookup.answer.empty()) lookups.push_back(std::move(lookup));
    }
    return lookups;
  }

  void ask_for_exchangers() {
    std::vector<facts::Question> questions;
    for (const auto& [index, domain] : domains_) questions.push_back({domain, RecordType::Mx});
    const auto lookups = resolver_.ask(questions);
    for (std::size_t i = 0; i < domains_.size(); ++i) follow(domains_[i].first, domains_[i].second, lookups[i]);
  }

  void follow(std::size_t index, const std::string& domain, const Lookup& mx) {
    const names::MailRoute route = names::route_of(mx);
    switch (route.kind) {
      case names::RouteKind::NullMx:
      case names::RouteKind::None: {
        facts::TargetLookup lookup{.steps = {mx}, .mx = {}, .suggestion = {}, .notes = {}};
        if (mx.result == LookupResult::NxDomain) lookup.suggestion = names::suggestion_for(domain);
        if (is_answer(mx.result)) lookup.notes = names::notes_on(lookup.steps);
        return fail(index, names::no_route_error(domain, mx, route.kind), std::move(lookup));
      }
      case names::RouteKind::ItsOwnAddress:
        hosts_.push_back(
            {.target = index, .names = {domain}, .steps = {mx}, .notes = {names::note_on_missing_mx(domain)}});
        return;
      case names::RouteKind::Exchangers:
        return add_exchangers(index, domain, mx, route);
    }
  }

  void add_exchangers(std::size_t index, const std::string& domain, const Lookup& mx, const names::MailRoute& route) {
    for (std::size_t i = 0; i < std::min(route.exchangers.size(), kMostExchangers); ++i) {
      const names::Exchanger& each = route.exchangers[i];
      Host host{.target = index, .names = {each.record.host}, .mx = each.record, .steps = {mx}};
      if (each.flaw) host.names.clear();
      if (each.flaw) flaws_.emplace_back(hosts_.size(), names::flawed_host_error(domain, each.record, *each.flaw));
      if (i + 1 == kMostExchangers && route.exchangers.size() > kMostExchangers) {
        host.notes.push_back(fmt::format("{} has {} more mail exchangers than are looked at.", domain,
                                         route.exchangers.size() - kMostExchangers));
      }
      hosts_.push_back(std::move(host));
    }
  }

  /// In rounds: who was not found by one name is asked for by its next.
  void ask_for_addresses() {
    for (bool is_first = true;; is_first = false) {
      std::vector<facts::Question> questions;
      std::vector<std::size_t> askers;
      for (std::size_t i = 0; i < hosts_.size(); ++i) {
        Host& host = hosts_[i];
        if (host.names.empty() || host.exists() || (!is_first && !take_next_name(host))) continue;
        host.lookups.clear();
        for (const Family family : families_of(query_)) {
          questions.push_back({host.name(), type_of(family)});
          askers.push_back(i);
        }
      }
      if (questions.empty()) return;
      auto lookups = resolver_.ask(questions);
      for (std::size_t i = 0; i < lookups.size(); ++i) hosts_[askers[i]].lookups.push_back(std::move(lookups[i]));
    }
  }

  /// The steps of a name that was none are kept only where no other is left.
  static bool take_next_name(Host& host) {
    if (host.next_name + 1 >= host.names.size()) return false;
    ++host.next_name;
    return true;
  }

  void conclude(const Host& host) {
    const auto place = static_cast<std::size_t>(&host - hosts_.data());
    const auto flaw = std::find_if(flaws_.begin(), flaws_.end(), [&](const auto& each) { return each.first == place; });
    facts::TargetLookup lookup{.steps = host.steps, .mx = host.mx, .suggestion = {}, .notes = host.notes};
    lookup.steps.insert(lookup.steps.end(), host.lookups.begin(), host.lookups.end());
    if (flaw != flaws_.end()) return fail(host.target, flaw->second, std::move(lookup));
    for (std::string& note : names::notes_on(lookup.steps)) lookup.notes.push_back(std::move(note));
    if (!host.exists()) return fail_without_address(host, std::move(lookup));
    if (host.mx) {
      if (auto note = names::note_on_alias(*host.mx, host.lookups)) lookup.notes.push_back(*std::move(note));
    }
    add_addresses(host, lookup);
  }

  void fail_without_address(const Host& host, facts::TargetLookup lookup) {
    const bool is_missing = std::any_of(host.lookups.begin(), host.lookups.end(),
                                        [](const Lookup& each) { return each.result == LookupResult::NxDomain; });
    if (is_missing) lookup.suggestion = names::suggestion_for(host.name());
    TargetError error = names::no_address_error(host.name(), host.lookups, query_.family);
    if (host.mx) error.text = fmt::format("The mail exchanger {}", error.text);
    // What the error says the notes need not repeat.
    if (error.kind == TargetErrorKind::ResolverFailure) lookup.notes = host.notes;
    fail(host.target, std::move(error), std::move(lookup));
  }

  void add_addresses(const Host& host, const facts::TargetLookup& lookup) {
    const std::string& target = targets_[host.target];
    std::optional<TargetError> first_flaw;
    std::size_t added = 0;
    for (const Lookup& step : host.lookups) {
      for (const facts::Record& record : step.answer) {
        const IpAddress address = std::get<IpAddress>(record);
        auto flaw = io::flaw_of_address(fmt::format("{}: {}", target, to_string(address)), address);
        if (flaw) {
          if (!first_flaw) first_flaw = std::move(flaw);
          continue;
        }
        ++added;
        add_address(host.target, address, lookup);
      }
    }
    if (added == 0 && first_flaw) fail(host.target, *std::move(first_flaw), lookup);
  }

  void add_address(std::size_t index, const IpAddress& address, const facts::TargetLookup& lookup) {
    std::size_t& taken = taken_[index].at(address.is_ipv4() ? 0 : 1);
    if (taken < kMostAddresses) {
      resolutions_[index].push_back({.address = address, .lookup = lookup});
    } else if (taken == kMostAddresses) {
      resolutions_[index].back().lookup->notes.push_back(
          fmt::format("{} has more {} addresses than are asked.", targets_[index], to_string(address.family())));
    }
    ++taken;
  }

  io::Resolver& resolver_;
  std::span<const std::string> targets_;
  const NameQuery& query_;
  std::vector<Resolution> resolutions_;
  /// Mail domains by the place of their target.
  std::vector<std::pair<std::size_t, std::string>> domains_;
  std::vector<Host> hosts_;
  /// By the place of the host.
  std::vector<std::pair<std::size_t, TargetError>> flaws_;
  /// Addresses of each target and family.
  std::vector<std::array<std::size_t, 2>> taken_;
};

}  // namespace

std::vector<Resolution> resolve_all(io::Resolver& resolver, std::span<const std::string> targets,
                                    const NameQuery& query) {
  return Resolving(resolver, targets, query).run();
}

}  // namespace smtpath::app
