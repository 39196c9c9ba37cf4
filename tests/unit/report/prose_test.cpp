// Text that goes to a terminal: made harmless, then folded.

#include <gtest/gtest.h>

#include <sstream>

#include "report/fold.h"
#include "report/utf8.h"
#include "smtpath/report/escape.h"

namespace smtpath::report {
namespace {

TEST(Escape, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(escaped("mx.example.com – Grüße, 世界"), "mx.example.com – Grüße, 世界");
  EXPECT_EQ(escaped(""), "");
}

TEST(Escape, SpellsControlCharactersOut) {
  EXPECT_EQ(escaped("\x1b[2J\r\n\t\x07"), "\\x1b[2J\\x0d\\x0a\\x09\\x07");
  EXPECT_EQ(escaped(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(escaped("\x7f"), "\\x7f");
  EXPECT_EQ(escaped("\xC2\x9B"
                    "31m"),
            "\\x9b31m")
      << "C1 CSI in UTF-8";
}

TEST(Escape, ReplacesWhatIsNotUtf8) {
  const std::string replacement(kReplacementBytes);
  EXPECT_EQ(escaped("\x9B"
                    "31m"),
            replacement + "31m")
      << "a bare C1 byte";
  EXPECT_EQ(escaped("a\xC3"), "a" + replacement) << "truncated";
  EXPECT_EQ(escaped("\xC0\xAF"), replacement + replacement) << "overlong";
  EXPECT_EQ(escaped("\xED\xA0\x80"), replacement + replacement + replacement) << "surrogate";
  EXPECT_EQ(escaped("\xF4\x90\x80\x80"), replacement + replacement + replacement + replacement) << "beyond U+10FFFF";
}

TEST(Escape, ReplacesWhatHidesOrTurnsText) {
  const std::string replacement(kReplacementBytes);
  for (const std::string_view character :
       {"\u202E", "\u2066", "\u200B", "\u200F", "\uFEFF", "\u2028", "\u00AD", "\U000E0041"}) {
    EXPECT_EQ(escaped(character), replacement);
  }
}

TEST(Fold, BreaksAtSpacesAndIndentsWhatFollows) {
  EXPECT_EQ(folded("one two three four five six", {.width = 16, .indent = 0}), "one two three\nfour five six\n");
  EXPECT_EQ(folded("- one two three four", {.width = 16, .indent = 2}), "- one two three\n  four\n");
}

TEST(Fold, FillsALineToItsLastColumn) {
  EXPECT_EQ(folded("abcdefgh ijklmno pq", {.width = 16, .indent = 0}), "abcdefgh ijklmno\npq\n");
}

TEST(Fold, BreaksAWordThatIsLongerThanALine) {
  EXPECT_EQ(folded(std::string(40, 'x'), {.width = 16, .indent = 0}),
            std::string(16, 'x') + '\n' + std::string(16, 'x') + '\n' + std::string(8, 'x') + '\n');
}

TEST(Fold, CountsCharactersRatherThanBytes) {
  EXPECT_EQ(folded("äöüäöüäö äöüäöü x", {.width = 16, .indent = 0}), "äöüäöüäö äöüäöü\nx\n");
}

TEST(Fold, NeverFoldsWithoutAWidth) {
  const std::string text(500, 'x');
  EXPECT_EQ(folded(text, {.width = 0, .indent = 4}), text + '\n');
}

TEST(Fold, EndsForAnyTextAndWidth) {
  for (const int width : {1, 2, 15, 16, 17, 80}) {
    for (const int indent : {0, 1, 30, 200}) {
      for (const std::string text :
           {"", " ", "    ", "a", "  a  b  ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bb ccc"}) {
        EXPECT_EQ(folded(text, {.width = width, .indent = indent}).back(), '\n');
      }
    }
  }
}

}  // namespace
}  // namespace smtpath::report
