#pragma once

// What machine this is, as capture files record it.

#include <string>

namespace smtpath::io {

struct Host {
  /// "x86_64"
  std::string hardware;
  /// "Linux 6.1.0-18-amd64"
  std::string system;
  /// As this host calls itself: often no full name.
  std::string name;
};

Host this_host();

}  // namespace smtpath::io
