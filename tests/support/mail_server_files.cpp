#include "support/mail_server_files.h"

#include <fmt/core.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace smtpath::test {

namespace {

namespace fs = std::filesystem;

void write(const std::string& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

// Servers that give their privileges up look into their folder from outside.
void open_to_all(const std::string& folder) {
  fs::permissions(folder, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec |
                              fs::perms::group_read | fs::perms::others_read);
}

void give(const std::string& folder, const char* user, const char* group) {
  const passwd* const account = getpwnam(user);
  const ::group* const members = getgrnam(group);
  if (account == nullptr || members == nullptr) throw std::runtime_error("Postfix is not installed: no such accounts");
  if (chown(folder.c_str(), account->pw_uid, members->gr_gid) != 0) throw std::runtime_error("give away " + folder);
}

constexpr const char* kPostfixMain = R"(compatibility_level = 3.6
queue_directory = {0}/queue
data_directory = {0}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = all
inet_protocols = all
mydestination =
local_recipient_maps =
default_database_type = hash
smtpd_peername_lookup = no
smtpd_tls_security_level = may
maillog_file = {0}/log
maillog_file_prefixes = {0}
)";

constexpr const char* kPostfixServices = R"(tlsmgr unix - - n 1000? 1 tlsmgr
tlsproxy unix - - n - 0 tlsproxy
dnsblog unix - - n - 0 dnsblog
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
)";

std::string as_options(const MailHost& host) {
  std::string options =
      fmt::format(" -o {{ myhostname = {} }} -o {{ smtpd_tls_chain_files = {} }}", host.name, host.chain_file);
  for (const std::string& setting : host.settings) options += fmt::format(" -o {{ {} }}", setting);
  return options;
}

// postscreen hands a client that it lets pass to a service by name: one for each host that has it.
std::string port_25(const MailHost& host, const std::string& address, const std::string& behind) {
  const std::string socket = socket_name(address, 25);
  if (host.greet_delay_seconds == 0) return fmt::format("{} inet n - n - - smtpd{}\n", socket, as_options(host));
  return fmt::format(
      "{0} inet n - n - 1 postscreen{1} -o postscreen_greet_wait={2}s -o postscreen_greet_action=enforce"
      " -o postscreen_access_list= -o smtpd_service_name={3} -o postscreen_cache_map=\n"
      "{3} pass - - n - - smtpd{1}\n",
      socket, as_options(host), host.greet_delay_seconds, behind);
}

std::string services_of(const std::vector<MailHost>& hosts) {
  std::string services = kPostfixServices;
  int number = 0;
  for (const MailHost& host : hosts) {
    for (const std::string& address : host.addresses) {
      services += port_25(host, address, fmt::format("smtpd{}", number++));
      services += fmt::format("{} inet n - n - - smtpd{} -o smtpd_tls_wrappermode=yes\n", socket_name(address, 465),
                              as_options(host));
      services += fmt::format("{} inet n - n - - smtpd{}\n", socket_name(address, 587), as_options(host));
    }
  }
  return services;
}

}  // namespace

std::string socket_name(const std::string& address, int port) {
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

void write_postfix_files(const std::string& folder, const std::vector<MailHost>& hosts) {
  open_to_all(folder);
  for (const char* name : {"etc", "data", "queue", "queue/pid"}) fs::create_directories(folder + "/" + name);
  give(folder + "/data", "postfix", "root");
  for (const char* name :
       {"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"}) {
    fs::create_directories(folder + "/queue/" + name);
    give(folder + "/queue/" + name, "postfix", "root");
  }
  for (const char* name : {"maildrop", "public"}) {
    fs::create_directories(folder + "/queue/" + name);
    give(folder + "/queue/" + name, "postfix", "postdrop");
  }
  write(folder + "/etc/main.cf", fmt::format(fmt::runtime(kPostfixMain), folder));
  write(folder + "/etc/master.cf", services_of(hosts));
}

std::string write_exim_files(const std::string& folder, const MailHost& host) {
  open_to_all(folder);
  std::string interfaces = "<";
  for (const std::string& address : host.addresses) interfaces += "; " + address + " ";
  fs::create_directories(folder + "/spool");
  std::string file = folder + "/exim.conf";
  write(file, fmt::format(R"(exim_user = root
exim_group = root
never_users =
spool_directory = {0}/spool
log_file_path = {0}/log-%s
pid_file_path = {0}/pid
primary_hostname = {1}
local_interfaces = {2}
daemon_smtp_ports = 25 : 465 : 587
tls_on_connect_ports = 465
tls_advertise_hosts = *
tls_certificate = {3}
tls_privatekey = {3}
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
)",
                          folder, host.name, interfaces, host.chain_file));
  return file;
}

std::string write_opensmtpd_files(const std::string& folder, const MailHost& host) {
  open_to_all(folder);
  // It wants the key in a file of its own, which nobody else can read.
  for (const char* name : {"key", "chain"}) fs::copy_file(host.chain_file, folder + "/" + name);
  fs::permissions(folder + "/key", fs::perms::owner_read | fs::perms::owner_write);
  std::string settings = fmt::format("pki {0} cert \"{1}/chain\"\npki {0} key \"{1}/key\"\n", host.name, folder);
  for (const std::string& address : host.addresses) {
    settings += fmt::format(
        "listen on {0} port 25 tls pki {1} hostname {1}\nlisten on {0} port 465 smtps pki {1} hostname {1}\n"
        "listen on {0} port 587 tls pki {1} hostname {1}\n",
        address, host.name);
  }
  std::string file = folder + "/smtpd.conf";
  write(file, settings + "match from any for any reject\n");
  return file;
}

}  // namespace smtpath::test
