#include "io/nft_tokens.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace smtpath::io {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";
constexpr std::size_t kMostTokens = std::size_t{1} << 16;
constexpr std::string_view kEndsOfWords = " \t\r\v\f\n{};";

}  // namespace

NftToken NftTokenReader::take() {
  return std::exchange(next_, read());
}

NftStatement NftTokenReader::take_statement() {
  NftStatement statement;
  int depth = 0;
  while (next_.kind != NftToken::Kind::End) {
    if (depth == 0 && next_.is_mark('}')) return statement;
    const NftToken token = take();
    if (depth == 0 && (token.kind == NftToken::Kind::Newline || token.is_mark(';'))) return statement;
    if (token.is_mark('{')) ++depth;
    if (token.is_mark('}')) --depth;
    if (statement.tokens.size() < kMostTokens) {
      statement.tokens.push_back(token);
    } else {
      statement.is_cut = true;
    }
  }
  return {};
}

NftToken NftTokenReader::read() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
  if (rest_.empty()) return {};
  const char first = rest_.front();
  if (first == '\n') return cut(NftToken::Kind::Newline, 1);
  if (first == '#') return cut(NftToken::Kind::Comment, std::min(rest_.find('\n'), rest_.size()));
  if (first == '"') {
    // One that is not closed ends with its line.
    const std::size_t end = std::min(rest_.find_first_of("\"\n", 1), rest_.size());
    return cut(NftToken::Kind::Text, rest_.substr(end).starts_with('"') ? end + 1 : end);
  }
  if (first == '{' || first == '}' || first == ';' || first == ',') return cut(NftToken::Kind::Mark, 1);
  std::size_t end = std::min(rest_.find_first_of(kEndsOfWords), rest_.size());
  if (rest_[end - 1] == ',') --end;
  return cut(NftToken::Kind::Word, end);
}

NftToken NftTokenReader::cut(NftToken::Kind kind, std::size_t length) {
  NftToken token{.kind = kind, .content = rest_.substr(0, length), .raw = rest_.substr(0, length)};
  rest_.remove_prefix(length);
  if (kind == NftToken::Kind::Comment || kind == NftToken::Kind::Text) token.content.remove_prefix(1);
  if (kind == NftToken::Kind::Text && token.content.ends_with('"')) token.content.remove_suffix(1);
  return token;
}

std::size_t length_of_group(NftTokens tokens) {
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].is_mark('{')) ++depth;
    if (tokens[i].is_mark('}') && --depth == 0) return i + 1;
  }
  return tokens.size();
}

}  // namespace smtpath::io
