#pragma once

// The failing connections that the text tells of: the last few, or as many as fit into a bound.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "smtpath/report/connection.h"

namespace smtpath::report {

/// What is kept of a connection; text from the network is not yet escaped.
struct Failure {
  Time started;
  session::Endpoint client;
  session::Endpoint server;
  verdict::Outcome outcome = verdict::Outcome::Partial;
  verdict::Stage stage = verdict::Stage::Syn;
  std::string text;
  std::vector<std::string> notes;
};

class Failures {
 public:
  explicit Failures(bool keeps_all) : most_(keeps_all ? kMost : kLast) {}

  void add(const ConnectionReport& connection);

  /// By the time they began, the newest last.
  std::vector<Failure> sorted() const;
  /// Older ones, which are no longer kept.
  std::uint64_t left_out() const { return left_out_; }

 private:
  static constexpr std::size_t kLast = 20;
  static constexpr std::size_t kMost = 100'000;
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20U;

  void drop_oldest();

  std::size_t most_;
  std::size_t bytes_ = 0;
  std::deque<Failure> kept_;
  std::uint64_t left_out_ = 0;
};

}  // namespace smtpath::report
