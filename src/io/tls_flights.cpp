#include "io/tls_flights.h"

namespace smtpath::io {

void TlsFlights::add(std::vector<facts::TlsFlight>& flights, Time now, bool is_ours, std::size_t bytes) {
  if (bytes == 0) return;
  if (!begun_) begun_ = now;
  const Duration at = between(*begun_, now);
  const auto count = static_cast<std::uint32_t>(bytes);
  if (!flights.empty() && flights.back().is_ours == is_ours) {
    flights.back().bytes += count;
    flights.back().until = at;
  } else if (flights.size() < facts::kMostFlights) {
    flights.push_back({.is_ours = is_ours, .bytes = count, .at = at, .until = at});
  }
}

}  // namespace smtpath::io
