#include "smtpath/io/file_descriptor.h"

#include <fcntl.h>
#include <unistd.h>

namespace smtpath::io {

FileDescriptor::~FileDescriptor() {
  if (is_open()) ::close(number_);
}

void reserve_standard_descriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) != -1) continue;
    // The lowest free number is this one, as those below are open by now.
    if (::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) != number) return;
  }
}

}  // namespace smtpath::io
