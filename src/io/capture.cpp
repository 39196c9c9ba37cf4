#include "smtpath/io/capture.h"

#include <pcap/pcap.h>

#include <array>
#include <utility>

#include "io/capture_format.h"
#include "smtpath/io/privileges.h"
#include "smtpath/io/routes.h"

namespace smtpath::io {

namespace {

constexpr const char* kAllInterfaces = "any";
constexpr int kBufferBytes = 16 << 20;

struct CloseHandle {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using PcapMessage = std::array<char, PCAP_ERRBUF_SIZE>;
using Handle = std::unique_ptr<pcap_t, CloseHandle>;

}  // namespace

struct Capture::State {
  Handle handle;
  std::string interface;
  std::uint64_t delivered = 0;
  std::uint64_t dropped = 0;
  /// pcap counts from the opening on; ours begin with the filter.
  std::uint64_t dropped_before_filter = 0;

  Error failure(const char* reason) const { return Error{"capture on " + interface + ": " + reason}; }
  Error failure() const { return failure(pcap_geterr(handle.get())); }

  /// As last known where the interface is gone.
  std::uint64_t dropped_since_opening() {
    pcap_stat counts{};
    if (pcap_stats(handle.get(), &counts) == 0) dropped = std::uint64_t{counts.ps_drop} + counts.ps_ifdrop;
    return dropped;
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
    PcapMessage message{};
    if (pcap_setnonblock(pcap, 1, message.data()) != 0) return failure(message.data());
    return Done{};
  }

  Result<Done> install(bpf_program& program) {
    if (pcap_setfilter(handle.get(), &program) != 0) return failure();
    delivered = 0;
    dropped_before_filter = dropped_since_opening();
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
  PcapMessage message{};
  state->handle = Handle(pcap_create(state->interface.c_str(), message.data()));
  if (!state->handle) return state->failure(message.data());
  if (const auto done = state->activate(); !done.ok()) return done.error();
  if (const auto done = state->pass_nothing(); !done.ok()) return done.error();
  return Capture(std::move(state));
}

int Capture::descriptor() const {
  return pcap_get_selectable_fd(state_->handle.get());
}

LinkType Capture::link() const {
  return to_link_type(static_cast<std::uint32_t>(pcap_datalink(state_->handle.get())));
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
    const auto fraction =
        to.has_nanoseconds ? Duration(header->ts.tv_usec) : Duration(std::chrono::microseconds(header->ts.tv_usec));
    to.handler(Frame{.time = Time{std::chrono::seconds(header->ts.tv_sec) + fraction},
                     .link = to.link,
                     .bytes = std::as_bytes(std::span(bytes, header->caplen)),
                     .original_length = header->len,
                     .refused = std::nullopt});
  };
  const int count = pcap_dispatch(pcap, static_cast<int>(limit), deliver, reinterpret_cast<u_char*>(&delivery));
  if (count < 0) return state_->failure();
  state_->delivered += static_cast<std::uint64_t>(count);
  return static_cast<std::size_t>(count);
}

CaptureStatistics Capture::statistics() const {
  // pcap's own count of packets received has those on the loopback interface twice.
  return {.received = state_->delivered, .dropped = state_->dropped_since_opening() - state_->dropped_before_filter};
}

}  // namespace smtpath::io
