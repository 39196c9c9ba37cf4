#pragma once

// The numbers of pcapng (draft-ietf-opsawg-pcapng) that we write and read, and the conventions of our evidence files.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace smtpath::io::pcapng {

enum class BlockType : std::uint32_t {
  InterfaceDescription = 1,
  ObsoletePacket = 2,
  SimplePacket = 3,
  InterfaceStatistics = 5,
  EnhancedPacket = 6,
  DecryptionSecrets = 10,
  /// Reads the same in both byte orders.
  SectionHeader = 0x0a0d0d0a,
};

inline constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;

/// Option codes; those from 2 on differ from block to block (sections 3.5, 4.1, 4.2 and 4.6).
inline constexpr std::uint16_t kEndOfOptions = 0;
inline constexpr std::uint16_t kComment = 1;
inline constexpr std::uint16_t kSectionHardware = 2;
inline constexpr std::uint16_t kSectionSystem = 3;
inline constexpr std::uint16_t kSectionApplication = 4;
inline constexpr std::uint16_t kInterfaceName = 2;
inline constexpr std::uint16_t kInterfaceTimeResolution = 9;
inline constexpr std::uint16_t kInterfaceFilter = 11;
inline constexpr std::uint16_t kInterfaceTimeOffset = 14;
inline constexpr std::uint16_t kStatisticsStart = 2;
inline constexpr std::uint16_t kStatisticsEnd = 3;
inline constexpr std::uint16_t kStatisticsReceived = 4;
inline constexpr std::uint16_t kStatisticsDroppedByInterface = 5;
inline constexpr std::uint16_t kStatisticsDroppedBySystem = 7;

/// "TLSK": lines of NSS's key log (section 4.7).
inline constexpr std::uint32_t kTlsKeyLog = 0x544c534b;

/// Contents are filled up to four bytes.
constexpr std::size_t padding_after(std::size_t length) {
  return (4 - length % 4) % 4;
}

/// Type and two lengths.
inline constexpr std::size_t kMinBlock = 12;
/// What other readers accept too.
inline constexpr std::size_t kMaxBlock = std::size_t{16} << 20;

/// The interface of sends that the kernel refused; their packet comment is "refused: EPERM (1)".
inline constexpr std::string_view kUnsentInterface = "unsent";
/// The comment of a packet that the kernel took and no interface showed.
inline constexpr std::string_view kUnseenComment = "taken by the kernel, seen by no interface";
inline constexpr std::string_view kRefusedPrefix = "refused: ";

/// An option holds less than 64 KiB. A comment that is cut into several is cut within this many bytes of the longest
/// piece (so as not to split a letter): a piece that long continues in the next.
inline constexpr std::size_t kLongestPiece = 65'532;
inline constexpr std::size_t kShortestCutPiece = kLongestPiece - 3;

}  // namespace smtpath::io::pcapng
