#include "unit/report/schema_cases.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

namespace smtpath::report {

void SchemaCases::add(const std::string& name, bool is_valid, const nlohmann::json& document) {
  lines_ += nlohmann::json{{"name", name}, {"is_valid", is_valid}, {"document", document}}.dump() + '\n';
}

std::string SchemaCases::complaints() const {
  const std::string file = testing::TempDir() + "/smtpath-schema-cases-" + std::to_string(getpid()) + ".jsonl";
  std::ofstream(file) << lines_;
  FILE* pipe =
      popen(("/usr/bin/python3 " SMTPATH_VALIDATE_SCRIPT " " SMTPATH_REPORT_SCHEMA " " + file + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "the validator does not start";
  std::string output;
  std::array<char, 4096> piece{};
  while (fgets(piece.data(), piece.size(), pipe) != nullptr) output += piece.data();
  const int status = pclose(pipe);
  std::remove(file.c_str());
  return status == 0 || !output.empty() ? output : "the validator failed";
}

}  // namespace smtpath::report
