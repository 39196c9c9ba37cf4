#pragma once

// A small network of its own for tests and demonstrations: the chain of LabSpec as unnamed network namespaces with real
// kernel routers and nftables rules. Each namespace lives in a child process and goes with it, whatever ends this one;
// the host's own network is not touched. Needs root. Build a lab on a thread that outlives it: the kernel ends the
// children when that thread ends.

#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/result.h"
#include "smtpath/io/command.h"
#include "smtpath/io/lab_spec.h"

namespace smtpath::io {

class LabProcess;

using LabCommand = Command;
using LabOutcome = CommandOutcome;

class Lab {
 public:
  /// Returns once both families work and the server listens. An error names the node, and says what `ip`, `nft` or a
  /// script said.
  static Result<Lab> build(const LabSpec& spec);

  Lab(Lab&& other) noexcept;
  Lab& operator=(Lab&& other) noexcept;
  /// Ends every process of the lab, and so its namespaces.
  ~Lab();

  /// Of the interface that faces the client; of the client, the one that faces the chain; of a node beside the chain,
  /// that of its first cable.
  IpAddress address_of(int node, Family family) const;
  IpAddress client(Family family) const { return address_of(0, family); }
  IpAddress server(Family family) const { return address_of(server_node(), family); }
  int server_node() const { return spec_.routers + 1; }

  /// Runs a command in a node's network to its end. An error when it could not be started; a command that fails or is
  /// killed is an outcome.
  Result<LabOutcome> run_in(int node, const LabCommand& command) const;

  /// Moves the calling thread into a node's network, for good: sockets opened after this are the node's.
  Result<Done> enter(int node) const;

  /// The processes that hold the lab, nodes first and in their order (`nsenter -n -t PID` looks into one).
  std::vector<int> processes() const;

 private:
  explicit Lab(LabSpec spec);

  int last_node() const { return server_node() + spec_.side_nodes; }

  LabSpec spec_;
  std::vector<LabProcess> members_;
};

}  // namespace smtpath::io
