// Any bytes as a server's replies: what is read is in bounds, and the same however the bytes are cut. First the length
// of the pieces; the rest are the bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "smtpath/smtp/reply_reader.h"

namespace {

using namespace smtpath;

void demand(bool holds) {
  if (!holds) std::abort();
}

struct Read {
  smtp::Reply reply;
  std::vector<std::string> further_lines;
};

struct Seen {
  std::vector<Read> replies;
  std::uint32_t odd_lines = 0;
  bool began_otherwise = false;
  bool is_under_way = false;
};

void look_at(const Read& read) {
  demand(read.reply.code >= 200 && read.reply.code <= 599);
  demand(read.reply.text.size() <= smtp::kLongestText && read.reply.text.find('\n') == std::string::npos);
  demand(read.further_lines.size() <= smtp::kMostExtensions);
  for (const std::string& line : read.further_lines) demand(line.size() <= smtp::kLongestText);
}

Seen read_in_pieces(std::span<const std::byte> bytes, std::size_t size) {
  smtp::ReplyReader reader;
  Seen seen;
  while (!bytes.empty()) {
    auto piece = bytes.first(std::min(size, bytes.size()));
    bytes = bytes.subspan(piece.size());
    while (!piece.empty()) {
      const std::size_t read = reader.read(piece);
      demand(read > 0 && read <= piece.size());
      piece = piece.subspan(read);
      if (!reader.has_reply()) continue;
      const std::vector<std::string> lines = reader.further_lines();
      seen.replies.push_back({.reply = reader.take(), .further_lines = lines});
      look_at(seen.replies.back());
    }
  }
  seen.odd_lines = reader.odd_lines();
  seen.began_otherwise = reader.began_otherwise();
  seen.is_under_way = reader.is_under_way();
  return seen;
}

void demand_same(const Seen& left, const Seen& right) {
  demand(left.odd_lines == right.odd_lines && left.is_under_way == right.is_under_way);
  demand(left.began_otherwise == right.began_otherwise && left.replies.size() == right.replies.size());
  for (std::size_t i = 0; i < left.replies.size(); ++i) {
    const Read& one = left.replies[i];
    const Read& other = right.replies[i];
    demand(one.reply.code == other.reply.code && one.reply.text == other.reply.text);
    demand(one.further_lines == other.further_lines);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> all = std::as_bytes(std::span(data, size));
  if (all.empty()) return 0;
  const std::size_t piece = std::to_integer<std::size_t>(all.front()) + 1;
  const auto bytes = all.subspan(1);
  demand_same(read_in_pieces(bytes, std::max<std::size_t>(bytes.size(), 1)), read_in_pieces(bytes, piece));
  return 0;
}
