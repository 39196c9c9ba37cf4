#include "unit/session/captured.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "smtpath/io/capture_file.h"
#include "smtpath/wire/decoder.h"

namespace smtpath::test {

Observed observe(const std::string& file, const session::Options& options) {
  Observed seen;
  Result<io::CaptureFile> opened = io::CaptureFile::open(file);
  if (!opened) return {.sessions = {}, .counters = {}, .error = opened.error().message};
  session::Observer observer(options);
  wire::Decoder decoder;
  const auto take_ended = [&] {
    while (std::optional<session::Session> session = observer.poll_ended())
      seen.sessions.push_back(std::move(*session));
  };
  Time now{};
  for (;;) {
    const Result<std::optional<io::FileEvent>> event = opened.value().next();
    if (!event) {
      seen.error = event.error().message;
      break;
    }
    if (!event.value()) break;
    const auto* const frame = std::get_if<Frame>(&*event.value());
    if (!frame) continue;
    now = std::max(now, frame->time);
    const wire::Decoded decoded = decoder.decode(*frame);
    if (const auto* const packet = std::get_if<wire::Packet>(&decoded)) observer.handle_packet(now, *packet);
    take_ended();
  }
  observer.finish(now);
  take_ended();
  seen.counters = observer.counters();
  return seen;
}

}  // namespace smtpath::test
