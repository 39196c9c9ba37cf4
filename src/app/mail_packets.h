#pragma once

// What the capture shows of the connections of mail visits: an observer of connections for each target that is being
// visited. Live runs and replays show it the same frames.

#include <cstddef>
#include <map>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/frame.h"
#include "smtpath/base/time.h"
#include "smtpath/path/plan.h"
#include "smtpath/session/observer.h"
#include "smtpath/wire/decoder.h"

namespace smtpath::app {

class MailPackets {
 public:
  /// From here on, for visits to the target at `index` of the plan, if it has such a one.
  void begin(std::size_t index, const path::Plan& plan);

  void handle_frame(const Frame& frame);

  /// All connections to the target since it was begun, as they are at `end`; then it is forgotten.
  std::vector<session::Session> finish(std::size_t index, Time end);

 private:
  struct Visited {
    IpAddress address;
    session::Observer observer;
    std::vector<session::Session> ended;
  };

  wire::Decoder decoder_;
  std::map<std::size_t, Visited> visited_;
  Time latest_;
};

}  // namespace smtpath::app
