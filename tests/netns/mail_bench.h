#pragma once

// A lab with mail servers at its end, client - 1 - 2 - server 3, which has an address for each: real ones that are well
// and real ones with one thing wrong, and room for odd ones.

#include <map>
#include <string>
#include <vector>

#include "netns/program.h"
#include "smtpath/io/lab.h"
#include "support/mail_certificates.h"
#include "support/mail_servers.h"
#include "support/odd_server.h"

namespace smtpath::test {

inline constexpr int kMailRouters = 2;
inline constexpr int kMailServer = kMailRouters + 1;

/// The chain with addresses for `odd_hosts` on the server node; rules and the like may be added to it.
io::LabSpec mail_network();
/// Of that network, by number from 0.
IpAddress odd_address(std::size_t number, Family family = Family::Ipv4);

/// Servers that are what their names say: "postfix", "exim", "opensmtpd", and Postfix as "self-signed", "expired",
/// "other-name", "tls-1.2", "tls-1.3", "greet-delay" (postscreen); and any number of healthy ones, for trouble on the
/// way to them: "way-0" to "way-9", whose certificates are so large that no packet of 1,000 bytes holds one. Their mail
/// names end in .example.test.
class MailBench {
 public:
  /// `servers`: which of them to start. Throws why it cannot.
  explicit MailBench(const std::vector<std::string>& servers, const io::LabSpec& network = mail_network());

  const io::Lab& lab() const { return lab_; }
  CertificateAuthority& authority() { return authority_; }
  /// PEM, a file: who is trusted.
  std::string roots() const { return folder_.file("roots.pem"); }
  /// In the format of /etc/hosts.
  std::string hosts() const { return folder_.file("hosts"); }
  static std::string name_of(const std::string& server) { return server + ".example.test"; }
  static IpAddress address_of(const std::string& server, Family family = Family::Ipv4);

  /// Runs the program in the client: it trusts the authority and knows the servers' names.
  io::LabOutcome trace(std::vector<std::string> arguments) const;

  /// On port 25 of odd_address(number), both families.
  void add_odd(std::size_t number, const OddManner& manner);
  /// Gives its addresses a name too.
  void name_odd(std::size_t number, const std::string& name);

 private:
  MailHost host(const std::string& server);
  std::string folder_for(const std::string& server) const;

  Folder folder_;
  CertificateAuthority authority_;
  io::Lab lab_;
  std::vector<MailServer> servers_;
  std::vector<OddServer> odd_;
};

}  // namespace smtpath::test
