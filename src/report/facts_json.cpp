#include "report/facts_json.h"

namespace smtpath::report {

void write_error(JsonWriter& out, const facts::TargetError& error) {
  out.begin_object();
  out.member("kind", to_string(error.kind));
  out.member("text", error.text);
  out.end_object();
}

void write_source(JsonWriter& out, const facts::Vantage& source) {
  out.begin_object();
  out.member("address", to_string(source.address));
  out.member("interface", source.interface);
  out.member("user", source.user);
  out.end_object();
}

}  // namespace smtpath::report
