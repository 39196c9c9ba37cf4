#pragma once

// Asks the resolvers of this host, many questions side by side. Each question goes to the first resolver that works;
// one that fails or is slow is asked for itself what is wrong with it, and the next one takes the question. Everything
// is bounded: no question takes longer than five seconds. Uses libunbound, which checks DNSSEC where there is a key to
// begin with and the resolver passes signatures on.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/result.h"
#include "smtpath/base/time.h"
#include "smtpath/facts/lookup.h"

namespace smtpath::io {

struct ResolverOptions {
  /// Asked instead of the configured ones: an address, perhaps with a port ("[2001:db8::53]:5353", "192.0.2.53@5353").
  std::optional<std::string> server{};
  /// DNSKEY or DS records in a file, instead of the system's own of the root.
  std::optional<std::string> trust_anchor{};
};

/// Whether the text is such a server.
bool is_dns_server(std::string_view text);

class Resolver {
 public:
  using Ticket = std::uint64_t;

  /// Reads all files that it needs, and asks nobody: call it before privileges go, and everything else after that.
  /// Errors: the server is none; the file of a trust anchor that was named has none.
  static Result<Resolver> open(const ResolverOptions& options);

  Resolver(Resolver&&) noexcept;
  Resolver& operator=(Resolver&&) noexcept;
  ~Resolver();

  /// What this host's own table (hosts(5)) has for the name, each address once, and of localhost; mostly nothing.
  std::vector<IpAddress> own_addresses(std::string_view name) const;
  /// The names that a user may mean by one: those of the search list and the name itself, in the order to ask in.
  std::vector<std::string> full_names(const std::string& name) const;

  /// Begins to ask; the name is a host name, or such a one behind labels like _25._tcp.
  Ticket start(facts::Question question);
  /// Does what is due, and waits at most so long for something to happen.
  void advance(Duration patience);
  /// The answer, once; absent as long as there is none.
  std::optional<facts::Lookup> take(Ticket ticket);
  /// Nobody waits for it any more.
  void forget(Ticket ticket);

  /// All of them, each in its place; waits for the last. Resolvers that never answer are given up for good after a few
  /// questions.
  std::vector<facts::Lookup> ask(std::span<const facts::Question> questions);

 private:
  struct State;
  explicit Resolver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
