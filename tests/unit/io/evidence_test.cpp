// Evidence files: what PcapngWriter writes, CaptureFile and other people's tools read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "io/pcapng_blocks.h"
#include "smtpath/io/host.h"
#include "smtpath/io/output_file.h"
#include "smtpath/io/pcapng_writer.h"
#include "unit/io/child.h"
#include "unit/io/read_frames.h"
#include "unit/io/syn.h"

namespace smtpath::io {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::FileFrame;
using test::frames_of;
using test::output_of;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Time kStart{1'700'000'000'000'000'001ns};

EvidenceHeader header_with(const std::string& comment) {
  return {.comment = comment,
          .hardware = "x86_64",
          .system = "Linux 6.1",
          .application = "smtpath 0.1.0",
          .interface = "any",
          .link = LinkType::LinuxSll2,
          .filter = "tcp or icmp",
          .snap_length = 512,
          .start = kStart};
}

Frame captured(Time time, std::string_view content) {
  return {.time = time,
          .link = LinkType::LinuxSll2,
          .bytes = std::as_bytes(std::span(content)),
          .original_length = 1'500,
          .refused = std::nullopt};
}

Frame refused(Time time, std::span<const std::byte> packet, int error) {
  return {.time = time,
          .link = LinkType::Raw,
          .bytes = packet,
          .original_length = static_cast<std::uint32_t>(packet.size()),
          .refused = error};
}

/// Each block apart.
std::vector<Bytes> small_evidence(const std::string& comment) {
  std::vector<Bytes> blocks;
  PcapngWriter writer(header_with(comment),
                      [&](std::span<const std::byte> block) { blocks.emplace_back(block.begin(), block.end()); });
  const auto syn = test::bytes_of({.from = "192.0.2.1", .to = "192.0.2.2"});
  writer.write(kStart, {.received = 0, .dropped = 0});
  writer.write(captured(kStart + 1ms, "not a real frame"));
  writer.write(refused(kStart + 2ms, syn, EPERM));
  writer.write(kStart + 2ms, {.received = 12, .dropped = 4}, "judged 7");
  writer.write(kStart + 3s, {.received = 17, .dropped = 4});
  return blocks;
}

CaptureFile file_of_blocks(const std::vector<Bytes>& blocks) {
  Bytes bytes;
  for (const Bytes& block : blocks) bytes.insert(bytes.end(), block.begin(), block.end());
  return CaptureFile::of_bytes("evidence", bytes);
}

TEST(Evidence, ReadsBackAsItWasWritten) {
  CaptureFile file = file_of_blocks(small_evidence("{\"plan\": 1}"));
  const auto frames = frames_of(file);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0], (FileFrame{kStart + 1ms, LinkType::LinuxSll2, "not a real frame", 1'500, {}}));
  EXPECT_EQ(frames[1].time, kStart + 2ms);
  EXPECT_EQ(frames[1].link, LinkType::Raw);
  EXPECT_EQ(frames[1].refused, EPERM);
  EXPECT_THAT(file.section_comments(), ElementsAre("{\"plan\": 1}"));
  ASSERT_TRUE(file.statistics());
  EXPECT_EQ(file.statistics()->end, kStart + 3s);
  EXPECT_EQ(file.statistics()->counts.received, 17U);
  EXPECT_EQ(file.statistics()->counts.dropped, 4U);
  EXPECT_EQ(file.unusable_blocks(), 0U);
  EXPECT_EQ(file.ending().kind, EndingKind::Whole);
}

TEST(Evidence, SaysWhatTheCaptureSaidAndWhen) {
  CaptureFile file = file_of_blocks(small_evidence("plan"));
  std::vector<FileStatistics> said;
  std::vector<std::size_t> frames_before;
  std::size_t frames = 0;
  for (auto next = file.next(); next.ok() && next.value(); next = file.next()) {
    if (const auto* statistics = std::get_if<FileStatistics>(&*next.value())) {
      said.push_back(*statistics);
      frames_before.push_back(frames);
    } else {
      ++frames;
    }
  }
  ASSERT_THAT(frames_before, ElementsAre(0, 2, 2));
  EXPECT_EQ(said[0].end, kStart);
  EXPECT_EQ(said[0].counts.dropped, 0U);
  EXPECT_EQ(said[0].comment, "");
  EXPECT_EQ(said[1].end, kStart + 2ms);
  EXPECT_EQ(said[1].counts.received, 12U);
  EXPECT_EQ(said[1].counts.dropped, 4U);
  EXPECT_EQ(said[1].comment, "judged 7");
  EXPECT_EQ(said[2].end, kStart + 3s);
}

TEST(Evidence, IsValidAfterEachBlock) {
  const auto blocks = small_evidence("plan");
  for (std::size_t count = 1; count <= blocks.size(); ++count) {
    CaptureFile file = file_of_blocks({blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(count)});
    frames_of(file);
    EXPECT_EQ(file.ending().kind, EndingKind::Whole) << count;
    EXPECT_THAT(file.section_comments(), ElementsAre("plan"));
  }
}

TEST(Evidence, KeysAreBesideThePacketsAndDoNotDisturb) {
  Bytes bytes;
  PcapngWriter writer(header_with(""),
                      [&](std::span<const std::byte> block) { bytes.insert(bytes.end(), block.begin(), block.end()); });
  const std::size_t before = bytes.size();
  const std::string line = "CLIENT_RANDOM 00 01\n";
  writer.write_secrets(line);
  // Type and length of the block, type and length of the secrets, their padding, the length again.
  EXPECT_EQ(bytes.size() - before, 4 * 4 + line.size() + 4);
  writer.write(captured(kStart + 1ms, "a frame"));
  CaptureFile file = CaptureFile::of_bytes("evidence", bytes);
  EXPECT_EQ(frames_of(file).size(), 1U);
  EXPECT_EQ(file.unusable_blocks(), 0U);
  EXPECT_EQ(file.ending().kind, EndingKind::Whole);
}

TEST(Evidence, NoKeysOrTooManyAreNotWritten) {
  std::size_t blocks = 0;
  PcapngWriter writer(header_with(""), [&](auto) { ++blocks; });
  const std::size_t before = blocks;
  writer.write_secrets("");
  writer.write_secrets(std::string(PcapngWriter::kLongestSecrets + 1, 'x'));
  EXPECT_EQ(blocks, before);
}

TEST(Evidence, KeepsEveryErrno) {
  const auto syn = test::bytes_of({.from = "192.0.2.1", .to = "192.0.2.2"});
  for (const int error : {EPERM, EACCES, EINVAL, ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL, ENOBUFS, 4095}) {
    std::vector<Bytes> blocks;
    PcapngWriter writer(header_with(""), [&](auto block) { blocks.emplace_back(block.begin(), block.end()); });
    writer.write(refused(kStart, syn, error));
    CaptureFile file = file_of_blocks(blocks);
    EXPECT_EQ(frames_of(file).at(0).refused, error);
  }
}

TEST(Evidence, KeepsAPlanOfAnyLength) {
  // Of two-byte letters, so that cuts would fall within one.
  const auto plan_of = [](std::size_t length) {
    std::string plan(length % 2, 'x');
    while (plan.size() < length) plan += "\xc3\xa9";
    return plan;
  };
  constexpr std::size_t kLengths[] = {0, 1, 65'528, 65'529, 65'530, 65'531, 65'532, 65'533, 65'536, 131'064, 1'000'001};
  for (const std::size_t length : kLengths) {
    const std::string plan = plan_of(length);
    CaptureFile file = file_of_blocks(small_evidence(plan));
    frames_of(file);
    if (length == 0) {
      EXPECT_THAT(file.section_comments(), ElementsAre());
    } else {
      EXPECT_TRUE(file.section_comments() == std::vector{plan}) << length;
    }
  }
}

TEST(Evidence, LeavesOutAPlanThatMakesTheFileUnreadable) {
  CaptureFile file = file_of_blocks(small_evidence(std::string(std::size_t{16} << 20, 'x')));
  EXPECT_EQ(frames_of(file).size(), 2U);
  EXPECT_THAT(file.section_comments(), ElementsAre());
}

TEST(Evidence, HoldsAPacketInTheseBytes) {
  test::FileBytes expected(test::Order::Little);
  const auto units = static_cast<std::uint64_t>(kStart.time_since_epoch().count());
  expected.enhanced_packet({0, units, "12345", 1'500, {}});
  EXPECT_EQ(pcapng::enhanced_packet(0, captured(kStart, "12345")), expected.all());
}

TEST(Evidence, OpensInOtherPeoplesTools) {
  const std::string path = testing::TempDir() + "smtpath-evidence-" + std::to_string(getpid()) + ".pcapng";
  auto output = OutputFile::open(path);
  for (const Bytes& block : small_evidence("{\"targets\": []}")) output.value().write(block);
  ASSERT_TRUE(output.value().finish().ok());

  const std::string summary = output_of("capinfos " + path + " 2>&1");
  for (const std::string line :
       {"Capture comment:     {\"targets\": []}", "Capture application: smtpath 0.1.0", "Name = any", "Name = unsent",
        "Number of interfaces in file: 2", "Linux 6.1", "Filter string = tcp or icmp", "Time precision = nanoseconds",
        "Number of stat entries = 3", "Number of packets = 1"}) {
    EXPECT_THAT(summary, HasSubstr(line));
  }
  EXPECT_EQ(
      output_of("tshark -r " + path +
                " -T fields -e frame.time_epoch -e frame.interface_name -e frame.comment -e tcp.dstport 2> /dev/null"),
      "1700000000.001000001\tany\t\t\n"
      "1700000000.002000001\tunsent\trefused: EPERM (1)\t25\n");
  std::filesystem::remove(path);
}

TEST(Evidence, SaysWhatMachineThisIs) {
  const Host host = this_host();
  EXPECT_FALSE(host.hardware.empty());
  EXPECT_THAT(host.system, testing::StartsWith("Linux "));
}

}  // namespace
}  // namespace smtpath::io
