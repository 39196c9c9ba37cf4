#include "path/quote_comparison.h"

#include <optional>
#include <utility>

namespace smtpath::path {

namespace {

constexpr unsigned kEcnBits = 2;
constexpr unsigned kEcn = 3;

class Comparison {
 public:
  void compare(QuotedField field, FieldValue sent, FieldValue quoted) {
    if (sent != quoted) changes_.push_back({.field = field, .sent = std::move(sent), .quoted = std::move(quoted)});
  }
  void compare_number(QuotedField field, std::uint32_t sent, std::uint32_t quoted) { compare(field, sent, quoted); }

  std::vector<QuoteChange> take() { return std::move(changes_); }

 private:
  std::vector<QuoteChange> changes_;
};

template <class Number>
FieldValue value_of(const std::optional<Number>& number) {
  if (!number) return {};
  return std::uint32_t{*number};
}

FieldValue value_of(bool is_there) {
  if (!is_there) return {};
  return std::uint32_t{1};
}

FieldValue value_of(const std::optional<wire::TcpTimestamps>& timestamps) {
  if (!timestamps) return {};
  return timestamps->value;
}

void compare_ip(Comparison& all, const wire::IpHeader& quoted, const SentHeader& sent) {
  if (quoted.source.is_ipv4()) {
    all.compare_number(QuotedField::Identification, sent.identification, quoted.identification);
  } else {
    all.compare_number(QuotedField::FlowLabel, sent.flow_label, quoted.flow_label);
  }
  all.compare_number(QuotedField::Dscp, sent.traffic_class >> kEcnBits, quoted.traffic_class >> kEcnBits);
  all.compare_number(QuotedField::Ecn, sent.traffic_class & kEcn, quoted.traffic_class & kEcn);
  all.compare_number(QuotedField::DontFragment, sent.dont_fragment ? 1 : 0, quoted.dont_fragment ? 1 : 0);
}

/// Where the quote ends within the options, those that it still has count.
void compare_options(Comparison& all, const wire::QuotedTcp& quoted, const SentHeader& sent) {
  const auto compare = [&](QuotedField field, const FieldValue& was, const FieldValue& is) {
    const bool is_absent = std::holds_alternative<std::monostate>(is);
    if (quoted.is_whole || !is_absent) all.compare(field, was, is);
  };
  const wire::TcpOptions& was = sent.options;
  const wire::TcpOptions& is = quoted.options;
  compare(QuotedField::Mss, value_of(was.mss), value_of(is.mss));
  compare(QuotedField::WindowScale, value_of(was.window_scale), value_of(is.window_scale));
  compare(QuotedField::SackPermitted, value_of(was.sack_permitted), value_of(is.sack_permitted));
  compare(QuotedField::TimestampValue, value_of(was.timestamps), value_of(is.timestamps));
}

}  // namespace

SentHeader header_of(const wire::Packet& packet) {
  SentHeader header;
  header.source = packet.ip.source;
  header.destination = packet.ip.destination;
  header.flow_label = packet.ip.flow_label;
  header.identification = packet.ip.identification;
  header.traffic_class = packet.ip.traffic_class;
  header.dont_fragment = packet.ip.dont_fragment;
  if (const auto* syn = std::get_if<wire::TcpSegment>(&packet.payload)) {
    header.source_port = syn->source_port;
    header.destination_port = syn->destination_port;
    header.sequence = syn->sequence;
    header.window = syn->window;
    header.options = syn->options;
  }
  return header;
}

QuoteDepth depth_of(const wire::Quote& quote) {
  const auto* tcp = std::get_if<wire::QuotedTcp>(&quote.transport);
  if (tcp == nullptr) return QuoteDepth::Ip;
  if (!tcp->beyond) return QuoteDepth::Ports;
  return tcp->is_whole ? QuoteDepth::Options : QuoteDepth::Window;
}

std::vector<QuoteChange> changes_in(const wire::Quote& quote, const SentHeader& sent) {
  Comparison all;
  const auto* tcp = std::get_if<wire::QuotedTcp>(&quote.transport);
  all.compare(QuotedField::SourceAddress, sent.source, quote.ip.source);
  if (tcp != nullptr) all.compare_number(QuotedField::SourcePort, sent.source_port.number, tcp->source_port.number);
  all.compare(QuotedField::DestinationAddress, sent.destination, quote.ip.destination);
  if (tcp != nullptr) {
    all.compare_number(QuotedField::DestinationPort, sent.destination_port.number, tcp->destination_port.number);
    all.compare_number(QuotedField::Sequence, sent.sequence, tcp->sequence);
  }
  compare_ip(all, quote.ip, sent);
  if (tcp != nullptr && tcp->beyond) {
    all.compare_number(QuotedField::Window, sent.window, tcp->beyond->window);
    compare_options(all, *tcp, sent);
  }
  return all.take();
}

}  // namespace smtpath::path
