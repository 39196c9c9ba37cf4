#include "smtpath/path/circle.h"

#include <cstddef>

namespace smtpath::path {

std::optional<Circle> find_circle(std::span<const SeenHop> routers) {
  for (std::size_t later = 0; later < routers.size(); ++later) {
    for (std::size_t first = 0; first < later; ++first) {
      const bool is_again = routers[first].address == routers[later].address;
      if (!is_again || routers[later].ttl - routers[first].ttl < 2) continue;
      // Of several routers that answered at the TTL of the repetition none lies before it.
      std::size_t before = later - 1;
      while (routers[before].ttl == routers[later].ttl) --before;
      return Circle{.first = routers[first], .last_new = routers[before], .again = routers[later]};
    }
  }
  return std::nullopt;
}

}  // namespace smtpath::path
