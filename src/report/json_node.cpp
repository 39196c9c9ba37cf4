#include "report/json_node.h"

#include <fmt/format.h>

#include <utility>

namespace smtpath::report {

JsonNode::JsonNode(const nlohmann::json* json, std::string place, std::string& fault)
    : json_(json), place_(std::move(place)), fault_(&fault) {}

JsonNode JsonNode::at(std::string_view key) const {
  const nlohmann::json* member = nullptr;
  if (json_ != nullptr && json_->is_object()) {
    if (const auto found = json_->find(key); found != json_->end()) member = &*found;
  }
  return {member, place_.empty() ? std::string(key) : fmt::format("{}.{}", place_, key), *fault_};
}

bool JsonNode::is_null() const {
  return json_ != nullptr && json_->is_null();
}

std::string JsonNode::text() const {
  if (json_ != nullptr && json_->is_string()) return *json_->get_ptr<const nlohmann::json::string_t*>();
  fail("expected text");
  return {};
}

bool JsonNode::flag() const {
  if (json_ != nullptr && json_->is_boolean()) return *json_->get_ptr<const nlohmann::json::boolean_t*>();
  fail("expected true or false");
  return false;
}

std::uint64_t JsonNode::number(std::uint64_t least, std::uint64_t most) const {
  if (json_ != nullptr && json_->is_number_unsigned()) {
    const std::uint64_t number = *json_->get_ptr<const nlohmann::json::number_unsigned_t*>();
    if (number >= least && number <= most) return number;
  }
  fail(fmt::format("expected a number from {} to {}", least, most));
  return least;
}

std::vector<JsonNode> JsonNode::items() const {
  std::vector<JsonNode> items;
  if (json_ == nullptr || !json_->is_array()) {
    fail("expected a list");
    return items;
  }
  for (std::size_t i = 0; i < json_->size(); ++i) {
    items.push_back(JsonNode{&(*json_)[i], fmt::format("{}[{}]", place_, i), *fault_});
  }
  return items;
}

void JsonNode::fail(std::string_view reason) const {
  if (fault_->empty()) *fault_ = fmt::format("{}: {}", place_, reason);
}

}  // namespace smtpath::report
