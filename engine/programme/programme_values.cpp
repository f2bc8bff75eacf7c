#include "engine/programme/programme_values.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "engine/corpus/field.h"
#include "engine/profile/profile.h"
#include "engine/profile/profile_check.h"

namespace counterpart::engine {
namespace {

std::string named(std::string_view key) { return "`" + std::string(key) + "`"; }

std::string range(double least, double most) {
  const auto plain = [](double value) {
    return value == static_cast<double>(static_cast<long long>(value)) ? std::to_string(static_cast<long long>(value))
                                                                       : std::to_string(value);
  };
  return "from " + plain(least) + " to " + plain(most);
}

}  // namespace

std::string Reading::place(const toml::node& node) {
  const toml::source_region& source = node.source();
  return (source.path ? *source.path : std::string("programme")) + ":" + std::to_string(source.begin.line);
}

void Reading::wrong(const toml::node& node, std::string message, std::string remedy) {
  wrong_at(place(node), std::move(message), std::move(remedy));
}

void Reading::wrong_at(const std::string& place, std::string message, std::string remedy) {
  const std::size_t colon = place.rfind(':');
  std::size_t line = 0;
  if (colon != place.npos) std::from_chars(place.data() + colon + 1, place.data() + place.size(), line);
  faults_.push_back(
      {false, place.substr(0, colon), line, Error{ErrorCode::kInvalid, place, std::move(message), std::move(remedy)}});
}

void Reading::unknown(const toml::node& node, std::string_view name, const std::string& what,
                      std::span<const std::string_view> words, std::string_view prefix) {
  // In TOML whatever follows a line in brackets belongs to that table.
  const bool misplaced = std::ranges::find(top_, name) != top_.end();
  wrong(node, engine::quoted(name) + " is no " + what,
        misplaced ? "it belongs to the programme: move it above the first line in [brackets]" : allowed(name, words, prefix));
}

void Reading::missing(const toml::node& node, std::string message, std::string remedy) {
  wrong(node, std::move(message), std::move(remedy));
  faults_.back().missing = true;
}

std::vector<Error> Reading::take_errors() {
  const auto order = [](const Fault& fault) { return std::tie(fault.missing, fault.file, fault.line, fault.error.message); };
  std::ranges::stable_sort(faults_, {}, order);
  // A base is read once for each programme that stands on it.
  const auto same = [&](const Fault& a, const Fault& b) { return order(a) == order(b); };
  faults_.erase(std::unique(faults_.begin(), faults_.end(), same), faults_.end());
  std::vector<Error> errors;
  for (Fault& fault : faults_) errors.push_back(std::move(fault.error));
  faults_.clear();
  return errors;
}

std::optional<std::string> Reading::text(std::string_view key, const toml::node& node) {
  if (!node.is_string()) {
    wrong(node, named(key) + " must be a text");
    return std::nullopt;
  }
  const std::string& value = node.as_string()->get();
  if (const Status status = check_text(value, kMaxTitle, Lines::kOne, true); !status) {
    wrong(node, named(key) + " " + status.error().message, status.error().remedy);
    return std::nullopt;
  }
  return value;
}

std::optional<double> Reading::number(std::string_view key, const toml::node& node, double least, double most) {
  const std::optional<double> value = node.is_number() ? node.value<double>() : std::nullopt;
  if (value && *value >= least && *value <= most) return value;
  wrong(node, named(key) + " must be a number " + range(least, most));
  return std::nullopt;
}

std::optional<std::size_t> Reading::whole(std::string_view key, const toml::node& node, std::size_t least, std::size_t most) {
  if (const auto* value = node.as_integer())
    if (value->get() >= static_cast<std::int64_t>(least) && value->get() <= static_cast<std::int64_t>(most))
      return static_cast<std::size_t>(value->get());
  wrong(node, named(key) + " must be a whole number " + range(static_cast<double>(least), static_cast<double>(most)));
  return std::nullopt;
}

std::string Reading::word(std::string_view key, const toml::node& node, std::span<const std::string_view> words) {
  const std::string given = node.value_or(std::string{});
  if (std::ranges::find(words, given) != words.end()) return given;
  wrong(node, named(key) + (node.is_string() ? " cannot be " + engine::quoted(given) : " must be a text"),
        allowed(given, words, "one of "));
  return {};
}

std::vector<std::string> Reading::texts(std::string_view key, const toml::node& node) {
  std::vector<std::string> values;
  if (!node.is_array() || node.as_array()->empty()) {
    wrong(node, named(key) + " must be a list of texts");
    return values;
  }
  for (const toml::node& entry : *node.as_array()) {
    std::optional<std::string> value = text(key, entry);
    if (!value) continue;
    if (std::ranges::find(values, *value) != values.end()) {
      wrong(entry, engine::quoted(*value) + " stands twice in " + named(key), "keep one");
    } else {
      values.push_back(std::move(*value));
    }
  }
  return values;
}

void Reading::condition(std::string_view name, const toml::node& node, bool negated, Conditions& out) {
  const Field* field = find_field(name);
  if (!field) {
    std::vector<std::string_view> names;
    for (const Field& row : fields()) names.push_back(row.name);
    return unknown(node, name, "field", names, "fields are ");
  }
  if (!node.is_array() || node.as_array()->empty())
    return wrong(node, named(name) + " must be a list of values, as in [\"developed\"]");
  Condition condition{.field = std::string(name), .any_of = {}, .negated = negated, .owner = Condition::Owner::kProgramme};
  for (const toml::node& value : *node.as_array()) {
    if (!value.is_string()) {
      wrong(value, "values of " + named(name) + " must be texts", "write them between quotation marks");
      continue;
    }
    Result<std::string> parsed = field->parse(value.as_string()->get(), taxonomy_);
    if (!parsed) {
      wrong(value, named(name) + ": " + parsed.error().message, parsed.error().remedy);
    } else {
      condition.any_of.push_back(std::move(*parsed));
    }
  }
  const auto inherited =
      std::ranges::find_if(out, [&](const Condition& c) { return c.field == condition.field && c.negated == negated; });
  if (inherited != out.end()) {
    *inherited = std::move(condition);
  } else {
    out.push_back(std::move(condition));
  }
}

void Reading::condition_or_not(std::string_view key, const toml::node& node, Conditions& out) {
  if (key != "not") return condition(key, node, false, out);
  if (!node.is_table()) return wrong(node, "`not` must be a table of fields", "as in not = { country = [\"LDC\"] }");
  for (const auto& [field, values] : *node.as_table()) condition(field.str(), values, true, out);
}

void Reading::conditions(std::string_view key, const toml::node& node, Conditions& out) {
  if (!node.is_table()) return wrong(node, named(key) + " must be a table of fields, as in { country = [\"LDC\"] }");
  for (const auto& [name, value] : *node.as_table()) condition_or_not(name.str(), value, out);
}

std::string Reading::allowed(std::string_view wrong, std::span<const std::string_view> words, std::string_view prefix) {
  std::string list(prefix);
  for (const std::string_view word : words) {
    if (word != words.front()) list += ", ";
    list += word;
  }
  return did_you_mean(nearest(wrong, words), std::move(list));
}

}  // namespace counterpart::engine
