#include "smtp/client_steps.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace smtpath::smtp {
namespace {

enum class If : std::uint8_t { Always, MayStartTls, PlainFitsALine, Plain, Login, GreetedInTls };

struct Row {
  /// Absent: at any step.
  std::optional<Step> at;
  /// Absent: upon anything.
  std::optional<Event> upon;
  Step next = Step::Over;
  std::optional<VisitEnd> end{};
  If condition = If::Always;
};

constexpr std::nullopt_t kAny = std::nullopt;

/// The first row that fits counts.
constexpr std::array<Row, 31> kRows{{
    // Whatever it is, what the visit came to was decided before QUIT.
    {Step::Quit, kAny, Step::Over},

    {kAny, Event::ShuttingDown, Step::Over, VisitEnd::Refused},
    {kAny, Event::Nonsense, Step::Over, VisitEnd::NoSmtp},
    {kAny, Event::Closed, Step::Over, VisitEnd::Closed},
    {kAny, Event::Reset, Step::Over, VisitEnd::Reset},
    {kAny, Event::TimedOut, Step::Over, VisitEnd::TimedOut},
    {kAny, Event::Interrupted, Step::Over, VisitEnd::Interrupted},

    // RFC 5321 section 3.1: whoever refuses waits for QUIT.
    {Step::Greeting, Event::Ready, Step::Ehlo},
    {Step::Greeting, Event::Refused, Step::Quit, VisitEnd::Refused},
    {Step::Greeting, kAny, Step::Over, VisitEnd::NoSmtp},

    {Step::Ehlo, Event::Accepted, Step::StartTls, {}, If::MayStartTls},
    {Step::Ehlo, Event::Accepted, Step::PlainAtOnce, {}, If::PlainFitsALine},
    {Step::Ehlo, Event::Accepted, Step::PlainAsked, {}, If::Plain},
    {Step::Ehlo, Event::Accepted, Step::LoginAsked, {}, If::Login},
    {Step::Ehlo, Event::Accepted, Step::Quit, VisitEnd::Done},
    // RFC 5321 section 3.2.
    {Step::Ehlo, Event::NotKnown, Step::Helo},
    {Step::Ehlo, kAny, Step::Quit, VisitEnd::Refused},
    {Step::Helo, Event::Accepted, Step::Quit, VisitEnd::Done},
    {Step::Helo, kAny, Step::Quit, VisitEnd::Refused},

    // RFC 3207 section 4.
    {Step::StartTls, Event::Ready, Step::Handshake},
    {Step::StartTls, kAny, Step::Quit, VisitEnd::Done},
    {Step::Handshake, Event::TlsEstablished, Step::Greeting, {}, If::GreetedInTls},
    {Step::Handshake, Event::TlsEstablished, Step::Ehlo},
    {Step::Handshake, kAny, Step::Over, VisitEnd::TlsFailed},

    // RFC 4954 section 4. Who still asks when all was told talks nonsense, and is told so.
    {Step::PlainAsked, Event::GoOn, Step::PlainTold},
    {Step::LoginAsked, Event::GoOn, Step::LoginUser},
    {Step::LoginUser, Event::GoOn, Step::LoginPassword},
    {Step::PlainAtOnce, Event::GoOn, Step::AuthCancelled},
    {Step::PlainTold, Event::GoOn, Step::AuthCancelled},
    {Step::LoginPassword, Event::GoOn, Step::AuthCancelled},
    // The final reply to AUTH, and to its cancellation.
    {kAny, kAny, Step::Quit, VisitEnd::Done},
}};

bool fits(Event upon, Event event) {
  if (upon == Event::Accepted && event == Event::Ready) return true;
  if (upon == Event::Refused && event == Event::NotKnown) return true;
  return upon == event;
}

bool holds(If condition, const Situation& situation) {
  switch (condition) {
    case If::Always:
      return true;
    case If::MayStartTls:
      return situation.may_start_tls;
    case If::PlainFitsALine:
      return situation.auth == AuthWay::PlainAtOnce;
    case If::Plain:
      return situation.auth == AuthWay::Plain;
    case If::Login:
      return situation.auth == AuthWay::Login;
    case If::GreetedInTls:
      return situation.is_greeted_in_tls;
  }
  return false;
}

}  // namespace

Event event_of(std::uint16_t code) {
  constexpr std::uint16_t kHundred = 100;
  switch (code) {
    case 220:
      return Event::Ready;
    case 334:
      return Event::GoOn;
    case 421:
      return Event::ShuttingDown;
    case 500:
    case 502:
    case 504:
      return Event::NotKnown;
    default:
      return code / kHundred == 2 ? Event::Accepted : Event::Refused;
  }
}

bool is_reply(Event event) {
  return event <= Event::Refused;
}

Transition transition(Step at, Event event, const Situation& situation) {
  assert(at != Step::Over);
  const auto* const row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& each) {
    return (!each.at || *each.at == at) && (!each.upon || fits(*each.upon, event)) && holds(each.condition, situation);
  });
  return {.next = row->next, .end = row->end};
}

VisitStage stage_of(Step step, bool is_in_tls) {
  switch (step) {
    case Step::Greeting:
      return VisitStage::Greeting;
    case Step::Ehlo:
    case Step::Helo:
      return is_in_tls ? VisitStage::EhloInTls : VisitStage::Ehlo;
    case Step::StartTls:
      return VisitStage::StartTls;
    case Step::Handshake:
      return VisitStage::Tls;
    case Step::PlainAtOnce:
    case Step::PlainAsked:
    case Step::PlainTold:
    case Step::LoginAsked:
    case Step::LoginUser:
    case Step::LoginPassword:
    case Step::AuthCancelled:
      return VisitStage::Auth;
    case Step::Quit:
    case Step::Over:
      return VisitStage::Quit;
  }
  return VisitStage::Quit;
}

bool is_in_auth(Step step) {
  return step >= Step::PlainAtOnce && step <= Step::AuthCancelled;
}

bool is_auth_part(Step step) {
  return step == Step::PlainTold || step == Step::LoginUser || step == Step::LoginPassword ||
         step == Step::AuthCancelled;
}

}  // namespace smtpath::smtp
