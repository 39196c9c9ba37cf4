#include "report/where.h"

#include <fmt/format.h>

namespace smtpath::report {

std::string words_of(const verdict::HopReference& hop) {
  if (hop.ttl == Ttl{0}) return "this host";
  return fmt::format("hop {} ({})", hop.ttl.hops, hop.address ? to_string(*hop.address) : "silent");
}

std::string words_of(const verdict::Location& location) {
  switch (location.place) {
    case verdict::Place::Local:
      return "on this host";
    case verdict::Place::Destination:
      return "at the server";
    case verdict::Place::Path:
    case verdict::Place::Edge:
    case verdict::Place::Unknown:
      break;
  }
  if (location.suspect) return "at " + words_of(*location.suspect);
  if (!location.first_missed) return "beyond " + words_of(location.last_reached);
  return fmt::format("between {} and {}", words_of(location.last_reached), words_of(*location.first_missed));
}

}  // namespace smtpath::report
