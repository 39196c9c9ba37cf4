#include "app/outputs.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "smtpath/io/terminal.h"
#include "smtpath/report/json.h"

namespace smtpath::app {

namespace {

constexpr const char* kStandardOutput = "-";

report::TextStyle style_for(const OutputOptions& options) {
  report::TextStyle style;
  const bool is_terminal = io::is_terminal(io::Stream::StandardOutput);
  switch (options.color) {
    case ColorChoice::Auto:
      style.color = is_terminal && !io::is_color_unwanted();
      break;
    case ColorChoice::Always:
      style.color = true;
      break;
    case ColorChoice::Never:
      break;
  }
  if (const auto width = io::terminal_width(io::Stream::StandardOutput)) style.width = static_cast<int>(*width);
  style.verbose = options.verbose;
  return style;
}

std::optional<Error> open_into(std::optional<io::OutputFile>& file, const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  auto opened = io::OutputFile::open(*path);
  if (!opened) return opened.error();
  file.emplace(std::move(opened).value());
  return std::nullopt;
}

}  // namespace

Result<Outputs> Outputs::open(const OutputOptions& options) {
  Outputs outputs;
  outputs.style_ = style_for(options);
  const auto text = options.has_text ? std::optional<std::string>(kStandardOutput) : std::nullopt;
  auto error = open_into(outputs.text_, text);
  if (!error) error = open_into(outputs.json_, options.json);
  if (!error) error = open_into(outputs.json_lines_, options.json_lines);
  if (!error) return outputs;
  outputs.abandon();
  return *error;
}

void Outputs::write_target(const report::TargetReport& target) {
  if (!json_lines_) return;
  json_lines_->write(report::json_line_of(target));
  json_lines_->flush();
}

void Outputs::write_run(const report::RunReport& run) {
  if (text_) text_->write(report::text_of(run, style_));
  if (json_) report::write_json(run, [this](std::string_view piece) { json_->write(piece); });
  if (json_lines_) json_lines_->write(report::json_summary_line_of(run));
}

void Outputs::abandon() {
  for (std::optional<io::OutputFile>* file : {&text_, &json_, &json_lines_}) {
    if (*file) (*file)->abandon();
  }
}

Result<Done> Outputs::finish() {
  std::optional<Error> first;
  for (std::optional<io::OutputFile>* file : {&text_, &json_, &json_lines_}) {
    if (!*file) continue;
    const auto finished = (*file)->finish();
    if (!finished && !first) first = finished.error();
  }
  if (first) return *first;
  return Done{};
}

}  // namespace smtpath::app
