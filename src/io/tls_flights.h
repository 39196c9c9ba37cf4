#pragma once

// Who spoke how long in a handshake: bytes of either side, as they go by, joined into its turns.

#include <cstddef>
#include <optional>
#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/facts/tls.h"

namespace smtpath::io {

class TlsFlights {
 public:
  /// Onto the end of `flights`, or of its last one. Beyond kMostFlights nothing is added.
  void add(std::vector<facts::TlsFlight>& flights, Time now, bool is_ours, std::size_t bytes);

 private:
  std::optional<Time> begun_;
};

}  // namespace smtpath::io
