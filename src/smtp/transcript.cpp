#include "smtpath/smtp/transcript.h"

#include <algorithm>

namespace smtpath::smtp {

OptionalReply& OptionalReply::operator=(const OptionalReply& other) {
  *this = OptionalReply(other);
  return *this;
}

Lines::Lines(std::initializer_list<std::string> lines) {
  for (const std::string& line : lines) emplace_back(line);
}

void Lines::emplace_back(std::string_view line) {
  std::string joined;
  joined.reserve(joined_.size() + line.size() + 1);
  joined += joined_;
  joined += line;
  joined += '\n';
  joined_ = std::move(joined);
  ++count_;
}

void Lines::clear() {
  *this = {};
}

std::vector<std::string> Lines::list() const {
  std::vector<std::string> lines;
  lines.reserve(count_);
  for (std::size_t begin = 0; begin < joined_.size();) {
    const std::size_t end = joined_.find('\n', begin);
    lines.push_back(joined_.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

const Commands& CommandTable::of(Verb verb) const {
  static const Commands kNone{};
  const auto row = std::find_if(rows_.begin(), rows_.end(), [verb](const Row& each) { return each.verb == verb; });
  return row == rows_.end() ? kNone : row->commands;
}

Commands& CommandTable::of(Verb verb) {
  const auto row = std::find_if(rows_.begin(), rows_.end(), [verb](const Row& each) { return each.verb == verb; });
  if (row != rows_.end()) return row->commands;
  rows_.push_back({.verb = verb});
  return rows_.back().commands;
}

}  // namespace smtpath::smtp
