#include "unit/io/tls_exchange.h"

#include <algorithm>

namespace smtpath::test {

io::TlsOptions usual_options() {
  io::TlsOptions options;
  options.server_name = "mx.example.com";
  options.names = {"mx.example.com"};
  return options;
}

std::vector<std::byte> sent_by(io::TlsClient& client, Time now) {
  std::vector<std::byte> all;
  while (const auto bytes = client.poll_transmit(now)) all.insert(all.end(), bytes->begin(), bytes->end());
  return all;
}

std::string text_of(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += std::to_integer<char>(byte);
  return text;
}

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

void exchange(io::TlsClient& client, TlsServer& server, Time now) {
  for (;;) {
    const auto ours = sent_by(client, now);
    const auto theirs = server.handle(ours);
    if (!theirs.empty()) client.handle_bytes(now, theirs);
    if (ours.empty() && theirs.empty()) return;
  }
}

io::TlsClient met(const io::CertificateStore& store, const ServerSpec& spec, const io::TlsOptions& options) {
  io::TlsClient client = io::TlsClient::begin(store, options, kNow).value();
  TlsServer server(spec);
  exchange(client, server);
  return client;
}

}  // namespace smtpath::test
