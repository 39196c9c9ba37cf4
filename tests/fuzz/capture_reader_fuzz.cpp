// Any bytes as a capture file: it ends, and nothing leaves its bounds.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>
#include <vector>

#include "smtpath/io/capture_file.h"

namespace {

using smtpath::Frame;
using smtpath::io::CaptureFile;

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  CaptureFile file = CaptureFile::of_bytes("fuzz", {bytes.begin(), bytes.end()});
  auto next = file.next();
  while (next.ok() && next.value()) {
    if (const auto* frame = std::get_if<Frame>(&*next.value())) {
      demand(frame->bytes.size() <= frame->original_length);
      demand(frame->time.time_since_epoch().count() >= 0);
      // Every byte that is lent can be read.
      std::byte sum{};
      for (const std::byte byte : frame->bytes) sum ^= byte;
      demand(sum != std::byte{1} || !frame->bytes.empty());
    }
    next = file.next();
  }
  return 0;
}
