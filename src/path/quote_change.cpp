#include "smtpath/path/quote_change.h"

namespace smtpath::path {

std::string_view to_string(QuotedField field) {
  switch (field) {
    case QuotedField::SourceAddress:
      return "source-address";
    case QuotedField::SourcePort:
      return "source-port";
    case QuotedField::DestinationAddress:
      return "destination-address";
    case QuotedField::DestinationPort:
      return "destination-port";
    case QuotedField::Sequence:
      return "sequence";
    case QuotedField::Identification:
      return "identification";
    case QuotedField::FlowLabel:
      return "flow-label";
    case QuotedField::Dscp:
      return "dscp";
    case QuotedField::Ecn:
      return "ecn";
    case QuotedField::DontFragment:
      return "dont-fragment";
    case QuotedField::Window:
      return "window";
    case QuotedField::Mss:
      return "mss";
    case QuotedField::WindowScale:
      return "window-scale";
    case QuotedField::SackPermitted:
      return "sack-permitted";
    case QuotedField::TimestampValue:
      return "timestamp-value";
  }
  return {};
}

bool shows(QuoteDepth depth, QuotedField field) {
  switch (field) {
    case QuotedField::SourceAddress:
    case QuotedField::DestinationAddress:
    case QuotedField::Identification:
    case QuotedField::FlowLabel:
    case QuotedField::Dscp:
    case QuotedField::Ecn:
    case QuotedField::DontFragment:
      return true;
    case QuotedField::SourcePort:
    case QuotedField::DestinationPort:
    case QuotedField::Sequence:
      return depth >= QuoteDepth::Ports;
    case QuotedField::Window:
      return depth >= QuoteDepth::Window;
    case QuotedField::Mss:
    case QuotedField::WindowScale:
    case QuotedField::SackPermitted:
    case QuotedField::TimestampValue:
      return depth >= QuoteDepth::Options;
  }
  return false;
}

}  // namespace smtpath::path
