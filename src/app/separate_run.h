#pragma once

// Captures that do not belong together, each examined for itself, as many at a time as there are cores. Results come in
// the order given, whoever is ready first; connections wait on disk for their turn.

#include <functional>
#include <vector>

#include "app/examination.h"
#include "app/outputs.h"
#include "smtpath/io/capture_file.h"

namespace smtpath::app {

struct SeparateOptions {
  ExaminationOptions examination;
  bool wants_document = false;
  bool wants_lines = false;
};

struct SeparateHooks {
  /// In the calling thread, in the order of the captures.
  std::function<void(Examined&, KeptConnections&)> take;
  /// In the calling thread now and then, with the bytes read so far by all; false ends the reading.
  std::function<bool(std::uint64_t)> goes_on;
};

void examine_separately(std::vector<io::CaptureFile> captures, const SeparateOptions& options,
                        const SeparateHooks& hooks);

}  // namespace smtpath::app
