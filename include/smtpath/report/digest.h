#pragma once

// What a capture shows of its servers and ports, gathered connection by connection in bounded memory, and the text that
// a person reads of it: what was in the file, a table by server and port, the ports of one server side by side, then
// the connections that failed.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtpath/base/time.h"
#include "smtpath/report/connection.h"
#include "smtpath/report/text.h"

namespace smtpath::report {

/// What the files were, for the first lines of the text.
struct FileReport {
  std::string name;
  /// "pcapng, gzip"
  std::string format;
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::optional<Time> first;
  std::optional<Time> last;
  /// Where it was cut, what could not be read: whole sentences.
  std::vector<std::string> remarks;
};

class Digest {
 public:
  /// `keeps_all`: every failure is kept for the text (--all), else the last few.
  explicit Digest(bool keeps_all);
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  ~Digest();

  void add(const ConnectionReport& connection);

  std::uint64_t connections() const;
  std::uint64_t failures() const;

  /// The text, piece by piece into `sink`. Text from the network is escaped.
  void write(const std::vector<FileReport>& files, const TextStyle& style,
             const std::function<void(std::string_view)>& sink) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smtpath::report
