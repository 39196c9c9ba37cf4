#include "support/random_block.h"

#include <array>

namespace smtpath::test {

Ttl random_initial_ttl(Dice& dice) {
  constexpr std::array kInitial{Ttl{64}, Ttl{64}, Ttl{64}, Ttl{128}, Ttl{255}};
  return dice.one_of(kInitial);
}

Action random_block(Dice& dice) {
  constexpr std::array kReasons{Unreachable::Net,           Unreachable::Host,           Unreachable::Port,
                                Unreachable::NetProhibited, Unreachable::HostProhibited, Unreachable::AdminProhibited};
  switch (dice.between(0, 2)) {
    case 0:
      return Drop{};
    case 1:
      return Reset{.initial_ttl = random_initial_ttl(dice)};
    default:
      return Reject{dice.one_of(kReasons)};
  }
}

}  // namespace smtpath::test
