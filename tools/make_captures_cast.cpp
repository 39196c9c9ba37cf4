#include "make_captures_cast.h"

#include "support/byte_writer.h"
#include "support/capture_format.h"
#include "support/framing.h"

namespace smtpath::test {

IpAddress address(std::string_view text) {
  return IpAddress::parse(text).value();
}

ConnectionSpec connection_to(std::uint16_t port, std::uint16_t client_port, Time begins) {
  return {.client = {.address = address("192.0.2.10"), .port = Port{client_port}},
          .server = {.address = address("203.0.113.25"), .port = Port{port}, .ttl = Ttl{54}},
          .begins = begins};
}

ConnectionSpec ipv6_connection_to(std::uint16_t port) {
  constexpr std::uint16_t kMss = 1440;
  return {.client = {.address = address("2001:db8:1::10"), .port = Port{kFirstClientPort}, .mss = kMss},
          .server = {.address = address("2001:db8:2::25"), .port = Port{port}, .ttl = Ttl{54}, .mss = kMss},
          .begins = kMorning};
}

MailConnection greeted(Recording& recording, const ConnectionSpec& spec, std::string_view extensions) {
  MailConnection mail(recording, spec);
  mail.handshake().server(kGreeting).client(kEhlo).server(extensions);
  return mail;
}

void say_goodbye(MailConnection& mail) {
  mail.client("QUIT").server("221 2.0.0 Bye").closes(Side::Server);
}

Recording delivery(const ConnectionSpec& spec) {
  Recording recording;
  MailConnection mail = greeted(recording, spec);
  mail.client("MAIL FROM:<alice@example.org>").server("250 2.1.0 Ok");
  mail.client("RCPT TO:<bob@example.org>").server("250 2.1.5 Ok");
  mail.client("DATA").server("354 End data with <CR><LF>.<CR><LF>");
  mail.client(kMessage).server("250 2.0.0 Ok: queued");
  say_goodbye(mail);
  return recording;
}

Sample pcap_sample(const std::string& name, const Recording& recording) {
  const PcapVariant variant;
  ByteWriter file;
  file.put(pcap_header(variant));
  for (const RecordedPacket& packet : recording.packets()) {
    file.put(pcap_record(variant, packet.at, in_ethernet(packet)));
  }
  return {name + ".pcap", file.take()};
}

}  // namespace smtpath::test
