#pragma once

// Figures and facts of a connection in words, for the sentence of its outcome.

#include <cstdint>
#include <string>
#include <string_view>

#include "smtpath/base/time.h"
#include "smtpath/session/session.h"

namespace smtpath::verdict {

/// "31 s", "1.5 s", "12 ms", "0.3 ms"; of a negative one: "0 ms".
std::string time_words(Duration duration);

/// "1 SYN", "3 SYNs".
std::string number_of(std::uint64_t count, std::string_view noun);

/// "client".
std::string_view name_of(session::Side side);

/// "550 5.7.1 no such user": without line breaks and cut where it is long.
std::string reply_words(const smtp::Reply& reply);

/// Text from the network in quotation marks, treated alike.
std::string quoted(std::string_view text);

/// "ICMP host-unreachable from 10.0.0.1".
std::string icmp_words(const session::IcmpNote& note);

/// "EHLO"; "a command that is none of SMTP".
std::string_view verb_words(smtp::Verb verb);

}  // namespace smtpath::verdict
