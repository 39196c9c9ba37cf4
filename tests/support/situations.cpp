#include "support/situations.h"

namespace smtpath::test {

std::vector<Scenario> situations() {
  std::vector<Scenario> all = situations_of_this_host();
  for (const auto& more : {situations_of_the_house(), situations_between()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace smtpath::test
