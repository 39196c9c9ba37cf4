#include "app/mail_packets.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace smtpath::app {

void MailPackets::begin(std::size_t index, const path::Plan& plan) {
  if (index >= plan.targets.size()) return;
  const path::TargetPlan& target = plan.targets[index];
  session::Options options{.mail_ports = {}, .recognises_greetings = false};
  for (const path::PortPlan& port : target.ports) options.mail_ports.push_back(port.port);
  visited_.insert_or_assign(index,
                            Visited{.address = target.address, .observer = session::Observer(options), .ended = {}});
}

void MailPackets::handle_frame(const Frame& frame) {
  if (visited_.empty() || frame.refused) return;
  const wire::Decoded decoded = decoder_.decode(frame);
  const auto* const packet = std::get_if<wire::Packet>(&decoded);
  if (packet == nullptr) return;
  latest_ = std::max(latest_, frame.time);
  const bool is_error = std::holds_alternative<wire::IcmpError>(packet->payload);
  for (auto& [index, visited] : visited_) {
    const bool is_its_own = packet->ip.source == visited.address || packet->ip.destination == visited.address;
    if (!is_its_own && !is_error) continue;
    visited.observer.handle_packet(latest_, *packet);
    while (auto session = visited.observer.poll_ended()) visited.ended.push_back(*std::move(session));
  }
}

std::vector<session::Session> MailPackets::finish(std::size_t index, Time end) {
  const auto found = visited_.find(index);
  if (found == visited_.end()) return {};
  Visited visited = std::move(found->second);
  visited_.erase(found);
  visited.observer.finish(std::max(latest_, end));
  while (auto session = visited.observer.poll_ended()) visited.ended.push_back(*std::move(session));
  return std::move(visited.ended);
}

}  // namespace smtpath::app
