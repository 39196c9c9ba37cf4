#include "smtpath/smtp/transcript.h"

#include <algorithm>

namespace smtpath::smtp {

const Commands& CommandTable::of(Verb verb) const {
  static const Commands none{};
  const auto row = std::find_if(rows_.begin(), rows_.end(), [verb](const Row& each) { return each.verb == verb; });
  return row == rows_.end() ? none : row->commands;
}

Commands& CommandTable::of(Verb verb) {
  const auto row = std::find_if(rows_.begin(), rows_.end(), [verb](const Row& each) { return each.verb == verb; });
  if (row != rows_.end()) return row->commands;
  rows_.push_back({.verb = verb});
  return rows_.back().commands;
}

}  // namespace smtpath::smtp
