#include "smtpath/io/local_rules.h"

#include <chrono>

#include "io/rule_tools.h"

namespace smtpath::io {

facts::LocalRules read_local_rules() {
  constexpr std::chrono::seconds kPatience(1);
  return ask_rule_tools({"/usr/sbin", "/sbin"}, kPatience);
}

}  // namespace smtpath::io
