#include "smtpath/facts/target_error.h"

namespace smtpath::facts {

std::string_view to_string(TargetErrorKind kind) {
  switch (kind) {
    case TargetErrorKind::UnknownHost:
      return "unknown-host";
    case TargetErrorKind::NoAddress:
      return "no-address";
    case TargetErrorKind::ResolverFailure:
      return "resolver-failure";
    case TargetErrorKind::NotUnicast:
      return "not-unicast";
    case TargetErrorKind::NoRoute:
      return "no-route";
    case TargetErrorKind::NullMx:
      return "null-mx";
  }
  return {};
}

}  // namespace smtpath::facts
