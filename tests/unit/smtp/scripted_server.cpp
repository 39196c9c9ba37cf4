#include "unit/smtp/scripted_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <sstream>
#include <utility>

#include "unit/smtp/conversation.h"

namespace smtpath::test {

using namespace std::chrono_literals;

namespace {

constexpr Time kBegin{std::chrono::hours(24 * 365 * 50)};

void put(std::ostream& out, const char* name, const std::optional<Duration>& duration) {
  out << name << ' ' << (duration ? std::to_string(duration->count()) : "none") << '\n';
}

}  // namespace

/// One visit: what the server still has to send, and when.
class Encounter {
 public:
  Encounter(const ScriptedServer& server, const smtp::ClientOptions& options, Cut cut)
      : server_(server), unused_(server.acts_), cut_(std::move(cut)), client_(options, kBegin) {}

  Meeting run() {
    provoke("");
    listen();
    // A visit that needs more than this has no end.
    for (int turns = 0; turns < 100'000 && step(); ++turns) listen();
    return {.visit = client_.visit(), .said = said_, .took = now_ - kBegin, .is_finished = client_.is_finished()};
  }

 private:
  struct Pending {
    Time at;
    ScriptedServer::Act act;
  };

  /// False: nothing will happen any more.
  bool step() {
    const auto timeout = client_.next_timeout();
    if (client_.is_finished() || (pending_.empty() && !timeout)) return false;
    if (pending_.empty() || (timeout && *timeout < pending_.front().at)) {
      now_ = *timeout;
      client_.handle_timeout(now_);
      return true;
    }
    const Pending next = pending_.front();
    pending_.pop_front();
    now_ = next.at;
    switch (next.act.what) {
      case ScriptedServer::What::Bytes:
        for (const std::string& piece : cut_(next.act.bytes)) client_.handle_bytes(now_, bytes_of(piece));
        break;
      case ScriptedServer::What::Close:
      case ScriptedServer::What::Reset:
        client_.handle_close(now_, next.act.what == ScriptedServer::What::Reset);
        break;
    }
    return true;
  }

  void listen() {
    while (const auto bytes = client_.poll_transmit()) {
      std::string line(*bytes);
      EXPECT_TRUE(line.ends_with("\r\n"));
      line.resize(line.size() - 2);
      said_.push_back(line);
      provoke(line);
    }
    if (!client_.wants_tls()) return;
    now_ += server_.handshake_;
    pending_.clear();
    client_.handle_tls(now_, server_.is_handshake_good_);
    if (!client_.is_finished()) {
      said_.emplace_back("TLS");
      provoke("TLS");
    }
    listen();
  }

  /// All acts up to the next one that something else must bring about.
  void provoke(const std::string& line) {
    const auto first = std::find_if(unused_.begin(), unused_.end(), [&](const auto& each) {
      return each.upon.empty() ? line.empty() : line.starts_with(each.upon);
    });
    if (first == unused_.end()) return;
    const std::string upon = first->upon;
    Time at = now_;
    auto last = first;
    for (; last != unused_.end() && last->upon == upon && (last == first || last->is_continued); ++last) {
      at += last->after;
      pending_.push_back({.at = at, .act = *last});
    }
    unused_.erase(first, last);
  }

  const ScriptedServer& server_;
  std::vector<ScriptedServer::Act> unused_;
  Cut cut_;
  smtp::Client client_;
  Time now_ = kBegin;
  std::deque<Pending> pending_;
  std::vector<std::string> said_;
};

ScriptedServer& ScriptedServer::greets(const std::string& lines, Duration after) {
  return answers("", lines, after);
}

ScriptedServer& ScriptedServer::answers(const std::string& to, const std::string& lines, Duration after) {
  return sends(to, lines + "\r\n", after);
}

ScriptedServer& ScriptedServer::sends(const std::string& to, const std::string& bytes, Duration after) {
  acts_.push_back({.upon = to, .bytes = bytes, .after = after});
  return *this;
}

ScriptedServer& ScriptedServer::drips(const std::string& to, const std::string& bytes, Duration every) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    acts_.push_back({.upon = to, .bytes = bytes.substr(i, 1), .after = every, .is_continued = i > 0});
  return *this;
}

ScriptedServer& ScriptedServer::then_sends(const std::string& bytes, Duration after) {
  acts_.push_back({.upon = acts_.back().upon, .bytes = bytes, .after = after, .is_continued = true});
  return *this;
}

ScriptedServer& ScriptedServer::closes(const std::string& to, Duration after) {
  acts_.push_back({.upon = to, .what = What::Close, .bytes = {}, .after = after});
  return *this;
}

ScriptedServer& ScriptedServer::resets(const std::string& to, Duration after) {
  acts_.push_back({.upon = to, .what = What::Reset, .bytes = {}, .after = after});
  return *this;
}

ScriptedServer& ScriptedServer::takes_for_handshake(Duration duration) {
  handshake_ = duration;
  return *this;
}

ScriptedServer& ScriptedServer::fails_handshake() {
  is_handshake_good_ = false;
  return *this;
}

ScriptedServer ScriptedServer::healthy() {
  return ScriptedServer()
      .greets("220 mx.example.com ESMTP")
      .answers("EHLO", "250-mx.example.com\r\n250-SIZE 1000\r\n250 STARTTLS")
      .answers("STARTTLS", "220 go ahead")
      .answers("EHLO", "250-mx.example.com\r\n250-SIZE 1000\r\n250 AUTH PLAIN LOGIN")
      .answers("QUIT", "221 bye");
}

smtp::ClientOptions ScriptedServer::visitor_with_password() {
  smtp::ClientOptions options = visitor();
  options.credentials = smtp::Credentials{.user = "tim", .password = Secret("tanstaaftanstaaf")};
  return options;
}

Meeting ScriptedServer::visited(const smtp::ClientOptions& options) const {
  return visited(options, [](const std::string& bytes) { return std::vector{bytes}; });
}

Meeting ScriptedServer::visited(const smtp::ClientOptions& options, const Cut& cut) const {
  return Encounter(*this, options, cut).run();
}

std::string everything_in(const smtp::Visit& visit) {
  std::ostringstream out;
  out << "stage " << static_cast<int>(visit.stage) << " end " << static_cast<int>(visit.end) << " smuggled "
      << visit.smuggled_bytes << '\n';
  if (visit.auth) {
    out << "auth " << visit.auth->mechanism << ' ';
    if (visit.auth->reply) out << visit.auth->reply->code << ' ' << visit.auth->reply->text;
    out << '\n';
  }
  put(out, "greeting", visit.greeting);
  put(out, "ehlo", visit.ehlo);
  put(out, "starttls", visit.starttls);
  put(out, "tls", visit.tls);
  put(out, "waited", visit.waited);
  out << "plain\n" << everything_in(visit.plain);
  if (visit.encrypted) out << "encrypted\n" << everything_in(*visit.encrypted);
  return out.str();
}

}  // namespace smtpath::test
