#pragma once

// A child process in a network namespace of its own, which vanishes with it. It ends when its parent does, however that
// happens, and holds none of the parent's descriptors. The two speak in turns: the child reports, the parent lets it go
// on, and so forth.

#include <sys/types.h>

#include <functional>
#include <string>

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"

namespace smtpath::io {

/// The child's end.
class LabParent {
 public:
  explicit LabParent(FileDescriptor channel) : channel_(std::move(channel)) {}

  void report(const Result<Done>& outcome) const;
  /// Waits for LabProcess::let_go_on; false when the parent is gone.
  bool await() const;
  /// For poll: readable or hung up once the parent is gone.
  int channel() const { return channel_.number(); }

 private:
  FileDescriptor channel_;
};

/// The parent's end. Destroying it kills the child.
class LabProcess {
 public:
  /// Runs `live` in the child, which ends when that returns. Without a namespace it only reports that.
  static Result<LabProcess> start(const std::string& name, const std::function<void(const LabParent&)>& live);

  LabProcess(LabProcess&& other) noexcept;
  LabProcess& operator=(LabProcess&& other) noexcept;
  ~LabProcess();

  /// The child's next report, or an error that it ended.
  Result<Done> await_report() const;
  void let_go_on() const;

  /// Opens its network namespace, for setns.
  Result<FileDescriptor> network() const;
  pid_t id() const { return id_; }

 private:
  LabProcess(std::string name, pid_t id, FileDescriptor channel);

  std::string name_;
  pid_t id_ = -1;
  /// Who may end the child: not a fork of its parent, which has a copy of this object.
  pid_t parent_ = -1;
  FileDescriptor channel_;
};

}  // namespace smtpath::io
