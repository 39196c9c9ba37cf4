#include "app/outputs.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "smtpath/io/terminal.h"

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

std::optional<Error> open_into(std::unique_ptr<io::OutputFile>& file, const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  auto opened = io::OutputFile::open(*path);
  if (!opened) return opened.error();
  file = std::make_unique<io::OutputFile>(std::move(opened).value());
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

void Outputs::begin(const report::RunBeginning& run) {
  if (has_begun_) return;
  has_begun_ = true;
  if (json_) document_.emplace(run, [json = json_.get()](std::string_view piece) { json->write(piece); });
}

void Outputs::write(const report::ConnectionReport& connection) {
  if (document_) document_->write(connection);
  if (!json_lines_) return;
  json_lines_->write(report::json_line_of(connection));
  json_lines_->flush();
}

Result<Done> Outputs::write(KeptConnections& kept) {
  if (kept.objects && document_) {
    const auto written = kept.objects->read_back([&](std::string_view line) { document_->write_object(line); });
    if (!written) return written;
  }
  if (!kept.lines || !json_lines_) return Done{};
  return kept.lines->read_back([&](std::string_view line) { json_lines_->write(line); });
}

void Outputs::write(const report::Digest& digest, const std::vector<report::FileReport>& files) {
  if (!text_) return;
  separate_text();
  digest.write(files, style_, [&](std::string_view piece) { text_->write(piece); });
  text_->flush();
}

void Outputs::write_early(const report::TargetReport& target) {
  if (!json_lines_) return;
  json_lines_->write(report::json_line_of(target));
  json_lines_->flush();
}

void Outputs::write_in_order(const report::TargetReport& target) {
  if (document_) document_->write(target);
  if (!text_) return;
  separate_text();
  text_->write(report::text_of(target, style_));
  text_->flush();
}

void Outputs::separate_text() {
  if (has_text_) text_->write(report::rule_between_targets());
  has_text_ = true;
}

void Outputs::end(const report::RunTally& tally, const report::RunEnding& run) {
  end_documents(tally, run);
  if (json_lines_) json_lines_->write(report::json_summary_line_of(tally, run));
}

void Outputs::end(const report::RunTally& tally, const report::ConnectionTally& connections,
                  const report::RunEnding& run) {
  end_documents(tally, run);
  if (json_lines_) json_lines_->write(report::json_summary_line_of(tally, connections, run));
}

void Outputs::end_documents(const report::RunTally& tally, const report::RunEnding& run) {
  if (text_) text_->write(report::text_of(tally, style_) + report::text_of(run, style_));
  if (document_) document_->write(tally, run);
}

void Outputs::abandon() {
  for (io::OutputFile* file : {text_.get(), json_.get(), json_lines_.get()}) {
    if (file != nullptr) file->abandon();
  }
}

Result<Done> Outputs::finish() {
  std::optional<Error> first;
  for (io::OutputFile* file : {text_.get(), json_.get(), json_lines_.get()}) {
    if (file == nullptr) continue;
    const auto finished = file->finish();
    if (!finished && !first) first = finished.error();
  }
  if (first) return *first;
  return Done{};
}

}  // namespace smtpath::app
