#include "verdict/rules.h"

#include <array>

#include "verdict/answers.h"
#include "verdict/errors.h"
#include "verdict/injector.h"
#include "verdict/interception.h"
#include "verdict/intermittent.h"
#include "verdict/silence.h"
#include "verdict/this_host.h"

namespace smtpath::verdict {

namespace {

constexpr std::array kRules{
    Rule{.name = "mail-has-no-route", .decide = mail_has_no_route},
    Rule{.name = "mail-takes-another-way", .decide = mail_takes_another_way},
    Rule{.name = "answered-by-this-host", .decide = answered_by_this_host},
    Rule{.name = "send-refused", .decide = send_refused},
    Rule{.name = "redirected-on-this-host", .decide = redirected_on_this_host},
    Rule{.name = "never-left-this-host", .decide = never_left_this_host},
    Rule{.name = "errors-contradicted", .decide = errors_contradicted},
    Rule{.name = "routers-repeat", .decide = routers_repeat},
    Rule{.name = "expired-and-answered", .decide = expired_and_answered},
    Rule{.name = "accepted-and-reset", .decide = accepted_and_reset},
    Rule{.name = "flows-are-answered-differently", .decide = flows_are_answered_differently},
    Rule{.name = "answer-copies-its-probe", .decide = answer_copies_its_probe},
    Rule{.name = "host-unreachable", .decide = host_unreachable},
    Rule{.name = "rejected-by-the-destination", .decide = rejected_by_destination},
    Rule{.name = "rejected-on-the-way", .decide = rejected_on_the_way},
    Rule{.name = "translated-on-the-way", .decide = translated_on_the_way},
    Rule{.name = "answered-from-nowhere", .decide = answered_from_nowhere},
    Rule{.name = "answered-short-of-the-destination", .decide = answered_short_of_destination},
    Rule{.name = "answer-travelled-one-hop-less", .decide = answer_travelled_one_hop_less},
    Rule{.name = "answered-beyond-the-destination", .decide = answered_beyond_destination},
    Rule{.name = "answers-disagree", .decide = answers_disagree},
    Rule{.name = "stopped-on-arrival", .decide = stopped_on_arrival},
    Rule{.name = "stopped-by-the-reverse-path-filter", .decide = stopped_by_the_reverse_path_filter},
    Rule{.name = "tries-come-to-nothing", .decide = tries_come_to_nothing},
    Rule{.name = "accepted-by-the-destination", .decide = accepted_by_destination},
    Rule{.name = "refused-by-the-destination", .decide = refused_by_destination},
    Rule{.name = "answer-without-probe", .decide = answer_without_probe},
    Rule{.name = "silence-while-capture-lost", .decide = silence_while_capture_lost},
    Rule{.name = "rejected-like-the-echo", .decide = rejected_like_the_echo},
    Rule{.name = "silence-beside-a-rejection", .decide = silence_beside_rejection},
    Rule{.name = "silence", .decide = silence},
};

}  // namespace

std::span<const Rule> rules() {
  return kRules;
}

}  // namespace smtpath::verdict
