#include "verdict/session_case.h"

#include <algorithm>
#include <array>

namespace smtpath::verdict {

namespace {

using session::Ending;
using session::Session;
using session::Stream;
using smtp::Verb;

/// An encrypted alert of TLS 1.3 is 19 bytes and its header 5 (RFC 8446 sections 5.2 and 6); a Finished is longer.
constexpr std::uint64_t kEncryptedAlert = 24;

bool has_spoken(const Stream& stream) {
  return stream.payload_bytes > 0 || stream.bytes_not_captured > 0;
}

bool is_late(const Session& session) {
  return !session.has_syn() && session.syn_acks == 0;
}

/// A client whose SYNs alone were seen may simply have had no answer.
bool is_half_captured(const Session& session) {
  const Stream& client = session.streams.client;
  const bool is_syn_only = session.syn_acks == 0 && client.packets <= session.syn_sent;
  return session.is_one_sided && !is_syn_only;
}

bool is_lacking(const Session& session) {
  const auto lacks = [](const Stream& stream) { return stream.gaps > 0 || stream.bytes_not_captured > 0; };
  return lacks(session.streams.client) || lacks(session.streams.server) || session.dialogue.gaps > 0;
}

bool has_begun_tls(const Session& session) {
  return session.tls_mode != session::TlsMode::None || session.tls.client_hello ||
         session.dialogue.of(Verb::StartTls).accepted > 0;
}

bool is_finished(const Session& session) {
  const session::Tls& tls = session.tls;
  if (!tls.client_hello || !tls.server_hello) return false;
  if (tls.version == session::TlsVersion::Tls13) {
    if (tls.client_application_bytes == 0) return session.is_one_sided && tls.server_application_bytes > 0;
    return tls.client_application_bytes > kEncryptedAlert;
  }
  return (tls.client_changed_cipher && tls.server_changed_cipher) || tls.client_application_bytes > 0 ||
         tls.server_application_bytes > 0;
}

Time give_up_of(const Session& session, const std::optional<ResetOrigin>& reset) {
  if (reset) return reset->reset->at;
  if (session.first_fin) return session.streams.of(*session.first_fin).finished_at.value_or(session.last);
  const bool is_over = session.ending == Ending::Closed || session.ending == Ending::NeverOpened;
  return is_over ? session.last : session.end;
}

Time last_word_of(const Session& session) {
  Time last = session.syn_times.empty() ? session.first : session.syn_times.back();
  if (session.handshake) last += std::min(*session.handshake, between(last, session.end));
  for (const Stream* stream : {&session.streams.client, &session.streams.server}) {
    if (stream->last_payload) last = std::max(last, *stream->last_payload);
  }
  for (const Stream* stream : {&session.streams.client, &session.streams.server}) {
    if (stream->outstanding && stream->outstanding->size > 0) last = std::min(last, stream->outstanding->first_sent);
  }
  return last;
}

struct Step {
  Verb verb;
  Stage stage;
};
/// The later one of two is farther on.
constexpr std::array kSteps{
    Step{Verb::Helo, Stage::Ehlo}, Step{Verb::Ehlo, Stage::Ehlo}, Step{Verb::StartTls, Stage::StartTls},
    Step{Verb::Auth, Stage::Auth}, Step{Verb::Mail, Stage::Mail}, Step{Verb::Rcpt, Stage::Rcpt},
    Step{Verb::Data, Stage::Data}, Step{Verb::Bdat, Stage::Data}, Step{Verb::Quit, Stage::Quit},
};

std::optional<Stage> stage_of(const smtp::Transcript& dialogue) {
  std::optional<Stage> farthest;
  for (const Step& step : kSteps) {
    if (dialogue.last_asked == step.verb) return step.stage;
    if (dialogue.of(step.verb).asked > 0) farthest = step.stage;
  }
  return farthest;
}

}  // namespace

SessionCase::SessionCase(const Session& of)
    : session(of),
      dialogue(of.dialogue),
      tls(of.tls),
      begins_late(is_late(of)),
      is_one_sided(is_half_captured(of)),
      is_incomplete(is_lacking(of)),
      has_server_spoken(has_spoken(of.streams.server)),
      is_tls_begun(has_begun_tls(of)),
      is_tls_established(is_finished(of)),
      reset(decisive_reset(of)),
      until(give_up_of(of, reset)),
      waited(between(last_word_of(of), until)) {
  is_open = of.is_established || has_server_spoken || is_one_sided || begins_late;
  if (!is_open) return;
  const auto step = stage_of(dialogue);
  stage = is_tls_begun ? Stage::Tls : step.value_or(Stage::Greeting);
}

bool SessionCase::is_anything_owed() const {
  if (dialogue.waits_for_reply_to || dialogue.is_in_data || dialogue.messages_unanswered > 0) return true;
  const auto is_owed = [](const Stream& stream) { return stream.outstanding && stream.outstanding->size > 0; };
  return is_owed(session.streams.client) || is_owed(session.streams.server);
}

}  // namespace smtpath::verdict
