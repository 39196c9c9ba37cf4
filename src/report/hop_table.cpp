#include "report/hop_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "report/hop_rows.h"
#include "report/hop_words.h"
#include "report/milliseconds.h"
#include "report/paint.h"
#include "report/utf8.h"
#include "smtpath/report/escape.h"

namespace smtpath::report {

namespace {

constexpr std::size_t kGap = 2;
/// Leaves room for IPv4 and for what stands instead of an address.
constexpr std::size_t kLeastAddressWidth = 16;

/// Columns at which the parts of a line begin.
struct Layout {
  Detail detail = Detail::Long;
  std::size_t address = 0;
  std::size_t address_width = 0;
  /// Where the numbers end.
  std::size_t rtt_end = 0;
  std::vector<std::size_t> ports;
  std::size_t width = 0;
};

/// Puts painted text at columns, from left to right.
class Line {
 public:
  void put(std::size_t column, std::string_view text, std::string_view painted) {
    if (text.empty()) return;
    if (column > column_) line_.append(column - column_, ' ');
    column_ = std::max(column, column_) + columns_of(text);
    line_ += painted;
  }
  void put(std::size_t column, std::string_view text) { put(column, text, text); }
  void put_before(std::size_t end, const std::string& text) { put(end - std::min(end, text.size()), text); }

  std::string take() {
    column_ = 0;
    return std::exchange(line_, {}) + '\n';
  }

 private:
  std::string line_;
  std::size_t column_ = 0;
};

class HopTable {
 public:
  HopTable(const TargetReport& target, const TextStyle& style)
      : target_(target), style_(style), paint_(style.color), rows_(hop_rows_of(target)), layout_(best_layout()) {}

  std::string text() const {
    if (rows_.empty()) return {};
    std::string text = header();
    for (const HopRow& row : rows_) text += lines_of(row);
    return text + legend();
  }

 private:
  Layout best_layout() const;
  Layout layout_with(Detail detail) const;
  std::string header() const;
  std::string lines_of(const HopRow& row) const;
  std::string with_name(Line& line, const IpAddress& address) const;
  void put_cells(Line& line, const HopRow& row) const;
  std::string legend() const;

