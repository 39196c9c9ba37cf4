#include "app/mail_visit.h"

#include <algorithm>
#include <utility>

namespace smtpath::app {

namespace {

using facts::TlsEnd;
using verdict::ConnectEnd;
using verdict::Retry;

/// Every path carries segments of this size (RFC 1122 section 4.2.2.6; RFC 8200 section 5 less the headers).
constexpr int kSmallSegment4 = 536;
constexpr int kSmallSegment6 = 1220;
/// A retry needs no patience: what is to come has come by then where it does at all.
constexpr Duration kRetryWait = std::chrono::seconds(5);

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Whether another try may show what stood in the way: nothing that either side has said does.
bool is_worth_a_retry(const facts::TlsResult& tls) {
  return tls.end == TlsEnd::TimedOut || tls.end == TlsEnd::Reset || tls.end == TlsEnd::Closed;
}

/// The server is who it says it is.
bool may_be_told_secrets(const facts::TlsResult& tls) {
  return tls.dane == facts::Dane::Matches || (tls.trust == facts::Trust::Trusted && !tls.matched_name.empty());
}

}  // namespace

MailVisit::MailVisit(VisitPlan plan, Time now) : plan_(std::move(plan)) {
  facts_.port = plan_.port;
  facts_.begins_with_tls = plan_.client.begins_with_tls;
  facts_.names = plan_.tls.names;
  connect(now);
}

void MailVisit::connect(Time now) {
  io::ConnectionOptions options = plan_.connection;
  if (retry_ == Retry::SmallSegments) {
    options.segment_size = plan_.address.family() == Family::Ipv4 ? kSmallSegment4 : kSmallSegment6;
  }
  client_.reset();
  tls_.reset();
  has_told_tls_ = false;
  connect_begun_ = now;
  connection_.emplace(plan_.address, plan_.port, options);
  look_at_connecting(now);
}

std::optional<Time> MailVisit::next_timeout() const {
  if (!connection_) return std::nullopt;
  if (!client_) return connect_begun_ + plan_.connect_wait;
  return client_->next_timeout();
}

void MailVisit::advance(Time now) {
  if (!connection_) return;
  connection_->advance();
  if (!client_) look_at_connecting(now);
  if (!client_) return;
  read(now);
  if (const auto due = client_->next_timeout(); due && *due <= now) {
    if (tls_ && !tls_->is_done()) {
      tls_->handle_end(now, TlsEnd::TimedOut);
      look_at_tls(now);
    }
    client_->handle_timeout(now);
  }
  transmit(now);
  const bool is_over =
      client_->is_finished() && (connection_->is_flushed() || connection_->end() != io::Connection::End::None);
  if (is_over) conclude(now);
}

void MailVisit::look_at_connecting(Time now) {
  switch (connection_->state()) {
    case io::Connection::State::Established:
      return begin_talking(now);
    case io::Connection::State::Refused:
      return fail_to_connect(ConnectEnd::Refused, now);
    case io::Connection::State::Unreachable:
      return fail_to_connect(ConnectEnd::Unreachable, now);
    case io::Connection::State::TimedOut:
      return fail_to_connect(ConnectEnd::TimedOut, now);
    case io::Connection::State::Connecting:
      if (now >= connect_begun_ + plan_.connect_wait) fail_to_connect(ConnectEnd::TimedOut, now);
      return;
  }
}

void MailVisit::fail_to_connect(ConnectEnd end, Time now) {
  if (is_retry()) return conclude(now);
  facts_.connect = end;
  facts_.at = now;
  facts_.waited = between(connect_begun_, now);
  facts_.source_port = connection_->source_port();
  connection_.reset();
}

void MailVisit::begin_talking(Time now) {
  if (!is_retry()) {
    facts_.connect_time = between(connect_begun_, now);
    facts_.source_port = connection_->source_port();
  }
  smtp::ClientOptions options = plan_.client;
  if (is_retry()) {
    options.greeting_wait = std::min(options.greeting_wait, kRetryWait);
    options.reply_wait = kRetryWait;
    options.credentials.reset();
  }
  client_.emplace(std::move(options), now);
  if (client_->wants_tls()) begin_tls(now);
}

void MailVisit::read(Time now) {
  const std::vector<std::byte> bytes = connection_->read();
  if (!bytes.empty()) hand_over(now, bytes);
  if (connection_->end() != io::Connection::End::None) end_of_connection(now);
}

void MailVisit::hand_over(Time now, std::span<const std::byte> bytes) {
  if (!tls_) {
    client_->handle_bytes(now, bytes);
    if (client_->wants_tls()) begin_tls(now);
    return;
  }
  tls_->handle_bytes(now, bytes);
  look_at_tls(now);
  for (auto text = tls_->read(); !text.empty(); text = tls_->read()) client_->handle_bytes(now, text);
  if (tls_->is_closed()) client_->handle_close(now, false);
}

void MailVisit::begin_tls(Time now) {
  if (tls_) return;
  io::TlsOptions options = plan_.tls;
  options.is_hello_small = retry_ == Retry::SmallHello;
  auto begun = io::TlsClient::begin(*plan_.store, options, now);
  if (!begun) {
    facts_.tls = facts::TlsResult{};
    facts_.tls->error = begun.error().message;
    has_told_tls_ = true;
    client_->handle_tls(now, false);
    return;
  }
  tls_.emplace(std::move(begun).value());
  tls_begun_ = now;
}

/// Once, when the handshake is over.
void MailVisit::look_at_tls(Time now) {
  if (!tls_ || !tls_->is_done() || has_told_tls_) return;
  has_told_tls_ = true;
  if (!may_be_told_secrets(tls_->result())) client_->withhold_credentials();
  client_->handle_tls(now, tls_->is_established());
}

void MailVisit::end_of_connection(Time now) {
  const bool is_reset = connection_->end() == io::Connection::End::Reset;
  if (tls_ && !tls_->is_done()) {
    tls_->handle_end(now, is_reset ? TlsEnd::Reset : TlsEnd::Closed);
    look_at_tls(now);
  }
  client_->handle_close(now, is_reset);
}

void MailVisit::transmit(Time now) {
  if (!connection_ || !client_) return;
  while (const auto text = client_->poll_transmit()) {
    if (tls_) {
      tls_->write(*text);
    } else {
      connection_->write(bytes_of(*text));
    }
  }
  if (!tls_) return;
  if (client_->is_finished() && tls_->is_established()) tls_->close();
  while (const auto bytes = tls_->poll_transmit(now)) connection_->write(*bytes);
}

void MailVisit::conclude(Time now) {
  if (is_retry()) {
    facts_.retries.push_back({*retry_, tls_ ? tls_->result().end : TlsEnd::TimedOut});
  } else {
    verdict::take_in(facts_, client_->visit());
    if (tls_) take_in_tls(now);
    // A greeting may trickle in and never be whole.
    const bool is_greeting_late = facts_.end == smtp::VisitEnd::TimedOut && facts_.stage == smtp::VisitStage::Greeting;
    if (is_greeting_late) facts_.waited = between(greetable_since(), now);
    facts_.at = now;
  }
  connection_.reset();
  if (!begin_retry(now)) {
    client_.reset();
    tls_.reset();
  }
}

Time MailVisit::greetable_since() const {
  return connect_begun_ + facts_.connect_time.value_or(Duration{}) + facts_.tls_time.value_or(Duration{});
}

void MailVisit::take_in_tls(Time now) {
  facts_.tls = tls_->result();
  if (facts_.tls->end != TlsEnd::TimedOut || facts_.tls->flights.empty()) return;
  facts_.waited = between(tls_begun_ + facts_.tls->flights.back().at, now);
}

bool MailVisit::begin_retry(Time now) {
  if (!facts_.tls || !is_worth_a_retry(*facts_.tls)) return false;
  if (!retry_) {
    retry_ = Retry::SmallHello;
  } else if (*retry_ == Retry::SmallHello && facts_.retries.back().end != TlsEnd::Established) {
    retry_ = Retry::SmallSegments;
  } else {
    return false;
  }
  connect(now);
  return true;
}

void MailVisit::interrupt(Time now) {
  if (!connection_) return;
  if (!is_retry() && client_) {
    client_->interrupt(now);
    verdict::take_in(facts_, client_->visit());
    if (tls_) facts_.tls = tls_->result();
  }
  if (!is_retry() && !client_) facts_.connect = ConnectEnd::Interrupted;
  facts_.at = now;
  connection_.reset();
}

}  // namespace smtpath::app
