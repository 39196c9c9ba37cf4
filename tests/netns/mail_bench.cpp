#include "netns/mail_bench.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace smtpath::test {

namespace {

constexpr std::array kServers{"postfix", "self-signed", "expired", "other-name", "tls-1.2", "tls-1.3", "greet-delay",
                              "exim",    "opensmtpd",   "way-0",   "way-1",      "way-2",   "way-3",   "way-4",
                              "way-5",   "way-6",       "way-7",   "way-8",      "way-9"};
constexpr std::size_t kFirstReal = 11;
constexpr std::size_t kFirstOdd = 31;
constexpr std::size_t kLastNumber = 79;
constexpr int kGreetDelay = 2;
constexpr std::size_t kLargeCertificate = 2500;

IpAddress address(std::size_t number, Family family) {
  const std::string prefix = family == Family::Ipv4 ? "10.9." + std::to_string(kMailServer) + "."
                                                    : "fd09:0:0:" + std::to_string(kMailServer) + "::";
  return *IpAddress::parse(prefix + std::to_string(number));
}

std::size_t number_of(const std::string& server) {
  const auto* const found = std::find(kServers.begin(), kServers.end(), server);
  if (found == kServers.end()) throw std::runtime_error("no such mail server: " + server);
  return kFirstReal + static_cast<std::size_t>(found - kServers.begin());
}

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

CertificateSpec certificate_of(const std::string& server) {
  const std::string name = MailBench::name_of(server);
  CertificateSpec spec{.subject = name, .names = {name}};
  if (server == "self-signed") spec.is_self_signed = true;
  if (server == "expired") spec = {.subject = name, .names = {name}, .begins = -30, .ends = kExpired};
  if (server == "other-name") spec = {.subject = "elsewhere.test", .names = {"elsewhere.test", "*.elsewhere.test"}};
  if (server.rfind("way-", 0) == 0) spec.padding = kLargeCertificate;
  // Another kind than all the others have.
  if (server == "opensmtpd") spec.key = CertificateKey::Rsa2048;
  return spec;
}

bool is_postfix(const std::string& server) {
  return server != "exim" && server != "opensmtpd";
}

}  // namespace

io::LabSpec mail_network() {
  io::LabSpec spec{.routers = kMailRouters};
  std::string addresses;
  for (std::size_t number = kFirstReal; number <= kLastNumber; ++number) {
    addresses += "address add " + to_string(address(number, Family::Ipv4)) + "/24 dev left\n";
    addresses += "address add " + to_string(address(number, Family::Ipv6)) + "/64 dev left nodad\n";
  }
  spec.scripts.push_back({kMailServer, "ip -batch - <<END\n" + addresses + "END\n"});
  return spec;
}

IpAddress odd_address(std::size_t number, Family family) {
  return address(kFirstOdd + number, family);
}

IpAddress MailBench::address_of(const std::string& server, Family family) {
  return address(number_of(server), family);
}

MailBench::MailBench(const std::vector<std::string>& servers, const io::LabSpec& network) : lab_(build(network)) {
  std::ofstream(roots()) << authority_.root();
  std::ofstream names(hosts());
  std::vector<MailHost> postfix;
  for (const std::string& server : servers) {
    const MailHost made = host(server);
    for (const std::string& each : made.addresses) names << each << " " << made.name << "\n";
    if (is_postfix(server)) postfix.push_back(made);
    if (server == "exim") {
      servers_.push_back(value_of(MailServer::start_exim(lab_, kMailServer, folder_for(server), made)));
    }
    if (server == "opensmtpd") {
      servers_.push_back(value_of(MailServer::start_opensmtpd(lab_, kMailServer, folder_for(server), made)));
    }
  }
  if (postfix.empty()) return;
  servers_.push_back(value_of(MailServer::start_postfix(lab_, kMailServer, folder_for("all-postfix"), postfix)));
}

MailHost MailBench::host(const std::string& server) {
  const std::string chain = folder_.file(server + ".pem");
  std::ofstream(chain) << authority_.issue(certificate_of(server));
  MailHost host{.addresses = {to_string(address_of(server)), to_string(address_of(server, Family::Ipv6))},
                .chain_file = chain,
                .name = name_of(server)};
  // Where TLS is mandatory, as on 465, another setting counts.
  const auto limit_tls = [&host](const std::string& versions) {
    for (const char* setting : {"smtpd_tls_protocols = ", "smtpd_tls_mandatory_protocols = "}) {
      host.settings.push_back(setting + versions);
    }
  };
  if (server == "tls-1.2") limit_tls(">=TLSv1.2, <=TLSv1.2");
  if (server == "tls-1.3") limit_tls(">=TLSv1.3");
  if (server == "greet-delay") host.greet_delay_seconds = kGreetDelay;
  return host;
}

std::string MailBench::folder_for(const std::string& server) const {
  std::string path = folder_.file(server);
  std::filesystem::create_directory(path);
  std::filesystem::permissions(folder_.file(""), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  return path;
}

io::LabOutcome MailBench::trace(std::vector<std::string> arguments) const {
  const std::string script = "mount --bind " + hosts() + " /etc/hosts; SSL_CERT_FILE=" + roots() + " exec \"$@\"";
  std::vector<std::string> argv{"unshare", "--mount", "sh", "-e", "-c", script, "trace", kProgram, "trace"};
  argv.insert(argv.end(), std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end()));
  return run_in(lab_, std::move(argv));
}

void MailBench::add_odd(std::size_t number, const OddManner& manner) {
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    odd_.push_back(value_of(OddServer::start(lab_, kMailServer, odd_address(number, family), Port{25}, manner)));
  }
}

void MailBench::name_odd(std::size_t number, const std::string& name) {
  std::ofstream names(hosts(), std::ios::app);
  for (const Family family : {Family::Ipv4, Family::Ipv6}) {
    names << to_string(odd_address(number, family)) << " " << name << "\n";
  }
}

}  // namespace smtpath::test
