// The values of a programme file: how each is taken from its TOML node, and how a wrong one is told to its author.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/nearest.h"
#include "engine/base/result.h"
#include "engine/base/toml.h"
#include "engine/corpus/corpus.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// Reads go on after an error, so that an author sees all of them at once; a value that is wrong is left out. One thread.
class Reading {
 public:
  // `top`: the keys of a programme itself; one that stands in a table below is told where it belongs.
  Reading(const Taxonomy& taxonomy, std::vector<std::string_view> top) : taxonomy_(taxonomy), top_(std::move(top)) {}

  const Taxonomy& taxonomy() const { return taxonomy_; }

  // "itpo.toml:12". Nodes keep the name that their text was parsed under as long as they are not copied.
  static std::string place(const toml::node& node);

  void wrong(const toml::node& node, std::string message, std::string remedy = {});
  // "`NAME` is no WHAT", with the nearest of `words`, or "PREFIX a, b, c".
  void unknown(const toml::node& node, std::string_view name, const std::string& what, std::span<const std::string_view> words,
               std::string_view prefix);
  // Something that should stand in `node` and does not: told after what is there and wrong.
  void missing(const toml::node& node, std::string message, std::string remedy);
  void wrong_at(const std::string& place, std::string message, std::string remedy = {});
  // Each error once, by file and line; what is missing last.
  std::vector<Error> take_errors();
  bool failed() const { return !faults_.empty(); }

  std::optional<std::string> text(std::string_view key, const toml::node& node);  // one line, not blank
  std::optional<double> number(std::string_view key, const toml::node& node, double least, double most);
  std::optional<std::size_t> whole(std::string_view key, const toml::node& node, std::size_t least, std::size_t most);
  // One of `words`, or empty.
  std::string word(std::string_view key, const toml::node& node, std::span<const std::string_view> words);
  // Different texts, one at least.
  std::vector<std::string> texts(std::string_view key, const toml::node& node);

  // A field's values, as in country = ["developed"]. A condition on the same field gives way to it.
  void condition(std::string_view field, const toml::node& node, bool negated, Conditions& out);
  // The same, or `not` with a table of such fields that exclude.
  void condition_or_not(std::string_view key, const toml::node& node, Conditions& out);
  // A table of these.
  void conditions(std::string_view key, const toml::node& node, Conditions& out);

  // "did you mean `x`?", or "PREFIX a, b, c".
  static std::string allowed(std::string_view wrong, std::span<const std::string_view> words, std::string_view prefix);

 private:
  struct Fault {
    bool missing;
    std::string file;
    std::size_t line;
    Error error;
  };
  const Taxonomy& taxonomy_;
  std::vector<std::string_view> top_;
  std::vector<Fault> faults_;
};

// One row of a table of keys.
template <class Target>
struct Key {
  std::string_view name;
  // `key`: the row's name, so that messages can name it.
  void (*read)(Reading& reading, std::string_view key, const toml::node& node, Target& target);
};

// Readers of rows that set one member. A wrong value leaves it as it is.
template <auto kMember, class Target>
void text_into(Reading& reading, std::string_view key, const toml::node& node, Target& target) {
  if (auto value = reading.text(key, node)) target.*kMember = std::move(*value);
}
template <auto kMember, std::size_t kLeast, std::size_t kMost, class Target>
void whole_into(Reading& reading, std::string_view key, const toml::node& node, Target& target) {
  if (const auto value = reading.whole(key, node, kLeast, kMost)) target.*kMember = *value;
}
// A number from 0 to 1.
template <auto kMember, class Target>
void share_into(Reading& reading, std::string_view key, const toml::node& node, Target& target) {
  if (const auto value = reading.number(key, node, 0, 1)) target.*kMember = *value;
}

// Gives each key of a table to its row; a key without a row is wrong. `what`: "a quota", for messages. False: no table.
template <class Target>
bool read_table(Reading& reading, const toml::node& node, std::string_view what, std::span<const Key<Target>> keys,
                Target& target) {
  if (!node.is_table()) {
    reading.wrong(node, std::string(what) + " must be a table of keys");
    return false;
  }
  for (const auto& [key, value] : *node.as_table()) {
    const std::string_view name = key.str();
    const auto row = std::ranges::find(keys, name, &Key<Target>::name);
    if (row != keys.end()) {
      row->read(reading, row->name, value, target);
      continue;
    }
    std::vector<std::string_view> names;
    for (const Key<Target>& known : keys) names.push_back(known.name);
    reading.unknown(value, name, "key of " + std::string(what), names, "allowed are ");
  }
  return true;
}

}  // namespace counterpart::engine
