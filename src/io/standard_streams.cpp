#include "smtpath/io/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace smtpath::io {

namespace {

bool is_closed(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) < 0;
}

// The lowest free number is the one wanted, as those below it are held already.
void hold(int descriptor, int access) {
  if (is_closed(descriptor)) static_cast<void>(::open("/dev/null", access));
}

}  // namespace

void hold_standard_streams() {
  hold(STDIN_FILENO, O_RDONLY);
  hold(STDOUT_FILENO, O_RDONLY);
  hold(STDERR_FILENO, O_WRONLY);
}

}  // namespace smtpath::io
