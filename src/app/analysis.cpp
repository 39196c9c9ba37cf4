#include "app/analysis.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace smtpath::app {

namespace {

session::Options options_for(const std::vector<Port>& ports) {
  session::Options options;
  if (!ports.empty()) options.mail_ports = ports;
  return options;
}

}  // namespace

Analysis::Analysis(const std::vector<Port>& ports, Take take) : take_(std::move(take)), sessions_(options_for(ports)) {}

void Analysis::handle_frame(const Frame& frame) {
  ++frames_;
  first_ = first_ ? std::min(*first_, frame.time) : frame.time;
  last_ = last_ ? std::max(*last_, frame.time) : frame.time;
  const wire::Decoded decoded = decoder_.decode(frame);
  if (const auto* reason = std::get_if<wire::Undecodable>(&decoded)) {
    ++undecodable_.at(static_cast<std::size_t>(*reason));
    return;
  }
  sessions_.handle_packet(*last_, std::get<wire::Packet>(decoded));
  report_ended();
}

void Analysis::finish() {
  sessions_.finish(last_.value_or(Time{}));
  report_ended();
}

report::CaptureReport Analysis::capture() const {
  report::CaptureReport capture{.packets = frames_, .dropped = 0, .undecodable = {}};
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
    take_(connection);
  }
}

}  // namespace smtpath::app
