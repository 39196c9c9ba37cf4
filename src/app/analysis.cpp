#include "app/analysis.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "app/found_traces.h"

namespace smtpath::app {

namespace {

session::Options options_for(const std::vector<Port>& ports) {
  session::Options options;
  if (!ports.empty()) options.mail_ports = ports;
  return options;
}

}  // namespace

Analysis::Analysis(const std::vector<Port>& ports, Take take)
    : take_(std::move(take)), sessions_(options_for(ports)), traces_(options_for(ports).mail_ports) {}

void Analysis::handle_frame(const Frame& frame) {
  ++frames_;
  first_ = first_ ? std::min(*first_, frame.time) : frame.time;
  last_ = last_ ? std::max(*last_, frame.time) : frame.time;
  const wire::Decoded decoded = decoder_.decode(frame);
  if (const auto* reason = std::get_if<wire::Undecodable>(&decoded)) {
    ++undecodable_.at(static_cast<std::size_t>(*reason));
    return;
  }
  const auto& packet = std::get<wire::Packet>(decoded);
  traces_.handle_packet(*last_, packet);
  sessions_.handle_packet(*last_, packet);
  report_ended();
}

void Analysis::note_statistics(Time now, const CaptureStatistics& statistics) {
  statistics_ = statistics;
  loss_.note(now, statistics);
}

std::vector<report::TargetReport> Analysis::finish() {
  sessions_.finish(last_.value_or(Time{}));
  report_ended();
  std::vector<report::TargetReport> reports;
  for (const path::FoundTrace& found : traces_.finish()) reports.push_back(report_found(found, loss_));
  return reports;
}

report::CaptureReport Analysis::capture() const {
  report::CaptureReport capture{.packets = frames_, .dropped = statistics_.dropped, .undecodable = {}};
  for (std::size_t i = 0; i < undecodable_.size(); ++i) {
    if (undecodable_.at(i) == 0) continue;
    capture.undecodable[std::string(wire::to_string(static_cast<wire::Undecodable>(i)))] = undecodable_.at(i);
  }
  return capture;
}

void Analysis::report_ended() {
  while (auto session = sessions_.poll_ended()) {
    report::ConnectionReport connection{.session = *std::move(session), .verdict = {}};
    connection.verdict = verdict::diagnose(connection.session);
    if (is_probe(connection.session)) {
      connection.verdict.is_probe = true;
      connection.verdict.has_failed = false;
    }
    take_(connection);
  }
}

/// Of a trace: it asked nothing else of the server.
bool Analysis::is_probe(const session::Session& session) const {
  return !session.is_established &&
         traces_.is_probe(session.client.address, session.client.port, session.server.address, session.server.port);
}

}  // namespace smtpath::app
