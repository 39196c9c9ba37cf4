#include "support/mail_servers.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/lab_process.h"
#include "io/system_error.h"
#include "support/mail_server_files.h"

namespace smtpath::test {

namespace {

constexpr std::chrono::seconds kStartingTime{20};

// Servers that no package may install side by side lie here, unpacked (tools/setup).
const std::string kUnpacked = SMTPATH_TEST_SERVERS;

// What they need of the host that is not there, for them alone: accounts, folders. $1 is the server's folder.
constexpr const char* kPrepare = R"(
n=2500; d=$1; shift
exec >$d/log 2>&1 </dev/null
cp /etc/passwd /etc/group $d
for name in opensmtpd opensmtpq Debian-exim; do
  n=$((n + 1))
  echo "$name:x:$n:$n::/nonexistent:/bin/false" >>$d/passwd
  echo "$name:x:$n:" >>$d/group
done
mount --bind $d/passwd /etc/passwd
mount --bind $d/group /etc/group
for place in /var/lib /var/spool /run; do mount -t tmpfs none $place; done
mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd
chmod 711 /var/spool/smtpd
# Not in this shell's place: the kernel forgets who is to die with its parent when it gives privileges up, and the others
# of this process namespace die with its first.
"$@" || exit 1
)";

// Of the calling process, which becomes the server.
void become(const std::vector<std::string>& argv) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words.front(), words.data());
}

Result<io::LabProcess> run(const io::Lab& lab, int node, const std::string& folder,
                           const std::vector<std::string>& server) {
  std::vector<std::string> argv{"unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                                "sh",      "-e",      "-c",    kPrepare, "prepare",      folder};
  argv.insert(argv.end(), server.begin(), server.end());
  auto process = io::LabProcess::start("mail server", [&](const io::LabParent& parent) {
    const auto entered = lab.enter(node);
    parent.report(entered);
    if (entered) become(argv);
  });
  if (!process) return process.error();
  if (auto report = process.value().await_report(); !report) return report.error();
  return process;
}

std::string log_of(const std::string& folder) {
  std::ostringstream content;
  content << std::ifstream(folder + "/log").rdbuf();
  return content.str();
}

// The kernel's own table of what listens there.
Result<Done> await_ports(const io::Lab& lab, int node, const std::string& folder, const std::vector<MailHost>& hosts) {
  std::string script;
  for (const MailHost& host : hosts) {
    for (const std::string& address : host.addresses) {
      for (const int port : {25, 465, 587}) {
        script += fmt::format("until ss -Hltn src {} | grep -q .; do sleep 0.01; done\n", socket_name(address, port));
      }
    }
  }
  const auto outcome = lab.run_in(node, {.argv = {"sh", "-c", script}, .timeout = kStartingTime});
  if (!outcome) return outcome.error();
  if (outcome.value().timed_out) return Error{"start a mail server: its ports stay closed: " + log_of(folder)};
  return Done{};
}

}  // namespace

MailServer::MailServer(io::LabProcess process, std::string folder) : folder_(std::move(folder)) {
  process_.push_back(std::move(process));
}
MailServer::MailServer(MailServer&& other) noexcept = default;
MailServer& MailServer::operator=(MailServer&& other) noexcept = default;
MailServer::~MailServer() = default;

std::string MailServer::log() const {
  return log_of(folder_);
}

Result<MailServer> MailServer::start_postfix(const io::Lab& lab, int node, const std::string& folder,
                                             const std::vector<MailHost>& hosts) {
  write_postfix_files(folder, hosts);
  auto process = run(lab, node, folder, {"/usr/lib/postfix/sbin/master", "-d", "-c", folder + "/etc"});
  if (!process) return process.error();
  MailServer server(std::move(process).value(), folder);
  if (auto open = await_ports(lab, node, folder, hosts); !open) return open.error();
  return server;
}

Result<MailServer> MailServer::start_exim(const io::Lab& lab, int node, const std::string& folder,
                                          const MailHost& host) {
  const std::string settings = write_exim_files(folder, host);
  auto process = run(lab, node, folder, {kUnpacked + "/exim4-daemon-light/usr/sbin/exim4", "-C", settings, "-bdf"});
  if (!process) return process.error();
  MailServer server(std::move(process).value(), folder);
  if (auto open = await_ports(lab, node, folder, {host}); !open) return open.error();
  return server;
}

Result<MailServer> MailServer::start_opensmtpd(const io::Lab& lab, int node, const std::string& folder,
                                               const MailHost& host) {
  const std::string settings = write_opensmtpd_files(folder, host);
  auto process = run(lab, node, folder,
                     {"env", std::string("LD_PRELOAD=") + SMTPATH_OPENSMTPD_KEYS,
                      kUnpacked + "/opensmtpd/usr/sbin/smtpd", "-d", "-f", settings});
  if (!process) return process.error();
  MailServer server(std::move(process).value(), folder);
  if (auto open = await_ports(lab, node, folder, {host}); !open) return open.error();
  return server;
}

}  // namespace smtpath::test
