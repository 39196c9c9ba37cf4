#include "io/unbound_context.h"

#include <unbound.h>

#include <array>
#include <csignal>
#include <map>
#include <span>
#include <utility>

#include "io/dns_records.h"

namespace smtpath::io {

namespace {

using facts::LookupResult;

constexpr int kInternet = 1;
constexpr int kDnskey = 48;
constexpr int kNxDomain = 3;
/// What a validator has to say on a failure is for one line.
constexpr std::size_t kLongestReason = 300;

struct Option {
  const char* name;
  const char* value;
};
/// The caches are for one run; resolvers on this host and names of private networks are as good as any.
constexpr std::array kOptions{
    Option{"do-not-query-localhost:", "no"}, Option{"unblock-lan-zones:", "yes"},
    Option{"insecure-lan-zones:", "yes"},    Option{"msg-cache-size:", "1m"},
    Option{"rrset-cache-size:", "2m"},       Option{"key-cache-size:", "1m"},
    Option{"neg-cache-size:", "256k"},       Option{"trust-anchor-signaling:", "no"},
    Option{"root-key-sentinel:", "no"},      Option{"aggressive-nsec:", "no"},
};
/// Names that libunbound would answer of its own.
constexpr std::array kOwnZones{"test.", "invalid.", "onion.", "home.arpa."};

/// Signals are for the threads of the program: one that came here would be nobody's.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

std::string without_final_dot(std::string name) {
  if (name.size() > 1 && name.ends_with('.')) name.pop_back();
  return name;
}

void read_records(const ub_result& found, facts::RecordType type, UnboundAnswer& answer) {
  if (found.data == nullptr) return;
  for (std::size_t i = 0; found.data[i] != nullptr; ++i) {
    const std::span bytes(found.data[i], static_cast<std::size_t>(found.len[i]));
    if (answer.records.size() == facts::kMostRecords) {
      ++answer.left_out;
    } else if (auto record = read_record(type, std::as_bytes(bytes))) {
      answer.records.push_back(*std::move(record));
    }
  }
}

UnboundAnswer answer_of(const ub_result& found, facts::RecordType type) {
  UnboundAnswer answer;
  if (found.rcode == kNxDomain) {
    answer.result = LookupResult::NxDomain;
  } else if (found.rcode == 0) {
    answer.result = found.havedata != 0 ? LookupResult::Ok : LookupResult::NoData;
  }
  answer.is_secure = found.secure != 0;
  answer.is_bogus = found.bogus != 0;
  if (found.why_bogus != nullptr) answer.why_bogus = std::string(found.why_bogus).substr(0, kLongestReason);
  if (found.canonname != nullptr) answer.canonical = without_final_dot(found.canonname);
  read_records(found, type, answer);
  return answer;
}

}  // namespace

struct UnboundContext::State {
  struct Asked {
    State* owner = nullptr;
    Ticket ticket = 0;
    int id = 0;
    facts::RecordType type = facts::RecordType::A;
    Take take;
  };

  explicit State(ub_ctx* made) : context(made, &ub_ctx_delete) {}

  std::optional<Ticket> ask(const std::string& name, int type_number, facts::RecordType type, Take take);
  static void arrive(void* asked, int error, ub_result* found);

  /// Callbacks point into it, so that it goes last.
  std::map<Ticket, Asked> asked;
  std::unique_ptr<ub_ctx, decltype(&ub_ctx_delete)> context;
  Ticket next = 1;
};

std::optional<UnboundContext::Ticket> UnboundContext::State::ask(const std::string& name, int type_number,
                                                                 facts::RecordType type, Take take) {
  const NoSignals masked;
  const Ticket ticket = next++;
  Asked& entry = asked[ticket];
  entry = {.owner = this, .ticket = ticket, .id = 0, .type = type, .take = std::move(take)};
  int id = 0;
  if (ub_resolve_async(context.get(), name.c_str(), type_number, kInternet, &entry, &State::arrive, &id) != 0) {
    asked.erase(ticket);
    return std::nullopt;
  }
  if (const auto waiting = asked.find(ticket); waiting != asked.end()) waiting->second.id = id;
  return ticket;
}

void UnboundContext::State::arrive(void* asked, int error, ub_result* found) {
  const std::unique_ptr<ub_result, decltype(&ub_resolve_free)> result(found, &ub_resolve_free);
  auto& entry = *static_cast<Asked*>(asked);
  UnboundAnswer answer;
  if (error == 0 && result) answer = answer_of(*result, entry.type);
  const Take take = std::move(entry.take);
  entry.owner->asked.erase(entry.ticket);
  take(std::move(answer));
}

std::unique_ptr<UnboundContext> UnboundContext::create(const DnsServer& server,
                                                       const std::vector<std::string>& anchors) {
  auto state = std::make_unique<State>(ub_ctx_create());
  ub_ctx* const context = state->context.get();
  if (context == nullptr) return nullptr;
  ub_ctx_debugout(context, nullptr);
  ub_ctx_async(context, /*dothread=*/1);
  for (const Option& option : kOptions) ub_ctx_set_option(context, option.name, option.value);
  if (anchors.empty()) ub_ctx_set_option(context, "module-config:", "iterator");
  if (ub_ctx_set_fwd(context, server.text.c_str()) != 0) return nullptr;
  for (const std::string& anchor : anchors) {
    if (ub_ctx_add_ta(context, anchor.c_str()) != 0) return nullptr;
  }
  // No option can be set after this.
  for (const char* zone : kOwnZones) ub_ctx_zone_remove(context, zone);
  return std::unique_ptr<UnboundContext>(new UnboundContext(std::move(state)));
}

UnboundContext::UnboundContext(std::unique_ptr<State> state) : state_(std::move(state)) {}
UnboundContext::~UnboundContext() = default;

std::optional<UnboundContext::Ticket> UnboundContext::ask(const facts::Question& question, Take take) {
  return state_->ask(question.name, type_number(question.type), question.type, std::move(take));
}

std::optional<UnboundContext::Ticket> UnboundContext::ask_for_keys(const std::string& zone, Take take) {
  return state_->ask(zone, kDnskey, facts::RecordType::Tlsa, std::move(take));
}

void UnboundContext::cancel(Ticket ticket) {
  const auto entry = state_->asked.find(ticket);
  if (entry == state_->asked.end()) return;
  ub_cancel(state_->context.get(), entry->second.id);
  state_->asked.erase(entry);
}

int UnboundContext::descriptor() const {
  return ub_fd(state_->context.get());
}

bool UnboundContext::is_busy() const {
  return !state_->asked.empty();
}

void UnboundContext::process() {
  ub_process(state_->context.get());
}

}  // namespace smtpath::io
