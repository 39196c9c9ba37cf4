#pragma once

// A device on the way that changes what a mail server says in the clear: a process of ours at a router of a lab, which
// takes the packets of a port away from the kernel and sends them on itself, changed.

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/lab.h"

namespace smtpath::test {

enum class Meddling : std::uint8_t {
  /// STARTTLS in the answer to EHLO is overwritten by X's of the same length, as Cisco's firewalls do.
  MasksStartTls,
  /// The line that offers STARTTLS is cut out; the numbers of all later bytes are mended in both directions.
  CutsStartTls,
  /// Of the greeting, all but the code, spaces, 2's and 0's is overwritten by asterisks (Cisco PIX's "fixup").
  MasksGreeting,
};

struct MiddleboxSpec {
  /// The router where it stands.
  int node = 1;
  Port port{25};
  /// Whose words it changes.
  std::vector<IpAddress> servers;
  Meddling meddling = Meddling::MasksStartTls;
};

/// For the lab: the kernel forwards nothing between those servers and their clients but SYNs and resets.
io::LabRule middlebox_rule(const MiddleboxSpec& spec);

class Middlebox {
 public:
  /// Works once this returns. The lab outlives it, and has the rule.
  static Result<Middlebox> start(const io::Lab& lab, const MiddleboxSpec& spec);

  Middlebox(Middlebox&& other) noexcept;
  Middlebox& operator=(Middlebox&& other) = delete;
  ~Middlebox();

  /// How many packets it changed.
  std::size_t changed() const;

 private:
  struct State;
  explicit Middlebox(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
  std::thread thread_;
};

}  // namespace smtpath::test
