#include "support/internet_truth_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace smtpath::test {

namespace {

using nlohmann::json;
using verdict::Kind;

json right_json(const RightVerdict& right) {
  json fields{{"verdict", std::string(verdict::to_string(right.kind))}};
  if (right.kind == Kind::Open) return fields;
  fields["acting"] = right.acting;
  fields["answering_before"] = right.answering_before;
  fields["answering_beyond"] = right.answering_beyond ? json(*right.answering_beyond) : json(nullptr);
  return fields;
}

std::string_view to_string(path::Role role) {
  switch (role) {
    case path::Role::Subject:
      return "subject";
    case path::Role::Control:
      return "control";
    case path::Role::Anchor:
      return "anchor";
  }
  return {};
}

// Inconclusive for a word that is no verdict: never right.
Kind kind_of(const std::string& word) {
  for (auto number = static_cast<int>(Kind::Open); number <= static_cast<int>(Kind::Inconclusive); ++number) {
    if (verdict::to_string(static_cast<Kind>(number)) == word) return static_cast<Kind>(number);
  }
  return Kind::Inconclusive;
}

std::optional<verdict::HopReference> hop_of(const json& hop) {
  if (hop.is_null()) return {};
  return verdict::HopReference{.ttl = Ttl{hop.at("ttl").get<std::uint8_t>()}, .address = {}};
}

verdict::Verdict verdict_of(const json& port) {
  verdict::Verdict said;
  said.kind = kind_of(port.at("verdict").get<std::string>());
  const json& location = port.at("location");
  if (location.is_null()) return said;
  said.location.emplace();
  said.location->last_reached = *hop_of(location.at("last_reached"));
  said.location->first_missed = hop_of(location.at("first_missed"));
  said.location->suspect = hop_of(location.at("suspect"));
  return said;
}

}  // namespace

std::string truth_lines(const InternetTarget& target) {
  std::string lines;
  for (const PortTruth& truth : internet_truth(target)) {
    json line{{"target", to_string(target.address)},
              {"port", truth.port.port.number},
              {"role", std::string(to_string(truth.port.role))},
              {"right", json::array()}};
    for (const RightVerdict& right : truth.right) line["right"].push_back(right_json(right));
    lines += line.dump() + '\n';
  }
  return lines;
}

std::vector<PortGrade> grade_report(const InternetTarget& target, const json& report) {
  const std::vector<PortTruth> truths = internet_truth(target);
  std::vector<PortGrade> grades;
  for (const json& port : report.at("ports")) {
    const Port number{port.at("port").get<std::uint16_t>()};
    const auto truth =
        std::find_if(truths.begin(), truths.end(), [&](const PortTruth& each) { return each.port.port == number; });
    if (truth == truths.end() || truth->port.role == path::Role::Anchor) continue;
    const verdict::Verdict said = verdict_of(port);
    grades.push_back({.grade = judge_outcome(*truth, said),
                      .names_wrong_suspect = names_wrong_suspect(*truth, said),
                      .text = to_string(target.address) + ": truth " + to_string(*truth) + "; said " +
                              port.at("verdict").dump() + " at " + port.at("location").dump() + " because " +
                              port.at("evidence").dump()});
  }
  return grades;
}

}  // namespace smtpath::test
