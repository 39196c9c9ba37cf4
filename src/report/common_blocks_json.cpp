#include "report/common_blocks_json.h"

#include "report/common_words.h"
#include "report/json_fields.h"

namespace smtpath::report {

namespace {

void write_other_port(JsonWriter& out, const verdict::OtherPort& other) {
  out.begin_object();
  out.member("port", other.port.number);
  out.member("open", other.open);
  out.member("refused", other.refused);
  out.end_object();
}

void write_common_block(JsonWriter& out, const verdict::CommonBlock& block) {
  out.begin_object();
  out.list("ports", block.ports, [](JsonWriter& list, Port port) { list.value(port.number); });
  out.member("family", to_string(block.family));
  out.member("verdict", to_string(block.verdict.kind));
  out.member("confidence", to_string(block.verdict.confidence));
  out.member("cause", word_of(block.verdict.cause));
  out.object_or_null("location", block.verdict.location, write_location);
  out.member("targets", block.targets);
  out.member("may_share", block.may_share);
  out.member("asked", block.asked);
  out.member("networks", block.networks);
  out.member("exact", block.is_exact);
  out.list("others", block.others, write_other_port);
  out.member("passed_there", block.passed_there);
  out.member("judgement", to_string(block.judgement));
  out.member("text", sentence_on(block));
  out.end_object();
}

}  // namespace

void write_common_blocks(JsonWriter& out, const RunTally& tally) {
  out.list("findings", tally.common_blocks(), write_common_block);
  out.member("uncounted", tally.uncounted());
}

void write_common_summary(JsonWriter& out, const RunTally& tally) {
  if (tally.targets() < 2) return out.value(nullptr);
  out.begin_object();
  out.member("targets", tally.targets());
  write_common_blocks(out, tally);
  out.end_object();
}

}  // namespace smtpath::report
