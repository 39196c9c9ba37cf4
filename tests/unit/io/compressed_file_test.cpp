// Captures compressed with gzip or Zstandard are read as what they were before.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "unit/io/child.h"
#include "unit/io/packed.h"
#include "unit/io/read_frames.h"

namespace smtpath::io {
namespace {

using test::Bytes;
using test::FileBytes;
using test::FileFrame;
using test::frames_of;
using test::Order;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

using Pack = Bytes (*)(const Bytes&);
constexpr std::array<Pack, 2> kPacks = {test::gzip, test::zstd};

Bytes small_capture() {
  FileBytes bytes(Order::Little);
  bytes.section("a comment").interface({});
  std::string content = "frame ";
  for (std::uint64_t i = 0; i < 40; ++i) {
    content += static_cast<char>('a' + i * 7 % 26);
    bytes.enhanced_packet({0, i, content, 1'500, {}});
  }
  return bytes.all();
}

CaptureFile file_of(const Bytes& bytes) {
  return CaptureFile::of_bytes("x.pcapng", bytes);
}

std::vector<FileFrame> frames_in(const Bytes& bytes) {
  CaptureFile file = file_of(bytes);
  return frames_of(file);
}

Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Bytes part(const Bytes& bytes, std::size_t from, std::size_t to) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.begin() + static_cast<std::ptrdiff_t>(to)};
}

Bytes bytes_of(std::string_view text) {
  return FileBytes(Order::Big).text(text).all();
}

TEST(CompressedFile, ReadsAsThePlainOne) {
  const Bytes plain = small_capture();
  for (const Pack pack : kPacks) {
    CaptureFile file = file_of(pack(plain));
    EXPECT_EQ(frames_of(file), frames_in(plain));
    EXPECT_EQ(file.ending().kind, EndingKind::Whole);
    EXPECT_EQ(file.ending().offset, plain.size());
    EXPECT_EQ(file.ending().compressed_offset, std::nullopt);
    EXPECT_EQ(file.bytes_read(), pack(plain).size());
    EXPECT_EQ(file.size(), pack(plain).size());
  }
}

TEST(CompressedFile, SaysHowItIsCompressed) {
  CaptureFile file = file_of(test::gzip(small_capture()));
  EXPECT_EQ(file.format(), "");
  frames_of(file);
  EXPECT_EQ(file.format(), "pcapng, nanoseconds, gzip");
  file = file_of(test::zstd(small_capture()));
  frames_of(file);
  EXPECT_EQ(file.format(), "pcapng, nanoseconds, zstd");
}

TEST(CompressedFile, MayBeOfSeveralMembersCutAnywhere) {
  const Bytes plain = small_capture();
  const auto expected = frames_in(plain);
  for (const Pack pack : kPacks) {
    for (std::size_t middle = 0; middle <= plain.size(); middle += 13) {
      const Bytes packed = pack(part(plain, 0, middle)) + pack({}) + pack(part(plain, middle, plain.size()));
      CaptureFile file = file_of(packed);
      ASSERT_EQ(frames_of(file), expected) << middle;
      ASSERT_EQ(file.ending().kind, EndingKind::Whole);
    }
  }
}

TEST(CompressedFile, MayHaveZerosBehindGzipAndSkippableFramesInZstd) {
  const Bytes plain = small_capture();
  const auto expected = frames_in(plain);
  CaptureFile padded = file_of(test::gzip(plain) + Bytes(1'000));
  EXPECT_EQ(frames_of(padded), expected);
  EXPECT_EQ(padded.ending().kind, EndingKind::Whole);
  const Bytes skippable = FileBytes(Order::Little).u32(0x184d2a53).u32(5).text("index").all();
  CaptureFile skipping = file_of(skippable + test::zstd(plain) + skippable);
  EXPECT_EQ(frames_of(skipping), expected);
  EXPECT_EQ(skipping.ending().kind, EndingKind::Whole);
}

TEST(CompressedFile, CutAnywhereGivesTheFramesBeforeTheCutAndSaysWhereItIs) {
  const Bytes plain = small_capture();
  const auto expected = frames_in(plain);
  for (const Pack pack : kPacks) {
    const Bytes packed = pack(plain);
    for (std::size_t length = 4; length < packed.size(); ++length) {
      CaptureFile file = file_of(part(packed, 0, length));
      std::string error;
      const auto frames = frames_of(file, &error);
      ASSERT_LE(frames.size(), expected.size());
      ASSERT_TRUE(std::equal(frames.begin(), frames.end(), expected.begin())) << length;
      ASSERT_TRUE(error.empty() ||
                  error == "read x.pcapng: not a capture file (cut short within its compressed beginning)")
          << error;
      ASSERT_EQ(file.ending().compressed_offset, length);
      ASSERT_LE(file.ending().offset, plain.size());
      ASSERT_EQ(file.ending().kind, EndingKind::CutShort);
    }
  }
}

TEST(CompressedFile, OfACaptureThatIsCutSaysWhereTheCaptureIs) {
  const Bytes plain = small_capture();
  for (const Pack pack : kPacks) {
    CaptureFile file = file_of(pack(part(plain, 0, plain.size() - 5)));
    EXPECT_THAT(frames_of(file), SizeIs(39));
    EXPECT_EQ(describe(file.ending()), "cut short at byte " + std::to_string(plain.size() - 5));
  }
}

TEST(CompressedFile, ThatIsDamagedGivesWhatCameBefore) {
  const Bytes plain = small_capture();
  Bytes packed = test::gzip(plain);
  packed[packed.size() - 6] ^= std::byte{1};  // the check sum
  CaptureFile file = file_of(packed);
  EXPECT_EQ(frames_of(file), frames_in(plain));
  EXPECT_EQ(file.ending().kind, EndingKind::Damaged);
  EXPECT_THAT(describe(file.ending()), StartsWith("damaged at byte "));
  EXPECT_THAT(describe(file.ending()), HasSubstr(" of the compressed file, byte " + std::to_string(plain.size()) +
                                                 " of its content: gzip: incorrect data check"));

  CaptureFile followed = file_of(test::zstd(plain) + bytes_of("something else"));
  EXPECT_EQ(frames_of(followed), frames_in(plain));
  EXPECT_EQ(followed.ending().text, "zstd: Unknown frame descriptor");
  EXPECT_EQ(followed.ending().compressed_offset, test::zstd(plain).size());
  followed = file_of(test::gzip(plain) + bytes_of("something else"));
  EXPECT_EQ(frames_of(followed), frames_in(plain));
  EXPECT_EQ(followed.ending().text, "gzip: followed by something else");
}

std::string error_of(const Bytes& bytes) {
  CaptureFile file = file_of(bytes);
  std::string error;
  EXPECT_THAT(frames_of(file, &error), IsEmpty());
  return error;
}

TEST(CompressedFile, OfNoCaptureSaysWhy) {
  for (const Pack pack : kPacks) {
    EXPECT_EQ(error_of(pack(bytes_of("\x01\x02\x03\x04"))), "read x.pcapng: not a capture file");
    EXPECT_EQ(error_of(pack({})), "read x.pcapng: not a capture file (it is empty)");
    EXPECT_EQ(error_of(pack(test::gzip(small_capture()))),
              "read x.pcapng: not a capture file (gzip-compressed: uncompress it first)");
  }
  EXPECT_EQ(error_of(bytes_of("\x1f\x8b is not gzip")),
            "read x.pcapng: not a capture file (gzip: unknown compression method)");
}

TEST(CompressedFile, NeverGivesMemoryToAWindowThatIsOnlyClaimed) {
  // RFC 8878, section 3.1.1.1.2: a window of 2 GiB.
  const Bytes claim = FileBytes(Order::Little).u32(0xfd2fb528).u8(0).u8(21 << 3).u8(1).u8(0).u8(0).all();
  EXPECT_EQ(error_of(claim), "read x.pcapng: not a capture file (zstd: Frame requires too much memory for decoding)");
}

TEST(CompressedFile, ComesByAPipeInAnyPieces) {
  for (const Pack pack : kPacks) {
    test::in_child([pack] {
      std::array<int, 2> ends{};
      ASSERT_EQ(pipe(ends.data()), 0);
      ASSERT_EQ(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
      std::thread writer([&] {
        for (const std::byte byte : pack(small_capture())) EXPECT_EQ(write(ends[1], &byte, 1), 1);
        close(ends[1]);
      });
      auto file = CaptureFile::open("-");
      EXPECT_THAT(frames_of(file.value()), SizeIs(40));
      EXPECT_EQ(file.value().ending().kind, EndingKind::Whole);
      EXPECT_EQ(file.value().size(), std::nullopt);
      writer.join();
    });
  }
}

std::uint64_t peak_memory() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

TEST(CompressedFile, ThatIsABombStaysSmall) {
  for (const Pack pack : kPacks) {
    // A header, then 150 members, each of 30 frames of 64 KiB of zeros: 280 MiB out of less than two.
    FileBytes header(Order::Little);
    header.section().interface({});
    FileBytes frames(Order::Little);
    const std::string zeros(65'536, '\0');
    for (std::uint64_t i = 0; i < 30; ++i) frames.enhanced_packet({0, i, zeros, 65'536, {}});
    const Bytes packed_frames = pack(frames.all());
    Bytes bomb = pack(header.all());
    for (int i = 0; i < 150; ++i) bomb = bomb + packed_frames;
    const std::string path = testing::TempDir() + "smtpath-bomb";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bomb.data()), static_cast<std::streamsize>(bomb.size()));
    // In a process whose peak is not that of other tests.
    test::in_child([&path] {
      const std::uint64_t before = peak_memory();
      auto file = CaptureFile::open(path);
      std::size_t count = 0;
      for (auto next = file.value().next(); next.ok() && next.value(); next = file.value().next()) ++count;
      EXPECT_EQ(count, 4'500U);
      EXPECT_LT(peak_memory() - before, std::uint64_t{8} << 20);
    });
    std::filesystem::remove(path);
  }
}

}  // namespace
}  // namespace smtpath::io
