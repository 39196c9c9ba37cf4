#pragma once

// The wire of a link that delays and loses: it carries Ethernet frames between the two interfaces of its namespace,
// each after the link's delay, in order. Frames of ARP and neighbour discovery are never lost, so that what gets lost
// is what crosses the link and not the way to it.

#include "smtpath/base/result.h"
#include "smtpath/io/file_descriptor.h"
#include "smtpath/io/lab_spec.h"

namespace smtpath::io {

class LabWire {
 public:
  static Result<LabWire> open(const LabLink& link);

  /// Returns when `stop` hangs up.
  void carry(int stop);

 private:
  LabWire(const LabLink& link, FileDescriptor left, FileDescriptor right);

  LabLink link_;
  FileDescriptor left_;
  FileDescriptor right_;
};

}  // namespace smtpath::io
