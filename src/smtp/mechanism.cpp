#include "smtp/mechanism.h"

#include <algorithm>
#include <array>

namespace smtpath::smtp {
namespace {

constexpr std::array<std::string_view, 34> kNames{
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "CRAM-SHA1",
    "DIGEST-MD5",
    "NTLM",
    "GSSAPI",
    "GSS-SPNEGO",
    "GS2-KRB5",
    "GS2-KRB5-PLUS",
    "SPNEGO",
    "SPNEGO-PLUS",
    "EXTERNAL",
    "ANONYMOUS",
    "XOAUTH",
    "XOAUTH2",
    "OAUTHBEARER",
    "OAUTH10A",
    "OPENID20",
    "SAML20",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-512-PLUS",
    "SCRAM-SHA3-512",
    "SCRAM-SHA3-512-PLUS",
    "KERBEROS_V4",
    "OTP",
    "SKEY",
    "SECURID",
    "SRP",
    "X-EXPS",
};

}  // namespace

std::string_view mechanism_named(std::string_view name) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  return found == kNames.end() ? kOtherMechanism : *found;
}

}  // namespace smtpath::smtp
