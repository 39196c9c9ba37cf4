#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/accuracy.h"

namespace smtpath::test {

namespace {

constexpr double kPercent = 100;

std::string to_string(const Accuracy::Said& said) {
  const std::string word(verdict::to_string(said.first));
  return said.second ? fmt::format("{}/{}", word, verdict::to_string(*said.second)) : word;
}

std::string shares(const Accuracy::Row& row) {
  return fmt::format("{} ports, {:.3f} % right, {:.3f} % wrong", row.all(), kPercent * row.right_share(),
                     kPercent * row.wrong_share());
}

std::string confusion_table(const Accuracy& accuracy) {
  std::string text = fmt::format("{:<28}{}\n", "truth", "said");
  for (const auto& [truth, said] : accuracy.confusion) {
    text += fmt::format("{:<28}", to_string(truth));
    for (const auto& [what, times] : said) text += fmt::format("{} {}  ", to_string(what), times);
    text += '\n';
  }
  return text;
}

// A wrong verdict weighs more than ten vague ones.
std::uint64_t weight_of(const Accuracy::ErrorClass& error) {
  constexpr std::uint64_t kOfWrong = 10;
  return kOfWrong * error.wrong + error.vague;
}

std::string worst_errors(const Accuracy& accuracy) {
  constexpr std::size_t kShown = 10;
  std::vector<std::pair<std::string, Accuracy::ErrorClass>> errors(accuracy.errors.begin(), accuracy.errors.end());
  std::stable_sort(errors.begin(), errors.end(),
                   [](const auto& a, const auto& b) { return weight_of(a.second) > weight_of(b.second); });
  if (errors.size() > kShown) errors.resize(kShown);
  std::string text = fmt::format("the worst of {} kinds of error\n", accuracy.errors.size());
  for (const auto& [name, error] : errors) {
    text += fmt::format("  {} wrong, {} vague: {}; seeds {}\n", error.wrong, error.vague, name,
                        fmt::join(error.seeds, " "));
  }
  return text;
}

}  // namespace

std::string to_string(const Accuracy& accuracy) {
  std::string text = confusion_table(accuracy);
  for (const auto& [confidence, row] : accuracy.calibration) {
    text += fmt::format("{:<16}{}\n", verdict::to_string(confidence), shares(row));
  }
  text += worst_errors(accuracy);
  text += fmt::format("{} paths, {}; {} suspects wrong, {} runs unfinished\n", accuracy.paths, shares(accuracy.total),
                      accuracy.wrong_suspects, accuracy.unfinished);
  text += fmt::format("lossless: {}\n", shares(accuracy.lossless));
  const auto paths = static_cast<double>(std::max<std::uint64_t>(1, accuracy.paths));
  text += fmt::format("{:.1f} probes and {:.0f} ms a path, {:.0f} ms the longest; with a block at most {} probes\n",
                      static_cast<double>(accuracy.probes) / paths, to_milliseconds(accuracy.duration) / paths,
                      to_milliseconds(accuracy.longest), accuracy.most_probes_of_a_block);
  text +=
      fmt::format("to one port at most {} SYNs a second reached the host, {} in a run over one path, {} over several\n",
                  accuracy.peak_syns_a_second, accuracy.most_syns, accuracy.most_syns_where_balanced);
  return text;
}

}  // namespace smtpath::test
