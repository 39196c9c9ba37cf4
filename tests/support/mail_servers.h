#pragma once

// Real mail servers (Postfix, Exim, OpenSMTPD) in the network of a lab's node: 25 and 587 with STARTTLS, 465 with TLS
// at once. Each has a folder and process numbers of its own, and ends with its owner. Needs root and what tools/setup
// installs.

#include <string>
#include <vector>

#include "smtpath/base/result.h"
#include "smtpath/io/lab.h"

namespace smtpath::io {
class LabProcess;
}

namespace smtpath::test {

/// One address of a node, and what its three ports do.
struct MailHost {
  /// IPv4 and, or, IPv6, the node's own.
  std::vector<std::string> addresses;
  /// A file with the key and the chain (PEM).
  std::string chain_file;
  /// Its name in the greeting.
  std::string name = "mx.example.test";
  /// Of Postfix, for each of the three ports: "smtpd_tls_protocols = >=TLSv1.3".
  std::vector<std::string> settings{};
  /// Of Postfix: on port 25 postscreen greets, and keeps a client waiting so long before the end of its greeting.
  int greet_delay_seconds = 0;
};

class MailServer {
 public:
  /// Each returns once its ports are open. `folder` is empty, and takes what the server writes; the lab outlives it.
  /// One Postfix serves all the hosts.
  static Result<MailServer> start_postfix(const io::Lab& lab, int node, const std::string& folder,
                                          const std::vector<MailHost>& hosts);
  static Result<MailServer> start_exim(const io::Lab& lab, int node, const std::string& folder, const MailHost& host);
  static Result<MailServer> start_opensmtpd(const io::Lab& lab, int node, const std::string& folder,
                                            const MailHost& host);

  MailServer(MailServer&& other) noexcept;
  MailServer& operator=(MailServer&& other) noexcept;
  ~MailServer();

  /// What it wrote to its log.
  std::string log() const;

 private:
  MailServer(io::LabProcess process, std::string folder);

  std::vector<io::LabProcess> process_;
  std::string folder_;
};

}  // namespace smtpath::test
