#include "unit/io/syn.h"

#include "smtpath/wire/probe_packet.h"

namespace smtpath::test {

std::vector<std::byte> bytes_of(const Syn& syn) {
  wire::SynTemplate packet({.source = IpAddress::parse(syn.from).value(),
                            .destination = IpAddress::parse(syn.to).value(),
                            .source_port = Port{40000},
                            .destination_port = Port{static_cast<std::uint16_t>(syn.port)},
                            .sequence = 1000,
                            .flow_label = 0x12345});
  const auto bytes = packet.stamp({.ttl = Ttl{static_cast<std::uint8_t>(syn.ttl)}, .number = 7, .timestamp = 1});
  return {bytes.begin(), bytes.end()};
}

}  // namespace smtpath::test
