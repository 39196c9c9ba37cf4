#include "smtpath/io/privileges.h"

#include <cap-ng.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <vector>

#include "io/system_error.h"

namespace smtpath::io {

namespace {

struct User {
  std::string name;
  uid_t id = 0;
  gid_t group = 0;
};

/// Of the password database; `look_up` is getpwnam_r or getpwuid_r.
template <class LookUp, class Key>
Result<std::optional<User>> find_user(LookUp look_up, const Key& key) {
  constexpr std::size_t kMaxEntry = 1 << 20;
  std::vector<char> buffer(1024);
  for (;;) {
    passwd entry{};
    passwd* found = nullptr;
    const int error = look_up(key, &entry, buffer.data(), buffer.size(), &found);
    if (error == ERANGE && buffer.size() < kMaxEntry) {
      buffer.resize(buffer.size() * 2);
    } else if (found != nullptr) {
      return std::optional(User{found->pw_name, found->pw_uid, found->pw_gid});
    } else if (error == 0 || error == ENOENT || error == ESRCH) {
      return std::optional<User>();
    } else if (error != EINTR) {
      return system_error("read the user database", error);
    }
  }
}

std::string name_of_this_user() {
  const auto user = find_user(getpwuid_r, geteuid());
  return user.ok() && user.value() ? user.value()->name : std::to_string(geteuid());
}

void choose_raw_capability_alone() {
  capng_clear(CAPNG_SELECT_ALL);
  capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED), CAP_NET_RAW);
}

Error failed(std::string_view operation) {
  return system_error(operation, errno);
}

/// A parent may have asked that we die with it; the kernel forgets that when the user changes.
class DeathWithParent {
 public:
  DeathWithParent() { ::prctl(PR_GET_PDEATHSIG, &signal_); }
  DeathWithParent(const DeathWithParent&) = delete;
  DeathWithParent& operator=(const DeathWithParent&) = delete;
  ~DeathWithParent() {
    if (signal_ == 0) return;
    ::prctl(PR_SET_PDEATHSIG, signal_);
    if (::getppid() != parent_) ::raise(signal_);
  }

 private:
  pid_t parent_ = ::getppid();
  int signal_ = 0;
};

}  // namespace

bool has_raw_capability() {
  capng_clear(CAPNG_SELECT_ALL);
  return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW) == 1;
}

Error missing_raw_capability(std::string_view operation) {
  std::vector<char> program(4096);
  const ssize_t length = ::readlink("/proc/self/exe", program.data(), program.size());
  const std::string file = length > 0 ? std::string(program.data(), static_cast<std::size_t>(length)) : "FILE";
  return Error{std::string(operation) +
               ": needs CAP_NET_RAW: run it with sudo, or give it for good with \"setcap cap_net_raw+ep " + file +
               "\""};
}

Result<std::string> assume_user(const std::string& name) {
  if (!has_raw_capability()) return missing_raw_capability("become user " + name);
  if (geteuid() != 0) {
    choose_raw_capability_alone();
    if (capng_apply(CAPNG_SELECT_CAPS) != 0) return failed("drop capabilities");
    return name_of_this_user();
  }
  const auto user = find_user(getpwnam_r, name.c_str());
  if (!user.ok()) return user.error();
  if (!user.value()) return Error{"become user " + name + ": no such user"};
  const DeathWithParent kept;
  choose_raw_capability_alone();
  const auto flags = static_cast<capng_flags_t>(CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT);
  if (const int status =
          capng_change_id(static_cast<int>(user.value()->id), static_cast<int>(user.value()->group), flags);
      status != 0) {
    return Error{"become user " + name + ": capng_change_id: " + std::to_string(status)};
  }
  return user.value()->name;
}

Result<Done> drop_all() {
  capng_clear(CAPNG_SELECT_ALL);
  // Needs CAP_SETPCAP, which may be gone already.
  capng_apply(CAPNG_SELECT_BOUNDS);
  capng_clear(CAPNG_SELECT_ALL);
  if (capng_apply(CAPNG_SELECT_CAPS) != 0 || capng_apply(CAPNG_SELECT_AMBIENT) != 0) return failed("drop capabilities");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("forbid new privileges");
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("close this process to others");
  if (has_raw_capability()) return Error{"drop capabilities: CAP_NET_RAW is still there"};
  return Done{};
}

}  // namespace smtpath::io
