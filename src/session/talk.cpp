#include "session/talk.h"

#include <utility>

#include "session/plain_reply.h"

namespace smtpath::session {

void Talk::handle(Side side, std::span<const std::byte> bytes, Time at) {
  if (bytes.empty()) return;
  if (tls_) return handle_tls(side, bytes, at);
  if (!openings_.of(side).is_known) return open(side, bytes, at);
  handle_plain(side, bytes, at);
}

std::optional<std::vector<std::byte>> Talk::decide(Opening& opening, std::span<const std::byte> bytes) {
  opening.undecided.insert(opening.undecided.end(), bytes.begin(), bytes.end());
  if (TlsReader::recognise(opening.undecided) == TlsReader::Beginning::Undecided) return std::nullopt;
  opening.is_known = true;
  return std::exchange(opening.undecided, {});
}

void Talk::open(Side side, std::span<const std::byte> bytes, Time at) {
  const std::optional<std::vector<std::byte>> first = decide(openings_.of(side), bytes);
  if (!first) return;
  if (TlsReader::recognise(*first) == TlsReader::Beginning::Tls) {
    begin_tls(is_starting_tls_ || is_asking_for_tls() ? TlsMode::StartTls : TlsMode::Implicit);
    return handle_tls(side, *first, at);
  }
  if (is_starting_tls_ && side == Side::Client) is_plain_after_starttls_ = true;
  handle_plain(side, *first, at);
}

void Talk::handle_plain(Side side, std::span<const std::byte> bytes, Time at) {
  // A ClientHello whose 220 the capture lost.
  if (side == Side::Client && is_asking_for_tls() && !is_plain_after_starttls_ &&
      TlsReader::recognise(bytes) == TlsReader::Beginning::Tls) {
    begin_tls(TlsMode::StartTls);
    return handle_tls(side, bytes, at);
  }
  const std::size_t read = side == Side::Client ? dialogue_.handle_client(bytes) : dialogue_.handle_server(bytes);
  if (!greeting_at_ && dialogue_.transcript().greeting) greeting_at_ = at;
  if (is_starting_tls_ || !dialogue_.is_tls_next()) return;
  is_starting_tls_ = true;
  openings_ = {};
  if (read < bytes.size()) open(side, bytes.subspan(read), at);
}

void Talk::handle_tls(Side side, std::span<const std::byte> bytes, Time at) {
  tls_->handle(side, bytes);
  if (side == Side::Client) return;
  if (mode_ == TlsMode::Implicit && !tls_->tls().server_hello &&
      TlsReader::recognise(bytes) != TlsReader::Beginning::Tls) {
    // A server without TLS: what it says is a dialogue all the same.
    dialogue_.handle_server(bytes);
    if (!greeting_at_ && dialogue_.transcript().greeting) greeting_at_ = at;
    return;
  }
  if (!plain_reply_) plain_reply_ = plain_reply(bytes);
}

void Talk::begin_tls(TlsMode mode) {
  mode_ = mode;
  tls_ = std::make_unique<TlsReader>();
  for (const Side side : {Side::Client, Side::Server}) {
    const std::vector<std::byte> undecided = std::exchange(openings_.of(side).undecided, {});
    if (!undecided.empty()) tls_->handle(side, undecided);
  }
}

bool Talk::is_asking_for_tls() const {
  return dialogue_.transcript().last_asked == smtp::Verb::StartTls;
}

void Talk::note_gap(Side side, std::uint64_t missing) {
  if (tls_) return tls_->note_gap(side, missing);
  if (side == Side::Client) {
    dialogue_.note_client_gap(missing);
  } else {
    dialogue_.note_server_gap(missing);
  }
}

void Talk::tell(Session& session) const {
  session.dialogue = dialogue_.transcript();
  session.greeting_at = greeting_at_;
  session.tls_mode = mode_;
  if (tls_) session.tls = tls_->tls();
  session.plain_reply_in_tls = plain_reply_;
  session.is_plain_after_starttls = is_plain_after_starttls_;
}

}  // namespace smtpath::session
