#include "support/visits.h"

namespace smtpath::test {

using facts::TlsEnd;
using smtp::Reply;
using smtp::VisitEnd;
using smtp::VisitStage;
using verdict::MailFacts;

using namespace std::chrono_literals;

namespace {

facts::TlsResult good_tls() {
  facts::TlsResult tls;
  tls.end = TlsEnd::Established;
  tls.version = "TLSv1.3";
  tls.cipher = "TLS_AES_256_GCM_SHA384";
  tls.chain = {{.subject = "CN=mx.example.com",
                .issuer = "CN=Test CA",
                .names = {"mx.example.com"},
                .not_before = kVisitTime - 24h,
                .not_after = kVisitTime + 24h * 90,
                .bytes = 600}};
  tls.chain_length = 1;
  tls.trust = facts::Trust::Trusted;
  tls.matched_name = "mx.example.com";
  tls.client_hello_bytes = 300;
  tls.received_bytes = 1500;
  return tls;
}

}  // namespace

MailFacts healthy_visit() {
  MailFacts facts;
  facts.port = Port{587};
  facts.names = {"mx.example.com"};
  facts.at = kVisitTime;
  facts.stage = VisitStage::Quit;
  facts.end = VisitEnd::Done;
  facts.greeting = Reply{220, "mx.example.com ESMTP"};
  facts.ehlo = Reply{250, "mx.example.com"};
  facts.extensions = {"PIPELINING", "STARTTLS"};
  facts.extensions_in_tls = {"PIPELINING"};
  facts.is_starttls_offered = true;
  facts.is_starttls_asked = true;
  facts.starttls = Reply{220, "Ready"};
  facts.last_reply = Reply{221, "Bye"};
  facts.tls = good_tls();
  return facts;
}

MailFacts visit_in_the_clear(VisitStage stage, VisitEnd end) {
  MailFacts facts = healthy_visit();
  facts.stage = stage;
  facts.end = end;
  facts.tls.reset();
  facts.starttls.reset();
  facts.is_starttls_asked = false;
  facts.extensions_in_tls.clear();
  if (stage == VisitStage::Greeting) {
    facts.greeting.reset();
    facts.last_reply.reset();
  }
  if (stage <= VisitStage::Ehlo) {
    facts.ehlo.reset();
    facts.extensions.clear();
    facts.is_starttls_offered = false;
  }
  return facts;
}

MailFacts visit_with_tls_ended(TlsEnd end) {
  MailFacts facts = healthy_visit();
  facts.stage = VisitStage::Tls;
  facts.end = VisitEnd::TlsFailed;
  facts.tls->end = end;
  facts.tls->chain.clear();
  facts.tls->trust = facts::Trust::BadChain;
  facts.tls->matched_name.clear();
  facts.waited = 30s;
  return facts;
}

}  // namespace smtpath::test
