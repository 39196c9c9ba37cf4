#include "app/mail_planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "smtpath/io/host.h"
#include "smtpath/path/port_path.h"

namespace smtpath::app {

namespace {

/// Nobody logs in there.
constexpr Port kBetweenServers{25};
constexpr Port kSubmissions{465};
/// A control on any other port only shows how far the host is.
constexpr std::array kMailPorts{kBetweenServers, kSubmissions, Port{587}, Port{2525}};

bool has_accepted(const path::PathTrace& trace, Port port) {
  const std::vector<path::FlowFate> fates = path::PortPath(trace, port).fates();
  return std::any_of(fates.begin(), fates.end(), [](const path::FlowFate& fate) {
    return fate.reply != nullptr && fate.reply->kind == path::ReplyKind::SynAck;
  });
}

/// RFC 5321 section 4.1.3.
std::string literal_of(const IpAddress& address) {
  return fmt::format("[{}{}]", address.family() == Family::Ipv6 ? "IPv6:" : "", to_string(address));
}

}  // namespace

MailPlanner::MailPlanner(const MailParts& parts) : parts_(parts), targets_(parts.plan.plan.targets.size(), nullptr) {
  for (const report::PlannedTarget& target : parts.plan.targets) {
    if (target.index) targets_.at(*target.index) = &target;
  }
}

std::vector<VisitPlan> MailPlanner::visits_of(std::size_t index, const path::PathTrace& trace) const {
  std::vector<VisitPlan> visits;
  const report::PlannedTarget* const target = targets_.at(index);
  if (target == nullptr) return visits;
  for (const path::PortPlan& port : parts_.plan.plan.targets.at(index).ports) {
    const bool is_for_mail = port.role == path::Role::Subject ||
                             std::find(kMailPorts.begin(), kMailPorts.end(), port.port) != kMailPorts.end();
    if (is_for_mail && has_accepted(trace, port.port)) visits.push_back(visit_of(*target, port.port));
  }
  return visits;
}

VisitPlan MailPlanner::visit_of(const report::PlannedTarget& target, Port port) const {
  VisitPlan visit{
      .store = &parts_.store, .address = *target.address, .port = port, .connection = {}, .client = {}, .tls = {}};
  visit.connection = {.source = parts_.options.source, .interface = parts_.options.interface, .segment_size = {}};
  const std::string host = io::this_host().name;
  const bool is_full_name = host.find('.') != std::string::npos;
  visit.client.name = is_full_name || !target.source ? host : literal_of(target.source->address);
  visit.client.begins_with_tls = port == kSubmissions;
  visit.client.greeting_wait = parts_.options.greeting_wait;
  visit.client.reply_wait = std::min(visit.client.reply_wait, parts_.options.greeting_wait);
  visit.tls.names = names_of(target);
  if (!visit.tls.names.empty()) {
    visit.tls.server_name = visit.tls.names.front();
    const auto tlsa = parts_.tlsa.find({visit.tls.server_name, port});
    if (tlsa != parts_.tlsa.end()) visit.tls.tlsa = tlsa->second;
  }
  if (port != kBetweenServers) visit.client.credentials = parts_.credentials;
  // A password is not to be read from a file that others are shown.
  const bool keeps_keys = parts_.evidence != nullptr && !visit.client.credentials;
  if (keeps_keys) visit.tls.key_log = [this](std::string_view line) { parts_.evidence->write_secret(line); };
  return visit;
}

}  // namespace smtpath::app
