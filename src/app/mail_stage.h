#pragma once

// The mail stage of a run: visits to the open ports of targets whose path has been traced, side by side. Targets wait
// for their turn when too many are at work. It never waits itself: the owner polls its files.

#include <poll.h>

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "app/mail_visit.h"
#include "smtpath/base/time.h"
#include "smtpath/io/clock.h"
#include "smtpath/io/tls_client.h"
#include "smtpath/verdict/mail.h"

namespace smtpath::app {

class MailStage {
 public:
  /// The visits of the target at `index`, begun when its turn comes.
  void add(std::size_t index, std::vector<VisitPlan> plans);

  /// The next target whose turn has come: its visits begin with this call.
  std::optional<std::size_t> begin_next(Time now);

  std::size_t size() const { return waiting_.size() + at_work_.size(); }

  /// What to poll for.
  void add_files(std::vector<pollfd>& files) const;
  /// When something is due though no file is ready.
  std::optional<Time> next() const;

  /// Goes on with all visits. Returns the targets that are done with theirs. The clock is asked anew for each: what one
  /// visit computes must not count as another's waiting.
  std::vector<std::size_t> advance(const io::Clock& clock);
  /// Ends all visits; targets that have not begun are done, too.
  std::vector<std::size_t> interrupt(Time now);

  /// Of a target that is done, once; empty where none was begun.
  std::vector<verdict::MailFacts> take(std::size_t index);

 private:
  struct Waiting {
    std::size_t index = 0;
    std::vector<VisitPlan> plans;
  };
  struct AtWork {
    std::vector<MailVisit> visits;
    /// When the last of them was done; the capture may still have packets of theirs.
    std::optional<Time> done;
  };

  std::deque<Waiting> waiting_;
  std::map<std::size_t, AtWork> at_work_;
  std::map<std::size_t, std::vector<verdict::MailFacts>> done_;
};

}  // namespace smtpath::app
