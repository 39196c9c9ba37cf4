// Several captures read as one.

#include "smtpath/io/merged_captures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using test::Bytes;
using test::FileBytes;
using test::Order;
using testing::ElementsAre;
using testing::IsEmpty;

/// A file with a frame at each of these nanoseconds, its content the file's letter and the time.
Bytes capture_of(char letter, const std::vector<std::uint64_t>& times) {
  FileBytes bytes(Order::Little);
  bytes.section().interface({});
  for (const std::uint64_t time : times) {
    const std::string content = letter + std::to_string(time);
    bytes.enhanced_packet({0, time, content, static_cast<std::uint32_t>(content.size()), {}});
  }
  return bytes.all();
}

CaptureFile file_of(std::string name, Bytes bytes) {
  return CaptureFile::of_bytes(std::move(name), std::move(bytes));
}

/// The content of each frame, "statistics" or the error's text, behind it the file it is of.
std::vector<std::string> all_of(MergedCaptures& captures) {
  std::vector<std::string> events;
  for (;;) {
    const auto next = captures.next();
    if (next.ok() && !next.value()) return events;
    std::string text = next.ok() ? "statistics" : next.error().message;
    if (next.ok() && std::holds_alternative<Frame>(*next.value())) {
      const auto bytes = std::get<Frame>(*next.value()).bytes;
      text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    events.push_back(text + " of " + std::to_string(captures.current()));
  }
}

MergedCaptures merge(std::vector<Bytes> contents) {
  std::vector<CaptureFile> files;
  for (Bytes& bytes : contents) files.push_back(file_of("file " + std::to_string(files.size()), std::move(bytes)));
  return MergedCaptures::of(std::move(files));
}

TEST(MergedCaptures, AreInTheOrderOfTime) {
  MergedCaptures captures =
      merge({capture_of('a', {1, 5, 9}), capture_of('b', {2, 3, 10}), capture_of('c', {4}), capture_of('d', {})});
  EXPECT_THAT(all_of(captures),
              ElementsAre("a1 of 0", "b2 of 1", "b3 of 1", "c4 of 2", "a5 of 0", "a9 of 0", "b10 of 1"));
  for (std::size_t index = 0; index < captures.file_count(); ++index) {
    EXPECT_EQ(captures.file(index).ending().kind, EndingKind::Whole);
  }
}

TEST(MergedCaptures, OfEqualTimesComeInTheOrderGiven) {
  MergedCaptures captures = merge({capture_of('a', {5, 5}), capture_of('b', {5}), capture_of('c', {4, 5})});
  EXPECT_THAT(all_of(captures), ElementsAre("c4 of 2", "a5 of 0", "a5 of 0", "b5 of 1", "c5 of 2"));
}

TEST(MergedCaptures, KeepTheDisorderWithinAFile) {
  MergedCaptures captures = merge({capture_of('a', {5, 2, 8}), capture_of('b', {3, 6})});
  EXPECT_THAT(all_of(captures), ElementsAre("b3 of 1", "a5 of 0", "a2 of 0", "b6 of 1", "a8 of 0"));
}

TEST(MergedCaptures, GoOnWhereAFileIsNoCapture) {
  MergedCaptures captures =
      merge({capture_of('a', {1, 2}), FileBytes(Order::Big).text("nonsense").all(), capture_of('c', {1})});
  EXPECT_THAT(all_of(captures), ElementsAre("read file 1: not a capture file of 1", "a1 of 0", "c1 of 2", "a2 of 0"));
  EXPECT_EQ(captures.file(1).ending().kind, EndingKind::Damaged);
}

TEST(MergedCaptures, GiveStatisticsBehindTheFrameBeforeThem) {
  FileBytes bytes(Order::Little);
  bytes.bytes(capture_of('b', {2}));
  bytes.block(5,
              FileBytes(Order::Little).u32(0).u32(0).u32(900).option(4, FileBytes(Order::Little).u64(9).all()).u32(0));
  bytes.enhanced_packet({0, 7, "b7", 2, {}});
  MergedCaptures captures = merge({capture_of('a', {1, 3}), bytes.all()});
  EXPECT_THAT(all_of(captures), ElementsAre("a1 of 0", "b2 of 1", "statistics of 1", "a3 of 0", "b7 of 1"));
  EXPECT_EQ(captures.file(1).statistics()->counts.received, 9U);
}

TEST(MergedCaptures, OfOneFileAreThatFile) {
  MergedCaptures captures = merge({capture_of('a', {3, 1, 2})});
  EXPECT_THAT(all_of(captures), ElementsAre("a3 of 0", "a1 of 0", "a2 of 0"));
  MergedCaptures none = merge({Bytes{}});
  EXPECT_THAT(all_of(none), ElementsAre("read file 0: not a capture file (it is empty) of 0"));
}

TEST(MergedCaptures, SayHowMuchTheyReadOfHowMuch) {
  const std::string path = testing::TempDir() + "smtpath-merged.pcapng";
  const Bytes bytes = capture_of('a', {1, 2, 3});
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  auto captures = MergedCaptures::open({path, path});
  ASSERT_TRUE(captures.ok());
  EXPECT_EQ(captures.value().bytes_read(), 0U);
  EXPECT_EQ(captures.value().size(), 2 * bytes.size());
  EXPECT_EQ(all_of(captures.value()).size(), 6U);
  EXPECT_EQ(captures.value().bytes_read(), 2 * bytes.size());
  EXPECT_EQ(MergedCaptures::open({path, "/nowhere/x.pcap"}).error().message,
            "open /nowhere/x.pcap: No such file or directory");
  std::filesystem::remove(path);
}

TEST(MergedCaptures, AreWhatAStableSortMakesOfOrderedFiles) {
  constexpr std::uint32_t kSeed = 20'261'121;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 300; ++round) {
    struct Expected {
      std::uint64_t time;
      std::size_t file;
    };
    std::vector<Bytes> contents(1 + random() % 9);
    std::vector<Expected> expected;
    for (std::size_t file = 0; file < contents.size(); ++file) {
      std::vector<std::uint64_t> times(random() % 20);
      for (std::uint64_t& time : times) time = random() % 30;
      std::sort(times.begin(), times.end());
      for (const std::uint64_t time : times) expected.push_back({time, file});
      contents[file] = capture_of('x', times);
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Expected& one, const Expected& other) { return one.time < other.time; });
    std::vector<std::string> texts;
    for (const auto& [time, file] : expected) {
      texts.push_back("x" + std::to_string(time) + " of " + std::to_string(file));
    }
    MergedCaptures captures = merge(contents);
    ASSERT_EQ(all_of(captures), texts) << "seed " << kSeed << ", round " << round;
  }
}

}  // namespace
}  // namespace smtpath::io
