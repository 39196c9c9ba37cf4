#pragma once

// How the connections of the bench go: one story for each outcome, told of any client and server.

#include <cstddef>
#include <span>

#include "support/mail_connection.h"

namespace smtpath::test {

struct Story {
  std::uint16_t port = 25;
  void (*tell)(MailConnection& mail) = nullptr;
};

/// A message of some 30 KB delivered, in the clear and in TLS: most connections.
std::span<const Story> usual_stories();
/// All other outcomes but unfinished, which those are that are open at the capture's end. None is left open for ever:
/// that would be more and more open at once.
std::span<const Story> rare_stories();
/// Greeted, then silent.
Story endless_story();

}  // namespace smtpath::test
