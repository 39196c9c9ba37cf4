#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "app/options.h"

namespace smtpath::app {
namespace {

using testing::HasSubstr;

Command parsed(std::vector<const char*> words) {
  words.insert(words.begin(), {"smtpath", "trace"});
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

std::string complaint(const std::vector<const char*>& words) {
  const Command command = parsed(words);
  const auto* const answered = std::get_if<Answered>(&command);
  return answered != nullptr && answered->is_error ? answered->text : "none";
}

TEST(AuthOptions, NameTheUserAndTheSourceOfThePassword) {
  const Command asked = parsed({"--auth", "tim@example.com", "mx.example.com"});
  ASSERT_TRUE(std::holds_alternative<TraceOptions>(asked));
  const auto& auth = std::get<TraceOptions>(asked).auth;
  ASSERT_TRUE(auth.has_value());
  EXPECT_EQ(auth->user, "tim@example.com");
  EXPECT_EQ(auth->password_descriptor, std::nullopt);
  EXPECT_EQ(auth->password_file, std::nullopt);
  const Command piped = parsed({"mx", "--auth", "tim", "--auth-password-fd", "3"});
  EXPECT_EQ(std::get<TraceOptions>(piped).auth->password_descriptor, 3);
  const Command filed = parsed({"mx", "--auth", "tim", "--auth-password-file", "secret"});
  EXPECT_EQ(std::get<TraceOptions>(filed).auth->password_file, "secret");
  EXPECT_FALSE(std::get<TraceOptions>(parsed({"mx"})).auth.has_value());
}

TEST(AuthOptions, AreForOneServer) {
  EXPECT_THAT(complaint({"--auth", "tim", "a.example", "b.example"}), HasSubstr("name one TARGET"));
  EXPECT_THAT(complaint({"--auth", "tim", "--targets", "list"}), HasSubstr("name one TARGET"));
  EXPECT_THAT(complaint({"a.example", "--auth", "tim", "--targets", "list"}), HasSubstr("name one TARGET"));
}

TEST(AuthOptions, AreForAServerWhereMailIsSubmitted) {
  EXPECT_THAT(complaint({"--auth", "tim", "--mx", "example.com"}), HasSubstr("--mx leads to several"));
  EXPECT_THAT(complaint({"--auth", "tim", "-p", "25", "--control", "none", "mx"}), HasSubstr("port 25"));
}

TEST(AuthOptions, HaveToMakeSense) {
  EXPECT_THAT(complaint({"--auth", "", "mx"}), HasSubstr("no user named"));
  EXPECT_THAT(complaint({"--auth", "tim", "--no-mail", "mx"}), HasSubstr("--no-mail excludes --auth"));
  EXPECT_THAT(complaint({"--auth-password-fd", "3", "mx"}), HasSubstr("requires --auth"));
  EXPECT_THAT(complaint({"--auth-password-file", "f", "mx"}), HasSubstr("requires --auth"));
  EXPECT_THAT(complaint({"--auth", "tim", "--auth-password-fd", "-1", "mx"}), HasSubstr("--auth-password-fd"));
  EXPECT_THAT(complaint({"--auth", "tim", "--auth-password-fd", "3", "--auth-password-file", "f", "mx"}),
              HasSubstr("excludes"));
}

}  // namespace
}  // namespace smtpath::app
