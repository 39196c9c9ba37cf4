#pragma once

// Records and handshake messages of TLS as bytes, for tests.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace smtpath::test {

/// Bytes as characters.
using Wire = std::string;

Wire number(std::uint64_t value, std::size_t bytes);
/// With its length before it.
Wire prefixed(const Wire& content, std::size_t length_bytes);
Wire record(std::uint8_t content_type, const Wire& content);
Wire handshake(std::uint8_t type, const Wire& body);
Wire extension(std::uint16_t type, const Wire& body);
/// `versions`: of the extension, none when empty.
Wire client_hello(const std::string& name, const std::vector<std::uint16_t>& versions);
/// `selected`: of the extension, 0 for none.
Wire server_hello(std::uint16_t legacy_version, std::uint16_t selected);
Wire hello_retry_request();
/// Message with one self-signed certificate of "Example, Inc.", valid from 2030 to the end of 9999.
Wire certificate_message(const std::string& common_name);

std::vector<std::byte> as_bytes(const Wire& wire);

}  // namespace smtpath::test
