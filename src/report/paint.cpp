#include "report/paint.h"

namespace smtpath::report {

namespace {

std::string_view sgr_of(Color color) {
  switch (color) {
    case Color::Plain:
      return "";
    case Color::Green:
      return "32";
    case Color::Red:
      return "1;31";
    case Color::Yellow:
      return "33";
    case Color::Faint:
      return "2";
    case Color::Bold:
      return "1";
  }
  return "";
}

}  // namespace

std::string Paint::operator()(Color color, std::string_view text) const {
  if (!wanted_ || color == Color::Plain || text.empty()) return std::string(text);
  std::string painted = "\x1b[";
  painted += sgr_of(color);
  painted += 'm';
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

Color color_of(const PortReport& port) {
  switch (port.verdict.kind) {
    case verdict::Kind::Open:
      return Color::Green;
    case verdict::Kind::Intermittent:
    case verdict::Kind::Inconclusive:
      return Color::Yellow;
    case verdict::Kind::Refused:
      return port.role == path::Role::Subject ? Color::Red : Color::Plain;
    case verdict::Kind::Dropped:
    case verdict::Kind::Rejected:
    case verdict::Kind::ResetInjected:
    case verdict::Kind::Intercepted:
    case verdict::Kind::Loop:
    case verdict::Kind::Unreachable:
    case verdict::Kind::NoRoute:
      return Color::Red;
  }
  return Color::Plain;
}

}  // namespace smtpath::report
