#pragma once

// How the program ends; the numbers above 2 are those of sysexits.h.

namespace smtpath::app {

enum class ExitStatus : int {
  Success = 0,
  Trouble = 1,
  Inconclusive = 2,
  Usage = 64,
  BadData = 65,
  NoInput = 66,
  NoHost = 68,
  Internal = 70,
  OutputFailed = 74,
  NoPermission = 77,
  Interrupted = 130,
};

}  // namespace smtpath::app
