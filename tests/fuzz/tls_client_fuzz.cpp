// Any bytes as a TLS server's: our client ends, everything in bounds. The first byte: which hello, which name, whether
// it has TLSA records. Then pieces as the connection carried them: one byte of length, and that many times 16 bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "smtpath/io/tls_client.h"

namespace {

using namespace smtpath;

constexpr std::size_t kPieceUnit = 16;
constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

void demand(bool holds) {
  if (!holds) std::abort();
}

io::TlsOptions options_of(std::byte flags) {
  constexpr std::byte kSmall{1};
  constexpr std::byte kAddress{2};
  constexpr std::byte kTlsa{4};
  constexpr std::size_t kDigest = 32;
  io::TlsOptions options;
  options.is_hello_small = (flags & kSmall) != std::byte{0};
  options.server_name = "mx.example.com";
  options.names = {(flags & kAddress) != std::byte{0} ? "192.0.2.1" : "mx.example.com"};
  if ((flags & kTlsa) != std::byte{0}) {
    options.tlsa = {{.usage = 2, .selector = 1, .matching_type = 1, .data = std::vector<std::byte>(kDigest)}};
  }
  return options;
}

void look_at(const facts::TlsResult& result) {
  demand(result.chain.size() <= facts::kMostCertificates && result.chain.size() <= result.chain_length);
  demand(result.flights.size() <= facts::kMostFlights);
  demand(result.trust != facts::Trust::Trusted && result.dane != facts::Dane::Matches);
  for (const facts::Certificate& each : result.chain) {
    demand(each.subject.size() <= facts::kLongestCertificateText && each.names.size() <= facts::kMostNames);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const io::CertificateStore store = io::CertificateStore::open();
  std::span<const std::byte> rest = std::as_bytes(std::span(data, size));
  if (rest.empty()) return 0;
  io::TlsClient client = io::TlsClient::begin(store, options_of(rest.front()), kNow).value();
  rest = rest.subspan(1);
  while (!rest.empty()) {
    while (client.poll_transmit(kNow)) continue;
    const std::size_t wanted = std::to_integer<std::size_t>(rest.front()) * kPieceUnit;
    const std::size_t length = std::min(wanted, rest.size() - 1);
    client.handle_bytes(kNow, rest.subspan(1, length));
    rest = rest.subspan(1 + length);
  }
  client.handle_end(kNow, facts::TlsEnd::Closed);
  demand(client.is_done() && !client.is_established());
  look_at(client.result());
  return 0;
}
