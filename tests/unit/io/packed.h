#pragma once

// Bytes as gzip and Zstandard pack them, by their own libraries.

#include "unit/io/file_bytes.h"

namespace smtpath::test {

/// One member.
Bytes gzip(const Bytes& bytes);

/// One frame.
Bytes zstd(const Bytes& bytes);

}  // namespace smtpath::test
