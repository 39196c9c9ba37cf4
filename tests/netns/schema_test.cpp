// Reports of real runs fit the schema that docs/report.md promises, live and replayed.

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "netns/program.h"

namespace smtpath::test {
namespace {

/// A network with every kind of end in it: open, dropped, reset on the way, rejected, refused by this host.
io::LabSpec troubled_network() {
  io::LabSpec spec{.open_ports = {Port{587}}};
  spec.rules.push_back(io::lab_rule(3, io::LabHook::Forward, Port{25}, io::LabAction::Reset));
  spec.rules.push_back(io::lab_rule(4, io::LabHook::Prerouting, Port{465}, io::LabAction::Drop));
  spec.rules.push_back(io::lab_rule(2, io::LabHook::Forward, Port{2525}, io::LabAction::AdminProhibited));
  spec.rules.push_back(io::lab_rule(0, io::LabHook::Output, Port{26}, io::LabAction::Drop));
  return spec;
}

TEST(Schema, IsKeptByReportsOfRealRuns) {
  ASSERT_EQ(geteuid(), 0U) << "a lab needs root";
  const Folder folder;
  const io::Lab lab = build(troubled_network());
  std::ofstream documents(folder.file("documents"));
  const auto add = [&](const std::string& name, const nlohmann::json& document) {
    documents << nlohmann::json{{"name", name}, {"is_valid", true}, {"document", document}} << '\n';
  };
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    const std::string evidence = folder.file("run.pcapng");
    const io::LabOutcome live = run_in(lab, {kProgram, "trace", "--no-mail", "-p", "25,26,465,587,2525,143", "--json",
                                             "-", "--write", evidence, to_string(lab.server(family))});
    const io::LabOutcome replayed = run_here({kProgram, "analyze", "--json", "-", evidence});
    add("live " + std::string(to_string(family)), parse_json(live.output));
    add("replayed " + std::string(to_string(family)), parse_json(replayed.output));
  }
  documents.close();
  const io::LabOutcome checked =
      run_here({"/usr/bin/python3", SMTPATH_VALIDATE, SMTPATH_REPORT_SCHEMA, folder.file("documents")});
  EXPECT_EQ(checked.status, 0) << checked.output << checked.errors;
}

}  // namespace
}  // namespace smtpath::test
