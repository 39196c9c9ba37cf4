#include "netns/told.h"

namespace smtpath::test {

Told trace_server(const io::Lab& lab, Family family, const Folder& folder, const std::string& name) {
  const std::string file = folder.file(name + "-" + std::string(to_string(family)));
  const std::string evidence = file + ".pcapng";
  const std::string report = file + ".json";
  const io::LabOutcome live = run_in(
      lab, {kProgram, "trace", "--no-mail", "--json", report, "--write", evidence, to_string(lab.server(family))});
  const io::LabOutcome replayed = run_here({kProgram, "analyze", "--json", "-", evidence});
  return {.text = live.output + live.errors,
          .target = parse_json(content_of(report)).at("targets").at(0),
          .replayed = parse_json(replayed.output).at("targets").at(0),
          .evidence = evidence};
}

std::string shown(const Told& told) {
  const nlohmann::json& subject = port_of(told.target, 25);
  return "evidence in " + told.evidence + "\n" + told.text + subject.at("flows").dump() +
         subject.at("location").dump() + subject.at("evidence").dump(1);
}

}  // namespace smtpath::test
