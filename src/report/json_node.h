#pragma once

// Reads a JSON document that may hold anything. A JsonNode is one value in it, or the place where one is missing. The
// first value that is not what was asked of it is the document's fault; from then on every read gives some value of the
// right type, so that the caller looks for a fault once, at the end.

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
  bool is_null() const;

  std::string text() const;
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

}  // namespace smtpath::report
