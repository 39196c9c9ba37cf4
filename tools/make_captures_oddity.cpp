// What a middlebox does to a dialogue, and what losses and long numbers do to the packets of one.

#include <chrono>

#include "make_captures_cast.h"
#include "support/byte_writer.h"
#include "support/tls_bytes.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

/// As Cisco's "SMTP fixup" does.
Sample masked_greeting() {
  Recording recording;
  MailConnection mail(recording, connection_to(25));
  mail.handshake().server("220 ***************************").client(kEhlo);
  mail.server("500 5.5.1 Command unrecognized").client("HELO client.example.org").server("250 mx.example.org");
  say_goodbye(mail);
  return pcap_sample("masked-greeting", recording);
}

/// The keyword is made unreadable on the way; the client insists, and its verb is made unreadable too.
Sample masked_starttls() {
  Recording recording;
  greeted(recording, connection_to(25),
          "250-mx.example.org\n250-PIPELINING\n250-SIZE 10240000\n250-XXXXXXXA\n250 8BITMIME")
      .client("STARTTLS")
      .server("502 5.5.2 Error: command not recognized")
      .resets(Side::Client);
  return pcap_sample("starttls-stripped", recording);
}

/// Offered on the port of the one, not on the port of the other, by the same server.
Sample starttls_on_587_only() {
  constexpr std::size_t kServerFlight = 2'600;
  constexpr std::size_t kFinished = 69;
  constexpr std::uint16_t kNextPort = kFirstClientPort + 1;
  Recording recording;
  MailConnection plain = greeted(recording, connection_to(25), kExtensionsWithoutTls);
  say_goodbye(plain);
  MailConnection mail = greeted(recording, connection_to(587, kNextPort, kMorning + 3s));
  mail.client("STARTTLS").server("220 2.0.0 Ready to start TLS");
  mail.sends(Side::Client, tls::client_hello({.server_name = "mx.example.org"}));
  mail.sends(Side::Server, tls::server_hello(tls::kVersion13)).sends(Side::Server, tls::change_cipher_spec());
  mail.sends(Side::Server, tls::application_data(kServerFlight));
  mail.sends(Side::Client, tls::change_cipher_spec()).sends(Side::Client, tls::application_data(kFinished));
  mail.sends(Side::Server, tls::application_data(kFinished)).closes(Side::Client);
  return pcap_sample("starttls-on-587-only", recording);
}

/// MAIL is lost behind the capture and said again; the answer to RCPT comes twice; of the EHLO reply the first half
/// comes after the second.
Sample losses() {
  Recording recording;
  MailConnection mail(recording, connection_to(25));
  mail.handshake().server(kGreeting).client(kEhlo);
  mail.goes_deaf(Side::Client).delays_next(Side::Server, 2ms).server("250-mx.example.org\n250-PIPELINING");
  mail.server("250-SIZE 10240000\n250 8BITMIME").waits(3ms).goes_deaf(Side::Client, false);
  mail.acknowledges(Side::Client);
  mail.client("MAIL FROM:<alice@example.org>").waits(213ms).repeats(Side::Client).server("250 2.1.0 Ok");
  mail.client("RCPT TO:<bob@example.org>").server("250 2.1.5 Ok");
  mail.waits(220ms).repeats(Side::Server).acknowledges(Side::Client);
  mail.client("DATA").server("354 End data with <CR><LF>.<CR><LF>");
  mail.client(kMessage).server("250 2.0.0 Ok: queued");
  say_goodbye(mail);
  return pcap_sample("losses", recording);
}

/// The capture lost what the client received: the answer to MAIL.
Sample gap() {
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  mail.client("MAIL FROM:<alice@example.org>").hides(Side::Server).server("250 2.1.0 Ok").hides(Side::Server, false);
  mail.acknowledges(Side::Client).client("RCPT TO:<bob@example.org>").server("250 2.1.5 Ok");
  mail.client("DATA").server("354 End data with <CR><LF>.<CR><LF>");
  mail.client(kMessage).server("250 2.0.0 Ok: queued");
  say_goodbye(mail);
  return pcap_sample("gap", recording);
}

Sample sequence_wrap() {
  constexpr std::uint32_t kNearTheEnd = 0xffffffd0;
  ConnectionSpec spec = connection_to(25);
  spec.client.initial_sequence = kNearTheEnd;
  spec.server.initial_sequence = kNearTheEnd + 0x10;
  return pcap_sample("sequence-wrap", delivery(spec));
}

/// Who greets as SMTP does is followed on any port.
Sample unusual_port() {
  constexpr std::uint16_t kUnusual = 10'025;
  return pcap_sample("unusual-port", delivery(connection_to(kUnusual)));
}

}  // namespace

Samples oddity_samples() {
  return {masked_greeting(), masked_starttls(), starttls_on_587_only(), losses(), gap(),
          sequence_wrap(),   unusual_port()};
}

}  // namespace smtpath::test
