#include "smtpath/io/merged_captures.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

namespace smtpath::io {

namespace {

using Event = Result<std::optional<FileEvent>>;

/// The buffers of all files together stay within this, as long as there are few enough of them.
constexpr std::size_t kAllBlocks = std::size_t{8} << 20;
constexpr std::size_t kSmallestBlock = std::size_t{16} << 10;
constexpr std::size_t kLargestBlock = std::size_t{256} << 10;

/// A file in the queue: the time of what it gives next, and which it is.
struct Place {
  Time time;
  std::size_t index = 0;

  friend auto operator<=>(const Place&, const Place&) = default;
};

}  // namespace

struct MergedCaptures::State {
  std::vector<CaptureFile> files;
  /// What each file gives next, taken from it already; empty when there is only one.
  std::vector<Event> heads;
  /// A heap with the earliest in front.
  std::vector<Place> queue;
  std::size_t current = 0;
  /// The frame at the front of the queue was given: its file goes on at the next call.
  bool is_given = false;

  /// Takes the next event of a file; false at its end. What has no time follows `before`.
  bool advance(Place& place) {
    Event& head = heads[place.index];
    head = files[place.index].next();
    if (!head.ok()) return true;
    if (!head.value()) return false;
    if (const auto* frame = std::get_if<Frame>(&*head.value())) place.time = frame->time;
    return true;
  }

  void start() {
    heads.assign(files.size(), Event(std::nullopt));
    for (std::size_t index = 0; index < files.size(); ++index) {
      Place place{.time = Time::min(), .index = index};
      if (advance(place)) queue.push_back(place);
    }
    std::make_heap(queue.begin(), queue.end(), std::greater<>());
  }

  /// Puts the file in front where it belongs now.
  void go_on() {
    Place place = queue.front();
    const bool has_more = advance(place);
    // Most often the same file is the earliest again.
    const auto is_before = [&](std::size_t child) { return child >= queue.size() || place < queue[child]; };
    if (has_more && is_before(1) && is_before(2)) {
      queue.front() = place;
      return;
    }
    std::pop_heap(queue.begin(), queue.end(), std::greater<>());
    queue.pop_back();
    if (!has_more) return;
    queue.push_back(place);
    std::push_heap(queue.begin(), queue.end(), std::greater<>());
  }
};

MergedCaptures::MergedCaptures(std::unique_ptr<State> state) : state_(std::move(state)) {}
MergedCaptures::MergedCaptures(MergedCaptures&&) noexcept = default;
MergedCaptures& MergedCaptures::operator=(MergedCaptures&&) noexcept = default;
MergedCaptures::~MergedCaptures() = default;

Result<MergedCaptures> MergedCaptures::open(const std::vector<std::string>& paths) {
  const std::size_t block =
      std::clamp(kAllBlocks / std::max<std::size_t>(paths.size(), 1), kSmallestBlock, kLargestBlock);
  std::vector<CaptureFile> files;
  for (const std::string& path : paths) {
    auto file = CaptureFile::open(path, block);
    if (!file) return file.error();
    files.push_back(std::move(file).value());
  }
  return of(std::move(files));
}

MergedCaptures MergedCaptures::of(std::vector<CaptureFile> files) {
  assert(!files.empty());
  auto state = std::make_unique<State>();
  state->files = std::move(files);
  return MergedCaptures(std::move(state));
}

Result<std::optional<FileEvent>> MergedCaptures::next() {
  State& state = *state_;
  if (state.files.size() == 1) return state.files.front().next();
  if (state.heads.empty()) state.start();
  if (state.is_given) state.go_on();
  state.is_given = !state.queue.empty();
  if (state.queue.empty()) return std::optional<FileEvent>();
  state.current = state.queue.front().index;
  return std::move(state.heads[state.current]);
}

std::size_t MergedCaptures::current() const {
  return state_->current;
}

std::size_t MergedCaptures::file_count() const {
  return state_->files.size();
}

const CaptureFile& MergedCaptures::file(std::size_t index) const {
  return state_->files.at(index);
}

std::uint64_t MergedCaptures::bytes_read() const {
  std::uint64_t sum = 0;
  for (const CaptureFile& file : state_->files) sum += file.bytes_read();
  return sum;
}

std::optional<std::uint64_t> MergedCaptures::size() const {
  std::uint64_t sum = 0;
  for (const CaptureFile& file : state_->files) {
    if (!file.size()) return std::nullopt;
    sum += *file.size();
  }
  return sum;
}

}  // namespace smtpath::io
