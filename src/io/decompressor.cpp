#include "io/decompressor.h"

// zlib's input is const where it is asked to be.
#define ZLIB_CONST  // NOLINT(cppcoreguidelines-macro-usage)
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <variant>
#include <vector>

namespace smtpath::io {

namespace {

constexpr std::size_t kInputBlock = std::size_t{64} << 10;
constexpr std::array kGzipMagic = {std::byte{0x1f}, std::byte{0x8b}};

/// What one run of a decoder did.
struct Flow {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  /// In the library's words; nothing after it can be read.
  std::string problem;
};

const Bytef* to_zlib(const std::byte* bytes) {
  return static_cast<const Bytef*>(static_cast<const void*>(bytes));
}

Bytef* to_zlib(std::byte* bytes) {
  return static_cast<Bytef*>(static_cast<void*>(bytes));
}

class GzipDecoder {
 public:
  GzipDecoder() {
    constexpr int kLargestWindow = 15;
    constexpr int kGzipOnly = 16;
    has_memory_ = inflateInit2(&stream_, kLargestWindow + kGzipOnly) == Z_OK;
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;
  ~GzipDecoder() { inflateEnd(&stream_); }

  bool is_between_members() const { return is_between_members_; }

  Flow run(std::span<const std::byte> from, std::span<std::byte> into) {
    if (!has_memory_) return {.problem = "out of memory"};
    Flow flow;
    if (is_between_members_) {
      // Tapes and block devices leave zeros behind the last member (RFC 1952 is silent, gzip(1) passes over them).
      if (is_first_over_) flow.consumed = padding_before(from);
      if (flow.consumed == from.size()) return flow;
      if (from[flow.consumed] != kGzipMagic[0])
        return {.consumed = flow.consumed, .problem = "followed by something else"};
      inflateReset(&stream_);
      is_between_members_ = false;
    }
    inflate_some(from.subspan(flow.consumed), into, flow);
    return flow;
  }

 private:
  static std::size_t padding_before(std::span<const std::byte> bytes) {
    const auto end = std::find_if(bytes.begin(), bytes.end(), [](std::byte byte) { return byte != std::byte{0}; });
    return static_cast<std::size_t>(end - bytes.begin());
  }

  void inflate_some(std::span<const std::byte> from, std::span<std::byte> into, Flow& flow) {
    stream_.next_in = to_zlib(from.data());
    stream_.avail_in = static_cast<uInt>(from.size());
    stream_.next_out = to_zlib(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    flow.consumed += from.size() - stream_.avail_in;
    flow.produced = into.size() - stream_.avail_out;
    // Z_BUF_ERROR: nothing to do before more comes.
    if (status == Z_STREAM_END) {
      is_between_members_ = true;
      is_first_over_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      flow.problem = stream_.msg == nullptr ? "damaged" : stream_.msg;
    }
  }

  z_stream stream_{};
  bool has_memory_ = false;
  bool is_between_members_ = true;
  bool is_first_over_ = false;
};

class ZstdDecoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    // 128 MiB, the most that zstd(1) itself reads unless it is told to take more.
    constexpr int kLargestWindow = 27;
    if (stream_) ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kLargestWindow);
  }

  bool is_between_members() const { return is_between_frames_; }

  Flow run(std::span<const std::byte> from, std::span<std::byte> into) {
    if (!stream_) return {.problem = "out of memory"};
    if (is_between_frames_ && from.empty()) return {};
    ZSTD_inBuffer input{.src = from.data(), .size = from.size(), .pos = 0};
    ZSTD_outBuffer output{.dst = into.data(), .size = into.size(), .pos = 0};
    const std::size_t status = ZSTD_decompressStream(stream_.get(), &output, &input);
    Flow flow{.consumed = input.pos, .produced = output.pos, .problem = {}};
    if (ZSTD_isError(status) != 0U) flow.problem = ZSTD_getErrorName(status);
    is_between_frames_ = status == 0;
    return flow;
  }

