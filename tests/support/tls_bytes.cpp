#include "support/tls_bytes.h"

#include <algorithm>
#include <span>
#include <utility>

#include "support/byte_writer.h"

namespace smtpath::test::tls {

namespace {

// Self-signed, of mx.example.org, valid through 2026; its key was thrown away.
constexpr std::string_view kCertificate =
    "3082013c3081e4020101300a06082a8648ce3d040302302b3117301506035504030c0e6d782e6578616d706c652e6f726731"
    "10300e060355040a0c074578616d706c65301e170d3236303130313030303030305a170d3237303130313030303030305a30"
    "2b3117301506035504030c0e6d782e6578616d706c652e6f72673110300e060355040a0c074578616d706c65305930130607"
    "2a8648ce3d020106082a8648ce3d03010703420004f3353d621813a5f8a16a06862430c0d18b8c9b2c18c1825923d96792a2"
    "396b8f231fe957ad64fedf10d82c3d4d06c91f51add449103a9254d002eed4b8c00ad0300a06082a8648ce3d040302034700"
    "304402206c03aa785664c97cd9451274fbeca0d8a4d0548bd9dc8b9341d73909eea86bb902203c540f23dca5a3186995a442"
    "e4b83af9970d5c6dc242b38c72d74433389973e7";

enum class Content : std::uint8_t { ChangeCipherSpec = 20, Alert = 21, Handshake = 22, ApplicationData = 23 };
enum class Message : std::uint8_t {
  ClientHello = 1,
  ServerHello = 2,
  Certificate = 11,
  ServerKeyExchange = 12,
  ServerHelloDone = 14,
  ClientKeyExchange = 16,
};

constexpr std::uint16_t kRecordVersion = 0x0301;
constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kKeyLength = 32;
constexpr std::uint16_t kX25519 = 0x001d;

Bytes from_hex(std::string_view digits) {
  const auto value = [](char digit) { return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10); };
  Bytes bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes.push_back(static_cast<std::byte>(value(digits[at]) << 4 | value(digits[at + 1])));
  }
  return bytes;
}

/// Looks like noise, and is the same each time.
Bytes noise(std::size_t length, std::uint32_t seed) {
  constexpr std::uint32_t kMultiplier = 1'664'525;
  constexpr std::uint32_t kIncrement = 1'013'904'223;
  Bytes bytes(length);
  for (std::byte& byte : bytes) {
    seed = seed * kMultiplier + kIncrement;
    byte = static_cast<std::byte>(seed >> 24);
  }
  return bytes;
}

Bytes record(Content content, std::span<const std::byte> body, std::uint16_t version = kVersion12) {
  ByteWriter bytes;
  bytes.put(static_cast<std::uint8_t>(content)).put(version).put(static_cast<std::uint16_t>(body.size())).put(body);
  return bytes.take();
}

void put24(ByteWriter& bytes, std::size_t number) {
  bytes.put(static_cast<std::uint8_t>(number >> 16)).put(static_cast<std::uint16_t>(number & 0xffff));
}

Bytes message(Message type, std::span<const std::byte> body) {
  ByteWriter bytes;
  bytes.put(static_cast<std::uint8_t>(type));
  put24(bytes, body.size());
  bytes.put(body);
  return bytes.take();
}

/// A list of 16-bit numbers behind its length in bytes.
void put_list16(ByteWriter& bytes, std::span<const std::uint16_t> numbers) {
  bytes.put(static_cast<std::uint16_t>(numbers.size() * sizeof(std::uint16_t)));
  for (const std::uint16_t number : numbers) bytes.put(number);
}

// RFC 8446 section 4.2.
enum class Extension : std::uint16_t {
  ServerName = 0,
  SupportedGroups = 10,
  SignatureAlgorithms = 13,
  Padding = 21,
  SupportedVersions = 43,
  KeyShare = 51,
};

void put_extension(ByteWriter& bytes, Extension type, ByteWriter body) {
  bytes.put(static_cast<std::uint16_t>(type)).put(static_cast<std::uint16_t>(body.size())).put(body.take());
}

ByteWriter server_name_of(std::string_view name) {
  constexpr std::uint8_t kHostName = 0;
  const auto length = static_cast<std::uint16_t>(name.size());
  ByteWriter body;
  body.put(static_cast<std::uint16_t>(length + 3)).put(kHostName).put(length).put(name);
  return body;
}

