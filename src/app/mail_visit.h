#pragma once

// A visit to one open port: a connection, our mail client on it, and TLS between the two once the client wants it. When
// the handshake fails, the connection is made again with a small ClientHello, and again with small segments, to see
// what differs. It never waits: the owner polls, and calls when something is ready or due.

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/time.h"
#include "smtpath/io/connection.h"
#include "smtpath/io/tls_client.h"
#include "smtpath/smtp/client.h"
#include "smtpath/verdict/mail.h"

namespace smtpath::app {

struct VisitPlan {
  /// Lent for the visit's life.
  const io::CertificateStore* store = nullptr;
  IpAddress address;
  Port port;
  io::ConnectionOptions connection;
  smtp::ClientOptions client;
  io::TlsOptions tls;
  Duration connect_wait = std::chrono::seconds(10);
};

class MailVisit {
 public:
  MailVisit(VisitPlan plan, Time now);

  int descriptor() const { return connection_ ? connection_->descriptor() : -1; }
  bool wants_to_write() const { return connection_ && connection_->wants_to_write(); }
  /// When advance() is due though nothing is ready.
  std::optional<Time> next_timeout() const;

  /// Does what can be done now.
  void advance(Time now);
  void interrupt(Time now);
  bool is_done() const { return !connection_; }

  /// Once done.
  const verdict::MailFacts& facts() const { return facts_; }

 private:
  bool is_retry() const { return retry_.has_value(); }
  void connect(Time now);
  void look_at_connecting(Time now);
  void begin_talking(Time now);
  void read(Time now);
  void hand_over(Time now, std::span<const std::byte> bytes);
  void end_of_connection(Time now);
  void look_at_tls(Time now);
  void begin_tls(Time now);
  void transmit(Time now);
  void conclude(Time now);
  void take_in_tls(Time now);
  /// When the server could have begun to greet.
  Time greetable_since() const;
  void fail_to_connect(verdict::ConnectEnd end, Time now);
  bool begin_retry(Time now);

  VisitPlan plan_;
  verdict::MailFacts facts_;
  std::optional<io::Connection> connection_;
  Time connect_begun_;
  Time tls_begun_;
  std::optional<smtp::Client> client_;
  std::optional<io::TlsClient> tls_;
  bool has_told_tls_ = false;
  std::optional<verdict::Retry> retry_;
};

}  // namespace smtpath::app
