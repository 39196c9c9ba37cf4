// One connection for each way in which a dialogue can go.

#include <chrono>

#include "make_captures_cast.h"
#include "support/byte_writer.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

Sample delivered() {
  return pcap_sample("delivered", delivery(connection_to(25)));
}

Sample delivered_ipv6() {
  return pcap_sample("delivered-ipv6", delivery(ipv6_connection_to(25)));
}

Sample message_refused() {
  Recording recording;
  greeted(recording, connection_to(25))
      .client("MAIL FROM:<alice@example.org>")
      .server("250 2.1.0 Ok")
      .client("RCPT TO:<nobody@example.org>")
      .server("550 5.1.1 <nobody@example.org>: User unknown")
      .client("QUIT")
      .server("221 2.0.0 Bye")
      .closes(Side::Server);
  return pcap_sample("message-refused", recording);
}

/// The user name and the password are those of RFC 4616's example.
Sample auth_failed() {
  Recording recording;
  greeted(recording, connection_to(587), "250-mx.example.org\n250-AUTH PLAIN LOGIN\n250 8BITMIME")
      .client("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm")
      .waits(2s)
      .server("535 5.7.8 Error: authentication failed")
      .client("QUIT")
      .server("221 2.0.0 Bye")
      .closes(Side::Server);
  return pcap_sample("auth-failed", recording);
}

Sample completed() {
  Recording recording;
  greeted(recording, connection_to(25)).client("QUIT").server("221 2.0.0 Bye").closes(Side::Server);
  return pcap_sample("completed", recording);
}

Sample greeting_refused() {
  Recording recording;
  MailConnection(recording, connection_to(25))
      .handshake()
      .server("554-mx.example.org ESMTP not accepting mail\n554 5.7.1 192.0.2.10 is on a block list")
      .client("QUIT")
      .server("221 2.0.0 Bye")
      .closes(Side::Server);
  return pcap_sample("greeting-refused", recording);
}

Sample greeting_temporary() {
  Recording recording;
  MailConnection(recording, connection_to(25))
      .handshake()
      .server("421 4.7.0 mx.example.org Error: too many connections from 192.0.2.10")
      .closes(Side::Server);
  return pcap_sample("greeting-temporary", recording);
}

Sample protocol_error() {
  Recording recording;
  MailConnection(recording, connection_to(25))
      .handshake()
      .server("SSH-2.0-OpenSSH_9.2p1 Debian-2")
      .client(kEhlo)
      .server("Invalid SSH identification string.")
      .closes(Side::Server);
  return pcap_sample("protocol-error", recording);
}

Sample closed() {
  Recording recording;
  MailConnection(recording, connection_to(25)).handshake().waits(100ms).closes(Side::Server);
  return pcap_sample("closed", recording);
}

Sample no_greeting() {
  Recording recording;
  MailConnection(recording, connection_to(25)).handshake().waits(300s).closes(Side::Client);
  return pcap_sample("no-greeting", recording);
}

Sample closing_mid_session() {
  Recording recording;
  greeted(recording, connection_to(25))
      .client("MAIL FROM:<alice@example.org>")
      .server("250 2.1.0 Ok")
      .waits(300s)
      .server("421 4.4.2 mx.example.org Error: timeout exceeded")
      .closes(Side::Server);
  return pcap_sample("closing-mid-session", recording);
}

Sample pipelining() {
  Recording recording;
  greeted(recording, connection_to(25))
      .client("MAIL FROM:<alice@example.org>\nRCPT TO:<nobody@example.org>\nRCPT TO:<bob@example.org>\nDATA")
      .server("250 2.1.0 Ok\n550 5.1.1 User unknown\n250 2.1.5 Ok\n354 End data with <CR><LF>.<CR><LF>")
      .client(std::string(kMessage) + "\nQUIT")
      .server("250 2.0.0 Ok: queued\n221 2.0.0 Bye")
      .closes(Side::Server);
  return pcap_sample("pipelining", recording);
}

/// The chunks hold lines that look like commands.
Sample chunking() {
  constexpr std::string_view kFirst = "Subject: In chunks\r\n\r\nQUIT\r\n";
  constexpr std::string_view kLast = "RSET\r\n.\r\nThe end.\r\n";
  Recording recording;
  greeted(recording, connection_to(25), "250-mx.example.org\n250-CHUNKING\n250 PIPELINING")
      .client("MAIL FROM:<alice@example.org>\nRCPT TO:<bob@example.org>")
      .server("250 2.1.0 Ok\n250 2.1.5 Ok")
      .sends(Side::Client, bytes_of("BDAT " + std::to_string(kFirst.size()) + "\r\n" + std::string(kFirst)))
      .server("250 2.0.0 " + std::to_string(kFirst.size()) + " octets received")
      .sends(Side::Client, bytes_of("BDAT " + std::to_string(kLast.size()) + " LAST\r\n" + std::string(kLast)))
      .server("250 2.0.0 Ok: queued")
      .client("QUIT")
      .server("221 2.0.0 Bye")
      .closes(Side::Server);
  return pcap_sample("chunking", recording);
}

Sample unfinished() {
  Recording recording;
  greeted(recording, connection_to(25)).client("MAIL FROM:<alice@example.org>");
  return pcap_sample("unfinished", recording);
}

Sample partial() {
  Recording recording;
  MailConnection mail(recording, connection_to(25));
  mail.hides(Side::Client).hides(Side::Server).handshake().server(kGreeting).client(kEhlo).server(kExtensions);
  mail.client("MAIL FROM:<alice@example.org>").server("250 2.1.0 Ok");
  mail.hides(Side::Client, false).hides(Side::Server, false);
  mail.client("RCPT TO:<bob@example.org>").server("250 2.1.5 Ok");
  mail.client("DATA").server("354 End data with <CR><LF>.<CR><LF>");
  return pcap_sample("partial", recording);
}

}  // namespace

Samples dialogue_samples() {
  return {delivered(),        delivered_ipv6(),      message_refused(), auth_failed(), completed(),
          greeting_refused(), greeting_temporary(),  protocol_error(),  closed(),      no_greeting(),
          pipelining(),       closing_mid_session(), chunking(),        unfinished(),  partial()};
}

}  // namespace smtpath::test
