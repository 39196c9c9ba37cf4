#pragma once

// What input, the network or the system can refuse comes back as a Result: a value, or an Error whose message names the
// operation and its object ("open run.pcapng: Permission denied"). A bug is an assert instead, and no exception crosses
// a module.

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace smtpath {

/// One line of text without a final full stop, ready to be shown after "smtpath: ".
struct Error {
  std::string message;
};

/// Success of an operation that yields nothing.
struct Done {};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Only when ok().
  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }

  /// Only when not ok().
  const Error& error() const {
    assert(state_.index() == 1);
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

}  // namespace smtpath
