#pragma once

// Traffic of a mail host's uplink, drawn from a seed and endless: connections of every outcome, many at once, and as
// many packets again of what else goes by (DNS, downloads over 443, pings). Time rises; memory does not grow with the
// length.

#include <cstdint>
#include <functional>
#include <queue>
#include <random>
#include <vector>

#include "bench_analyze_stories.h"
#include "smtpath/base/time.h"
#include "support/mail_connection.h"
#include "support/recording.h"

namespace smtpath::test {

struct TrafficSpec {
  std::uint64_t seed = 1;
  double connections_a_second = 30;
  bool has_other_traffic = true;
  /// Only connections that are greeted, say EHLO, and then nothing more for ever.
  bool never_ends = false;
};

class Traffic {
 public:
  explicit Traffic(const TrafficSpec& spec);

  /// An Ethernet frame.
  RecordedPacket next();

  /// How many were begun.
  std::uint64_t connections() const { return begun_; }

 private:
  // One connection whose packets are still to come, the next one first.
  struct Telling {
    std::vector<RecordedPacket> packets;
    std::size_t next = 0;
    std::uint64_t number = 0;
    Time at() const { return packets[next].at; }
    // Of equal times the one begun first: the order is one only.
    friend bool operator>(const Telling& a, const Telling& b) {
      return a.at() != b.at() ? a.at() > b.at() : a.number > b.number;
    }
  };

  void begin_one();
  Story next_story();
  ConnectionSpec spec_of(const Story& story) const;
  RecordedPacket next_of_mail();
  Bytes other_packet();
  Bytes download_packet();
  std::uint32_t draw(std::uint32_t below);

  TrafficSpec spec_;
  std::mt19937_64 random_;
  std::priority_queue<Telling, std::vector<Telling>, std::greater<>> tellings_;
  Time next_begin_;
  std::uint64_t begun_ = 0;
  bool is_turn_of_others_ = false;
  Time last_;
  std::vector<std::uint32_t> download_sequences_;
};

}  // namespace smtpath::test
