#include "smtpath/io/capture_file.h"

#include <cassert>
#include <utility>
#include <variant>

#include "io/byte_source.h"
#include "io/pcap_reader.h"
#include "io/pcapng_reader.h"
#include "io/system_error.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

struct CaptureFile::State {
  State(std::string file_name, ByteSource bytes) : name(std::move(file_name)), source(std::move(bytes)) {}

  std::string name;
  ByteSource source;
  /// Neither before the first bytes are read.
  std::variant<std::monostate, PcapReader, PcapngReader> format;
  std::optional<Ending> ending;

  bool recognise() {
    if (const auto pcap = PcapReader::recognise(source.peek(PcapReader::kBeginning))) {
      format = *pcap;
    } else if (auto pcapng = PcapngReader::recognise(source.peek(PcapngReader::kBeginning))) {
      format = *std::move(pcapng);
    }
    return !std::holds_alternative<std::monostate>(format);
  }

  Step step() {
    if (auto* pcap = std::get_if<PcapReader>(&format)) return pcap->next(source);
    return std::get<PcapngReader>(format).next(source);
  }

  Error failure(std::string_view what) const { return Error{"read " + name + ": " + std::string(what)}; }

  const PcapngReader* pcapng() const { return std::get_if<PcapngReader>(&format); }
};

CaptureFile::CaptureFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
CaptureFile::CaptureFile(CaptureFile&&) noexcept = default;
CaptureFile& CaptureFile::operator=(CaptureFile&&) noexcept = default;
CaptureFile::~CaptureFile() = default;

Result<CaptureFile> CaptureFile::open(const std::string& path) {
  auto file = open_input(path);
  if (!file) return file.error();
  return CaptureFile(std::make_unique<State>(name_of_input(path), ByteSource(std::move(file).value())));
}

CaptureFile CaptureFile::of_bytes(std::string name, std::vector<std::byte> bytes) {
  return CaptureFile(std::make_unique<State>(std::move(name), ByteSource(std::move(bytes))));
}

const std::string& CaptureFile::name() const {
  return state_->name;
}

Result<std::optional<FileEvent>> CaptureFile::next() {
  State& state = *state_;
  if (state.ending) return std::optional<FileEvent>();
  const bool is_known = state.pcapng() != nullptr || std::holds_alternative<PcapReader>(state.format);
  const bool is_capture = is_known || state.recognise();
  if (!is_capture && !state.source.error()) return state.failure("not a capture file");
  if (is_capture) {
    const Step step = state.step();
    if (const auto* frame = std::get_if<Frame>(&step)) return std::optional<FileEvent>(*frame);
    if (const auto* statistics = std::get_if<FileStatistics>(&step)) return std::optional<FileEvent>(*statistics);
    state.ending = std::get<Ending>(step);
  }
  if (const auto error = state.source.error()) return system_error("read " + state.name, *error);
  return std::optional<FileEvent>();
}

Ending CaptureFile::ending() const {
  assert(state_->ending);
  return *state_->ending;
}

const std::vector<std::string>& CaptureFile::section_comments() const {
  static const std::vector<std::string> kNone;
  return state_->pcapng() == nullptr ? kNone : state_->pcapng()->section_comments();
}

std::optional<FileStatistics> CaptureFile::statistics() const {
  return state_->pcapng() == nullptr ? std::nullopt : state_->pcapng()->statistics();
}

std::uint64_t CaptureFile::unusable_blocks() const {
  return state_->pcapng() == nullptr ? 0 : state_->pcapng()->unusable_blocks();
}

}  // namespace smtpath::io
