#include "report/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "smtpath/path/icmp_name.h"

namespace smtpath::report {

namespace {

void write_hop_reference(JsonWriter& out, const verdict::HopReference& hop) {
  out.begin_object();
  out.member("ttl", hop.ttl.hops);
  out.member("address", hop.address ? std::optional(to_string(*hop.address)) : std::nullopt);
  out.end_object();
}

}  // namespace

std::string rfc3339_of(Time moment) {
  // The first day of all is not a whole one.
  const Time time = std::max(moment, Time::min() + std::chrono::days(1));
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()}, clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

void write_icmp(JsonWriter& out, const IcmpReport& icmp) {
  out.begin_object();
  out.member("type", icmp.type);
  out.member("code", icmp.code);
  out.member("name", path::icmp_name(icmp.from.family(), icmp.type, icmp.code));
  out.member("from", to_string(icmp.from));
  out.end_object();
}

void write_location(JsonWriter& out, const verdict::Location& location) {
  out.begin_object();
  out.member("place", to_string(location.place));
  out.key("last_reached");
  write_hop_reference(out, location.last_reached);
  out.object_or_null("first_missed", location.first_missed, write_hop_reference);
  out.object_or_null("suspect", location.suspect, write_hop_reference);
  out.end_object();
}

}  // namespace smtpath::report
