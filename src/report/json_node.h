#pragma once

// Reads a JSON document that may hold anything. A JsonNode is one value in it, or the place where one is missing. The
// first value that is not what was asked of it is the document's fault; from then on every read gives some value of the
// right type, so that the caller looks for a fault once, at the end.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace smtpath::report {

class JsonNode {
 public:
  /// The top of a document; it and the fault outlive every node. `fault` starts empty.
  JsonNode(const nlohmann::json& document, std::string& fault) : JsonNode(&document, "", fault) {}

  /// The member of that name; missing where this is no object or has none.
  JsonNode at(std::string_view key) const;
  bool is_missing() const { return json_ == nullptr; }
  bool is_null() const;

  std::string text() const;
  bool flag() const;
  /// From `least` to `most`, both included.
  std::uint64_t number(std::uint64_t least, std::uint64_t most) const;
  std::vector<JsonNode> items() const;

  /// Says that the value is wrong for a reason that only the caller knows.
  void fail(std::string_view reason) const;

 private:
  JsonNode(const nlohmann::json* json, std::string place, std::string& fault);

  const nlohmann::json* json_;
  std::string place_;
  std::string* fault_;
};

/// The one of `words` that the text names, as `name_of` names them.
template <class Words, class Name>
auto read_word(const JsonNode& node, const Words& words, const Name& name_of) {
  const std::string text = node.text();
  const auto word = std::find_if(words.begin(), words.end(), [&](auto each) { return name_of(each) == text; });
  if (word == words.end()) node.fail("expected another word");
  return word == words.end() ? words.front() : *word;
}

template <class Words>
auto read_word(const JsonNode& node, const Words& words) {
  return read_word(node, words, [](auto word) { return to_string(word); });
}

}  // namespace smtpath::report
