#pragma once

// Slips of the finger in names of mail hosts that many people type.

#include <optional>
#include <string>
#include <string_view>

namespace smtpath::names {

/// Whether one letter more, one less, another one or two swapped make one of the other (Damerau and Levenshtein's
/// distance is 1). Letters are told apart by case.
bool is_one_slip_from(std::string_view name, std::string_view other);

/// The well-known mail host or domain that a name which does not exist is one slip away from; none for those
/// themselves.
std::optional<std::string> suggestion_for(std::string_view name);

}  // namespace smtpath::names
