#include "app/complain.h"

#include <fmt/format.h>

#include <cstdio>

#include "smtpath/report/escape.h"

namespace smtpath::app {

ExitStatus complain(const Error& error, ExitStatus status) {
  fmt::print(stderr, "smtpath: {}\n", report::escaped(error.message));
  return status;
}

}  // namespace smtpath::app
