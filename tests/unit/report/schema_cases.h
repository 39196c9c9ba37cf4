#pragma once

// Documents for an independent validator of docs/report.schema.json (Debian's python3-jsonschema), all checked in one
// call.

#include <nlohmann/json.hpp>
#include <string>

namespace smtpath::report {

class SchemaCases {
 public:
  void add(const std::string& name, bool is_valid, const nlohmann::json& document);

  /// A line for each case that the schema does not judge as it should; empty when all is well.
  std::string complaints() const;

 private:
  std::string lines_;
};

}  // namespace smtpath::report
