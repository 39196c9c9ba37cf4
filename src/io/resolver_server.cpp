#include "io/resolver_server.h"

namespace smtpath::io {

UnboundContext* ResolverServer::context() {
  if (anchors_->records.empty() || signatures == Signatures::Lost) return plain_context();
  if (!checked_) checked_ = UnboundContext::create(server_, anchors_->records);
  return checked_ ? checked_.get() : plain_context();
}

UnboundContext* ResolverServer::plain_context() {
  if (!plain_) plain_ = UnboundContext::create(server_, {});
  return plain_.get();
}

bool ResolverServer::is_covered(std::string_view name) const {
  const std::string& zone = anchors_->zone;
  if (zone.empty()) return false;
  if (zone == ".") return true;
  if (!name.ends_with(zone)) return false;
  return name.size() == zone.size() || name[name.size() - zone.size() - 1] == '.';
}

std::vector<UnboundContext*> ResolverServer::contexts() const {
  std::vector<UnboundContext*> all;
  if (checked_) all.push_back(checked_.get());
  if (plain_) all.push_back(plain_.get());
  return all;
}

}  // namespace smtpath::io
