#include "smtpath/smtp/dialogue.h"

#include "smtp/dialogue_state.h"

namespace smtpath::smtp {

Dialogue::Dialogue(Beginning beginning) : state_(std::make_unique<State>()) {
  state_->is_seen_whole = beginning != Beginning::Unseen;
  state_->has_server_replied = beginning == Beginning::AfterStartTls;
}
Dialogue::Dialogue(Dialogue&&) noexcept = default;
Dialogue& Dialogue::operator=(Dialogue&&) noexcept = default;
Dialogue::~Dialogue() = default;

bool Dialogue::is_tls_next() const {
  return state_->is_tls_next;
}

void Dialogue::resume_in_plain() {
  state_->is_tls_next = false;
}

const Transcript& Dialogue::transcript() const {
  return state_->transcript;
}

void Dialogue::State::update() {
  transcript.waits_for_reply_to = {};
  if (!queue.is_empty() && !is_auth_line_next) transcript.waits_for_reply_to = queue.front().verb;
  transcript.is_reply_under_way = replies.is_under_way();
  transcript.is_in_data = sending == Sending::Text || sending == Sending::Chunk;
}

}  // namespace smtpath::smtp