Bytes extensions_of(const ClientHello& hello) {
  constexpr std::array<std::uint16_t, 2> kGroups{kX25519, 0x0017};
  constexpr std::array<std::uint16_t, 3> kSignatures{0x0403, 0x0804, 0x0401};
  ByteWriter extensions;
  if (!hello.server_name.empty()) {
    put_extension(extensions, Extension::ServerName, server_name_of(hello.server_name));
  }
  ByteWriter groups;
  put_list16(groups, kGroups);
  put_extension(extensions, Extension::SupportedGroups, std::move(groups));
  ByteWriter signatures;
  put_list16(signatures, kSignatures);
  put_extension(extensions, Extension::SignatureAlgorithms, std::move(signatures));
  if (hello.highest_version == kVersion13) {
    ByteWriter versions;
    versions.put(std::uint8_t{4}).put(kVersion13).put(kVersion12);
    put_extension(extensions, Extension::SupportedVersions, std::move(versions));
    ByteWriter share;
    share.put(static_cast<std::uint16_t>(kKeyLength + 4)).put(kX25519).put(static_cast<std::uint16_t>(kKeyLength));
    share.put(noise(kKeyLength, 3));
    put_extension(extensions, Extension::KeyShare, std::move(share));
  }
  return extensions.take();
}

Bytes client_hello_with(const ClientHello& hello, std::size_t padding) {
  constexpr std::array<std::uint16_t, 6> kCiphers{0x1302, 0x1301, 0xc02c, 0xc030, 0xc02b, 0xc02f};
  ByteWriter body;
  body.put(kVersion12).put(noise(kKeyLength, 1));
  body.put(static_cast<std::uint8_t>(kKeyLength)).put(noise(kKeyLength, 2));
  put_list16(body, kCiphers);
  body.put(std::uint16_t{0x0100});  // no compression
  ByteWriter extensions;
  extensions.put(extensions_of(hello));
  if (padding > 0) {
    ByteWriter zeros;
    zeros.put(Bytes(padding));
    put_extension(extensions, Extension::Padding, std::move(zeros));
  }
  body.put(static_cast<std::uint16_t>(extensions.size())).put(extensions.take());
  return record(Content::Handshake, message(Message::ClientHello, body.take()), kRecordVersion);
}

}  // namespace

Bytes client_hello(const ClientHello& hello) {
  constexpr std::size_t kExtensionHeader = 4;
  Bytes plain = client_hello_with(hello, 0);
  if (plain.size() + kExtensionHeader >= hello.length) return plain;
  return client_hello_with(hello, hello.length - plain.size() - kExtensionHeader);
}

Bytes server_hello(std::uint16_t version) {
  constexpr std::uint16_t kAes256Sha384 = 0x1302;
  constexpr std::uint16_t kEcdheAes256 = 0xc02c;
  const bool is_13 = version == kVersion13;
  ByteWriter body;
  body.put(kVersion12).put(noise(kKeyLength, 11)).put(static_cast<std::uint8_t>(kKeyLength));
  body.put(noise(kKeyLength, 2));
  body.put(is_13 ? kAes256Sha384 : kEcdheAes256).put(std::uint8_t{0});
  ByteWriter extensions;
  if (is_13) {
    ByteWriter chosen;
    chosen.put(kVersion13);
    put_extension(extensions, Extension::SupportedVersions, std::move(chosen));
    ByteWriter share;
    share.put(kX25519).put(static_cast<std::uint16_t>(kKeyLength)).put(noise(kKeyLength, 13));
    put_extension(extensions, Extension::KeyShare, std::move(share));
  }
  body.put(static_cast<std::uint16_t>(extensions.size())).put(extensions.take());
  return record(Content::Handshake, message(Message::ServerHello, body.take()));
}

Bytes certificate_and_key_exchange() {
  constexpr std::uint8_t kNamedCurve = 3;
  constexpr std::uint16_t kEcdsaSha256 = 0x0403;
  constexpr std::uint16_t kSignatureLength = 70;
  const Bytes certificate = from_hex(kCertificate);
  ByteWriter chain;
  put24(chain, certificate.size() + 3);
  put24(chain, certificate.size());
  chain.put(certificate);
  ByteWriter exchange;
  exchange.put(kNamedCurve).put(kX25519).put(static_cast<std::uint8_t>(kKeyLength)).put(noise(kKeyLength, 17));
  exchange.put(kEcdsaSha256).put(kSignatureLength).put(noise(kSignatureLength, 19));
  ByteWriter records;
  records.put(record(Content::Handshake, message(Message::Certificate, chain.take())));
  records.put(record(Content::Handshake, message(Message::ServerKeyExchange, exchange.take())));
  records.put(record(Content::Handshake, message(Message::ServerHelloDone, {})));
  return records.take();
}

Bytes client_key_exchange() {
  ByteWriter body;
  body.put(static_cast<std::uint8_t>(kKeyLength)).put(noise(kKeyLength, 23));
  return record(Content::Handshake, message(Message::ClientKeyExchange, body.take()));
}

Bytes change_cipher_spec() {
  const std::byte one{1};
  return record(Content::ChangeCipherSpec, std::span(&one, 1));
}

Bytes application_data(std::size_t length) {
  return record(Content::ApplicationData, noise(length, 29));
}

Bytes encrypted_finished() {
  constexpr std::size_t kLength = 40;
  return record(Content::Handshake, noise(kLength, 31));
}

Bytes fatal_alert(std::uint8_t description) {
  constexpr std::byte kFatal{2};
  return record(Content::Alert, std::array{kFatal, std::byte{description}});
}

}  // namespace smtpath::test::tls
