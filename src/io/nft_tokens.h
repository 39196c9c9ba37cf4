#pragma once

// The words of what `nft list ruleset` prints, as views into that text.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace smtpath::io {

struct NftToken {
  /// Text is what stands in quotes; Mark is one of { } ; and a comma that ends a word.
  enum class Kind : std::uint8_t { Word, Text, Mark, Comment, Newline, End };
  Kind kind = Kind::End;
  /// Without the quotes or the # of a comment.
  std::string_view content;
  /// As it stands in the listing.
  std::string_view raw;

  bool is_word(std::string_view word) const { return kind == Kind::Word && content == word; }
  bool is_mark(char mark) const { return kind == Kind::Mark && content.front() == mark; }
};

using NftTokens = std::span<const NftToken>;

struct NftStatement {
  std::vector<NftToken> tokens{};
  /// Whether it was too long to keep all of them.
  bool is_cut = false;
};

class NftTokenReader {
 public:
  explicit NftTokenReader(std::string_view listing) : rest_(listing) { next_ = read(); }

  const NftToken& peek() const { return next_; }
  /// Once the listing is read, End for ever.
  NftToken take();

  /// What stands before the next end of line or semicolon, which is taken with it, or before a brace that closes what
  /// it did not open, which is not. Braces in it match, and keep lines and semicolons together. Empty when the listing
  /// ends first.
  NftStatement take_statement();

 private:
  NftToken read();
  NftToken cut(NftToken::Kind kind, std::size_t length);

  std::string_view rest_;
  NftToken next_;
};

/// How many tokens from the opening brace that `tokens` begin with to its partner, both included; all where it has
/// none.
std::size_t length_of_group(NftTokens tokens);

}  // namespace smtpath::io
