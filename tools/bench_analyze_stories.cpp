#include "bench_analyze_stories.h"

#include <array>
#include <chrono>
#include <string>

#include "make_captures_cast.h"
#include "support/byte_writer.h"
#include "support/tls_bytes.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMessageLength = 30'000;
constexpr std::size_t kServerFlight = 2'600;

const Bytes& long_message() {
  static const Bytes message = bytes_of("Subject: Long\r\n\r\n" + std::string(kMessageLength, 'x') + "\r\n.\r\n");
  return message;
}

MailConnection& greet(MailConnection& mail) {
  return mail.handshake().server(kGreeting).client(kEhlo).server(kExtensions);
}

MailConnection& begin_tls(MailConnection& mail) {
  return greet(mail)
      .client("STARTTLS")
      .server("220 2.0.0 Ready to start TLS")
      .sends(Side::Client, tls::client_hello({.server_name = "mx.example.org"}));
}

void quit(MailConnection& mail) {
  mail.client("QUIT").server("221 2.0.0 Bye").closes(Side::Server);
}

MailConnection& ask_to_deliver(MailConnection& mail) {
  return greet(mail)
      .client("MAIL FROM:<alice@example.org>\nRCPT TO:<bob@example.org>\nDATA")
      .server("250 2.1.0 Ok\n250 2.1.5 Ok\n354 End data with <CR><LF>.<CR><LF>");
}

void delivered(MailConnection& mail) {
  quit(ask_to_deliver(mail).sends(Side::Client, long_message()).server("250 2.0.0 Ok: queued"));
}

void encrypted(MailConnection& mail) {
  constexpr std::size_t kRecord = 16'000;
  constexpr std::size_t kReply = 90;
  begin_tls(mail).sends(Side::Server, tls::server_hello(tls::kVersion13));
  mail.sends(Side::Server, tls::change_cipher_spec()).sends(Side::Server, tls::application_data(kServerFlight));
  mail.sends(Side::Client, tls::change_cipher_spec());
  for (int record = 0; record < 2; ++record) {
    mail.sends(Side::Client, tls::application_data(kRecord)).sends(Side::Server, tls::application_data(kReply));
  }
  mail.closes(Side::Client);
}

void encrypted_at_once(MailConnection& mail) {
  mail.handshake().sends(Side::Client, tls::client_hello({.highest_version = tls::kVersion12}));
  mail.sends(Side::Server, tls::server_hello(tls::kVersion12));
  mail.sends(Side::Server, tls::certificate_and_key_exchange());
  mail.sends(Side::Client, tls::client_key_exchange()).sends(Side::Client, tls::change_cipher_spec());
  mail.sends(Side::Server, tls::change_cipher_spec()).sends(Side::Client, tls::application_data(kServerFlight));
  mail.closes(Side::Client);
}

void message_refused(MailConnection& mail) {
  greet(mail).client("MAIL FROM:<alice@example.org>").server("250 2.1.0 Ok");
  quit(mail.client("RCPT TO:<nobody@example.org>").server("550 5.1.1 User unknown"));
}

void auth_failed(MailConnection& mail) {
  quit(greet(mail).client("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm").waits(2s).server("535 5.7.8 Error"));
}

void completed(MailConnection& mail) {
  quit(greet(mail));
}

void starttls_stripped(MailConnection& mail) {
  mail.handshake().server(kGreeting).client(kEhlo).server("250-mx.example.org\n250-XXXXXXXA\n250 8BITMIME");
  mail.client("STARTTLS").server("502 5.5.2 Error").resets(Side::Client);
}

void starttls_refused(MailConnection& mail) {
  greet(mail).client("STARTTLS").server("454 4.7.0 TLS not available").resets(Side::Client);
}

void tls_stalled(MailConnection& mail) {
  begin_tls(mail).goes_deaf(Side::Server);
  for (Duration wait = 213ms; wait < 14s; wait *= 2) mail.waits(wait).repeats(Side::Client);
  mail.resets(Side::Client);
}

void tls_failed(MailConnection& mail) {
  begin_tls(mail).sends(Side::Server, tls::fatal_alert(tls::kProtocolVersion)).closes(Side::Server);
}

void greeting_refused(MailConnection& mail) {
  mail.handshake().server("554 5.7.1 no").closes(Side::Server);
}

void greeting_temporary(MailConnection& mail) {
  mail.handshake().server("421 4.7.0 too many connections").closes(Side::Server);
}

void protocol_error(MailConnection& mail) {
  mail.handshake().server("SSH-2.0-OpenSSH_9.2p1").client(kEhlo).closes(Side::Server);
}

void closed(MailConnection& mail) {
  mail.handshake().closes(Side::Server);
}

void no_greeting(MailConnection& mail) {
  mail.handshake().waits(30s).closes(Side::Client);
}

void reset_by_server(MailConnection& mail) {
  greet(mail).client("MAIL FROM:<alice@example.org>").resets(Side::Server);
}

void reset_forged(MailConnection& mail) {
  greet(mail).client("MAIL FROM:<alice@example.org>");
  mail.resets(Side::Server, {.ttl = Ttl{61}, .identification = std::uint16_t{0x3039}, .has_timestamps = false});
  mail.goes_deaf(Side::Client).server("250 2.1.0 Ok").refuses(Side::Client);
}

void stalled(MailConnection& mail) {
  ask_to_deliver(mail).goes_deaf(Side::Server).sends(Side::Client, long_message());
  for (Duration wait = 220ms; wait < 30s; wait *= 2) mail.waits(wait).repeats(Side::Client);
  mail.resets(Side::Client);
}

void refused(MailConnection& mail) {
  mail.syn().refuses(Side::Server);
}

void rejected(MailConnection& mail) {
  constexpr std::uint8_t kAdministrative = 13;
  mail.syn().draws_error({.code = kAdministrative, .from = address("198.51.100.1")});
}

void dropped(MailConnection& mail) {
  mail.syn();
  for (Duration wait = 1s; wait < 33s; wait *= 2) mail.waits(wait).syn();
}

void partial(MailConnection& mail) {
  mail.hides(Side::Client).hides(Side::Server);
  greet(mail).hides(Side::Client, false).hides(Side::Server, false);
  quit(mail.client("MAIL FROM:<alice@example.org>").server("250 2.1.0 Ok"));
}

void endless(MailConnection& mail) {
  greet(mail);
}

constexpr std::array kUsual{Story{25, delivered}, Story{25, delivered}, Story{587, encrypted}};
constexpr std::array kRare{Story{25, message_refused},
                           Story{587, auth_failed},
                           Story{25, completed},
                           Story{465, encrypted_at_once},
                           Story{25, starttls_stripped},
                           Story{25, starttls_refused},
                           Story{25, tls_stalled},
                           Story{25, tls_failed},
                           Story{25, greeting_refused},
                           Story{25, greeting_temporary},
                           Story{25, protocol_error},
                           Story{25, closed},
                           Story{25, no_greeting},
                           Story{25, reset_by_server},
                           Story{25, reset_forged},
                           Story{25, stalled},
                           Story{25, refused},
                           Story{25, rejected},
                           Story{2525, dropped},

                           Story{25, partial}};

}  // namespace

std::span<const Story> usual_stories() {
  return kUsual;
}

std::span<const Story> rare_stories() {
  return kRare;
}

Story endless_story() {
  return {25, endless};
}

}  // namespace smtpath::test
