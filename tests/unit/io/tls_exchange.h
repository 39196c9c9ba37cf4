#pragma once

// Our TLS client against a server of tests, and what it says of it.

#include <string>
#include <string_view>

#include "unit/io/tls_server.h"

namespace smtpath::test {

/// What a client wants that believes `root`, and looks for the usual server.
io::TlsOptions usual_options();

/// All that the client has to send now.
std::vector<std::byte> sent_by(io::TlsClient& client, Time now = kNow);
std::string text_of(std::span<const std::byte> bytes);
std::vector<std::byte> bytes_of(std::string_view text);

/// Until neither has anything to say.
void exchange(io::TlsClient& client, TlsServer& server, Time now = kNow);

/// A client after its exchange with a server like this.
io::TlsClient met(const io::CertificateStore& store, const ServerSpec& spec,
                  const io::TlsOptions& options = usual_options());

}  // namespace smtpath::test
