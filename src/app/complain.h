#pragma once

#include "app/exit_status.h"
#include "smtpath/base/result.h"

namespace smtpath::app {

/// Says what went wrong, in one line on standard error, and passes the status on.
ExitStatus complain(const Error& error, ExitStatus status);

}  // namespace smtpath::app
