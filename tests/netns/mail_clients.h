#pragma once

// What other programs say of a mail server: openssl s_client, swaks and curl as clients of it, in a lab's client node.

#include <string>
#include <vector>

#include "smtpath/base/address.h"
#include "smtpath/io/lab.h"

namespace smtpath::test {

struct MailAddress {
  IpAddress address;
  /// What the certificate is to be for.
  std::string name;
  int port = 25;
  /// PEM, a file: who is trusted.
  std::string roots;
};

/// Empty where a program does not tell.
struct SecondOpinion {
  /// "220 …" up to its last line; of EHLO inside TLS, what stands behind the codes, without the first line.
  std::vector<std::string> greeting;
  std::vector<std::string> extensions;
  /// "TLSv1.3", "TLS_AES_256_GCM_SHA384".
  std::string version;
  std::string cipher;
  /// The chain leads to a root, and the name fits.
  bool is_verified = false;
  /// OpenSSL's number for what is wrong with the certificate (X509_V_ERR_…); 0: nothing.
  int verify_code = 0;
  /// All it said.
  std::string text;
};

SecondOpinion ask_openssl(const io::Lab& lab, const MailAddress& server);
SecondOpinion ask_swaks(const io::Lab& lab, const MailAddress& server);
SecondOpinion ask_curl(const io::Lab& lab, const MailAddress& server);

}  // namespace smtpath::test
