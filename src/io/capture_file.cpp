#include "smtpath/io/capture_file.h"

#include <cassert>
#include <utility>
#include <variant>

#include "io/byte_source.h"
#include "io/foreign_format.h"
#include "io/pcap_reader.h"
#include "io/pcapng_reader.h"
#include "io/snoop_reader.h"
#include "io/system_error.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

std::string describe(const Ending& ending) {
  if (ending.kind == EndingKind::Whole) return "whole";
  std::string text = ending.kind == EndingKind::CutShort ? "cut short at byte " : "damaged at byte ";
  text += std::to_string(ending.compressed_offset.value_or(ending.offset));
  if (ending.compressed_offset)
    text += " of the compressed file, byte " + std::to_string(ending.offset) + " of its content";
  if (!ending.text.empty()) text += ": " + ending.text;
  return text;
}

struct CaptureFile::State {
  State(std::string file_name, ByteSource bytes) : name(std::move(file_name)), source(std::move(bytes)) {}

  std::string name;
  ByteSource source;
  /// None before the first bytes are read.
  std::variant<std::monostate, PcapReader, PcapngReader, SnoopReader> format;
  std::optional<Ending> ending;
  /// What look_ahead() took from the file.
  std::optional<std::optional<FileEvent>> ahead;

  bool is_recognised() const { return !std::holds_alternative<std::monostate>(format); }

  bool recognise() {
    if (const auto pcap = PcapReader::recognise(source.peek(PcapReader::kBeginning))) {
      format = *pcap;
    } else if (auto pcapng = PcapngReader::recognise(source.peek(PcapngReader::kBeginning))) {
      format = *std::move(pcapng);
    } else if (auto snoop = SnoopReader::recognise(source.peek(SnoopReader::kBeginning))) {
      format = *std::move(snoop);
    }
    return is_recognised();
  }

  Step step() {
    if (auto* pcap = std::get_if<PcapReader>(&format)) return pcap->next(source);
    if (auto* pcapng = std::get_if<PcapngReader>(&format)) return pcapng->next(source);
    return std::get<SnoopReader>(format).next(source);
  }

  /// What the reader took for the end may be that of a compressed file that is cut or damaged.
  void end(Ending by_reader) {
    ending = std::move(by_reader);
    const auto fault = source.fault();
    if (!fault || ending->kind == EndingKind::Damaged) return;
    ending->kind = fault->is_cut_short ? EndingKind::CutShort : EndingKind::Damaged;
    ending->compressed_offset = fault->offset;
    ending->text = fault->text;
  }

  Error failure(const std::string& what) const { return Error{"read " + name + ": " + what}; }

  Error no_capture() {
    const std::string seeming = foreign_format(source.peek(kForeignBeginning));
    const auto fault = source.fault();
    const auto kind = fault && fault->is_cut_short ? EndingKind::CutShort : EndingKind::Damaged;
    end(Ending{.kind = kind, .offset = 0, .compressed_offset = {}, .text = "no capture"});
    if (const auto error = source.input().error()) return system_error("read " + name, *error);
    std::string why = seeming;
    constexpr std::size_t kEnoughToTell = 16;
    if (fault && source.peek(kEnoughToTell).size() < kEnoughToTell) {
      why = fault->is_cut_short ? "cut short within its compressed beginning" : fault->text;
    }
    return failure("not a capture file" + (why.empty() ? "" : " (" + why + ")"));
  }

  const PcapngReader* pcapng() const { return std::get_if<PcapngReader>(&format); }
  const SnoopReader* snoop() const { return std::get_if<SnoopReader>(&format); }
};

CaptureFile::CaptureFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
CaptureFile::CaptureFile(CaptureFile&&) noexcept = default;
CaptureFile& CaptureFile::operator=(CaptureFile&&) noexcept = default;
CaptureFile::~CaptureFile() = default;

Result<CaptureFile> CaptureFile::open(const std::string& path) {
  return open(path, ByteSource::kBlock);
}

Result<CaptureFile> CaptureFile::open(const std::string& path, std::size_t block) {
  auto file = open_input(path);
  if (!file) return file.error();
  ByteSource source(ByteInput(std::move(file).value()), Decompress::Yes, block);
  return CaptureFile(std::make_unique<State>(name_of_input(path), std::move(source)));
}

CaptureFile CaptureFile::of_bytes(std::string name, std::vector<std::byte> bytes) {
  constexpr std::size_t kSmallBlock = 4096;
  return CaptureFile(
      std::make_unique<State>(std::move(name), ByteSource(ByteInput(std::move(bytes)), Decompress::Yes, kSmallBlock)));
}

const std::string& CaptureFile::name() const {
  return state_->name;
}

void CaptureFile::interrupt_by(int descriptor) {
  state_->source.interrupt_by(descriptor);
}

Result<Done> CaptureFile::look_ahead() {
  if (state_->ahead) return Done{};
  auto first = next();
  if (!first) return first.error();
  state_->ahead = std::move(first).value();
  return Done{};
}

Result<std::optional<FileEvent>> CaptureFile::next() {
  State& state = *state_;
  if (state.ahead) return *std::exchange(state.ahead, std::nullopt);
  if (state.ending) return std::optional<FileEvent>();
  if (!state.is_recognised() && !state.recognise()) return state.no_capture();
  Step step = state.step();
  if (const auto* frame = std::get_if<Frame>(&step)) return std::optional<FileEvent>(*frame);
  if (auto* statistics = std::get_if<FileStatistics>(&step)) return std::optional<FileEvent>(std::move(*statistics));
  state.end(std::get<Ending>(std::move(step)));
  if (const auto error = state.source.input().error()) return system_error("read " + state.name, *error);
  return std::optional<FileEvent>();
}

const Ending& CaptureFile::ending() const {
  assert(state_->ending);
  return *state_->ending;
}

std::string CaptureFile::format() const {
  std::string words;
  if (const auto* pcap = std::get_if<PcapReader>(&state_->format)) words = pcap->format();
  if (state_->pcapng() != nullptr) words = state_->pcapng()->format();
  if (state_->snoop() != nullptr) words = SnoopReader::format();
  const auto compression = name_of(state_->source.compression());
  if (!words.empty() && !compression.empty()) words.append(", ").append(compression);
  return words;
}

std::uint64_t CaptureFile::bytes_read() const {
  return state_->source.input().bytes_read();
}

std::optional<std::uint64_t> CaptureFile::size() const {
  return state_->source.input().size();
}

const std::vector<std::string>& CaptureFile::section_comments() const {
  static const std::vector<std::string> kNone;
  return state_->pcapng() == nullptr ? kNone : state_->pcapng()->section_comments();
}

std::optional<FileStatistics> CaptureFile::statistics() const {
  if (state_->snoop() != nullptr) return state_->snoop()->statistics();
  return state_->pcapng() == nullptr ? std::nullopt : state_->pcapng()->statistics();
}

std::uint64_t CaptureFile::unusable_blocks() const {
  return state_->pcapng() == nullptr ? 0 : state_->pcapng()->unusable_blocks();
}

}  // namespace smtpath::io
