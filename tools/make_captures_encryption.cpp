// Hellos, handshakes and what goes wrong in them.

#include <chrono>

#include "make_captures_cast.h"
#include "support/byte_writer.h"
#include "support/tls_bytes.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kServerName = "mx.example.org";

Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

MailConnection& ask_for_tls(MailConnection& mail) {
  return mail.client("STARTTLS").server("220 2.0.0 Ready to start TLS");
}

/// What a message looks like from outside.
void talk_in_secret(MailConnection& mail) {
  constexpr std::size_t kCommand = 60;
  constexpr std::size_t kReply = 180;
  constexpr int kExchanges = 5;
  for (int i = 0; i < kExchanges; ++i) {
    mail.sends(Side::Client, tls::application_data(kCommand)).sends(Side::Server, tls::application_data(kReply));
  }
}

Sample encrypted() {
  constexpr std::size_t kCertificates = 2'600;
  constexpr std::size_t kFinished = 69;
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  ask_for_tls(mail)
      .sends(Side::Client, tls::client_hello({.server_name = kServerName, .length = 517}))
      .sends(Side::Server,
             tls::server_hello(tls::kVersion13) + tls::change_cipher_spec() + tls::application_data(kCertificates))
      .sends(Side::Client, tls::change_cipher_spec() + tls::application_data(kFinished));
  talk_in_secret(mail);
  mail.closes(Side::Client);
  return pcap_sample("encrypted", recording);
}

Sample encrypted_465() {
  Recording recording;
  MailConnection mail(recording, connection_to(465));
  mail.handshake()
      .sends(Side::Client, tls::client_hello({.server_name = kServerName, .highest_version = tls::kVersion12}))
      .sends(Side::Server, tls::server_hello(tls::kVersion12) + tls::certificate_and_key_exchange())
      .sends(Side::Client, tls::client_key_exchange() + tls::change_cipher_spec() + tls::encrypted_finished())
      .sends(Side::Server, tls::change_cipher_spec() + tls::encrypted_finished());
  talk_in_secret(mail);
  mail.closes(Side::Client);
  return pcap_sample("encrypted-465", recording);
}

Sample starttls_refused() {
  Recording recording;
  greeted(recording, connection_to(25))
      .client("STARTTLS")
      .server("454 4.7.0 TLS not available due to local problem")
      .resets(Side::Client);
  return pcap_sample("starttls-refused", recording);
}

/// The hello is lost time and again, doubling the wait; the client gives up after half a minute.
Sample tls_stalled() {
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  ask_for_tls(mail).goes_deaf(Side::Server).sends(Side::Client, tls::client_hello({.server_name = kServerName}));
  for (Duration wait = 213ms; wait < 14s; wait *= 2) mail.waits(wait).repeats(Side::Client);
  mail.waits(3s).finishes(Side::Client);
  return pcap_sample("tls-stalled", recording);
}

Sample tls_failed() {
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  ask_for_tls(mail)
      .sends(Side::Client, tls::client_hello({.server_name = kServerName, .highest_version = tls::kVersion12}))
      .sends(Side::Server, tls::fatal_alert(tls::kProtocolVersion))
      .closes(Side::Server);
  return pcap_sample("tls-failed", recording);
}

/// TLS 1.2 shows the certificate, and who does not trust it.
Sample tls_failed_unknown_ca() {
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(587));
  ask_for_tls(mail)
      .sends(Side::Client, tls::client_hello({.server_name = kServerName, .highest_version = tls::kVersion12}))
      .sends(Side::Server, tls::server_hello(tls::kVersion12) + tls::certificate_and_key_exchange())
      .sends(Side::Client, tls::fatal_alert(tls::kUnknownCa))
      .closes(Side::Client);
  return pcap_sample("tls-failed-unknown-ca", recording);
}

/// A server that speaks first, in the clear, where the client waits to be spoken to in TLS.
Sample plain_on_465() {
  Recording recording;
  MailConnection(recording, connection_to(465))
      .handshake()
      .sends(Side::Client, tls::client_hello({.server_name = kServerName}))
      .server(kGreeting)
      .sends(Side::Client, tls::fatal_alert(tls::kProtocolVersion))
      .closes(Side::Client);
  return pcap_sample("plain-on-465", recording);
}

}  // namespace

Samples encryption_samples() {
  return {encrypted(),  encrypted_465(),         starttls_refused(), tls_stalled(),
          tls_failed(), tls_failed_unknown_ca(), plain_on_465()};
}

}  // namespace smtpath::test
