#include "smtpath/io/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace smtpath::io {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> lines_of(const std::string& text) {
  const std::string path = testing::TempDir() + "smtpath-lines-" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << text;
  auto reader = LineReader::open(path);
  std::vector<std::string> lines;
  for (auto line = reader.value().next(); line.ok() && line.value(); line = reader.value().next()) {
    lines.push_back(*line.value());
  }
  std::filesystem::remove(path);
  return lines;
}

TEST(LineReader, GivesEachLineWithoutItsEnd) {
  EXPECT_THAT(lines_of(""), IsEmpty());
  EXPECT_THAT(lines_of("\n"), ElementsAre(""));
  EXPECT_THAT(lines_of("a\nb"), ElementsAre("a", "b"));
  EXPECT_THAT(lines_of("a\r\n\nb\n"), ElementsAre("a\r", "", "b"));
  EXPECT_THAT(lines_of(std::string("a\0b\n", 4)), ElementsAre(std::string("a\0b", 3)));
}

TEST(LineReader, ReadsAFileOfAnyLength) {
  std::string text;
  constexpr std::size_t kLines = 50'000;
  for (std::size_t i = 0; i < kLines; ++i) text += "host" + std::to_string(i) + ".example.com\n";
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), kLines);
  EXPECT_EQ(lines.back(), "host49999.example.com");
}

TEST(LineReader, GivesALineWithoutEndInPieces) {
  const auto pieces = lines_of(std::string(2 * LineReader::kLongestLine + 1, 'x') + "\nafter");
  ASSERT_EQ(pieces.size(), 4U);
  EXPECT_EQ(pieces[0].size(), LineReader::kLongestLine);
  EXPECT_EQ(pieces[2], "x");
  EXPECT_EQ(pieces[3], "after");
}

TEST(LineReader, NamesWhatCannotBeRead) {
  EXPECT_EQ(LineReader::open("/nowhere/list").error().message, "open /nowhere/list: No such file or directory");
  EXPECT_EQ(LineReader::open("/tmp").error().message, "open /tmp: Is a directory");
}

}  // namespace
}  // namespace smtpath::io
