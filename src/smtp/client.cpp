#include "smtpath/smtp/client.h"

#include <algorithm>
#include <utility>

#include "smtp/client_lines.h"
#include "smtp/client_steps.h"
#include "smtpath/smtp/dialogue.h"
#include "smtpath/smtp/reply_reader.h"

namespace smtpath::smtp {
namespace {

using namespace std::chrono_literals;

/// Nobody is owed the answer to QUIT.
constexpr Duration kQuitWait = 5s;
/// Before the reply is complete; ten thousand lines of one hundred bytes are none yet.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U;
constexpr std::uint32_t kMostOddLines = 100;
/// So many show whether a reply begins.
constexpr std::uint64_t kFirstBytes = 4;

Time later(Time time, Duration wait) {
  return wait > Time::max() - time ? Time::max() : time + wait;
}

}  // namespace

struct Client::State {
  State(ClientOptions chosen, Time now) : options(std::move(chosen)), last_heard(now) {
    enter(options.begins_with_tls ? Step::Handshake : Step::Greeting, now);
    visit.stage = stage_of(step, false);
  }

  std::size_t read(Time now, std::span<const std::byte> bytes);
  std::size_t part_of(std::span<const std::byte> bytes) const;
  void handle_reply(Time now, std::uint16_t code);
  bool is_nonsense() const;
  void handle_tls(Time now, bool is_established);

  void advance(Time now, Event event);
  Situation situation() const;
  void note_time(Event event, Duration took);
  void note_auth(Step next, const std::optional<VisitEnd>& decided);
  void enter(Step next, Time now);
  std::optional<Time> deadline() const;

  bool is_in_tls() const { return encrypted.has_value(); }
  Dialogue& dialogue() { return encrypted ? *encrypted : plain; }
  const Transcript& transcript() const { return encrypted ? encrypted->transcript() : plain.transcript(); }
  /// What was to be said has not been fetched: no reply answers it.
  bool is_silent() const { return !line.line.empty() && !is_given; }
  void forget_given();

