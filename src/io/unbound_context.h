#pragma once

// libunbound, asking one resolver. Its work is done by a thread of its own, which hands results over through a
// descriptor; callbacks run within process(). The thread is begun with the first question and takes no signals.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/dns_server.h"
#include "smtpath/facts/lookup.h"

namespace smtpath::io {

struct UnboundAnswer {
  /// Ok, NxDomain, NoData, or ServFail for whatever else there is.
  facts::LookupResult result = facts::LookupResult::ServFail;
  std::vector<facts::Record> records;
  std::uint32_t left_out = 0;
  std::optional<std::string> canonical;
  bool is_secure = false;
  bool is_bogus = false;
  std::string why_bogus;
};

class UnboundContext {
 public:
  using Take = std::function<void(UnboundAnswer)>;
  using Ticket = std::uint64_t;

  /// Without `anchors` it checks nothing. Null when the library has no memory, or takes an anchor for none.
  static std::unique_ptr<UnboundContext> create(const DnsServer& server, const std::vector<std::string>& anchors);

  UnboundContext(const UnboundContext&) = delete;
  UnboundContext& operator=(const UnboundContext&) = delete;
  ~UnboundContext();

  /// `take` may be called before this returns, and never after a cancel(). None when it cannot be asked.
  std::optional<Ticket> ask(const facts::Question& question, Take take);
  /// Whether the keys of the zone can be had and checked.
  std::optional<Ticket> ask_for_keys(const std::string& zone, Take take);
  void cancel(Ticket ticket);

  /// For poll(2).
  int descriptor() const;
  bool is_busy() const;
  /// Calls back for whatever came.
  void process();

 private:
  struct State;
  explicit UnboundContext(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
