#pragma once

// A filter in the language of pcap-filter(7), for frames of any link type. Compiled for a link type when the first
// frame of that type is asked about. A name of a host in it is looked up as tcpdump does it, by the system's resolver;
// numbers never are.

#include <memory>
#include <string>

#include "smtpath/base/frame.h"
#include "smtpath/base/result.h"

namespace smtpath::io {

class PacketFilter {
 public:
  /// An empty expression matches every frame. Errors: what is wrong with the expression, in libpcap's words; one that
  /// makes sense for some link type of networks is none.
  static Result<PacketFilter> compile(const std::string& expression);

  PacketFilter(PacketFilter&&) noexcept;
  PacketFilter& operator=(PacketFilter&&) noexcept;
  ~PacketFilter();

  /// False for link types that the expression cannot be compiled for, and beyond the first 512 link types.
  bool matches(const Frame& frame);

 private:
  struct State;
  explicit PacketFilter(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace smtpath::io
