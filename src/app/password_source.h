#pragma once

// Where the password for --auth comes from. Read it before privileges are dropped: the file may be for root alone, and
// later nothing may be opened.

#include "app/options.h"
#include "smtpath/base/result.h"
#include "smtpath/smtp/client.h"

namespace smtpath::app {

/// From the descriptor or the file that was named, else from whoever sits at the terminal. Errors name the source.
Result<smtp::Credentials> read_credentials(const AuthOptions& options);

}  // namespace smtpath::app
