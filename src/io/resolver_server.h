#pragma once

// One configured resolver as the run came to know it: the libunbound that asks it, and whether it can be had and passes
// signatures on.

#include <memory>
#include <string>
#include <vector>

#include "io/dns_files.h"
#include "io/unbound_context.h"

namespace smtpath::io {

class ResolverServer {
 public:
  /// Anchors are lent for its life.
  ResolverServer(DnsServer server, const TrustAnchors& anchors) : server_(std::move(server)), anchors_(&anchors) {}

  const DnsServer& server() const { return server_; }
  const std::string& name() const { return server_.text; }

  /// Checks DNSSEC where that is possible, as far as is known. Null: the library gives none.
  UnboundContext* context();
  /// The one that checks nothing.
  UnboundContext* plain_context();
  bool is_checked(const UnboundContext* context) const { return context != nullptr && context == checked_.get(); }

  /// Whether a name lies within what the anchors vouch for or against.
  bool is_covered(std::string_view name) const;
  const std::string& anchor_zone() const { return anchors_->zone; }

  /// What is known of it: it hands on signatures that lead to the anchor, or it does not.
  enum class Signatures : std::uint8_t { Unknown, Passed, Lost };
  Signatures signatures = Signatures::Unknown;
  bool has_been_asked = false;
  /// No packet reaches it.
  bool is_unreachable = false;

  /// Those that exist.
  std::vector<UnboundContext*> contexts() const;

 private:
  DnsServer server_;
  const TrustAnchors* anchors_;
  std::unique_ptr<UnboundContext> checked_;
  std::unique_ptr<UnboundContext> plain_;
};

}  // namespace smtpath::io
