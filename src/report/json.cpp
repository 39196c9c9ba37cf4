#include "smtpath/report/json.h"

#include <cassert>
#include <utility>

#include "report/common_blocks_json.h"
#include "report/connection_json.h"
#include "report/facts_json.h"
#include "report/json_fields.h"
#include "report/json_writer.h"
#include "report/mail_json.h"

namespace smtpath::report {

namespace {

std::optional<std::string> text_of(const std::optional<IpAddress>& address) {
  if (!address) return std::nullopt;
  return to_string(*address);
}

std::optional<int> hops_of(const std::optional<Ttl>& ttl) {
  if (!ttl) return std::nullopt;
  return ttl->hops;
}

std::string_view kind_or_none(const std::optional<path::ReplyKind>& kind) {
  return kind ? to_string(*kind) : "none";
}

/// For what later capabilities fill in.
void write_empty_list(JsonWriter& out, std::string_view key) {
  out.key(key);
  out.begin_array();
  out.end_array();
}

void write_answer(JsonWriter& out, const AnswerReport& answer) {
  out.begin_object();
  out.member("kind", kind_or_none(answer.kind));
  out.member("from", text_of(answer.from));
  out.member("ttl", hops_of(answer.ttl));
  out.member("elicit", hops_of(answer.elicit));
  out.member("back", answer.back);
  out.member("rtt_ms", answer.rtt ? std::optional(to_milliseconds(*answer.rtt)) : std::nullopt);
  out.object_or_null("icmp", answer.icmp, write_icmp);
  out.end_object();
}

void write_evidence(JsonWriter& out, const verdict::Evidence& evidence) {
  out.begin_object();
  out.member("rule", evidence.rule);
  out.member("text", evidence.text);
  out.end_object();
}

void write_flow(JsonWriter& out, const FlowReport& flow) {
  out.begin_object();
  out.member("id", flow.id);
  out.member("source_port", flow.source_port.number);
  out.member("kind", kind_or_none(flow.kind));
  out.member("elicit", hops_of(flow.elicit));
  out.end_object();
}

void write_mpls_label(JsonWriter& out, const wire::MplsLabel& label) {
  out.begin_object();
  out.member("label", label.label);
  out.member("traffic_class", label.traffic_class);
  out.member("bottom_of_stack", label.bottom_of_stack);
  out.member("ttl", label.ttl);
  out.end_object();
}

void write_value(JsonWriter& out, std::string_view key, const path::FieldValue& value) {
  if (const auto* number = std::get_if<std::uint32_t>(&value)) {
    out.member(key, *number);
  } else if (const auto* address = std::get_if<IpAddress>(&value)) {
    out.member(key, to_string(*address));
  } else {
    out.member(key, nullptr);
  }
}

void write_change(JsonWriter& out, const path::QuoteChange& change) {
  out.begin_object();
  out.member("field", to_string(change.field));
  write_value(out, "sent", change.sent);
  write_value(out, "quoted", change.quoted);
  out.end_object();
}

void write_remark(JsonWriter& out, const Remark& remark) {
  out.begin_object();
  out.member("kind", remark.kind);
  out.member("ttl", remark.ttl.hops);
  out.member("text", remark.text);
  out.end_object();
}

void write_reply(JsonWriter& out, const ReplyReport& reply) {
  out.begin_object();
  out.member("kind", to_string(reply.kind));
  out.member("from", to_string(reply.from));
  out.member("flow", reply.flow);
  out.member("rtt_ms", to_milliseconds(reply.rtt));
  out.member("ttl", reply.ttl.hops);
  out.list("mpls", reply.mpls, write_mpls_label);
  out.member("quoted_ttl", hops_of(reply.quoted_ttl));
  out.list("changes", reply.changes, write_change);
  if (reply.icmp) out.object_or_null("icmp", reply.icmp, write_icmp);
  out.end_object();
}

void write_hop(JsonWriter& out, const HopReport& hop) {
  out.begin_object();
  out.member("ttl", hop.ttl.hops);
  out.member("sent", hop.sent);
  out.list("replies", hop.replies, write_reply);
  out.end_object();
}

void write_port(JsonWriter& out, const PortReport& port) {
  out.begin_object();
  out.member("port", port.port.number);
  out.member("role", port.role == path::Role::Subject ? "subject" : "control");
  out.member("verdict", to_string(port.verdict.kind));
  out.member("confidence", to_string(port.verdict.confidence));
  out.member("cause", word_of(port.verdict.cause));
  out.member("reason", word_of(port.verdict.reason));
  out.object_or_null("location", port.verdict.location, write_location);
  out.key("answer");
  write_answer(out, port.answer);
  out.list("evidence", port.verdict.evidence, write_evidence);
  out.list("flows", port.flows, write_flow);
  out.list("hops", port.hops, write_hop);
  write_empty_list(out, "advice");
  out.object_or_null("mail", port.mail, write_mail);
  out.end_object();
}

void write_fields(JsonWriter& out, const TargetReport& target) {
  out.member("target", target.target);
  out.member("address", text_of(target.address));
  out.member("family", target.address ? std::optional(to_string(target.address->family())) : std::nullopt);
  out.member("distance", hops_of(target.distance));
  out.object_or_null("error", target.error, write_error);
  out.object_or_null("source", target.source, write_source);
  out.list("notes", target.notes, [](JsonWriter& list, const std::string& note) { list.value(note); });
  out.list("remarks", target.remarks, write_remark);
  out.member("conclusion", target.conclusion);
  out.list("ports", target.ports, write_port);
}

void write_target(JsonWriter& out, const TargetReport& target) {
  out.begin_object();
  write_fields(out, target);
  out.end_object();
}

void write_capture(JsonWriter& out, const CaptureReport& capture) {
  out.begin_object();
  out.member("packets", capture.packets);
  out.member("dropped", capture.dropped);
  out.key("undecodable");
  out.begin_object();
  for (const auto& [reason, count] : capture.undecodable) out.member(reason, count);
  out.end_object();
  out.end_object();
}

void write_ending(JsonWriter& out, const RunEnding& run) {
  out.key("capture");
  write_capture(out, run.capture);
  out.member("elapsed_ms", to_milliseconds(run.elapsed));
}

/// Every verdict is there, so that a reader need not ask which; a target that could not be tried has none.
void write_counts(JsonWriter& out, const RunTally& tally) {
  out.begin_object();
  for (const verdict::Kind kind : kVerdictsBestFirst) out.member(to_string(kind), tally.count(kind));
  out.member("error", tally.count(std::nullopt));
  out.end_object();
}

void write_summary(JsonWriter& out, const RunTally& tally, const RunEnding& run) {
  out.member("targets", tally.targets());
  out.key("verdicts");
  write_counts(out, tally);
  write_common_blocks(out, tally);
  write_ending(out, run);
}

/// Every outcome is there, too.
void write_counts(JsonWriter& out, const ConnectionTally& tally) {
  out.member("connections", tally.connections());
  out.member("failed", tally.failures());
  out.key("outcomes");
  out.begin_object();
  for (const verdict::Outcome outcome : verdict::kOutcomes) out.member(to_string(outcome), tally.count(outcome));
  out.end_object();
}

}  // namespace

struct JsonReport::State {
  explicit State(Sink to) : sink(std::move(to)), out(sink) {}

