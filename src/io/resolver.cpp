#include "smtpath/io/resolver.h"

#include <poll.h>

#include <algorithm>
#include <map>
#include <utility>

#include "io/dns_files.h"
#include "io/pending_lookup.h"
#include "io/resolver_server.h"

namespace smtpath::io {

namespace {

using facts::Lookup;
using facts::LookupResult;

const char* const kResolverFile = "/etc/resolv.conf";
const char* const kHostsFile = "/etc/hosts";
/// Questions on their way at a time.
constexpr std::size_t kMostAtOnce = 64;
/// Questions without an answer, and none ever with one, after which nobody is asked again.
constexpr int kMostInVain = 3;

std::string in_small_letters(std::string_view name) {
  std::string small(name);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  if (small.size() > 1 && small.back() == '.') small.pop_back();
  return small;
}

bool is_localhost(std::string_view name) {
  return name == "localhost" || name.ends_with(".localhost");
}

}  // namespace

struct Resolver::State {
  HostsFile hosts;
  ResolverFile file;
  TrustAnchors anchors;
  std::vector<ResolverServer> servers;
  std::size_t first = 0;
  bool has_answered = false;
  int in_vain = 0;
  Ticket next_ticket = 1;
  /// They point into the servers' contexts, so that they go first.
  std::map<Ticket, std::unique_ptr<PendingLookup>> pending;
  std::map<Ticket, Lookup> done;

  bool is_hopeless() const { return !has_answered && in_vain >= kMostInVain; }
  void collect(Moment now);
  std::optional<Moment> next() const;
  std::vector<pollfd> files() const;
};

bool is_dns_server(std::string_view text) {
  return parse_dns_server(text).has_value();
}

Result<Resolver> Resolver::open(const ResolverOptions& options) {
  auto state = std::make_unique<State>();
  state->hosts = parse_hosts_file(read_small_file(kHostsFile));
  state->file = parse_resolver_file(read_small_file(kResolverFile));
  if (options.server) {
    auto server = parse_dns_server(*options.server);
    if (!server) return Error{"--resolver " + *options.server + ": not an address"};
    state->file.servers = {*std::move(server)};
  }
  auto anchors = read_trust_anchors(options.trust_anchor);
  if (!anchors) return anchors.error();
  state->anchors = std::move(anchors).value();
  for (const DnsServer& server : state->file.servers) state->servers.emplace_back(server, state->anchors);
  return Resolver(std::move(state));
}

Resolver::Resolver(std::unique_ptr<State> state) : state_(std::move(state)) {}
Resolver::Resolver(Resolver&&) noexcept = default;
Resolver& Resolver::operator=(Resolver&&) noexcept = default;
Resolver::~Resolver() = default;

std::vector<IpAddress> Resolver::own_addresses(std::string_view name) const {
  const std::string small = in_small_letters(name);
  if (const auto known = state_->hosts.find(small); known != state_->hosts.end()) return known->second;
  // RFC 6761 section 6.3.
  if (is_localhost(small)) return {*IpAddress::parse("127.0.0.1"), *IpAddress::parse("::1")};
  return {};
}

std::vector<std::string> Resolver::full_names(const std::string& name) const {
  const auto dots = static_cast<std::size_t>(std::count(name.begin(), name.end(), '.'));
  if (name.ends_with('.')) return {name};
  std::vector<std::string> names;
  for (const std::string& domain : state_->file.search) {
    if (domain != ".") names.push_back(name + "." + domain);
  }
  names.insert(dots < state_->file.least_dots ? names.end() : names.begin(), name);
  return names;
}

Resolver::Ticket Resolver::start(facts::Question question) {
  const Ticket ticket = state_->next_ticket++;
  if (state_->is_hopeless()) {
    Lookup lookup;
    lookup.question = std::move(question);
    state_->done.emplace(ticket, std::move(lookup));
    return ticket;
  }
  state_->pending.emplace(ticket, std::make_unique<PendingLookup>(std::move(question), state_->servers, state_->first,
                                                                  std::chrono::steady_clock::now()));
  return ticket;
}

void Resolver::advance(Duration patience) {
  if (state_->pending.empty()) return;
  std::vector<pollfd> files = state_->files();
  const Moment begun = std::chrono::steady_clock::now();
  Moment until = begun + patience;
  if (const auto next = state_->next()) until = std::min(until, std::max(*next, begun));
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(std::max(until - begun, Duration{}));
  ::poll(files.data(), files.size(), static_cast<int>(wait.count()));
  for (const ResolverServer& server : state_->servers) {
    for (UnboundContext* context : server.contexts()) context->process();
  }
  state_->collect(std::chrono::steady_clock::now());
}

void Resolver::State::collect(Moment now) {
  for (auto each = pending.begin(); each != pending.end();) {
    PendingLookup& lookup = *each->second;
    lookup.advance(now);
    if (!lookup.is_done()) {
      ++each;
      continue;
    }
    if (lookup.answered_by()) {
      first = *lookup.answered_by();
      has_answered = true;
    } else {
      const auto result = lookup.lookup().result;
      const bool was_silent = result == LookupResult::Timeout || result == LookupResult::Unreachable;
      if (was_silent) ++in_vain;
    }
    done.emplace(each->first, lookup.lookup());
    each = pending.erase(each);
  }
}

std::optional<Moment> Resolver::State::next() const {
  std::optional<Moment> earliest;
  for (const auto& [ticket, lookup] : pending) {
    if (lookup->is_done()) return Moment::min();
    const auto next = lookup->next();
    if (next && (!earliest || *next < *earliest)) earliest = next;
  }
  return earliest;
}

std::vector<pollfd> Resolver::State::files() const {
  std::vector<pollfd> files;
  for (const ResolverServer& server : servers) {
    for (const UnboundContext* context : server.contexts()) {
      files.push_back({.fd = context->descriptor(), .events = POLLIN, .revents = 0});
    }
  }
  for (const auto& [ticket, lookup] : pending) {
    for (const int descriptor : lookup->descriptors()) {
      files.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
    }
  }
  return files;
}

std::optional<Lookup> Resolver::take(Ticket ticket) {
  const auto found = state_->done.find(ticket);
  if (found == state_->done.end()) return std::nullopt;
  Lookup lookup = std::move(found->second);
  state_->done.erase(found);
  return lookup;
}

void Resolver::forget(Ticket ticket) {
  state_->pending.erase(ticket);
  state_->done.erase(ticket);
}

std::vector<Lookup> Resolver::ask(std::span<const facts::Question> questions) {
  std::vector<Lookup> lookups(questions.size());
  std::map<Ticket, std::size_t> waiting;
  std::size_t next = 0;
  while (next < questions.size() || !waiting.empty()) {
    while (next < questions.size() && waiting.size() < kMostAtOnce) {
      waiting.emplace(start(questions[next]), next);
      ++next;
    }
    advance(std::chrono::seconds(1));
    for (auto each = waiting.begin(); each != waiting.end();) {
      auto lookup = take(each->first);
      if (!lookup) {
        ++each;
        continue;
      }
      lookups[each->second] = *std::move(lookup);
      each = waiting.erase(each);
    }
  }
  return lookups;
}

}  // namespace smtpath::io