 private:
  struct Close {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };

  std::unique_ptr<ZSTD_DStream, Close> stream_;
  bool is_between_frames_ = true;
};

bool begins_with(std::span<const std::byte> bytes, std::span<const std::byte> magic) {
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

}  // namespace

Compression compression_of(std::span<const std::byte> first) {
  // Skippable frames (RFC 8878, section 3.1.2) may come first: 0x184d2a50 to 0x184d2a5f, lower byte first.
  constexpr std::array kZstdMagic = {std::byte{0x28}, std::byte{0xb5}, std::byte{0x2f}, std::byte{0xfd}};
  constexpr std::array kSkippable = {std::byte{0x2a}, std::byte{0x4d}, std::byte{0x18}};
  constexpr std::byte kSkippableFirst{0x50};
  if (begins_with(first, kGzipMagic)) return Compression::Gzip;
  if (begins_with(first, kZstdMagic)) return Compression::Zstd;
  const bool may_be_skippable = !first.empty() && (first[0] & std::byte{0xf0}) == kSkippableFirst;
  if (may_be_skippable && begins_with(first.subspan(1), kSkippable)) return Compression::Zstd;
  return Compression::None;
}

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::None:
      return "";
    case Compression::Gzip:
      return "gzip";
    case Compression::Zstd:
      return "zstd";
  }
  return "";
}

struct Decompressor::State {
  Compression compression = Compression::None;
  std::vector<std::byte> buffer;
  std::size_t begin = 0;
  std::size_t end = 0;
  /// Bytes before `begin` in the compressed file.
  std::uint64_t offset = 0;
  /// The last run filled what it was given: more may be ready.
  bool has_more_ready = false;
  std::variant<GzipDecoder, ZstdDecoder> decoder;
  std::optional<CompressionFault> fault;

  bool is_between_members() const {
    return std::visit([](const auto& any) { return any.is_between_members(); }, decoder);
  }

  /// False at the end of the file.
  bool refill(ByteInput& input) {
    begin = 0;
    end = input.read(buffer);
    return end > 0;
  }

  Flow run(std::span<std::byte> into) {
    const auto from = std::span<const std::byte>(buffer).subspan(begin, end - begin);
    Flow flow = std::visit([&](auto& any) { return any.run(from, into); }, decoder);
    begin += flow.consumed;
    offset += flow.consumed;
    has_more_ready = flow.produced == into.size();
    return flow;
  }
};

Decompressor::Decompressor(Compression compression, std::span<const std::byte> first)
    : state_(std::make_unique<State>()) {
  assert(compression != Compression::None);
  state_->compression = compression;
  state_->buffer.assign(first.begin(), first.end());
  state_->end = first.size();
  state_->buffer.resize(std::max(first.size(), kInputBlock));
  if (compression == Compression::Zstd) state_->decoder.emplace<ZstdDecoder>();
}

Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;
Decompressor::~Decompressor() = default;

Compression Decompressor::compression() const {
  return state_->compression;
}

const std::optional<CompressionFault>& Decompressor::fault() const {
  return state_->fault;
}

std::size_t Decompressor::read(ByteInput& input, std::span<std::byte> into) {
  State& state = *state_;
  while (!state.fault) {
    const bool is_starved = state.begin == state.end && !state.has_more_ready;
    if (is_starved && !state.refill(input)) {
      if (!state.is_between_members())
        state.fault = CompressionFault{.is_cut_short = true, .offset = state.offset, .text = {}};
      return 0;
    }
    const Flow flow = state.run(into);
    if (!flow.problem.empty()) {
      state.fault = CompressionFault{.is_cut_short = false,
                                     .offset = state.offset,
                                     .text = std::string(name_of(state.compression)) + ": " + flow.problem};
    }
    if (flow.produced > 0) return flow.produced;
  }
  return 0;
}

}  // namespace smtpath::io
