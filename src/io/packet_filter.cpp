#include "smtpath/io/packet_filter.h"

#include <pcap/pcap.h>

#include <map>
#include <optional>
#include <utility>

namespace smtpath::io {

namespace {

constexpr std::size_t kMostLinkTypes = 512;

struct Close {
  void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};

/// libpcap's own numbers differ from those of files for a few old link types.
int to_dlt(LinkType link) {
  constexpr auto kAtm = static_cast<LinkType>(100);
  if (link == LinkType::Raw) return DLT_RAW;
  if (link == kAtm) return DLT_ATM_RFC1483;
  return static_cast<int>(link);
}

/// An expression for frames of one link type.
class Program {
 public:
  static Result<Program> compile(const std::string& expression, LinkType link) {
    constexpr int kLongestPacket = 262'144;
    const std::unique_ptr<pcap_t, Close> pcap(pcap_open_dead(to_dlt(link), kLongestPacket));
    if (!pcap) return Error{"out of memory"};
    Program program;
    constexpr int kOptimised = 1;
    if (pcap_compile(pcap.get(), &program.code_, expression.c_str(), kOptimised, PCAP_NETMASK_UNKNOWN) != 0) {
      return Error{pcap_geterr(pcap.get())};
    }
    return program;
  }

  Program(Program&& other) noexcept : code_(std::exchange(other.code_, {})) {}
  Program& operator=(Program&& other) noexcept {
    std::swap(code_, other.code_);
    return *this;
  }
  ~Program() { pcap_freecode(&code_); }

  bool matches(const Frame& frame) const {
    // An empty span may have no address, which the interpreter must not see.
    static constexpr u_char kNothing = 0;
    const auto* bytes = static_cast<const u_char*>(static_cast<const void*>(frame.bytes.data()));
    const auto captured = static_cast<bpf_u_int32>(frame.bytes.size());
    return bpf_filter(code_.bf_insns, bytes == nullptr ? &kNothing : bytes, frame.original_length, captured) != 0;
  }

 private:
  Program() = default;

  bpf_program code_{};
};

}  // namespace

struct PacketFilter::State {
  std::string expression;
  /// None for a link type that the expression cannot be compiled for.
  std::map<LinkType, std::optional<Program>> programs;
  LinkType last_link = LinkType::Ethernet;
  const Program* last = nullptr;

  bool add(LinkType link, Result<Program> program) {
    const bool is_compiled = program.ok();
    programs.emplace(link, is_compiled ? std::optional(std::move(program).value()) : std::nullopt);
    return is_compiled;
  }

  /// Not owned; null when there is none for this link type.
  const Program* program_for(LinkType link) {
    auto found = programs.find(link);
    if (found == programs.end() && programs.size() < kMostLinkTypes) {
      add(link, Program::compile(expression, link));
      found = programs.find(link);
    }
    return found == programs.end() || !found->second ? nullptr : &*found->second;
  }
};

PacketFilter::PacketFilter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PacketFilter::PacketFilter(PacketFilter&&) noexcept = default;
PacketFilter& PacketFilter::operator=(PacketFilter&&) noexcept = default;
PacketFilter::~PacketFilter() = default;

Result<PacketFilter> PacketFilter::compile(const std::string& expression) {
  auto state = std::make_unique<State>();
  state->expression = expression;
  auto first = Program::compile(expression, LinkType::Ethernet);
  const std::string problem = first.ok() ? std::string() : first.error().message;
  bool is_sound = state->add(LinkType::Ethernet, std::move(first));
  constexpr auto kWireless = static_cast<LinkType>(127);
  for (const LinkType link : {LinkType::LinuxSll, LinkType::LinuxSll2, LinkType::Raw, kWireless}) {
    is_sound = is_sound || state->add(link, Program::compile(expression, link));
  }
  if (!is_sound) return Error{"filter \"" + expression + "\": " + problem};
  state->last = state->program_for(state->last_link);
  return PacketFilter(std::move(state));
}

bool PacketFilter::matches(const Frame& frame) {
  State& state = *state_;
  if (frame.link != state.last_link) {
    state.last_link = frame.link;
    state.last = state.program_for(frame.link);
  }
  return state.last != nullptr && state.last->matches(frame);
}

}  // namespace smtpath::io
