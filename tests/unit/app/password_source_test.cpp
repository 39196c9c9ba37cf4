#include "app/password_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

namespace smtpath::app {
namespace {

using testing::StartsWith;

TEST(PasswordSource, IsTheFileThatWasNamed) {
  const std::string path = testing::TempDir() + "smtpath-auth-" + std::to_string(getpid());
  std::ofstream(path) << "secret\n";
  const auto credentials = read_credentials({.user = "tim", .password_descriptor = {}, .password_file = path});
  std::filesystem::remove(path);
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ(credentials.value().user, "tim");
  EXPECT_EQ(credentials.value().password.text(), "secret");
}

TEST(PasswordSource, IsTheDescriptorThatWasNamed) {
  std::array<int, 2> ends{-1, -1};
  ASSERT_EQ(pipe(ends.data()), 0);
  ASSERT_EQ(write(ends[1], "secret\n", 7), 7);
  close(ends[1]);
  const auto credentials = read_credentials({.user = "tim", .password_descriptor = ends[0], .password_file = {}});
  close(ends[0]);
  ASSERT_TRUE(credentials.ok());
  EXPECT_EQ(credentials.value().password.text(), "secret");
}

TEST(PasswordSource, SaysWhatItCannotRead) {
  const auto credentials = read_credentials({.user = "tim", .password_descriptor = {}, .password_file = "/none"});
  ASSERT_FALSE(credentials.ok());
  EXPECT_THAT(credentials.error().message, StartsWith("--auth: open /none: "));
}

}  // namespace
}  // namespace smtpath::app
