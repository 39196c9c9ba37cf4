// The spelling of every word of a verdict, as reports and docs/verdicts.md write it.

#include "smtpath/verdict/verdict.h"

namespace smtpath::verdict {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::Open:
      return "open";
    case Kind::Refused:
      return "refused";
    case Kind::Dropped:
      return "dropped";
    case Kind::Rejected:
      return "rejected";
    case Kind::ResetInjected:
      return "reset-injected";
    case Kind::Intercepted:
      return "intercepted";
    case Kind::Intermittent:
      return "intermittent";
    case Kind::Loop:
      return "loop";
    case Kind::Unreachable:
      return "unreachable";
    case Kind::NoRoute:
      return "no-route";
    case Kind::Inconclusive:
      return "inconclusive";
  }
  return {};
}

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::High:
      return "high";
    case Confidence::Medium:
      return "medium";
    case Confidence::Low:
      return "low";
  }
  return {};
}

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::PathDependent:
      return "path-dependent";
    case Cause::RateLimited:
      return "rate-limited";
    case Cause::Overloaded:
      return "overloaded";
    case Cause::Loss:
      return "loss";
  }
  return {};
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::CaptureLoss:
      return "capture-loss";
    case Reason::TooFewReplies:
      return "too-few-replies";
    case Reason::ContradictoryReplies:
      return "contradictory-replies";
    case Reason::UnknownDistance:
      return "unknown-distance";
    case Reason::Interrupted:
      return "interrupted";
    case Reason::OtherRoute:
      return "other-route";
  }
  return {};
}

std::string_view to_string(Place place) {
  switch (place) {
    case Place::Local:
      return "local";
    case Place::Path:
      return "path";
    case Place::Edge:
      return "edge";
    case Place::Destination:
      return "destination";
    case Place::Unknown:
      return "unknown";
  }
  return {};
}

}  // namespace smtpath::verdict
