#include "smtpath/io/capture.h"

#include <pcap/pcap.h>

#include <utility>

#include "smtpath/io/privileges.h"
#include "smtpath/io/routes.h"

namespace smtpath::io {

namespace {

constexpr const char* kAllInterfaces = "any";
constexpr int kBufferBytes = 16 << 20;

struct CloseHandle {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using Handle = std::unique_ptr<pcap_t, CloseHandle>;

/// DLT numbers are those of the LINKTYPE registry but for raw IP, whose DLT differs between systems.
LinkType to_link_type(int dlt) {
  return dlt == DLT_RAW ? LinkType::Raw : static_cast<LinkType>(dlt);
}

}  // namespace

struct Capture::State {
  Handle handle;
  std::string interface;
  /// pcap counts from the opening on; ours begin with the filter.
  CaptureStatistics before_filter;

  Error failure() const { return Error{"capture on " + interface + ": " + pcap_geterr(handle.get())}; }

  CaptureStatistics counts() const {
    pcap_stat counts{};
    if (pcap_stats(handle.get(), &counts) != 0) return {};
    return {.received = counts.ps_recv, .dropped = std::uint64_t{counts.ps_drop} + counts.ps_ifdrop};
  }

  Result<Done> activate() {
    pcap_t* pcap = handle.get();
    pcap_set_snaplen(pcap, kSnapLength);
    pcap_set_promisc(pcap, 0);
    pcap_set_immediate_mode(pcap, 1);
    pcap_set_buffer_size(pcap, kBufferBytes);
    // Where it is refused, microseconds remain.
    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);

    const int status = pcap_activate(pcap);
    if (status == PCAP_ERROR_PERM_DENIED) return missing_raw_capability("capture on " + interface);
    if (status < 0) return failure();
    if (interface == kAllInterfaces && pcap_set_datalink(pcap, DLT_LINUX_SLL2) != 0) return failure();
    char message[PCAP_ERRBUF_SIZE] = {};
    if (pcap_setnonblock(pcap, 1, message) != 0) return Error{"capture on " + interface + ": " + message};
    return Done{};
  }

  Result<Done> install(bpf_program& program) {
    if (pcap_setfilter(handle.get(), &program) != 0) return failure();
    before_filter = counts();
    return Done{};
  }

  /// So that a busy host does not fill the buffer with what nobody asked for.
  Result<Done> pass_nothing() {
    bpf_insn reject = BPF_STMT(BPF_RET | BPF_K, 0);
    bpf_program program{.bf_len = 1, .bf_insns = &reject};
    return install(program);
  }
};

Capture::Capture(std::unique_ptr<State> state) : state_(std::move(state)) {}
Capture::Capture(Capture&&) noexcept = default;
Capture& Capture::operator=(Capture&&) noexcept = default;
Capture::~Capture() = default;

Result<Capture> Capture::open(const std::optional<std::string>& interface) {
  auto state = std::make_unique<State>();
  state->interface = interface.value_or(kAllInterfaces);
  // libpcap takes names that are no network interface ("nflog", "usbmon0").
  if (state->interface != kAllInterfaces) {
    if (const auto index = interface_index(state->interface); !index.ok()) return index.error();
  }
  char message[PCAP_ERRBUF_SIZE] = {};
  state->handle = Handle(pcap_create(state->interface.c_str(), message));
  if (!state->handle) return Error{"capture on " + state->interface + ": " + message};
  if (const auto done = state->activate(); !done.ok()) return done.error();
  if (const auto done = state->pass_nothing(); !done.ok()) return done.error();
  return Capture(std::move(state));
}

int Capture::descriptor() const {
  return pcap_get_selectable_fd(state_->handle.get());
}

LinkType Capture::link() const {
  return to_link_type(pcap_datalink(state_->handle.get()));
}

const std::string& Capture::interface() const {
  return state_->interface;
}

Result<Done> Capture::set_filter(const std::string& expression) {
  bpf_program program{};
  pcap_t* pcap = state_->handle.get();
  if (pcap_compile(pcap, &program, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return Error{"filter \"" + expression + "\": " + pcap_geterr(pcap)};
  }
  auto done = state_->install(program);
  pcap_freecode(&program);
  return done;
}

Result<std::size_t> Capture::read(const std::function<void(const Frame&)>& handler, std::size_t limit) {
  struct Delivery {
    const std::function<void(const Frame&)>& handler;
    LinkType link;
    bool has_nanoseconds;
  };
  pcap_t* pcap = state_->handle.get();
  Delivery delivery{handler, link(), pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO};

  const auto deliver = [](u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
    const auto& to = *reinterpret_cast<const Delivery*>(user);
    const auto fraction = to.has_nanoseconds ? Duration(header->ts.tv_usec)
                                             : Duration(std::chrono::microseconds(header->ts.tv_usec));
    to.handler(Frame{.time = Time{std::chrono::seconds(header->ts.tv_sec) + fraction},
                     .link = to.link,
                     .bytes = std::as_bytes(std::span(bytes, header->caplen)),
                     .original_length = header->len,
                     .refused = std::nullopt});
  };
  const int count =
      pcap_dispatch(pcap, static_cast<int>(limit), deliver, reinterpret_cast<u_char*>(&delivery));
  if (count < 0) return state_->failure();
  return static_cast<std::size_t>(count);
}

CaptureStatistics Capture::statistics() const {
  const CaptureStatistics counts = state_->counts();
  return {.received = counts.received - state_->before_filter.received,
          .dropped = counts.dropped - state_->before_filter.dropped};
}

}  // namespace smtpath::io
