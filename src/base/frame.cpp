#include "smtpath/base/frame.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace smtpath {

namespace {

struct Name {
  std::uint16_t link;
  std::string_view text;
};

/// The link types that networks have, and those of other things that captures are often made of.
constexpr auto kNames = std::to_array<Name>({
    {0, "NULL"},
    {1, "EN10MB"},
    {6, "IEEE802"},
    {7, "ARCNET"},
    {8, "SLIP"},
    {9, "PPP"},
    {10, "FDDI"},
    {50, "PPP_SERIAL"},
    {51, "PPP_ETHER"},
    {101, "RAW"},
    {104, "C_HDLC"},
    {105, "IEEE802_11"},
    {107, "FRELAY"},
    {108, "LOOP"},
    {109, "ENC"},
    {113, "LINUX_SLL"},
    {117, "PFLOG"},
    {119, "PRISM_HEADER"},
    {122, "IP_OVER_FC"},
    {127, "IEEE802_11_RADIO"},
    {129, "ARCNET_LINUX"},
    {135, "JUNIPER_ATM2"},
    {137, "JUNIPER_ATM1"},
    {163, "IEEE802_11_RADIO_AVS"},
    {166, "PPP_PPPD"},
    {178, "JUNIPER_ETHER"},
    {179, "JUNIPER_PPP"},
    {187, "BLUETOOTH_HCI_H4"},
    {189, "USB_LINUX"},
    {192, "PPI"},
    {197, "ERF"},
    {219, "MPLS"},
    {220, "USB_LINUX_MMAPPED"},
    {226, "IPNET"},
    {227, "CAN_SOCKETCAN"},
    {228, "IPV4"},
    {229, "IPV6"},
    {231, "DBUS"},
    {239, "NFLOG"},
    {242, "IPOIB"},
    {247, "INFINIBAND"},
    {249, "USBPCAP"},
    {253, "NETLINK"},
    {255, "BLUETOOTH_BREDR_BB"},
    {258, "PKTAP"},
    {271, "VSOCK"},
    {276, "LINUX_SLL2"},
    {281, "DSA_TAG_BRCM"},
    {284, "DSA_TAG_DSA"},
    {285, "DSA_TAG_EDSA"},
});

}  // namespace

std::string to_string(LinkType link) {
  const auto number = static_cast<std::uint16_t>(link);
  const auto* name = std::find_if(kNames.begin(), kNames.end(), [&](const Name& any) { return any.link == number; });
  return name == kNames.end() ? std::to_string(number) : std::string(name->text);
}

}  // namespace smtpath
