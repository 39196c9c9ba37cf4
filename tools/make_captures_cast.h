#pragma once

// Who plays in the captures: a client and a server of example.org, at addresses kept for documentation (RFC 5737,
// RFC 3849), and what they always say.

#include <cstdint>
#include <string>
#include <string_view>

#include "make_captures.h"
#include "support/mail_connection.h"

namespace smtpath::test {

/// 2026-11-02 08:00 UTC.
inline constexpr Time kMorning{std::chrono::sys_days{std::chrono::year{2026} / 11 / 2} + std::chrono::hours{8}};

IpAddress address(std::string_view text);

inline constexpr std::uint16_t kFirstClientPort = 40'112;

/// From client 192.0.2.10 to server 203.0.113.25, ten hops away.
ConnectionSpec connection_to(std::uint16_t port, std::uint16_t client_port = kFirstClientPort, Time begins = kMorning);
/// From 2001:db8:1::10 to 2001:db8:2::25.
ConnectionSpec ipv6_connection_to(std::uint16_t port);

inline constexpr std::string_view kGreeting = "220 mx.example.org ESMTP";
inline constexpr std::string_view kEhlo = "EHLO client.example.org";
inline constexpr std::string_view kExtensions =
    "250-mx.example.org\n250-PIPELINING\n250-SIZE 10240000\n250-STARTTLS\n250 8BITMIME";
inline constexpr std::string_view kExtensionsWithoutTls =
    "250-mx.example.org\n250-PIPELINING\n250-SIZE 10240000\n250 8BITMIME";
inline constexpr std::string_view kMessage =
    "From: alice@example.org\nTo: bob@example.org\nSubject: A test\n\nNothing to see here.\n.";

/// A connection whose client was greeted, has said EHLO and knows what the server offers.
MailConnection greeted(Recording& recording, const ConnectionSpec& spec, std::string_view extensions = kExtensions);
/// QUIT, its answer, and the server closes.
void say_goodbye(MailConnection& mail);
/// A whole connection that delivers one message, step by step.
Recording delivery(const ConnectionSpec& spec);

/// A pcap file of Ethernet frames.
Sample pcap_sample(const std::string& name, const Recording& recording);

}  // namespace smtpath::test
