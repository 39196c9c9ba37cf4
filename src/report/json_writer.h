#pragma once

// Writes one JSON value (RFC 8259) piece by piece into a sink and holds no more than a piece of it. Commas and escapes
// are its business; that keys come in objects only and that every begin has its end is the caller's. Any bytes may come
// in as text: what comes out is always valid JSON in UTF-8.

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "smtpath/report/json.h"

namespace smtpath::report {

class JsonWriter {
 public:
  /// The sink has to outlive the writer.
  explicit JsonWriter(const Sink& sink) : sink_(sink) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

  void key(std::string_view name);

  void value(std::string_view text);
  /// At most 3 decimals; null where the number is not finite.
  void value(double number);
  void value(std::nullptr_t) { literal("null"); }
  template <std::integral Number>
  void value(Number number) {
    if constexpr (std::same_as<Number, bool>) {
      literal(number ? "true" : "false");
    } else {
      literal(std::to_string(number));
    }
  }
  template <class T>
  void value(const std::optional<T>& maybe) {
    if (maybe) {
      value(*maybe);
    } else {
      value(nullptr);
    }
  }

  /// A whole value that is JSON already.
  void value_as_it_is(std::string_view json) { literal(json); }

  template <class T>
  void member(std::string_view name, const T& content) {
    key(name);
    value(content);
  }

  /// `write(*this, item)` writes one item.
  template <class List, class Write>
  void list(std::string_view name, const List& items, const Write& write) {
    key(name);
    begin_array();
    for (const auto& item : items) write(*this, item);
    end_array();
  }

  /// `write(*this, *maybe)` writes the content, if there is any.
  template <class T, class Write>
  void object_or_null(std::string_view name, const std::optional<T>& maybe, const Write& write) {
    key(name);
    if (maybe) {
      write(*this, *maybe);
    } else {
      value(nullptr);
    }
  }

  /// Hands over what is still held. Call it after the whole value at the latest.
  void hand_over();

 private:
  void begin(char bracket);
  void end(char bracket);
  void literal(std::string_view text);
  void separate();
  void append_quoted(std::string_view text);
  void hand_over_if_long();

  const Sink& sink_;
  std::string pending_;
  bool needs_comma_ = false;
};

}  // namespace smtpath::report
