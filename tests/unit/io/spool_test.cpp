#include "smtpath/io/spool.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace smtpath::io {
namespace {

TEST(Spool, GivesLinesBackAsTheyCameHoweverLong) {
  constexpr std::size_t kLongerThanAnyPiece = 200'000;
  const std::vector<std::string> lines{"first\n", std::string(kLongerThanAnyPiece, 'x') + '\n', "\n", "last\n"};
  auto spool = Spool::open();
  ASSERT_TRUE(spool.ok());
  for (const std::string& line : lines) spool.value().append(line);

  std::vector<std::string> found;
  ASSERT_TRUE(spool.value().read_back([&](std::string_view line) { found.emplace_back(line); }).ok());
  EXPECT_EQ(found, lines);
}

TEST(Spool, OfNothingGivesNothing) {
  auto spool = Spool::open();
  ASSERT_TRUE(spool.ok());
  int count = 0;
  EXPECT_TRUE(spool.value().read_back([&](std::string_view) { ++count; }).ok());
  EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace smtpath::io
