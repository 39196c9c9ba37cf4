#include "smtpath/report/connection.h"

namespace smtpath::report {

std::string json_line_of(const ConnectionReport&) {
  return "\n";
}

}  // namespace smtpath::report
