#include "support/odd_manners.h"

#include <utility>

namespace smtpath::test {

namespace {

constexpr const char* kGreeting = "220 odd.example.test ESMTP\r\n";
constexpr const char* kOffer = "250-odd.example.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n";
constexpr const char* kReady = "220 2.0.0 Ready to start TLS\r\n";
constexpr const char* kBye = "221 2.0.0 Bye\r\n";
constexpr const char* kInTls = "250-odd.example.test\r\n250 PIPELINING\r\n";

bool begins_with(const std::string& line, std::string_view word) {
  return line.rfind(word, 0) == 0;
}

// Until the client says QUIT or goes.
void converse(OddConnection& client, const std::string& ehlo_reply) {
  for (std::string line = client.hear_line(); !line.empty(); line = client.hear_line()) {
    if (begins_with(line, "QUIT")) {
      client.say(kBye);
      return;
    }
    client.say(begins_with(line, "EHLO") ? ehlo_reply : "250 2.0.0 Ok\r\n");
  }
}

// From the greeting up to the client's STARTTLS; false: it does not come.
bool hear_starttls(OddConnection& client) {
  client.say(kGreeting);
  for (std::string line = client.hear_line(); !line.empty(); line = client.hear_line()) {
    if (begins_with(line, "STARTTLS")) return true;
    client.say(begins_with(line, "EHLO") ? kOffer : kBye);
  }
  return false;
}

}  // namespace

OddManner silence() {
  return [](OddConnection& client) { client.await_end(); };
}

OddManner greeting_then_close(std::string greeting) {
  return [words = std::move(greeting)](OddConnection& client) { client.say(words); };
}

OddManner closing_at_once() {
  return [](OddConnection&) {};
}

OddManner resetting_at_once() {
  return [](OddConnection& client) { client.reset(); };
}

OddManner greeting_after(std::chrono::milliseconds wait) {
  return [wait](OddConnection& client) {
    client.pause(wait);
    client.say(kGreeting);
    converse(client, kInTls);
  };
}

OddManner plain(std::string greeting, std::string ehlo_reply) {
  return [words = std::move(greeting), reply = std::move(ehlo_reply)](OddConnection& client) {
    client.say(words);
    converse(client, reply);
  };
}

OddManner resetting_at_ehlo() {
  return [](OddConnection& client) {
    client.say(kGreeting);
    client.hear_line();
    client.reset();
  };
}

OddManner answering_starttls(std::string reply) {
  return [words = std::move(reply)](OddConnection& client) {
    if (!hear_starttls(client)) return;
    client.say(words);
    client.await_end();
  };
}

OddManner answering_client_hello(std::string bytes) {
  return [words = std::move(bytes)](OddConnection& client) {
    if (!hear_starttls(client)) return;
    client.say(kReady);
    client.await_words();
    client.say(words);
    client.await_end();
  };
}

OddManner encrypted(OddTls tls) {
  return smuggling(std::move(tls), "");
}

OddManner encrypted_flood(OddTls tls) {
  return [spec = std::move(tls)](OddConnection& client) {
    if (!hear_starttls(client)) return;
    client.say(kReady);
    if (!client.begin_tls(spec)) return;
    client.hear_line();
    while (client.say("250-AND SO ON\r\n")) {
    }
  };
}

OddManner smuggling(OddTls tls, std::string words) {
  return [spec = std::move(tls), more = std::move(words)](OddConnection& client) {
    if (!hear_starttls(client)) return;
    client.say(kReady + more);
    if (client.begin_tls(spec)) converse(client, kInTls);
  };
}

OddManner answering_before_asked() {
  return [](OddConnection& client) {
    client.say(std::string(kGreeting) + kOffer + kReady);
    client.await_end();
  };
}

OddManner flooding(std::string piece) {
  return [words = std::move(piece)](OddConnection& client) {
    while (client.say(words)) {
    }
  };
}

OddManner slowly(std::string words, std::chrono::milliseconds rest) {
  return [text = std::move(words), rest](OddConnection& client) {
    for (const char letter : text) {
      if (!client.say(std::string(1, letter))) return;
      client.pause(rest);
    }
  };
}

}  // namespace smtpath::test
