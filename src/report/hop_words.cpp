#include "report/hop_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace smtpath::report {

namespace {

using path::ReplyKind;

std::string word_of(const CellAnswer& answer, Detail detail) {
  switch (answer.kind) {
    case ReplyKind::SynAck:
      return detail == Detail::Narrow ? "SA" : "SYN-ACK";
    case ReplyKind::Rst:
      return "RST";
    case ReplyKind::Ack:
      return "ACK";
    case ReplyKind::TimeExceeded:
      return "·";
    case ReplyKind::Unreachable:
      if (detail != Detail::Long) return fmt::format("{}/{}", answer.icmp_type, answer.icmp_code);
      return fmt::format("{}/{} {}", answer.icmp_type, answer.icmp_code, answer.icmp_name);
    case ReplyKind::EchoReply:
      return "echo";
  }
  return {};
}

}  // namespace

std::string_view sign_of(Mark mark) {
  switch (mark) {
    case Mark::None:
      return "";
    case Mark::Stopped:
      return "x";
    case Mark::Uncertain:
      return "?";
  }
  return "";
}

std::string answers_of(const HopCell& cell, Detail detail) {
  if (!cell.is_probed) return {};
  if (cell.drew.empty()) return cell.is_refused ? "-" : "*";
  std::string answers;
  for (const CellAnswer& answer : cell.drew) {
    if (!answers.empty()) answers += ' ';
    answers += word_of(answer, detail);
  }
  if (!cell.share.empty()) answers.append(1, ' ').append(cell.share);
  return answers;
}

std::string words_on(const wire::MplsLabel& label) {
  return fmt::format("[MPLS L={} E={} S={} TTL={}]", label.label, label.traffic_class, label.bottom_of_stack ? 1 : 0,
                     label.ttl);
}

std::vector<std::string> signs_of(const std::vector<HopRow>& rows, Detail detail) {
  const auto occurs = [&](const auto& predicate) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const HopRow& row) { return std::any_of(row.cells.begin(), row.cells.end(), predicate); });
  };
  const auto has_mark = [&](Mark mark) { return occurs([&](const HopCell& cell) { return cell.mark == mark; }); };
  const auto has_silence = [&](bool is_refused) {
    return occurs(
        [&](const HopCell& cell) { return cell.is_probed && cell.drew.empty() && cell.is_refused == is_refused; });
  };
  bool has_time_exceeded = false;
  bool has_syn_ack = false;
  std::set<std::string> unreachables;
  for (const HopRow& row : rows) {
    for (const HopCell& cell : row.cells) {
      for (const CellAnswer& answer : cell.drew) {
        has_time_exceeded |= answer.kind == ReplyKind::TimeExceeded;
        has_syn_ack |= answer.kind == ReplyKind::SynAck;
        if (answer.kind == ReplyKind::Unreachable) unreachables.insert(word_of(answer, Detail::Long));
      }
    }
  }

  std::vector<std::string> signs;
  if (has_time_exceeded) signs.push_back("· got this far");
  if (has_silence(false)) signs.push_back("* no reply");
  if (has_silence(true)) signs.push_back("- not sent");
  if (has_mark(Mark::Stopped)) signs.push_back("x stopped here");
  if (has_mark(Mark::Uncertain)) signs.push_back("? perhaps here");
  if (has_syn_ack && detail == Detail::Narrow) signs.push_back("SA SYN-ACK");
  if (detail != Detail::Long) signs.insert(signs.end(), unreachables.begin(), unreachables.end());
  return signs;
}

}  // namespace smtpath::report
