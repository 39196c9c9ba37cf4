#include "support/odd_server.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "io/socket_address.h"
#include "io/system_error.h"
#include "smtpath/io/file_descriptor.h"
#include "support/lab_socket.h"

namespace smtpath::test {

namespace {

constexpr int kBacklog = 128;
constexpr std::size_t kLongestLine = 1 << 16;

void demand(int success) {
  if (success <= 0) throw std::runtime_error("OpenSSL does not take a server's chain");
}

// The key first, then the certificates in their order.
void use_chain(SSL_CTX* context, const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> from(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       BIO_free);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr);
  X509* const own = PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr);
  demand(SSL_CTX_use_certificate(context, own));
  demand(SSL_CTX_use_PrivateKey(context, key));
  X509_free(own);
  EVP_PKEY_free(key);
  while (X509* const above = PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)) {
    demand(SSL_CTX_add0_chain_cert(context, above) ? 1 : 0);
  }
  ERR_clear_error();
}

}  // namespace

struct OddConnection::Tls {
  explicit Tls(const OddTls& spec)
      : context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), session(nullptr, SSL_free) {
    SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
    if (spec.renegotiates) SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    use_chain(context.get(), spec.chain);
    session.reset(SSL_new(context.get()));
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context;
  std::unique_ptr<SSL, decltype(&SSL_free)> session;
};

OddConnection::OddConnection(int socket) : socket_(socket) {}

OddConnection::~OddConnection() = default;

bool OddConnection::say(std::string_view words) {
  while (!words.empty()) {
    const auto said = tls_ ? SSL_write(tls_->session.get(), words.data(), static_cast<int>(words.size()))
                           : send(socket_, words.data(), words.size(), MSG_NOSIGNAL);
    if (said <= 0) return false;
    words.remove_prefix(static_cast<std::size_t>(said));
  }
  return true;
}

std::string OddConnection::hear_line() {
  std::string line;
  while (line.size() < kLongestLine) {
    char byte = 0;
    const auto heard = tls_ ? SSL_read(tls_->session.get(), &byte, 1) : recv(socket_, &byte, 1, 0);
    if (heard <= 0) return {};
    if (byte == '\n') break;
    if (byte != '\r') line += byte;
  }
  return line;
}

void OddConnection::await_words() {
  pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
  poll(&waiting, 1, -1);
}

void OddConnection::await_end() {
  std::array<char, 4096> bytes{};
  while (recv(socket_, bytes.data(), bytes.size(), 0) > 0) {
  }
}

void OddConnection::pause(std::chrono::milliseconds time) {
  pollfd waiting{.fd = socket_, .events = POLLRDHUP, .revents = 0};
  poll(&waiting, 1, static_cast<int>(time.count()));
}

bool OddConnection::begin_tls(const OddTls& tls) {
  auto beginning = std::make_unique<Tls>(tls);
  SSL* const session = beginning->session.get();
  SSL_set_fd(session, socket_);
  if (SSL_accept(session) != 1) return false;
  tls_ = std::move(beginning);
  if (!tls.renegotiates) return true;
  return SSL_renegotiate(session) == 1 && SSL_do_handshake(session) == 1;
}

void OddConnection::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

struct OddServer::State {
  State(io::FileDescriptor listening, OddManner behaving)
      : listener(std::move(listening)), manner(std::move(behaving)), thread([this] { serve(); }) {}

  ~State() {
    shutdown(listener.number(), SHUT_RDWR);
    thread.join();
    {
      const std::lock_guard lock(mutex);
      is_over = true;
      for (const int socket : open) shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& each : connections) each.join();
  }

  void serve() {
    while (true) {
      const int socket = accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      ++accepted;
      connections.emplace_back([this, socket] { talk(socket); });
    }
  }

  void talk(int socket) {
    {
      const std::lock_guard lock(mutex);
      open.insert(socket);
      if (is_over) shutdown(socket, SHUT_RDWR);
    }
    OddConnection connection(socket);
    manner(connection);
    const std::lock_guard lock(mutex);
    open.erase(socket);
    close(socket);
  }

  io::FileDescriptor listener;
  OddManner manner;
  std::atomic<std::size_t> accepted = 0;
  std::mutex mutex;
  bool is_over = false;
  std::set<int> open;
  std::vector<std::thread> connections;
  std::thread thread;
};

Result<OddServer> OddServer::start(const io::Lab& lab, int node, const IpAddress& address, Port port,
                                   OddManner manner) {
  // OpenSSL writes to sockets by itself.
  std::signal(SIGPIPE, SIG_IGN);
  auto listener = open_in(lab, node, [&]() -> Result<io::FileDescriptor> {
    io::FileDescriptor opened(socket(io::address_family(address.family()), SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(opened.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const io::SocketAddress to(address, port);
    const bool listens = bind(opened.number(), to.get(), to.length()) == 0 && listen(opened.number(), kBacklog) == 0;
    if (!listens) return io::system_error("listen as an odd server", errno);
    return opened;
  });
  if (!listener) return listener.error();
  return OddServer(std::make_unique<State>(std::move(listener).value(), std::move(manner)));
}

OddServer::OddServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
OddServer::OddServer(OddServer&& other) noexcept = default;
OddServer& OddServer::operator=(OddServer&& other) noexcept = default;
OddServer::~OddServer() = default;

std::size_t OddServer::accepted() const {
  return state_->accepted;
}

}  // namespace smtpath::test
