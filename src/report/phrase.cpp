#include "report/phrase.h"

namespace smtpath::report {

std::string_view hedge_of(verdict::Confidence confidence) {
  switch (confidence) {
    case verdict::Confidence::High:
      return "";
    case verdict::Confidence::Medium:
      return "probably ";
    case verdict::Confidence::Low:
      return "perhaps ";
  }
  return "";
}

std::string enumeration_of(const std::vector<Port>& ports) {
  std::string numbers;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (i > 0) numbers += i + 1 == ports.size() ? " and " : ", ";
    numbers += std::to_string(ports[i].number);
  }
  return numbers;
}

}  // namespace smtpath::report
