#pragma once

// One question on its way through the resolvers: who was asked, who is asked next and when, and what came back. Its
// owner calls advance() whenever something came or next() is due.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "io/dns_inquiry.h"
#include "io/resolver_server.h"
#include "smtpath/facts/lookup.h"

namespace smtpath::io {

class PendingLookup {
 public:
  /// The servers are lent for its life; `first` is the one to begin with. Callbacks point into it: it stays where it
  /// is.
  PendingLookup(facts::Question question, std::vector<ResolverServer>& servers, std::size_t first, Moment now);
  PendingLookup(const PendingLookup&) = delete;
  PendingLookup& operator=(const PendingLookup&) = delete;
  ~PendingLookup();

  void advance(Moment now);
  std::optional<Moment> next() const;
  /// Of its own sockets, for poll(2).
  std::vector<int> descriptors() const;

  bool is_done() const { return is_done_; }
  const facts::Lookup& lookup() const { return lookup_; }
  /// The place of the server that answered.
  std::optional<std::size_t> answered_by() const { return answered_by_; }

 private:
  struct Attempt {
    std::size_t server = 0;
    UnboundContext* context = nullptr;
    UnboundContext::Ticket ticket = 0;
    std::optional<UnboundAnswer> answer;
    bool asks_for_keys = false;
    bool is_over = false;
  };
  struct Inquiry {
    std::size_t server = 0;
    DnsInquiry inquiry;
    bool is_noted = false;
  };

  void begin_next_server(Moment now);
  void begin(std::size_t server, UnboundContext* context);
  void begin_asking_for_keys(std::size_t server, UnboundContext* context);
  void inquire(std::size_t server, Moment now);
  void inquire_of_all(Moment now);
  void look_at(Attempt& attempt, Moment now);
  void judge_keys(const Attempt& attempt);
  void note_failure(std::size_t server, Moment now);
  void accept(const Attempt& attempt, UnboundAnswer answer, Moment now);
  void advance_inquiries(Moment now);
  void give_up(Moment now);
  void finish(Moment now);
  bool has_attempts_left() const;
  bool is_inquiring() const;

  std::vector<ResolverServer>& servers_;
  facts::Lookup lookup_;
  Moment begun_;
  std::size_t first_;
  /// How many servers were begun with.
  std::size_t begun_with_ = 0;
  Moment next_server_at_;
  std::optional<Moment> answered_at_;
  std::optional<std::size_t> answered_by_;
  /// They may know the name that the first one says does not exist.
  bool waits_for_others_ = false;
  /// A deque keeps its elements where they are.
  std::deque<Attempt> attempts_;
  std::deque<Inquiry> inquiries_;
  /// Bogus, until it is known whether its server passes signatures on at all.
  std::optional<UnboundAnswer> doubtful_;
  bool is_done_ = false;
};

}  // namespace smtpath::io
