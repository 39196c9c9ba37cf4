#include <fmt/format.h>

#include <array>

#include "support/hard_path_parts.h"
#include "support/random_block.h"

namespace smtpath::test {

namespace {

constexpr Port kSmtp{25};

// Open, closed or silent.
void vary_answer(NetworkPath& path, Dice& dice) {
  const double drawn = dice.between(0.0, 1.0);
  if (drawn < 0.65) {
    open_port(path, kSmtp);
  } else if (drawn < 0.8) {
    path.devices.back().rules.push_back({.port = kSmtp, .action = Drop{}});
  }
}

Inject random_injection(Dice& dice) {
  constexpr std::array kForms{Inject::Form::Proper, Inject::Form::Proper, Inject::Form::Proper, Inject::Form::Bare,
                              Inject::Form::AcknowledgesSequence};
  constexpr std::array kTtls{Ttl{61}, Ttl{64}, Ttl{128}, Ttl{255}};
  Inject inject;
  inject.form = dice.one_of(kForms);
  inject.initial_ttl = dice.one_of(kTtls);
  inject.copies_ttl = dice.chance(0.4);
  if (dice.chance(0.4)) inject.times = dice.between(2, 5);
  if (dice.chance(0.25)) inject.delay = std::chrono::milliseconds(dice.between(1, 200));
  return inject;
}

std::string word_of(const Inject& inject) {
  if (inject.form == Inject::Form::Bare) return "injects bare";
  if (inject.form == Inject::Form::AcknowledgesSequence) return "injects ack=seq";
  return inject.delay > Duration{} ? "injects late" : "injects";
}

std::string add_to(Device& device, const Rule& rule, const std::vector<Port>& ports) {
  for (const Port port : ports) {
    device.rules.push_back({.port = port, .action = rule.action, .before_ttl_check = rule.before_ttl_check});
  }
  return rule.before_ttl_check ? " before" : " after";
}

}  // namespace

std::string forge_resets(NetworkPath& path, Dice& dice) {
  if (path.distance() < 2) return {};
  clear_mail_policy(path);
  vary_answer(path, dice);
  const std::vector<Port> ports = some_mail_ports(dice);
  Rule rule{.port = {}, .action = Drop{}, .before_ttl_check = dice.chance(0.5)};
  if (dice.chance(0.2)) {
    const Reset reset{.initial_ttl = random_initial_ttl(dice), .is_bare = dice.chance(0.5)};
    rule.action = reset;
    return (reset.is_bare ? "resets barely" : "resets") + add_to(some_router(path, dice), rule, ports);
  }
  const Inject inject = random_injection(dice);
  rule.action = inject;
  return word_of(inject) + add_to(some_router(path, dice), rule, ports);
}

std::string forge_errors(NetworkPath& path, Dice& dice) {
  constexpr std::array kReasons{Unreachable::Net, Unreachable::Host, Unreachable::Port, Unreachable::HostProhibited,
                                Unreachable::AdminProhibited};
  constexpr unsigned kNet = 3;
  constexpr int kNobody = 199;
  if (path.distance() < 2) return {};
  clear_mail_policy(path);
  if (dice.chance(0.7)) open_port(path, kSmtp);
  InjectError error{.reason = dice.one_of(kReasons), .from = {}, .alters_quote = dice.chance(0.5)};
  if (dice.chance(0.7)) error.from = address_of(path.client.family(), kNet, kNobody);
  const Rule rule{.port = {}, .action = error, .before_ttl_check = dice.chance(0.5)};
  const std::string place = add_to(some_router(path, dice), rule, some_mail_ports(dice));
  return fmt::format("errors {}{}{}", error.from ? "from nobody" : "in the target's name",
                     error.alters_quote ? ", altered," : "", place);
}

std::string intercept(NetworkPath& path, Dice& dice) {
  if (path.distance() < 2) return {};
  clear_mail_policy(path);
  if (dice.chance(0.7)) open_port(path, kSmtp);
  const std::vector<Port> ports = dice.chance(0.8) ? std::vector{kSmtp} : some_mail_ports(dice);
  Rule rule{.port = {}, .action = Drop{}, .before_ttl_check = dice.chance(0.5)};
  const bool is_proxy = dice.chance(0.6);
  if (is_proxy) {
    rule.action = TakeOver{.initial_ttl = random_initial_ttl(dice), .is_for_any_address = dice.chance(0.5)};
  } else {
    rule.action = SynProxy{.initial_ttl = random_initial_ttl(dice)};
  }
  return (is_proxy ? "takes over" : "SYN proxy") + add_to(some_router(path, dice), rule, ports);
}

}  // namespace smtpath::test
