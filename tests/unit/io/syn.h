#pragma once

// SYNs for the tests that send.

#include <cstddef>
#include <string>
#include <vector>

namespace smtpath::test {

struct Syn {
  std::string from;
  std::string to;
  int port = 25;
  int ttl = 64;
};

/// From port 40000, as raw IP.
std::vector<std::byte> bytes_of(const Syn& syn);

}  // namespace smtpath::test
