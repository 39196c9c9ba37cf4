#include "io/dns_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <sstream>

namespace smtpath::io {

namespace {

/// The file of unbound is kept up to date (RFC 5011).
constexpr std::array kAnchorFiles{"/var/lib/unbound/root.key", "/usr/share/dns/root.key"};
constexpr std::size_t kLongestFile = std::size_t{16} << 20U;
constexpr std::size_t kMostSearched = 6;
constexpr std::size_t kMostDots = 15;
constexpr std::size_t kMostAnchors = 64;
constexpr std::size_t kMostAddresses = 64;

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(line)};
  for (std::string word; stream >> word;) words.push_back(std::move(word));
  return words;
}

/// `take` is given the words of each line, without its comment; never none.
template <class Take>
void each_line(std::string_view text, std::string_view comment_signs, const Take& take) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto words = words_of(line.substr(0, line.find_first_of(comment_signs)));
    if (!words.empty()) take(words);
  }
}

std::string in_small_letters(std::string_view name) {
  std::string small(name);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  if (small.size() > 1 && small.back() == '.') small.pop_back();
  return small;
}

void read_options(const std::vector<std::string>& words, ResolverFile& file) {
  constexpr std::string_view kDots = "ndots:";
  for (const std::string& word : words) {
    if (!word.starts_with(kDots)) continue;
    std::size_t dots = 0;
    const char* const first = word.data() + kDots.size();
    if (std::from_chars(first, word.data() + word.size(), dots).ec != std::errc{}) continue;
    file.least_dots = std::min(dots, kMostDots);
  }
}

}  // namespace

ResolverFile parse_resolver_file(std::string_view text) {
  ResolverFile file;
  each_line(text, "#;", [&](const std::vector<std::string>& words) {
    if (words[0] == "nameserver" && words.size() > 1 && file.servers.size() < kMostServers) {
      if (auto server = parse_dns_server(words[1])) file.servers.push_back(*std::move(server));
    } else if (words[0] == "search" || words[0] == "domain") {
      const std::size_t end = std::min(words.size(), kMostSearched + 1);
      file.search.assign(words.begin() + 1, words.begin() + static_cast<std::ptrdiff_t>(end));
    } else if (words[0] == "options") {
      read_options(words, file);
    }
  });
  if (file.servers.empty()) file.servers.push_back(*parse_dns_server("127.0.0.1"));
  return file;
}

HostsFile parse_hosts_file(std::string_view text) {
  HostsFile hosts;
  each_line(text, "#", [&](const std::vector<std::string>& words) {
    const auto address = IpAddress::parse(words[0]);
    if (!address) return;
    for (auto name = words.begin() + 1; name != words.end(); ++name) {
      auto& addresses = hosts[in_small_letters(*name)];
      const bool is_known = std::find(addresses.begin(), addresses.end(), *address) != addresses.end();
      if (!is_known && addresses.size() < kMostAddresses) addresses.push_back(*address);
    }
  });
  return hosts;
}

TrustAnchors parse_trust_anchors(std::string_view text) {
  TrustAnchors anchors;
  each_line(text, ";", [&](const std::vector<std::string>& words) {
    const bool is_key = std::any_of(words.begin() + 1, words.end(),
                                    [](const std::string& word) { return word == "DNSKEY" || word == "DS"; });
    if (!is_key || anchors.records.size() == kMostAnchors) return;
    if (anchors.records.empty()) anchors.zone = in_small_letters(words[0]);
    std::string record;
    for (const std::string& word : words) record += word + ' ';
    anchors.records.push_back(std::move(record));
  });
  return anchors;
}

std::string read_small_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (!file) return text;
  constexpr std::size_t kPiece = 65536;
  std::array<char, kPiece> piece{};
  while (text.size() < kLongestFile && (file.read(piece.data(), piece.size()) || file.gcount() > 0)) {
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  return text;
}

Result<TrustAnchors> read_trust_anchors(const std::optional<std::string>& path) {
  if (path) {
    TrustAnchors anchors = parse_trust_anchors(read_small_file(*path));
    if (anchors.records.empty()) return Error{"--trust-anchor " + *path + ": no DNSKEY or DS record in it"};
    return anchors;
  }
  for (const char* file : kAnchorFiles) {
    TrustAnchors anchors = parse_trust_anchors(read_small_file(file));
    if (!anchors.records.empty()) return anchors;
  }
  return TrustAnchors{};
}

}  // namespace smtpath::io
