#include "session/talk.h"

#include <utility>

#include "session/plain_reply.h"

namespace smtpath::session {

namespace {

constexpr std::uint16_t kFirstRefusal = 400;

}  // namespace

Talk::Talk(bool is_whole) : is_whole_(is_whole) {
  if (is_whole) return;
  dialogue_.note_client_gap(0);
  dialogue_.note_server_gap(0);
}

void Talk::handle(Side side, std::span<const std::byte> bytes, Time at) {
  std::vector<std::byte> joined = std::exchange(openings_.of(side).undecided, {});
  if (!joined.empty()) {
    joined.insert(joined.end(), bytes.begin(), bytes.end());
    bytes = joined;
  }
  // A capture that begins in the midst of TLS shows it at the beginning of some later segment.
  if (!tls_ && !is_whole_ && !has_understood()) openings_.of(side).is_known = false;
  bool has_turned = false;
  while (!bytes.empty() && !tls_) {
    const bool is_turning = dialogue_.is_tls_next();
    std::size_t read = is_turning && side == Side::Server ? read_plain(side, bytes, at) : 0;
    if (read == 0) {
      if (!openings_.of(side).is_known && !open(side, bytes)) return;
      if (tls_) break;
      read = read_plain(side, bytes, at);
    }
    if (dialogue_.is_tls_next() && !is_turning) {
      is_starting_tls_ = true;
      openings_ = {};
    } else if (read == 0) {
      return;
    }
    // What the dialogue takes for TLS time and again, and is none.
    if (read == 0 && std::exchange(has_turned, true)) return;
    bytes = bytes.subspan(read);
  }
  if (tls_ && !bytes.empty()) handle_tls(side, bytes, at);
}

bool Talk::open(Side side, std::span<const std::byte> first) {
  Opening& opening = openings_.of(side);
  const TlsReader::Beginning beginning = TlsReader::recognise(first);
  if (beginning == TlsReader::Beginning::Undecided) {
    opening.undecided.assign(first.begin(), first.end());
    return false;
  }
  opening.is_known = true;
  if (beginning == TlsReader::Beginning::Tls) {
    begin_tls(side);
  } else if (is_starting_tls_) {
    dialogue_.resume_in_plain();
    // A server that takes back its word goes no further.
    const std::optional<smtp::Reply> reply = plain_reply(first);
    const bool is_refusal = side == Side::Server && reply && reply->code >= kFirstRefusal;
    if (!is_refusal) is_plain_after_starttls_ = true;
  }
  return true;
}

std::size_t Talk::read_plain(Side side, std::span<const std::byte> bytes, Time at) {
  if (side == Side::Client) return dialogue_.handle_client(bytes);
  const std::size_t read = dialogue_.handle_server(bytes);
  if (!greeting_at_ && dialogue_.transcript().greeting) greeting_at_ = at;
  return read;
}

void Talk::handle_tls(Side side, std::span<const std::byte> bytes, Time at) {
  std::span<const std::byte> rest = bytes;
  // The answer to STARTTLS, seen behind the TLS that it allows.
  if (is_starting_tls_ && side == Side::Server && !tls_->tls().server_hello) {
    rest = bytes.subspan(read_plain(side, bytes, at));
    if (rest.empty()) return;
  }
  tls_->handle(side, rest);
  if (side == Side::Server && tls_->tls().is_server_no_tls) handle_plain_server(rest, at);
}

void Talk::handle_plain_server(std::span<const std::byte> bytes, Time at) {
  const std::span<const std::byte> text = tls_->plain_text(Side::Server);
  if (is_starting_tls_ || tls_->tls().server_hello) {
    if (!plain_reply_) plain_reply_ = plain_reply(text);
    return;
  }
  // A server without TLS: what it says is a dialogue all the same.
  read_plain(Side::Server, is_server_plain_ ? bytes : text, at);
  is_server_plain_ = true;
}

void Talk::begin_tls(Side side) {
  tls_ = std::make_unique<TlsReader>();
  const Opening& other_opening = openings_.of(other(side));
  if (!is_starting_tls_ && is_whole_ && other_opening.is_known) plain_side_ = other(side);
  for (const Side one : {Side::Client, Side::Server}) {
    const std::vector<std::byte> undecided = std::exchange(openings_.of(one).undecided, {});
    if (!undecided.empty()) tls_->handle(one, undecided);
  }
}

bool Talk::has_understood() const {
  return dialogue_.transcript().last_asked || dialogue_.transcript().last_reply;
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
  if (tls_) {
    session.tls_mode = is_starting_tls_ ? TlsMode::StartTls : TlsMode::Implicit;
    session.tls = tls_->tls();
    if (plain_side_ == Side::Client) session.tls.is_client_no_tls = true;
    if (plain_side_ == Side::Server) session.tls.is_server_no_tls = true;
  }
  session.plain_reply_in_tls = plain_reply_;
  session.is_plain_after_starttls = is_plain_after_starttls_;
}

}  // namespace smtpath::session
