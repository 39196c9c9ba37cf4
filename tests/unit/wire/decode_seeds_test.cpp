// The seeds of the fuzz target `decode` are the samples, each a frame as decode_fuzz.cpp reads it, and fragments of
// them in sequence. With SMTPATH_WRITE_SEEDS in the environment they are written anew.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "unit/wire/frames.h"
#include "unit/wire/samples.h"
#include "unit/wire/tunnels.h"

namespace smtpath::test {
namespace {

namespace fs = std::filesystem;

Bytes as_input(LinkType link, const Bytes& frame) {
  const auto number = static_cast<std::uint16_t>(link);
  const auto high = [](std::size_t value) { return static_cast<std::byte>(value >> 8); };
  const auto low = [](std::size_t value) { return static_cast<std::byte>(value); };
  return joined(
      {{high(number), low(number), high(frame.size()), low(frame.size()), std::byte{0}, std::byte{1}}, frame});
}

std::string file_name(std::string name) {
  for (char& letter : name) {
    if (letter == ' ' || letter == ',') letter = '-';
  }
  return name;
}

std::map<std::string, Bytes> seeds() {
  std::map<std::string, Bytes> all;
  for (const Sample& sample : samples()) all[file_name(sample.name)] = as_input(sample.link, sample.bytes);
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    Bytes sequence;
    for (const Bytes& part : fragments(in_ip(family, 4, syn(Family::Ipv4)), 7, 24)) {
      sequence = joined({sequence, as_input(LinkType::Raw, part)});
    }
    all["fragments-" + std::string(to_string(family))] = sequence;
  }
  return all;
}

TEST(DecodeSeeds, AreTheSamples) {
  const fs::path folder = fs::path(SMTPATH_SOURCE_DIR) / "tests" / "fuzz" / "corpus" / "decode";
  if (std::getenv("SMTPATH_WRITE_SEEDS") != nullptr) {
    fs::create_directories(folder);
    for (const auto& [name, bytes] : seeds()) {
      std::ofstream file(folder / name, std::ios::binary);
      for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
    }
  }
  for (const auto& [name, bytes] : seeds()) {
    std::ifstream file(folder / name, std::ios::binary);
    Bytes there;
    for (std::istreambuf_iterator<char> letter(file), end; letter != end; ++letter) {
      there.push_back(static_cast<std::byte>(*letter));
    }
    EXPECT_TRUE(there == bytes) << name;
  }
}

}  // namespace
}  // namespace smtpath::test
