// Slips of the finger.

#include "smtpath/names/suggestion.h"

#include <gtest/gtest.h>

#include <array>

namespace smtpath::names {
namespace {

TEST(Suggestion, OneSlipIsALetterMoreLessOtherOrTwoSwapped) {
  for (const char* name : {"smt.gmail.com", "ssmtp.gmail.com", "smtp.gmaul.com", "stmp.gmail.com", "smtp.gmail.co",
                           "smtp.gmail.comm", "msmtp.gmail.com", "smtp.gmailc.om"}) {
    EXPECT_TRUE(is_one_slip_from(name, "smtp.gmail.com")) << name;
    EXPECT_TRUE(is_one_slip_from("smtp.gmail.com", name)) << name;
  }
  for (const char* name : {"smtp.gmail.com", "stpm.gmail.com", "smtp.gmx.com", "", "smtp", "tsmp.gmial.com"}) {
    EXPECT_FALSE(is_one_slip_from(name, "smtp.gmail.com")) << name;
  }
  EXPECT_TRUE(is_one_slip_from("", "a"));
  EXPECT_FALSE(is_one_slip_from("", ""));
}

TEST(Suggestion, IsAWellKnownHostOrDomain) {
  using Row = std::array<const char*, 2>;
  for (const auto& [name, meant] : {Row{"stmp.gmail.com", "smtp.gmail.com"}, Row{"SMTP.Gmial.com.", "smtp.gmail.com"},
                                    Row{"gmial.com", "gmail.com"}, Row{"smtp.ofice365.com", "smtp.office365.com"},
                                    Row{"smtp.wbe.de", "smtp.web.de"}, Row{"hotmal.com", "hotmail.com"}}) {
    EXPECT_EQ(suggestion_for(name), meant) << name;
  }
}

TEST(Suggestion, IsNeverMadeForWhatIsWellKnownOrFarFromIt) {
  for (const char* name : {"smtp.gmail.com", "gmx.net", "GMX.de", "mail.example.com", "example.com", ""}) {
    EXPECT_EQ(suggestion_for(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace smtpath::names
