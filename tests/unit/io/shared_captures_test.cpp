// Captures that others made, read as libpcap reads them; the broken ones quickly.

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "support/shared_captures.h"
#include "unit/io/packed.h"
#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using test::Bytes;
using test::captures_in;
using test::FileFrame;
using test::frames_by_libpcap;
using test::frames_of;

constexpr std::array kFolders = {"smtp", "other", "robust"};

Bytes content_of(const std::filesystem::path& path) {
  Bytes bytes(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// libpcap 1.10 takes impossible fractions of a second, and seconds after 2038, for negative ones (a 0 here), and has a
/// 0 where a packet has no time.
bool is_timed_alike(Time ours, Time theirs) {
  constexpr std::chrono::microseconds kWrap(std::int64_t{1} << 32);
  return ours == theirs || theirs == Time{} || ours - theirs == kWrap;
}

/// libpcap cuts packets that are longer than the file's snap length, and lets them be longer than they were on the
/// wire.
bool is_read_alike(const FileFrame& ours, const FileFrame& theirs) {
  const auto original = std::max<std::size_t>(theirs.original_length, ours.content.size());
  return is_timed_alike(ours.time, theirs.time) && ours.link == theirs.link && ours.original_length == original &&
         ours.content.starts_with(theirs.content);
}

std::string summary_of(const FileFrame& frame) {
  return std::to_string(frame.time.time_since_epoch().count()) + " ns " + to_string(frame.link) + " " +
         std::to_string(frame.content.size()) + "/" + std::to_string(frame.original_length);
}

TEST(SharedCaptures, ReadAsLibpcapReadsThem) {
  const auto root = test::shared_captures();
  if (!root) GTEST_SKIP() << test::kNotHere;
  std::size_t compared = 0;
  for (const char* folder : kFolders) {
    for (const auto& path : captures_in(*root / folder)) {
      const Bytes bytes = content_of(path);
      CaptureFile file = CaptureFile::of_bytes(path.filename(), bytes);
      const auto ours = frames_of(file);
      bool is_whole = false;
      const auto theirs = frames_by_libpcap(bytes, &is_whole);
      ASSERT_GE(ours.size(), theirs.size()) << path;
      EXPECT_TRUE(!is_whole || ours.size() == theirs.size()) << path;
      for (std::size_t i = 0; i < theirs.size(); ++i) {
        ASSERT_TRUE(is_read_alike(ours[i], theirs[i]))
            << path << ", frame " << i << ": " << summary_of(ours[i]) << ", " << summary_of(theirs[i]);
      }
      compared += is_whole ? 1 : 0;
    }
  }
  EXPECT_GT(compared, 900U);
}

TEST(SharedCaptures, EndQuicklyHoweverBroken) {
  const auto root = test::shared_captures();
  if (!root) GTEST_SKIP() << test::kNotHere;
  for (const auto& path : captures_in(*root / "robust")) {
    const auto begin = std::chrono::steady_clock::now();
    auto file = CaptureFile::open(path);
    ASSERT_TRUE(file.ok());
    std::string error;
    frames_of(file.value(), &error);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2)) << path;
    EXPECT_EQ(error.empty(), !file.value().format().empty()) << path;
  }
}

TEST(SharedCaptures, ReadTheSameCompressed) {
  const auto root = test::shared_captures();
  if (!root) GTEST_SKIP() << test::kNotHere;
  for (const auto& path : captures_in(*root / "smtp")) {
    const Bytes bytes = content_of(path);
    CaptureFile plain = CaptureFile::of_bytes(path.filename(), bytes);
    const auto expected = frames_of(plain);
    for (const auto& pack : {test::gzip, test::zstd}) {
      CaptureFile packed = CaptureFile::of_bytes(path.filename(), pack(bytes));
      ASSERT_EQ(frames_of(packed), expected) << path;
      EXPECT_EQ(packed.ending(), plain.ending()) << path;
    }
  }
}

}  // namespace
}  // namespace smtpath::io
