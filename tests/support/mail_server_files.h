#pragma once

// The settings of real mail servers, and the folders that they want, as files. Errors are exceptions of the standard
// library.

#include <string>
#include <vector>

#include "support/mail_servers.h"

namespace smtpath::test {

/// "10.9.3.1:25", "[fd09:0:0:3::1]:25".
std::string socket_name(const std::string& address, int port);

/// Its configuration is <folder>/etc.
void write_postfix_files(const std::string& folder, const std::vector<MailHost>& hosts);

/// Each returns the file with the settings.
std::string write_exim_files(const std::string& folder, const MailHost& host);
std::string write_opensmtpd_files(const std::string& folder, const MailHost& host);

}  // namespace smtpath::test