  ClientOptions options;
  Step step = Step::Greeting;
  Time step_began{};
  Time last_heard;
  ClientLine line;
  bool is_given = false;
  bool is_auth_withheld = false;
  /// The server's bytes since the step began.
  std::uint64_t heard = 0;
  ReplyReader replies;
  Dialogue plain{Dialogue::Beginning::Greeting};
  std::optional<Dialogue> encrypted;
  Visit visit;
};

std::size_t Client::State::read(Time now, std::span<const std::byte> bytes) {
  const std::size_t read = replies.read(bytes.first(part_of(bytes)));
  dialogue().handle_server(bytes.first(read));
  heard += read;
  if (replies.has_reply()) handle_reply(now, replies.take().code);
  if (step != Step::Over && is_nonsense()) advance(now, Event::Nonsense);
  return read;
}

/// What is looked at by itself, so that the same is seen however the bytes are cut: a line, its first bytes one by one.
std::size_t Client::State::part_of(std::span<const std::byte> bytes) const {
  if (heard < kFirstBytes) return 1;
  const auto end = std::find(bytes.begin(), bytes.end(), std::byte{'\n'});
  const std::size_t line_size = static_cast<std::size_t>(end - bytes.begin()) + (end == bytes.end() ? 0 : 1);
  return std::min<std::size_t>(line_size, kMostBytes + 1 - heard);
}

void Client::State::handle_reply(Time now, std::uint16_t code) {
  const Event event = event_of(code);
  const bool is_unasked = is_silent() && !(is_auth_part(step) && event != Event::GoOn);
  if (is_unasked && event != Event::ShuttingDown) return;
  advance(now, event);
}

bool Client::State::is_nonsense() const {
  const bool began_otherwise = step == Step::Greeting && replies.began_otherwise();
  return began_otherwise || replies.odd_lines() > kMostOddLines || heard > kMostBytes;
}

void Client::State::handle_tls(Time now, bool is_established) {
  last_heard = now;
  replies = {};
  if (is_established) {
    encrypted.emplace(options.begins_with_tls ? Dialogue::Beginning::Greeting : Dialogue::Beginning::AfterStartTls);
  }
  advance(now, is_established ? Event::TlsEstablished : Event::TlsFailed);
}

void Client::State::advance(Time now, Event event) {
  const Transition transition = smtp::transition(step, event, situation());
  note_time(event, between(step_began, now));
  note_auth(transition.next, transition.end);
  if (transition.end) visit.end = *transition.end;
  if (transition.next == Step::Over) visit.waited = between(last_heard, now);
  enter(transition.next, now);
  // Where a reply would not let us on, the visit has come no further though it takes its leave.
  const bool goes_on = step != Step::Over && (step != Step::Quit || event <= Event::Accepted);
  if (goes_on) visit.stage = stage_of(step, is_in_tls());
}

Situation Client::State::situation() const {
  Situation situation{.may_start_tls = !is_in_tls() && options.wants_starttls && transcript().is_starttls_offered,
                      .is_greeted_in_tls = options.begins_with_tls};
  const bool may_log_in = is_in_tls() && options.credentials && !is_auth_withheld;
  if (may_log_in) situation.auth = auth_way(transcript().extensions, *options.credentials);
  return situation;
}

void Client::State::note_time(Event event, Duration took) {
  const bool is_answer = is_reply(event) && !is_silent();
  switch (step) {
    case Step::Greeting:
      if (is_answer) visit.greeting = took;
      return;
    case Step::Ehlo:
    case Step::Helo:
      if (is_answer) visit.ehlo = visit.ehlo.value_or(Duration::zero()) + took;
      return;
    case Step::StartTls:
      if (is_answer) visit.starttls = took;
      return;
    case Step::Handshake:
      if (event == Event::TlsEstablished) visit.tls = took;
      return;
    default:
      return;
  }
}

void Client::State::note_auth(Step next, const std::optional<VisitEnd>& decided) {
  if (is_in_auth(step)) {
    visit.auth->reply = transcript().of(Verb::Auth).last_reply;
  } else if (is_in_auth(next)) {
    visit.auth = AuthAttempt{.mechanism = mechanism_at(next), .reply = {}};
  } else if (options.credentials && next == Step::Quit && decided == VisitEnd::Done) {
    visit.auth = AuthAttempt{};
  }
}

void Client::State::enter(Step next, Time now) {
  step = next;
  step_began = now;
  heard = 0;
  line = line_at(step, options);
  is_given = false;
  const bool is_all_told = step == Step::AuthCancelled || step == Step::Quit || step == Step::Over;
  if (is_all_told && options.credentials) options.credentials->password.clear();
}

std::optional<Time> Client::State::deadline() const {
  switch (step) {
    case Step::Over:
      return std::nullopt;
    case Step::Greeting:
      return later(step_began, options.greeting_wait);
    case Step::Quit:
      return later(step_began, std::min(kQuitWait, options.reply_wait));
    default:
      return later(step_began, options.reply_wait);
  }
}

void Client::State::forget_given() {
  if (!std::exchange(is_given, false)) return;
  line = {};
}

Client::Client(ClientOptions options, Time now) : state_(std::make_unique<State>(std::move(options), now)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

void Client::handle_bytes(Time now, std::span<const std::byte> bytes) {
  State& state = *state_;
  state.forget_given();
  if (bytes.empty() || state.step == Step::Over) return;
  state.last_heard = now;
  while (!bytes.empty() && state.step != Step::Over && state.step != Step::Handshake)
    bytes = bytes.subspan(state.read(now, bytes));
  const bool is_smuggled = state.step == Step::Handshake && !state.options.begins_with_tls;
  if (is_smuggled) state.visit.smuggled_bytes += bytes.size();
}

void Client::handle_tls(Time now, bool is_established) {
  state_->forget_given();
  if (state_->step == Step::Handshake) state_->handle_tls(now, is_established);
}

void Client::withhold_credentials() {
  state_->is_auth_withheld = true;
}

void Client::handle_close(Time now, bool is_reset) {
  state_->forget_given();
  if (state_->step != Step::Over) state_->advance(now, is_reset ? Event::Reset : Event::Closed);
}

void Client::handle_timeout(Time now) {
  state_->forget_given();
  const auto deadline = state_->deadline();
  if (deadline && now >= *deadline) state_->advance(now, Event::TimedOut);
}

void Client::interrupt(Time now) {
  state_->forget_given();
  if (state_->step != Step::Over) state_->advance(now, Event::Interrupted);
}

std::optional<std::string_view> Client::poll_transmit() {
  State& state = *state_;
  state.forget_given();
  if (state.line.line.empty()) return std::nullopt;
  const std::string_view shown = state.line.shown;
  state.dialogue().handle_client(std::as_bytes(std::span(shown)));
  state.is_given = true;
  return state.line.line.text();
}

bool Client::wants_tls() const {
  return state_->step == Step::Handshake;
}

std::optional<Time> Client::next_timeout() const {
  return state_->deadline();
}

bool Client::is_finished() const {
  return state_->step == Step::Over;
}

const Visit& Client::visit() const {
  Visit& visit = state_->visit;
  visit.plain = state_->plain.transcript();
  if (state_->encrypted) visit.encrypted = state_->encrypted->transcript();
  return visit;
}

}  // namespace smtpath::smtp
