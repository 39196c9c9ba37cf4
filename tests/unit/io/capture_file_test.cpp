// What holds for captures of both formats: opening, streaming, hostile bytes.

#include "smtpath/io/capture_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "unit/io/child.h"
#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using test::Bytes;
using test::file_of;
using test::FileBytes;
using test::frames_of;
using test::in_child;
using test::Order;
using testing::SizeIs;

FileBytes every_kind_of_block(Order order) {
  FileBytes bytes(order);
  bytes.section("comment").interface({.snap_length = 96, .time_offset = 5, .name = "eth0"});
  bytes.interface({.link = 101, .name = "unsent"});
  bytes.enhanced_packet({0, 1'000, "enhanced", 60, "remark"}).enhanced_packet({1, 2, "x", 1, "refused: EPERM (1)"});
  bytes.obsolete_packet({0, 2'000, "obsolete", 60, {}}).simple_packet("simple", 6);
  return bytes.block(5, FileBytes(order).u32(0).u64(3'000).option(4, FileBytes(order).u64(9).all()).u32(0));
}

FileBytes old_kind_of_file(Order order, std::uint32_t magic) {
  return FileBytes(order).pcap_header(magic, 1).pcap_packet({1, 2, "first", 60}).pcap_packet({3, 4, "second", 60});
}

std::string error_of(const Bytes& bytes) {
  CaptureFile file = CaptureFile::of_bytes("x.pcap", bytes);
  std::string error;
  frames_of(file, &error);
  return error;
}

TEST(CaptureFile, IsNotJustAnything) {
  EXPECT_EQ(error_of({}), "read x.pcap: not a capture file (it is empty)");
  EXPECT_EQ(error_of(FileBytes(Order::Big).text("GIF89a").all()), "read x.pcap: not a capture file");
  EXPECT_EQ(error_of(FileBytes(Order::Big).u32(0x0a0d0d0a).u32(28).u32(0x12345678).all()),
            "read x.pcap: not a capture file");
  EXPECT_EQ(error_of(FileBytes(Order::Big).u16(0xa1b2).all()), "read x.pcap: not a capture file");
}

TEST(CaptureFile, SaysWhatItIsInstead) {
  const auto what = [](std::string_view text) { return error_of(FileBytes(Order::Big).text(text).all()); };
  using namespace std::string_view_literals;
  const std::string no_capture = "read x.pcap: not a capture file ";
  EXPECT_EQ(what("\xfd"
                 "7zXZ\0\0"sv),
            no_capture + "(xz-compressed: uncompress it first)");
  EXPECT_EQ(what("BZh91AY"), no_capture + "(bzip2-compressed: uncompress it first)");
  EXPECT_EQ(what("GMBU\x03\x02"sv), no_capture + "(a Network Monitor capture)");
  EXPECT_EQ(what("snoop\0\0\0\0\0\0\x05"sv), no_capture + "(a snoop capture of another version than 2)");
  EXPECT_EQ(what("\x4d\x3c\x2b\xa1\2\0\4\0"sv), no_capture + "(pcap as Navtel modified it)");
  EXPECT_EQ(what("\xd4\xc3\xb2\xa1\2\0\5\0"sv), no_capture + "(pcap of version 2.5)");
  EXPECT_EQ(what("12:00:01.5 IP 10.0.0.1.40000 > 10.0.0.2.25: Flags [S]\n"),
            no_capture + "(it is text; tcpdump writes captures with -w)");
}

TEST(CaptureFile, HasEndedAfterAnError) {
  CaptureFile file = CaptureFile::of_bytes("x.pcap", {});
  EXPECT_FALSE(file.next().ok());
  const auto next = file.next();
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next.value(), std::nullopt);
  EXPECT_EQ(file.ending().kind, EndingKind::Damaged);
}

TEST(CaptureFile, CannotBeMissingOrADirectory) {
  EXPECT_EQ(CaptureFile::open("/nowhere/x.pcap").error().message, "open /nowhere/x.pcap: No such file or directory");
  EXPECT_EQ(CaptureFile::open("/tmp").error().message, "open /tmp: Is a directory");
}

TEST(CaptureFile, ReportsAnErrorOfReading) {
  auto file = CaptureFile::open("/proc/self/mem");
  ASSERT_TRUE(file.ok());
  std::string error;
  EXPECT_THAT(frames_of(file.value(), &error), SizeIs(0));
  EXPECT_EQ(error, "read /proc/self/mem: Input/output error");
}

TEST(CaptureFile, ComesByStandardInputInAnyPieces) {
  in_child([] {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    ASSERT_EQ(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    const Bytes bytes = every_kind_of_block(Order::Big).all();
    std::thread writer([&] {
      for (const std::byte byte : bytes) EXPECT_EQ(write(ends[1], &byte, 1), 1);
      close(ends[1]);
    });
    auto file = CaptureFile::open("-");
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file.value().name(), "standard input");
    EXPECT_THAT(frames_of(file.value()), SizeIs(4));
    EXPECT_EQ(file.value().ending().kind, EndingKind::Whole);
    writer.join();
  });
}

TEST(CaptureFile, LargerThanItsBufferReadsToTheEnd) {
  const std::string path = testing::TempDir() + "smtpath-large.pcapng";
  const std::string content(60'000, 'x');
  FileBytes bytes(Order::Little);
  bytes.section().interface({});
  for (std::uint64_t i = 0; i < 50; ++i) bytes.enhanced_packet({0, i, content.substr(i * 1'000), 60'000, {}});
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.all().data()), static_cast<std::streamsize>(bytes.all().size()));

  auto file = CaptureFile::open(path);
  const auto frames = frames_of(file.value());
  ASSERT_THAT(frames, SizeIs(50));
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(frames[i].content.size(), 60'000 - i * 1'000);
  EXPECT_EQ(file.value().ending().offset, bytes.all().size());
  std::filesystem::remove(path);
}

void write_file(const std::string& path, const Bytes& bytes, std::ios::openmode mode = std::ios::trunc) {
  std::ofstream(path, std::ios::binary | mode)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

TEST(CaptureFile, ThatGrowsIsReadToTheEndThatIsMetFirst) {
  const std::string path = testing::TempDir() + "smtpath-growing.pcap";
  const Bytes whole = old_kind_of_file(Order::Little, 0xa1b2c3d4).all();
  const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(whole.size()) - 10;
  write_file(path, {whole.begin(), middle});
  auto file = CaptureFile::open(path);
  ASSERT_TRUE(file.value().next().value());
  write_file(path, {middle, whole.end()}, std::ios::app);
  // What was read ahead ends within the second packet; reading on finds the rest of it.
  EXPECT_THAT(frames_of(file.value()), SizeIs(1));
  write_file(path, whole, std::ios::app);
  EXPECT_EQ(file.value().next().value(), std::nullopt);
  EXPECT_EQ(file.value().ending().offset, whole.size());
  std::filesystem::remove(path);
}

TEST(CaptureFile, ThatIsTruncatedWhileReadIsCutShort) {
  const std::string path = testing::TempDir() + "smtpath-shrinking.pcap";
  FileBytes bytes(Order::Little);
  const std::string content(60'000, 'x');
  bytes.pcap_header(0xa1b2c3d4, 1);
  for (std::uint32_t i = 0; i < 50; ++i) bytes.pcap_packet({i, 0, content, 60'000});
  write_file(path, bytes.all());
  auto file = CaptureFile::open(path);
  ASSERT_TRUE(file.value().next().value());
  std::filesystem::resize_file(path, 100'000);
  frames_of(file.value());
  EXPECT_EQ(file.value().ending().kind, EndingKind::CutShort);
  EXPECT_EQ(file.value().ending().offset, file.value().bytes_read());
  std::filesystem::remove(path);
}

TEST(CaptureFile, MayBeAFifo) {
  const std::string path = testing::TempDir() + "smtpath-fifo";
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const Bytes bytes = every_kind_of_block(Order::Little).all();
  std::thread writer([&] { write_file(path, bytes, std::ios::app); });
  auto file = CaptureFile::open(path);
  EXPECT_THAT(frames_of(file.value()), SizeIs(4));
  EXPECT_EQ(file.value().size(), std::nullopt);
  EXPECT_EQ(file.value().bytes_read(), bytes.size());
  writer.join();
  std::filesystem::remove(path);
}

TEST(CaptureFile, OfAHeaderOnlyIsWholeAndEmpty) {
  for (const FileBytes& header : {FileBytes(Order::Big).pcap_header(0xa1b2c3d4, 1), FileBytes(Order::Big).section()}) {
    CaptureFile file = file_of(header);
    std::string error;
    EXPECT_THAT(frames_of(file, &error), SizeIs(0));
    EXPECT_EQ(error, "");
    EXPECT_EQ(describe(file.ending()), "whole");
  }
}

TEST(CaptureFile, SaysOfWhichFormatItIs) {
  const auto format_of = [](const FileBytes& bytes) {
    CaptureFile file = file_of(bytes);
    frames_of(file);
    return file.format();
  };
  EXPECT_EQ(format_of(old_kind_of_file(Order::Big, 0xa1b2c3d4)), "pcap, microseconds");
  EXPECT_EQ(format_of(old_kind_of_file(Order::Big, 0xa1b23c4d)), "pcap, nanoseconds");
  EXPECT_EQ(format_of(old_kind_of_file(Order::Little, 0xa1b2cd34)), "modified pcap, microseconds");
  const auto interface_of = [](std::uint8_t resolution) {
    return FileBytes(Order::Big).section().interface({.resolution = resolution, .name = {}});
  };
  EXPECT_EQ(format_of(interface_of(3)), "pcapng, milliseconds");
  EXPECT_EQ(format_of(interface_of(0x80 | 20)), "pcapng, 2^-20 seconds");
  EXPECT_EQ(format_of(interface_of(9).interface({.resolution = 6, .name = {}})), "pcapng, mixed resolutions");
}

/// Reads all of it and checks what must hold whatever the bytes are.
void read_hostile(const Bytes& bytes) {
  CaptureFile file = CaptureFile::of_bytes("hostile", bytes);
  std::size_t total = 0;
  for (auto next = file.next(); next.ok() && next.value(); next = file.next()) {
    if (const auto* said = std::get_if<FileStatistics>(&*next.value())) {
      ASSERT_LE(said->comment.size(), bytes.size());
      continue;
    }
    const auto& frame = std::get<Frame>(*next.value());
    ASSERT_LE(frame.bytes.size(), frame.original_length);
    ASSERT_GE(frame.time.time_since_epoch().count(), 0);
    total += frame.bytes.size();
  }
  ASSERT_LE(total, bytes.size());
}

TEST(CaptureFile, SurvivesRandomChanges) {
  const std::vector<Bytes> sources = {every_kind_of_block(Order::Little).all(), every_kind_of_block(Order::Big).all(),
                                      old_kind_of_file(Order::Little, 0xa1b2c3d4).all(),
                                      old_kind_of_file(Order::Big, 0xa1b2cd34).all()};
  constexpr std::uint32_t kSeed = 20'240'229;
  std::mt19937 random(kSeed);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  constexpr std::array kExtremes = {0x00, 0x01, 0x7f, 0x80, 0xff};
  for (int round = 0; round < 20'000; ++round) {
    Bytes bytes = sources[below(sources.size())];
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      bytes[below(bytes.size())] = static_cast<std::byte>(kExtremes[below(kExtremes.size())]);
    }
    if (below(4) == 0) bytes.resize(below(bytes.size()));
    ASSERT_NO_FATAL_FAILURE(read_hostile(bytes)) << "round " << round;
  }
}

}  // namespace
}  // namespace smtpath::io
