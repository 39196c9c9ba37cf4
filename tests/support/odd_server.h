#pragma once

// A server that behaves as a script says, in the network of a lab's node: each connection runs it on a thread of its
// own, from the accepted connection on. All that blocks ends once the server goes.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "smtpath/base/quantities.h"
#include "smtpath/base/result.h"
#include "smtpath/io/lab.h"

namespace smtpath::test {

struct OddTls {
  /// The key and the chain, PEM.
  std::string chain;
  /// Asks for another handshake once one stands; then TLS 1.2 is spoken.
  bool renegotiates = false;
};

/// The server's end of one connection. What it says goes through TLS once that is begun; nothing fails: words to a
/// client that is gone are lost.
class OddConnection {
 public:
  explicit OddConnection(int socket);
  OddConnection(const OddConnection&) = delete;
  OddConnection& operator=(const OddConnection&) = delete;
  ~OddConnection();

  /// False: nobody hears it any more.
  bool say(std::string_view words);
  /// The next line, without its end; empty: none will come.
  std::string hear_line();
  /// Until the client says anything; it stays unread.
  void await_words();
  /// Until the client closes.
  void await_end();
  /// So long, or until the client has gone.
  void pause(std::chrono::milliseconds time);
  /// False: the handshake failed.
  bool begin_tls(const OddTls& tls);
  /// Ends the connection by a TCP reset.
  void reset();

 private:
  struct Tls;

  int socket_;
  std::unique_ptr<Tls> tls_;
};

using OddManner = std::function<void(OddConnection&)>;

class OddServer {
 public:
  /// Listens on an address of the node. When the manner returns, the connection is closed. The lab outlives it.
  static Result<OddServer> start(const io::Lab& lab, int node, const IpAddress& address, Port port, OddManner manner);

  OddServer(OddServer&& other) noexcept;
  OddServer& operator=(OddServer&& other) noexcept;
  ~OddServer();

  /// How many connections it accepted.
  std::size_t accepted() const;

 private:
  struct State;
  explicit OddServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace smtpath::test
