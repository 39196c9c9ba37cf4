#include "smtpath/facts/port_route.h"

namespace smtpath::facts {

std::string_view to_string(PortRoute::Difference difference) {
  switch (difference) {
    case PortRoute::Difference::Refused:
      return "refused";
    case PortRoute::Difference::OtherInterface:
      return "other-interface";
    case PortRoute::Difference::OtherGateway:
      return "other-gateway";
  }
  return {};
}

}  // namespace smtpath::facts
