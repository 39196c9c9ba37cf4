#include "smtpath/io/host.h"

#include <sys/utsname.h>

namespace smtpath::io {

Host this_host() {
  utsname names{};
  if (::uname(&names) != 0) return {};
  return {
      .hardware = names.machine, .system = std::string(names.sysname) + " " + names.release, .name = names.nodename};
}

}  // namespace smtpath::io
