#include "smtpath/io/output_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "unit/io/child.h"

namespace smtpath::io {
namespace {

using test::in_child;

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() {
    std::string name = testing::TempDir() + "smtpath-output-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~OutputFileTest() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ / "report.json"; }

  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path()).rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(OutputFileTest, HoldsWhatWasWritten) {
  std::ofstream(path()) << "an older and longer report";
  auto file = OutputFile::open(path());
  ASSERT_TRUE(file.ok());
  const std::string large(200'000, 'x');
  file.value().write("{");
  file.value().write(large);
  file.value().write("}");
  EXPECT_TRUE(file.value().finish().ok());
  EXPECT_EQ(content(), "{" + large + "}");
}

TEST_F(OutputFileTest, ShowsWhatWasFlushed) {
  auto file = OutputFile::open(path());
  file.value().write("a line\n");
  file.value().flush();
  EXPECT_EQ(content(), "a line\n");
}

TEST_F(OutputFileTest, KeepsWhatWasWrittenWhenLeftUnfinished) {
  {
    auto file = OutputFile::open(path());
    file.value().write("evidence");
  }
  EXPECT_EQ(content(), "evidence");
}

TEST_F(OutputFileTest, IsEmptyOnceAbandoned) {
  auto file = OutputFile::open(path());
  file.value().write("half a rep");
  file.value().flush();
  file.value().write("ort");
  file.value().abandon();
  EXPECT_EQ(content(), "");
}

TEST_F(OutputFileTest, ReportsAFullDisk) {
  auto file = OutputFile::open("/dev/full");
  ASSERT_TRUE(file.ok());
  file.value().write("text");
  EXPECT_FALSE(file.value().has_failed());
  const auto done = file.value().finish();
  ASSERT_FALSE(done.ok());
  EXPECT_TRUE(file.value().has_failed());
  EXPECT_EQ(done.error().message, "write /dev/full: No space left on device");
}

TEST_F(OutputFileTest, CannotBeADirectoryOrInNone) {
  EXPECT_EQ(OutputFile::open("/tmp").error().message, "open /tmp: Is a directory");
  EXPECT_EQ(OutputFile::open("/nowhere/report").error().message, "open /nowhere/report: No such file or directory");
}

TEST_F(OutputFileTest, ReportsAReaderThatWentAway) {
  in_child([] {
    std::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    ASSERT_EQ(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    auto file = OutputFile::open("-");
    close(ends[0]);
    file.value().write("text");
    const auto done = file.value().finish();
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().message, "write standard output: Broken pipe");
  });
}

TEST_F(OutputFileTest, ReportsAClosedStandardOutput) {
  in_child([] {
    close(STDOUT_FILENO);
    EXPECT_EQ(OutputFile::open("-").error().message, "open standard output: Bad file descriptor");
  });
}

TEST_F(OutputFileTest, LeavesTheNumbersOfClosedStandardDescriptorsAlone) {
  in_child([this] {
    close(STDOUT_FILENO);
    reserve_standard_descriptors();
    auto file = OutputFile::open(path());
    EXPECT_EQ(write(STDOUT_FILENO, "stray", 5), -1);
    EXPECT_TRUE(file.value().finish().ok());
    EXPECT_EQ(content(), "");
  });
}

TEST_F(OutputFileTest, DoesNotEmptyStandardOutput) {
  in_child([this] {
    std::ofstream(path()) << "of somebody else\n";
    ASSERT_NE(freopen(path().c_str(), "a", stdout), nullptr);
    auto file = OutputFile::open("-");
    file.value().write("x");
    file.value().abandon();
    EXPECT_EQ(content(), "of somebody else\n");
  });
}

}  // namespace
}  // namespace smtpath::io
