#include "unit/io/listed_rules.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace smtpath::test {

std::string ports_of(const facts::LocalRule& rule) {
  std::string text;
  for (const facts::PortRange& range : rule.ports) {
    if (!text.empty()) text += ',';
    text += std::to_string(range.first.number);
    if (range.last != range.first) text += '-' + std::to_string(range.last.number);
  }
  return text.empty() ? "any" : text;
}

std::string effect_of(const facts::LocalRule& rule) {
  std::string text = std::string(to_string(rule.hook)) + ' ' + std::string(to_string(rule.effect)) + ' ';
  text += ports_of(rule);
  if (rule.family) text += ' ' + std::string(to_string(*rule.family));
  return text;
}

std::vector<std::string> effects_of(const facts::LocalRules& rules) {
  std::vector<std::string> effects;
  for (const facts::LocalRule& rule : rules.rules) effects.push_back(effect_of(rule));
  return effects;
}

std::vector<std::string> lines_of(const facts::LocalRules& rules) {
  std::vector<std::string> lines;
  for (const facts::LocalRule& rule : rules.rules) lines.push_back(effect_of(rule) + ": " + rule.text);
  return lines;
}

std::string recorded(std::string_view name) {
  std::ifstream file(std::string(SMTPATH_LISTINGS "/").append(name));
  if (!file) throw std::runtime_error("no listing " + std::string(name));
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace smtpath::test
