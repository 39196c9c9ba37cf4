#pragma once

// What can be wrong with a mail server, as scripts of an odd one: what it says, what it leaves unsaid, and TLS that is
// none.

#include <chrono>
#include <string>
#include <string_view>

#include "support/odd_server.h"

namespace smtpath::test {

/// Says nothing at all until the client goes.
OddManner silence();
/// Greets so, and hangs up.
OddManner greeting_then_close(std::string greeting);
OddManner closing_at_once();
OddManner resetting_at_once();
/// Greets after a while, and then is a mail server without STARTTLS.
OddManner greeting_after(std::chrono::milliseconds wait);
/// A mail server that greets so, answers EHLO so and everything else with 250.
OddManner plain(std::string greeting, std::string ehlo_reply);
/// Waits for EHLO, and then resets.
OddManner resetting_at_ehlo();
/// Offers STARTTLS and answers it so; then says nothing more.
OddManner answering_starttls(std::string reply);
/// Answers STARTTLS with 220, waits for the ClientHello, and says this.
OddManner answering_client_hello(std::string bytes);
/// STARTTLS and all that follows as it should be.
OddManner encrypted(OddTls tls);
/// The same, and the server talks on and on inside TLS.
OddManner encrypted_flood(OddTls tls);
/// The same, with words in the clear right behind the answer to STARTTLS, in one segment with it.
OddManner smuggling(OddTls tls, std::string words);
/// Greets, answers EHLO and offers STARTTLS before it was asked, all in one.
OddManner answering_before_asked();
/// Says the greeting so many times a second as it can, for ever.
OddManner flooding(std::string piece);
/// Says it one byte at a time, with a rest between two.
OddManner slowly(std::string words, std::chrono::milliseconds rest);

}  // namespace smtpath::test