  const TargetReport& target_;
  const TextStyle& style_;
  Paint paint_;
  std::vector<HopRow> rows_;
  Layout layout_;
};

std::string number_of(const HopRow& row) {
  if (row.kind == RowKind::Between) return {};
  if (row.first == row.last) return std::to_string(row.first.hops);
  return fmt::format("{}-{}", row.first.hops, row.last.hops);
}

/// Somebody else wrote it.
std::string shown_name(const std::string& name) {
  constexpr std::size_t kLongest = 64;
  return escaped(name.size() > kLongest ? name.substr(0, kLongest) + "..." : name);
}

std::string rtt_of(const RowAddress& address) {
  return address.best ? milliseconds_of(*address.best) : std::string();
}

/// What stands for the addresses of a row that has none.
std::string_view words_instead_of_address(const HopRow& row) {
  switch (row.kind) {
    case RowKind::Hop:
      return row.first == Ttl{0} ? "this host" : "(silent)";
    case RowKind::Between:
      return "";
    case RowKind::Unprobed:
      return "(not probed)";
    case RowKind::Repeated:
      return "(the same again)";
  }
  return "";
}

Layout HopTable::best_layout() const {
  for (const Detail detail : {Detail::Long, Detail::Short, Detail::Narrow}) {
    Layout layout = layout_with(detail);
    if (style_.width <= 0 || layout.width <= static_cast<std::size_t>(style_.width)) return layout;
  }
  // Addresses that are too long get a line of their own.
  Layout layout = layout_with(Detail::Narrow);
  const std::size_t room = layout.address_width - std::min(layout.address_width, kLeastAddressWidth);
  const std::size_t excess = std::min(layout.width - static_cast<std::size_t>(style_.width), room);
  layout.address_width -= excess;
  layout.rtt_end -= excess;
  for (std::size_t& port : layout.ports) port -= excess;
  layout.width -= excess;
  return layout;
}

Layout HopTable::layout_with(Detail detail) const {
  std::size_t number = std::string_view("hop").size();
  std::size_t address = std::string_view("address").size();
  std::size_t rtt = std::string_view("best ms").size();
  std::vector<std::size_t> ports;
  for (const PortReport& port : target_.ports) ports.push_back(std::to_string(port.port.number).size());

  for (const HopRow& row : rows_) {
    number = std::max(number, number_of(row).size());
    address = std::max(address, words_instead_of_address(row).size());
    for (const RowAddress& each : row.addresses) {
      address = std::max(address, to_string(each.address).size());
      rtt = std::max(rtt, rtt_of(each).size());
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::size_t mark = sign_of(row.cells[i].mark).size();
      const std::size_t answers = columns_of(answers_of(row.cells[i], detail));
      ports[i] = std::max(ports[i], mark + answers + (mark > 0 && answers > 0 ? 1 : 0));
    }
  }

  Layout layout{
      .detail = detail, .address = number + kGap, .address_width = address, .rtt_end = 0, .ports = {}, .width = 0};
  layout.rtt_end = layout.address + address + kGap + rtt;
  layout.width = layout.rtt_end;
  for (const std::size_t width : ports) {
    layout.ports.push_back(layout.width + kGap);
    layout.width += kGap + width;
  }
  return layout;
}

std::string HopTable::header() const {
  Line line;
  line.put_before(layout_.address - kGap, "hop");
  line.put(layout_.address, "address");
  line.put_before(layout_.rtt_end, "best ms");
  for (std::size_t i = 0; i < target_.ports.size(); ++i) {
    const std::string number = std::to_string(target_.ports[i].port.number);
    line.put(layout_.ports[i], number, paint_(color_of(target_.ports[i]), number));
  }
  return line.take();
}

/// One line for the first address with the cells, one more for each other; a long address pushes what follows it to the
/// next line.
std::string HopTable::lines_of(const HopRow& row) const {
  Line line;
  std::string lines;
  line.put_before(layout_.address - kGap, number_of(row));
  if (row.addresses.empty()) {
    const std::string_view words = words_instead_of_address(row);
    line.put(layout_.address, words, paint_(Color::Faint, words));
    put_cells(line, row);
    return line.take();
  }
  for (const RowAddress& each : row.addresses) {
    const std::string address = to_string(each.address);
    line.put(layout_.address, address);
    if (address.size() > layout_.address_width) lines += line.take();
    line.put_before(layout_.rtt_end, rtt_of(each));
    if (&each == &row.addresses.front()) put_cells(line, row);
    lines += with_name(line, each.address);
    for (const wire::MplsLabel& label : each.mpls) {
      line.put(layout_.address, words_on(label));
      lines += line.take();
    }
  }
  return lines;
}

/// The line, and the name that belongs to the address: beside it where there is room, else beneath.
std::string HopTable::with_name(Line& line, const IpAddress& address) const {
  const auto known = target_.names.find(address);
  if (known == target_.names.end()) return line.take();
  const std::string name = shown_name(known->second);
  const std::size_t column = layout_.width + kGap;
  const bool fits = style_.width <= 0 || column + columns_of(name) <= static_cast<std::size_t>(style_.width);
  std::string lines = fits ? "" : line.take();
  line.put(fits ? column : layout_.address, name, paint_(Color::Faint, name));
  return lines + line.take();
}

void HopTable::put_cells(Line& line, const HopRow& row) const {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Color color = color_of(target_.ports[i]);
    const HopCell& cell = row.cells[i];
    const std::string_view mark = sign_of(cell.mark);
    line.put(layout_.ports[i], mark, paint_(color, mark));
    const std::string answers = answers_of(cell, layout_.detail);
    const bool is_final = std::any_of(cell.drew.begin(), cell.drew.end(), [](const CellAnswer& answer) {
      return answer.kind != path::ReplyKind::TimeExceeded;
    });
    line.put(layout_.ports[i] + (mark.empty() ? 0 : mark.size() + 1), answers,
             paint_(is_final ? color : Color::Plain, answers));
  }
}

std::string HopTable::legend() const {
  std::string legend;
  std::string line;
  const auto limit = static_cast<std::size_t>(style_.width > 0 ? style_.width : 0);
  for (const std::string& sign : signs_of(rows_, layout_.detail)) {
    if (!line.empty() && limit > 0 && columns_of(line) + columns_of(sign) + 3 > limit) {
      legend += paint_(Color::Faint, std::exchange(line, {})) + '\n';
    }
    line += (line.empty() ? std::string(layout_.address, ' ') : "   ") + sign;
  }
  return line.empty() ? legend : legend + paint_(Color::Faint, line) + '\n';
}

}  // namespace

std::string hop_table_of(const TargetReport& target, const TextStyle& style) {
  return HopTable(target, style).text();
}

}  // namespace smtpath::report
