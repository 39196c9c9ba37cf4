#pragma once

#include <optional>
#include <string>

#include "smtpath/io/capture_file.h"

namespace smtpath::app {

/// What the reader of a report must know of a file that was read to its end: that it was cut or damaged, and where.
std::optional<std::string> remark_on(const io::CaptureFile& capture);

}  // namespace smtpath::app
