#include "smtpath/path/flow_mark.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace smtpath::path {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;
using Block = std::array<unsigned char, 16>;

constexpr std::string_view kPurpose = "smtpath flow marks";
/// Four make a Feistel network of pseudorandom functions a pseudorandom permutation (Luby and Rackoff, 1988); halves as
/// short as these want more.
constexpr int kRounds = 8;
constexpr int kTimestampRound = 0xff;
constexpr unsigned kHalfBits = 16;
constexpr std::uint32_t kHalf = 0xffff;

constexpr unsigned kSlotBits = std::bit_width(kMostSlots - 1);
constexpr unsigned kPortBits = std::bit_width(kMostPorts - 1);
static_assert(kMostSlots * kMostPorts * kMostTargets == std::size_t{1} << 32U);

Digest keyed_digest(const HashKey& key, std::span<const unsigned char> message) {
  Digest digest{};
  unsigned int length = 0;
  [[maybe_unused]] const unsigned char* result = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                                      message.data(), message.size(), digest.data(), &length);
  assert(result != nullptr);
  return digest;
}

std::uint32_t first_number(std::span<const unsigned char> bytes) {
  std::uint32_t number = 0;
  for (const unsigned char byte : bytes.first(sizeof number)) number = number << 8U | byte;
  return number;
}

std::uint32_t number_of(const FlowIndex& flow) {
  assert(flow.slot < kMostSlots && flow.port < kMostPorts && flow.target < kMostTargets);
  return static_cast<std::uint32_t>(((flow.target << kPortBits | flow.port) << kSlotBits) | flow.slot);
}

FlowIndex flow_of(std::uint32_t number) {
  return {.target = number >> (kSlotBits + kPortBits),
          .port = number >> kSlotBits & (kMostPorts - 1),
          .slot = static_cast<std::uint8_t>(number & (kMostSlots - 1))};
}

}  // namespace

/// AES-128 of one block as a pseudorandom function, with a key drawn from the run's.
class FlowMarks::Cipher {
 public:
  explicit Cipher(const HashKey& key) : context_(EVP_CIPHER_CTX_new()) {
    std::vector<unsigned char> purpose(kPurpose.begin(), kPurpose.end());
    const Digest drawn = keyed_digest(key, purpose);
    [[maybe_unused]] const int is_ready =
        EVP_EncryptInit_ex(context_.get(), EVP_aes_128_ecb(), nullptr, drawn.data(), nullptr);
    assert(is_ready == 1);
    EVP_CIPHER_CTX_set_padding(context_.get(), 0);
  }

  std::uint32_t number(int round, std::uint32_t input) {
    Block block{static_cast<unsigned char>(round)};
    for (std::size_t i = 1; i <= sizeof input; ++i, input >>= 8U)
      block.at(i) = static_cast<unsigned char>(input & 0xffU);
    Block encrypted{};
    int length = 0;
    [[maybe_unused]] const int is_done =
        EVP_EncryptUpdate(context_.get(), encrypted.data(), &length, block.data(), static_cast<int>(block.size()));
    assert(is_done == 1);
    return first_number(encrypted);
  }

  std::uint32_t half(int round, std::uint32_t input) { return number(round, input) & kHalf; }

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  std::unique_ptr<EVP_CIPHER_CTX, Free> context_;
};

FlowMarks::FlowMarks(const HashKey& key) : cipher_(std::make_unique<Cipher>(key)) {}
FlowMarks::FlowMarks(FlowMarks&&) noexcept = default;
FlowMarks& FlowMarks::operator=(FlowMarks&&) noexcept = default;
FlowMarks::~FlowMarks() = default;

FlowMark FlowMarks::of(const FlowIndex& flow) const {
  const std::uint32_t number = number_of(flow);
  std::uint32_t left = number >> kHalfBits;
  std::uint32_t right = number & kHalf;
  for (int round = 0; round < kRounds; ++round) {
    left ^= cipher_->half(round, right);
    std::swap(left, right);
  }
  return {.sequence = left << kHalfBits | right, .timestamp_base = cipher_->number(kTimestampRound, number)};
}

FlowIndex FlowMarks::flow_with(std::uint32_t sequence) const {
  std::uint32_t left = sequence >> kHalfBits;
  std::uint32_t right = sequence & kHalf;
  for (int round = kRounds; round > 0; --round) {
    std::swap(left, right);
    left ^= cipher_->half(round - 1, right);
  }
  return flow_of(left << kHalfBits | right);
}

std::uint16_t echo_identifier(const HashKey& key, const IpAddress& target) {
  std::vector<unsigned char> address;
  for (const std::byte byte : target.bytes()) address.push_back(std::to_integer<unsigned char>(byte));
  const Digest digest = keyed_digest(key, address);
  return static_cast<std::uint16_t>(std::max(1U, first_number(digest) & kHalf));
}

}  // namespace smtpath::path
