#pragma once

// One sample of everything that the module decodes, whole and with right checksums.

#include <string>
#include <vector>

#include "smtpath/base/frame.h"
#include "support/packets.h"

namespace smtpath::test {

struct Sample {
  std::string name;
  LinkType link = LinkType::Raw;
  Bytes bytes;
};

std::vector<Sample> samples();

}  // namespace smtpath::test
