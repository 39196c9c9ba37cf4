#pragma once

// Our own client: visits a mail server, looks whether it would serve, and takes its leave. It never sends MAIL, and
// never speaks before it is greeted. A machine: bytes and time in, bytes out; it knows neither TCP nor TLS, and asks
// its owner for the latter.
//
//   greeting, EHLO, STARTTLS where offered, TLS, EHLO again, AUTH when asked for, QUIT      (RFC 5321, 3207, 4954)
//   TLS, greeting, EHLO, AUTH when asked for, QUIT                                          (RFC 8314)

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "smtpath/base/secret.h"
#include "smtpath/base/time.h"
#include "smtpath/smtp/visit.h"

namespace smtpath::smtp {

struct Credentials {
  std::string user;
  Secret password;
};

struct ClientOptions {
  /// What EHLO says: this host's full name, or its address as a literal (RFC 5321 section 4.1.3).
  std::string name;
  bool begins_with_tls = false;
  /// False: the visit goes on in the clear though STARTTLS is offered (a look at the plain dialogue alone).
  bool wants_starttls = true;
  /// How long a greeting may take, and any other answer, or the handshake; QUIT waits for 5 s at most.
  Duration greeting_wait = std::chrono::seconds(30);
  Duration reply_wait = std::chrono::seconds(30);
  /// Tried inside TLS only.
  std::optional<Credentials> credentials;
};

class Client {
 public:
  /// The connection stands since `now`.
  Client(ClientOptions options, Time now);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  /// The server's next bytes; inside TLS, what they say.
  void handle_bytes(Time now, std::span<const std::byte> bytes);
  /// The handshake that wants_tls() asked for succeeded, or not.
  void handle_tls(Time now, bool is_established);
  /// Nobody vouches for the server: the password is not for it. To be said before handle_tls(); AUTH is left out then.
  void withhold_credentials();
  /// The server closed its side, or the connection was reset.
  void handle_close(Time now, bool is_reset);
  void handle_timeout(Time now);
  /// Ends the visit wherever it is.
  void interrupt(Time now);

  /// What to send next, inside TLS once that stands; absent: nothing now. Good until the next call of anything. Call
  /// until absent after each call above.
  std::optional<std::string_view> poll_transmit();
  /// Begin a TLS handshake on the connection now, and say how it went. The bytes of the server's that follow are TLS.
  bool wants_tls() const;
  /// When handle_timeout() is due; absent: never.
  std::optional<Time> next_timeout() const;
  /// Close the connection: nothing more will be said, once poll_transmit() has given all.
  bool is_finished() const;

  /// What is known by now; all of it once the client has finished.
  const Visit& visit() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::smtp
