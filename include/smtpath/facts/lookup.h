#pragma once

// What the domain name system said to one question: plain values that the edge finds out. Names are text as in zone
// files (RFC 1035 section 5.1) without the final dot, the root is ".", and strange bytes in them are written \DDD; they
// come from the network, and whoever shows them escapes them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/base/time.h"

namespace smtpath::facts {

enum class RecordType : std::uint8_t { A, Aaaa, Mx, Ptr, Tlsa };

/// "A", "AAAA", "MX", "PTR", "TLSA".
std::string_view to_string(RecordType type);

struct Question {
  std::string name;
  RecordType type = RecordType::A;

  friend bool operator==(const Question&, const Question&) = default;
};

/// RFC 5321 section 5: the lower preference is asked first.
struct MxRecord {
  std::uint16_t preference = 0;
  std::string host;

  friend bool operator==(const MxRecord&, const MxRecord&) = default;
};

struct PtrRecord {
  std::string host;

  friend bool operator==(const PtrRecord&, const PtrRecord&) = default;
};

/// RFC 6698 section 2.1, its data in bytes.
struct TlsaRecord {
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  std::vector<std::byte> data;

  friend bool operator==(const TlsaRecord&, const TlsaRecord&) = default;
};

/// Addresses are those of A and AAAA.
using Record = std::variant<IpAddress, MxRecord, PtrRecord, TlsaRecord>;

/// "192.0.2.1", "10 mx.example", "host.example", "3 1 1 0123ab".
std::string to_string(const Record& record);
/// The other way round; none where the text is no such record.
std::optional<Record> parse_record(RecordType type, std::string_view text);

enum class LookupResult : std::uint8_t {
  Ok,
  /// The name does not exist (RFC 8020).
  NxDomain,
  /// It exists, without a record of this type (RFC 2308).
  NoData,
  ServFail,
  Refused,
  /// No answer in time.
  Timeout,
  /// No packet reaches the resolver, or nobody listens there.
  Unreachable,
  /// Any other answer.
  Failed,
};

/// "ok", "nxdomain", "no-data", "servfail", "refused", "timeout", "unreachable", "failed".
std::string_view to_string(LookupResult result);

/// The resolver answered the question as it is meant to, perhaps with no.
bool is_answer(LookupResult result);

/// RFC 4033 section 5.
enum class Dnssec : std::uint8_t { Secure, Insecure, Bogus };

/// "secure", "insecure", "bogus".
std::string_view to_string(Dnssec dnssec);

/// One of the configured resolvers, asked for itself because the first answer was none, was slow, or was no.
struct ResolverAnswer {
  std::string resolver;
  LookupResult result = LookupResult::Timeout;

  friend bool operator==(const ResolverAnswer&, const ResolverAnswer&) = default;
};

/// Records of one answer that are kept.
inline constexpr std::size_t kMostRecords = 64;

struct Lookup {
  Question question;
  LookupResult result = LookupResult::Timeout;
  std::vector<Record> answer;
  /// Records that the answer had beyond those.
  std::uint32_t left_out = 0;
  /// Where the name is an alias (CNAME), what it leads to.
  std::optional<std::string> canonical;
  /// Absent: nobody could check it. A bogus answer is kept all the same.
  std::optional<Dnssec> dnssec;
  /// In the validator's words.
  std::string why_bogus;
  Duration took{};
  /// Absent: this host's own table of names (hosts(5)), or nobody answered.
  std::optional<std::string> resolver;
  std::vector<ResolverAnswer> asked;

  friend bool operator==(const Lookup&, const Lookup&) = default;
};

/// How a target's name led to one of its addresses, or did not.
struct TargetLookup {
  /// In the order asked.
  std::vector<Lookup> steps;
  /// The mail exchanger that the address is one of.
  std::optional<MxRecord> mx;
  /// A well-known name that the user may have meant.
  std::optional<std::string> suggestion;
  /// Whole sentences on what is odd.
  std::vector<std::string> notes;

  friend bool operator==(const TargetLookup&, const TargetLookup&) = default;
};

}  // namespace smtpath::facts
