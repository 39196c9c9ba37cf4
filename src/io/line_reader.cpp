#include "smtpath/io/line_reader.h"

#include <algorithm>
#include <utility>

#include "io/byte_source.h"
#include "io/system_error.h"

namespace smtpath::io {

struct LineReader::State {
  std::string name;
  ByteSource source;
};

LineReader::LineReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

Result<LineReader> LineReader::open(const std::string& path) {
  auto file = open_input(path);
  if (!file) return file.error();
  ByteSource source(ByteInput(std::move(file).value()), Decompress::No);
  return LineReader(std::make_unique<State>(State{.name = name_of_input(path), .source = std::move(source)}));
}

const std::string& LineReader::name() const {
  return state_->name;
}

Result<std::optional<std::string>> LineReader::next() {
  ByteSource& source = state_->source;
  const auto bytes = source.peek(kLongestLine);
  if (const auto error = source.input().error()) return system_error("read " + state_->name, *error);
  if (bytes.empty()) return std::optional<std::string>();
  const auto end = std::find(bytes.begin(), bytes.end(), std::byte{'\n'});
  std::string line;
  std::transform(bytes.begin(), end, std::back_inserter(line),
                 [](std::byte byte) { return std::to_integer<char>(byte); });
  source.skip(line.size() + (end == bytes.end() ? 0 : 1));
  return std::optional(std::move(line));
}

}  // namespace smtpath::io
