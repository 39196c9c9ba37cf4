// Connections that end otherwise than by a goodbye.

#include <chrono>
#include <string>

#include "make_captures_cast.h"
#include "support/byte_writer.h"

namespace smtpath::test {

namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t kUnreachableV6 = 1;
constexpr std::uint8_t kAdministrative = 13;
constexpr std::uint8_t kAdministrativeV6 = 1;
constexpr std::uint8_t kHostUnreachable = 1;
constexpr std::uint8_t kPortUnreachable = 3;
constexpr std::uint8_t kFragmentationNeeded = 4;

/// How often Linux repeats a SYN, and its waits before each.
constexpr int kSynRetries = 6;

MailConnection& begin_message(MailConnection& mail) {
  return mail.client("MAIL FROM:<alice@example.org>\nRCPT TO:<bob@example.org>\nDATA")
      .server("250 2.1.0 Ok\n250 2.1.5 Ok\n354 End data with <CR><LF>.<CR><LF>");
}

/// Two whole segments and a bit.
std::string long_message() {
  std::string text = "Subject: A long one\n\n";
  constexpr int kLines = 45;
  for (int line = 0; line < kLines; ++line)
    text += "All work and no play makes Jack a dull boy, they say, and so do we.\n";
  return text + ".";
}

Sample reset_by_client() {
  Recording recording;
  greeted(recording, connection_to(25)).client("MAIL FROM:<alice@example.org>").waits(2s).resets(Side::Client);
  return pcap_sample("reset-by-client", recording);
}

Sample reset_by_server() {
  Recording recording;
  greeted(recording, connection_to(25)).client("MAIL FROM:<alice@example.org>").waits(40ms).resets(Side::Server);
  return pcap_sample("reset-by-server", recording);
}

/// At the word MAIL: nearer than the server, with an ID of its own, no timestamps and no window; the server answers the
/// command all the same, and the client's kernel tells it that there is no such connection any more.
Sample reset_forged() {
  constexpr Ttl kNearer{61};
  constexpr std::uint16_t kForeignId = 0x3039;
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  mail.client("MAIL FROM:<alice@example.org>");
  mail.resets(Side::Server,
              {.ttl = kNearer, .identification = kForeignId, .window = std::uint16_t{0}, .has_timestamps = false});
  mail.goes_deaf(Side::Client).waits(4ms).server("250 2.1.0 Ok").refuses(Side::Client);
  return pcap_sample("reset-forged", recording);
}

/// Five minutes of silence, and then a reset from nearer than the server: a box that forgot the connection.
Sample reset_after_idle() {
  constexpr Ttl kNearer{61};
  Recording recording;
  greeted(recording, connection_to(25))
      .waits(300s)
      .client("MAIL FROM:<alice@example.org>")
      .resets(
          Side::Server,
          {.ttl = kNearer, .identification = std::uint16_t{0}, .window = std::uint16_t{0}, .has_timestamps = false});
  return pcap_sample("reset-after-idle", recording);
}

Sample reset_after_goodbye() {
  Recording recording;
  greeted(recording, connection_to(25))
      .client("QUIT")
      .server("221 2.0.0 Bye")
      .finishes(Side::Server)
      .resets(Side::Client);
  return pcap_sample("reset-after-goodbye", recording);
}

/// Commands pass, and the short end of the message; whole segments do not, and nobody says why.
Sample stalled_mtu_black_hole() {
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  begin_message(mail).goes_deaf(Side::Server).client(long_message()).acknowledges(Side::Server);
  for (Duration wait = 220ms; wait < 30s; wait *= 2) mail.waits(wait).repeats(Side::Client);
  return pcap_sample("stalled-mtu-black-hole", recording);
}

/// The same, and a router says why; this host does not listen.
Sample stalled_mtu_icmp() {
  constexpr std::uint32_t kMtu = 1'400;
  constexpr std::size_t kWholeSegment = 1'448;
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  begin_message(mail).goes_deaf(Side::Server).sends(Side::Client, bytes_of(long_message().substr(0, kWholeSegment)));
  for (Duration wait = 220ms; wait < 30s; wait *= 2) {
    mail.draws_error({.code = kFragmentationNeeded, .rest = kMtu, .from = address("198.51.100.1")});
    mail.waits(wait).repeats(Side::Client);
  }
  return pcap_sample("stalled-mtu-icmp", recording);
}

/// The server takes in what was sent of a message, and then no more.
Sample stalled_zero_window() {
  Recording recording;
  MailConnection mail = greeted(recording, connection_to(25));
  begin_message(mail).sends(Side::Client, bytes_of(long_message())).announces_window(Side::Server, 0);
  for (Duration wait = 220ms; wait < 30s; wait *= 2) {
    mail.waits(wait).keeps_alive(Side::Client).acknowledges(Side::Server);
  }
  return pcap_sample("stalled-zero-window", recording);
}

/// EHLO arrives and is acknowledged; no answer comes. The client asks at the level of TCP whether anybody is there.
Sample stalled_after_ehlo() {
  Recording recording;
  MailConnection mail(recording, connection_to(25));
  mail.handshake().server(kGreeting).client(kEhlo).acknowledges(Side::Server);
  constexpr int kMinutes = 4;
  for (int minute = 0; minute < kMinutes; ++minute) {
    mail.waits(1min).keeps_alive(Side::Client).acknowledges(Side::Server);
  }
  return pcap_sample("stalled-after-ehlo", recording);
}

Sample refused() {
  Recording recording;
  MailConnection(recording, connection_to(25)).syn().refuses(Side::Server);
  return pcap_sample("refused", recording);
}

Sample rejected_by_rule() {
  Recording recording;
  MailConnection(recording, connection_to(25))
      .syn()
      .draws_error({.code = kAdministrative, .from = address("198.51.100.1")});
  return pcap_sample("rejected-admin-prohibited", recording);
}

/// By the server itself; Linux does not take it for final, and asks again.
Sample rejected_by_server() {
  Recording recording;
  const IpAddress server = address("203.0.113.25");
  MailConnection mail(recording, connection_to(25));
  mail.syn().draws_error({.code = kPortUnreachable, .from = server, .ttl = Ttl{54}, .quoted_ttl = Ttl{54}});
  mail.waits(1s).syn().draws_error({.code = kPortUnreachable, .from = server, .ttl = Ttl{54}, .quoted_ttl = Ttl{54}});
  return pcap_sample("rejected-port-unreachable", recording);
}

/// The shortest quote that RFC 792 allows: 8 bytes of the TCP header.
Sample rejected_by_nobody() {
  constexpr std::size_t kShortestQuote = 28;
  Recording recording;
  MailConnection(recording, connection_to(25))
      .syn()
      .waits(3s)
      .draws_error({.code = kHostUnreachable,
                    .from = address("198.51.100.9"),
                    .ttl = Ttl{56},
                    .quoted_ttl = Ttl{55},
                    .quoted_bytes = kShortestQuote});
  return pcap_sample("rejected-host-unreachable", recording);
}

Sample rejected_ipv6() {
  Recording recording;
  MailConnection(recording, ipv6_connection_to(25))
      .syn()
      .draws_error({.type = kUnreachableV6, .code = kAdministrativeV6, .from = address("2001:db8:ff::1")});
  return pcap_sample("rejected-ipv6", recording);
}

Sample dropped() {
  Recording recording;
  MailConnection mail(recording, connection_to(25));
  mail.syn();
  Duration wait = 1s;
  for (int retry = 0; retry < kSynRetries; ++retry, wait *= 2) mail.waits(wait).syn();
  return pcap_sample("dropped", recording);
}

/// The server's SYN-ACKs come; the client's ACK never reaches it.
Sample handshake_half_heard() {
  Recording recording;
  MailConnection mail(recording, connection_to(25));
  mail.handshake();
  for (Duration wait = 1s; wait < 20s; wait *= 2) mail.waits(wait).syn_ack().acknowledges(Side::Client);
  return pcap_sample("no-greeting-ack-lost", recording);
}

}  // namespace

Samples trouble_samples() {
  return {reset_by_client(),
          reset_by_server(),
          reset_forged(),
          reset_after_idle(),
          reset_after_goodbye(),
          stalled_mtu_icmp(),
          stalled_zero_window(),
          stalled_after_ehlo(),
          stalled_mtu_black_hole(),
          refused(),
          rejected_by_rule(),
          rejected_by_server(),
          rejected_by_nobody(),
          rejected_ipv6(),
          dropped(),
          handshake_half_heard()};
}

}  // namespace smtpath::test
