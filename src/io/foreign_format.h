#pragma once

// What a file seems to be that is no capture we read, for a message that helps.

#include <cstddef>
#include <span>
#include <string>

namespace smtpath::io {

/// How many bytes foreign_format() wants.
inline constexpr std::size_t kForeignBeginning = 512;

/// "xz-compressed: uncompress it first", "it is empty"; empty when nothing is known of it.
std::string foreign_format(std::span<const std::byte> first);

}  // namespace smtpath::io
