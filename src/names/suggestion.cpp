#include "smtpath/names/suggestion.h"

#include <algorithm>
#include <array>

#include "smtpath/names/host_name.h"

namespace smtpath::names {

namespace {

/// What providers tell their customers to enter, and the domains of most mailboxes. The first that fits is suggested.
constexpr std::array kWellKnown{
    std::string_view("smtp.gmail.com"),
    std::string_view("smtp-relay.gmail.com"),
    std::string_view("imap.gmail.com"),
    std::string_view("smtp.googlemail.com"),
    std::string_view("aspmx.l.google.com"),
    std::string_view("gmail-smtp-in.l.google.com"),
    std::string_view("gmail.com"),
    std::string_view("googlemail.com"),
    std::string_view("smtp.office365.com"),
    std::string_view("smtp-mail.outlook.com"),
    std::string_view("outlook.office365.com"),
    std::string_view("smtp.live.com"),
    std::string_view("outlook.com"),
    std::string_view("hotmail.com"),
    std::string_view("live.com"),
    std::string_view("smtp.mail.yahoo.com"),
    std::string_view("smtp.bizmail.yahoo.com"),
    std::string_view("yahoo.com"),
    std::string_view("smtp.aol.com"),
    std::string_view("aol.com"),
    std::string_view("smtp.mail.me.com"),
    std::string_view("icloud.com"),
    std::string_view("smtp.fastmail.com"),
    std::string_view("fastmail.com"),
    std::string_view("smtp.protonmail.ch"),
    std::string_view("mail.protonmail.ch"),
    std::string_view("protonmail.com"),
    std::string_view("smtp.zoho.com"),
    std::string_view("smtp.zoho.eu"),
    std::string_view("mail.gmx.net"),
    std::string_view("mail.gmx.com"),
    std::string_view("gmx.net"),
    std::string_view("gmx.de"),
    std::string_view("smtp.web.de"),
    std::string_view("web.de"),
    std::string_view("smtp.ionos.de"),
    std::string_view("smtp.ionos.com"),
    std::string_view("smtp.1und1.de"),
    std::string_view("smtp.strato.de"),
    std::string_view("securesmtp.t-online.de"),
    std::string_view("t-online.de"),
    std::string_view("smtp.posteo.de"),
    std::string_view("smtp.mailbox.org"),
    std::string_view("smtp.orange.fr"),
    std::string_view("smtp.free.fr"),
    std::string_view("smtp.laposte.net"),
    std::string_view("ssl0.ovh.net"),
    std::string_view("mail.btinternet.com"),
    std::string_view("smtp.comcast.net"),
    std::string_view("comcast.net"),
    std::string_view("smtp.verizon.net"),
    std::string_view("outbound.att.net"),
    std::string_view("smtp.mail.att.net"),
    std::string_view("smtp.mail.ru"),
    std::string_view("mail.ru"),
    std::string_view("smtp.yandex.com"),
    std::string_view("smtp.yandex.ru"),
    std::string_view("yandex.ru"),
    std::string_view("smtp.qq.com"),
    std::string_view("qq.com"),
    std::string_view("smtp.163.com"),
    std::string_view("163.com"),
    std::string_view("smtp.126.com"),
    std::string_view("smtp.sendgrid.net"),
    std::string_view("smtp.mailgun.org"),
    std::string_view("smtp.eu.mailgun.org"),
    std::string_view("smtp.postmarkapp.com"),
    std::string_view("smtp.sparkpostmail.com"),
    std::string_view("smtp.mandrillapp.com"),
    std::string_view("in-v3.mailjet.com"),
    std::string_view("smtp-relay.brevo.com"),
    std::string_view("smtp-relay.sendinblue.com"),
    std::string_view("email-smtp.us-east-1.amazonaws.com"),
    std::string_view("email-smtp.us-west-2.amazonaws.com"),
    std::string_view("email-smtp.eu-west-1.amazonaws.com"),
    std::string_view("email-smtp.eu-central-1.amazonaws.com"),
};

}  // namespace

bool is_one_slip_from(std::string_view name, std::string_view other) {
  if (name.size() > other.size()) std::swap(name, other);
  if (other.size() - name.size() > 1) return false;
  const auto differs = std::mismatch(name.begin(), name.end(), other.begin());
  const std::string_view rest = name.substr(static_cast<std::size_t>(differs.first - name.begin()));
  const std::string_view other_rest = other.substr(static_cast<std::size_t>(differs.second - other.begin()));
  if (name.size() < other.size()) return rest == other_rest.substr(1);
  if (rest.empty()) return false;
  if (rest.substr(1) == other_rest.substr(1)) return true;
  return rest.size() > 1 && rest[0] == other_rest[1] && rest[1] == other_rest[0] &&
         rest.substr(2) == other_rest.substr(2);
}

std::optional<std::string> suggestion_for(std::string_view name) {
  const std::string asked = canonical(name);
  if (std::find(kWellKnown.begin(), kWellKnown.end(), asked) != kWellKnown.end()) return std::nullopt;
  const auto near = std::find_if(kWellKnown.begin(), kWellKnown.end(),
                                 [&](std::string_view known) { return is_one_slip_from(asked, known); });
  if (near == kWellKnown.end()) return std::nullopt;
  return std::string(*near);
}

}  // namespace smtpath::names
