// Writes the captures of captures/ that are made and not recorded: make_captures FOLDER. The same bytes each time.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "make_captures.h"

namespace smtpath::test {
namespace {

bool write(const std::string& folder, const Sample& sample) {
  std::ofstream file(folder + "/" + sample.name, std::ios::binary);
  for (const std::byte byte : sample.bytes) file.put(static_cast<char>(byte));
  return file.flush().good();
}

int write_all(const std::string& folder) {
  constexpr int kOutputFailed = 74;
  for (const auto& samples : {dialogue_samples(), encryption_samples(), trouble_samples(), oddity_samples(),
                              format_samples(), trace_samples()}) {
    for (const Sample& sample : samples) {
      if (write(folder, sample)) continue;
      std::fprintf(stderr, "make_captures: write %s/%s: failed\n", folder.c_str(), sample.name.c_str());
      return kOutputFailed;
    }
  }
  return 0;
}

}  // namespace
}  // namespace smtpath::test

int main(int argc, char** argv) {
  constexpr int kUsage = 64;
  if (argc != 2) {
    std::fputs("usage: make_captures FOLDER\n", stderr);
    return kUsage;
  }
  return smtpath::test::write_all(argv[1]);
}
