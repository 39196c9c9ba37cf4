// Holds what the observer says of the dialogues in real captures against what another program found in them, and which
// connections it takes for mail.

#include <algorithm>
#include <filesystem>

#include "unit/session/truth.h"

namespace smtpath::test {
namespace {

using nlohmann::json;
using session::Session;
using session::TlsMode;
using smtp::Verb;

constexpr std::size_t kMostTrueCodes = 80;

const std::vector<Mistake>& mistakes() {
  static const std::vector<Mistake> all{
      {"lgandx_PCredz__old_realistic",
       {8},
       "ehlo_seen",
       "EHLO is in frame 124, though its numbers do not fit the SYN's"},
  };
  return all;
}

json version_of(const std::optional<session::TlsVersion>& version) {
  if (!version) return nullptr;
  std::string name = to_string(*version);
  return name.erase(name.find('v'), 1);
}

json tls_mode_of(const Session& session) {
  switch (session.tls_mode) {
    case TlsMode::None:
      return nullptr;
    case TlsMode::Implicit:
      return "implicit";
    case TlsMode::StartTls:
      return "starttls";
  }
  return nullptr;
}

/// The facts of TLS, under the names of truth/.
json tls_facts_of(const Session& session) {
  const session::Tls& tls = session.tls;
  json changes = json::array();
  if (tls.client_changed_cipher) changes.push_back("client");
  if (tls.server_changed_cipher) changes.push_back("server");
  return {{"tls_mode", tls_mode_of(session)},
          {"tls_client_hello", tls.client_hello},
          {"tls_server_hello", tls.server_hello},
          {"tls_client_version", version_of(tls.offered)},
          {"tls_version", version_of(tls.version)},
          {"tls_sni", tls.sni.empty() ? json() : json(tls.sni)},
          {"tls_certificate_seen", tls.certificate_seen},
          {"tls_client_plaintext_server", session.tls_mode == TlsMode::Implicit && tls.is_server_no_tls},
          {"plaintext_after_starttls_220", session.is_plain_after_starttls}};
}

json code_of(const std::optional<smtp::Reply>& reply) {
  return reply ? json(reply->code) : json();
}

/// The facts of SMTP, under the names of truth/.
json facts_of(const Session& session, const json& truth) {
  const smtp::Transcript& said = session.dialogue;
  std::vector<std::uint16_t> codes = said.reply_codes;
  if (session.plain_reply_in_tls) codes.push_back(session.plain_reply_in_tls->code);
  json facts = tls_facts_of(session);
  facts["banner_code"] = code_of(said.greeting);
  // Truth has the first eighty.
  if (truth["reply_codes"].size() == kMostTrueCodes && codes.size() > kMostTrueCodes) codes.resize(kMostTrueCodes);
  facts["reply_codes"] = codes;
  facts["ehlo_seen"] = said.of(Verb::Ehlo).asked > 0;
  facts["helo_seen"] = said.of(Verb::Helo).asked > 0;
  facts["starttls_sent"] = said.of(Verb::StartTls).asked > 0;
  facts["mail_from_count"] = said.of(Verb::Mail).asked;
  facts["rcpt_count"] = said.of(Verb::Rcpt).asked;
  facts["data_count"] = said.of(Verb::Data).asked;
  facts["auth_attempted"] = said.of(Verb::Auth).asked > 0;
  facts["quit"] = said.of(Verb::Quit).asked > 0;
  if (truth["starttls_offered"] == true) facts["starttls_offered"] = said.is_starttls_offered;
  facts["starttls_reply_code"] = code_of(said.of(Verb::StartTls).last_reply);
  return facts;
}

TEST_F(TruthTest, EveryDialogueIsReadAsTheTruthFilesHaveIt) {
  std::size_t compared = 0;
  for (const auto& [path, connections] : truths()) {
    if (path.find("bug-5437-02") != std::string::npos) continue;
    const Observed seen = observe(path, {});
    Sessions sessions = sorted(seen.sessions);
    for (const json& connection : connections) {
      const bool is_mail = connection["smtp_port_role"] == "server_port" || connection["speaks_smtp"] == true;
      std::vector<const Session*>& left = sessions[tuple_of(connection)];
      if (!is_mail) continue;
      if (left.empty()) {
        ADD_FAILURE() << path << " " << connection["stream"] << ": not observed";
        continue;
      }
      compare(path, connection, facts_of(*left.front(), connection), mistakes());
      left.erase(left.begin());
      ++compared;
    }
    for (const auto& [tuple, left] : sessions) {
      for (const Session* const session : left) {
        ADD_FAILURE() << path << " " << session->client.port.number << ">" << session->server.port.number
                      << ": is not known to be mail";
      }
    }
  }
  EXPECT_GT(compared, 300U);
}

}  // namespace
}  // namespace smtpath::test
