#pragma once

// One question to one resolver, as any program of this host asks it, of which only the kind of answer matters:
// libunbound tells neither a refusal nor silence from a failure. A datagram, repeated once.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "io/dns_server.h"
#include "smtpath/facts/lookup.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

using Moment = std::chrono::steady_clock::time_point;

class DnsInquiry {
 public:
  DnsInquiry(const DnsServer& server, const facts::Question& question, Moment now);

  /// For poll(2); negative once it is over.
  int descriptor() const { return result_ ? -1 : socket_.number(); }
  void advance(Moment now);
  /// When advance() has something to do though nothing came.
  std::optional<Moment> next() const;

  Moment begun() const { return begun_; }
  /// Absent: no answer so far.
  std::optional<facts::LookupResult> result() const { return result_; }

 private:
  void send();

  FileDescriptor socket_;
  std::vector<std::byte> message_;
  Moment begun_;
  bool has_repeated_ = false;
  std::optional<facts::LookupResult> result_;
};

}  // namespace smtpath::io