  /// Connections come before targets.
  void end_connections() {
    if (has_connections_ended) return;
    has_connections_ended = true;
    out.end_array();
    out.key("targets");
    out.begin_array();
  }

  Sink sink;
  JsonWriter out;
  bool has_connections_ended = false;
};

JsonReport::JsonReport(const RunBeginning& run, Sink sink) : state_(std::make_unique<State>(std::move(sink))) {
  JsonWriter& out = state_->out;
  out.begin_object();
  out.member("schema", kSchema);
  out.key("tool");
  out.begin_object();
  out.member("name", "smtpath");
  out.member("version", run.version);
  out.end_object();
  out.member("mode", run.mode == Mode::Live ? "live" : "offline");
  out.member("started", rfc3339_of(run.started));
  out.key("connections");
  out.begin_array();
}

JsonReport::JsonReport(JsonReport&&) noexcept = default;
JsonReport& JsonReport::operator=(JsonReport&&) noexcept = default;
JsonReport::~JsonReport() = default;

void JsonReport::write(const ConnectionReport& connection) {
  assert(!state_->has_connections_ended);
  write_connection(state_->out, connection);
  state_->out.hand_over();
}

void JsonReport::write_object(std::string_view connection) {
  assert(!state_->has_connections_ended);
  state_->out.value_as_it_is(connection);
  state_->out.hand_over();
}

void JsonReport::write(const TargetReport& target) {
  state_->end_connections();
  write_target(state_->out, target);
  state_->out.hand_over();
}

void JsonReport::write(const RunTally& tally, const RunEnding& run) {
  state_->end_connections();
  JsonWriter& out = state_->out;
  out.end_array();
  out.key("summary");
  write_common_summary(out, tally);
  write_ending(out, run);
  out.end_object();
  out.hand_over();
  state_->sink("\n");
}

std::string json_line_of(const TargetReport& target) {
  return line_of("target", [&](JsonWriter& out) { write_fields(out, target); });
}

std::string json_summary_line_of(const RunTally& tally, const RunEnding& run) {
  return line_of("summary", [&](JsonWriter& out) { write_summary(out, tally, run); });
}

std::string json_summary_line_of(const RunTally& tally, const ConnectionTally& connections, const RunEnding& run) {
  return line_of("summary", [&](JsonWriter& out) {
    write_summary(out, tally, run);
    write_counts(out, connections);
  });
}

}  // namespace smtpath::report
