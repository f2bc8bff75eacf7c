#include "engine/programme.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <toml++/toml.h>

#include "engine/field.h"
#include "engine/score.h"

namespace counterpart {
namespace {

// A TOML text being read: where an error lies is its slug and the node's line.
class Reader {
 public:
  Reader(std::string slug, const Taxonomy& taxonomy) : taxonomy_(taxonomy) { programme_.slug = std::move(slug); }

  Result<Programme> read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const std::string_view name = key.str();
      Status status;
      if (name == "name") {
        status = text(name, node, programme_.name);
      } else if (name == "description") {
        status = text(name, node, programme_.description);
      } else if (name == "sides") {
        status = sides(node);
      } else if (name == "weights") {
        status = weights(node);
      } else if (name != "pairs") {
        status = wrong(node, "`" + std::string(name) + "` is no key of a programme",
                       "allowed are name, description, sides, pairs, weights");
      }
      if (!status) return tl::unexpected(status.error());
    }
    if (programme_.name.empty()) return fail(ErrorCode::kInvalid, place(root), "`name` is missing", "give one");
    if (Status status = pairs(root); !status) return tl::unexpected(status.error());
    return std::move(programme_);
  }

 private:
  std::string place(const toml::node& node) const {
    return programme_.slug + ".toml:" + std::to_string(node.source().begin.line);
  }
  tl::unexpected<Error> wrong(const toml::node& node, std::string message, std::string remedy = {}) const {
    return fail(ErrorCode::kInvalid, place(node), std::move(message), std::move(remedy));
  }

  Status text(std::string_view key, const toml::node& node, std::string& out) const {
    if (!node.is_string()) return wrong(node, "`" + std::string(key) + "` must be a text");
    out = node.as_string()->get();
    return {};
  }

  Status sides(const toml::node& node) {
    if (!node.is_table()) return wrong(node, "`sides` must be a table of sides, as in [sides.supplier]");
    for (const auto& [key, side_node] : *node.as_table()) {
      if (!side_node.is_table()) return wrong(side_node, "a side must be a table");
      Side side{.name = std::string(key.str()), .label = std::string(key.str()), .eligible = {}};
      for (const auto& [member, value] : *side_node.as_table()) {
        if (member.str() == "label") {
          if (Status status = text("label", value, side.label); !status) return status;
        } else if (member.str() == "not") {
          if (!value.is_table()) return wrong(value, "`not` must be a table of fields");
          for (const auto& [field, values] : *value.as_table())
            if (Status status = condition(field.str(), values, true, side.eligible); !status) return status;
        } else if (Status status = condition(member.str(), value, false, side.eligible); !status) {
          return status;
        }
      }
      programme_.sides.push_back(std::move(side));
    }
    return {};
  }

  Status condition(std::string_view name, const toml::node& node, bool negated, Conditions& out) const {
    const Field* field = find_field(name);
    if (!field) {
      std::string known;
      for (const Field& row : fields()) known += (known.empty() ? "" : ", ") + std::string(row.name);
      return wrong(node, "`" + std::string(name) + "` is no field", "fields are " + known);
    }
    if (!node.is_array() || node.as_array()->empty())
      return wrong(node, "`" + std::string(name) + "` must be a list of values, as in [\"developed\"]");
    Condition condition{.field = std::string(name), .any_of = {}, .negated = negated,
                        .owner = Condition::Owner::kProgramme};
    for (const toml::node& value : *node.as_array()) {
      if (!value.is_string()) return wrong(value, "values of `" + std::string(name) + "` must be texts");
      Result<std::string> parsed = field->parse(value.as_string()->get(), taxonomy_);
      if (!parsed) return wrong(value, parsed.error().message, parsed.error().remedy);
      condition.any_of.push_back(std::move(*parsed));
    }
    out.push_back(std::move(condition));
    return {};
  }

  Status pairs(const toml::table& root) {
    const toml::node* node = root.get("pairs");
    if (!node) {
      if (programme_.sides.empty()) return {};
      return fail(ErrorCode::kInvalid, place(root), "`sides` are given but no `pairs`",
                  "say which sides may meet, as in pairs = [[\"supplier\", \"partner\"]]");
    }
    if (!node->is_array()) return wrong(*node, "`pairs` must be a list of two side names each");
    for (const toml::node& pair : *node->as_array()) {
      const toml::array* names = pair.as_array();
      if (!names || names->size() != 2) return wrong(pair, "a pair must be two side names");
      std::size_t found[2]{};
      for (std::size_t i = 0; i < 2; ++i) {
        const std::string name = (*names)[i].value_or(std::string{});
        const auto side = std::ranges::find(programme_.sides, name, &Side::name);
        if (side == programme_.sides.end()) return wrong(pair, "`" + name + "` is no side of this programme");
        found[i] = static_cast<std::size_t>(side - programme_.sides.begin());
      }
      programme_.pairs.emplace_back(found[0], found[1]);
    }
    return {};
  }

  Status weights(const toml::node& node) {
    if (!node.is_table()) return wrong(node, "`weights` must be a table of signals");
    for (const auto& [key, value] : *node.as_table()) {
      const std::string_view name = key.str();
      if (std::ranges::find(signals(), name, &Signal::name) == signals().end()) {
        std::string known;
        for (const Signal& row : signals()) known += (known.empty() ? "" : ", ") + std::string(row.name);
        return wrong(value, "`" + std::string(name) + "` is no signal", "signals are " + known);
      }
      const std::optional<double> weight = value.value<double>();
      if (!weight || !(*weight >= 0 && *weight <= 100)) return wrong(value, "a weight must be a number from 0 to 100");
      programme_.weights.emplace(name, *weight);
    }
    double sum = 0;
    for (const Signal& signal : signals()) {
      const auto own = programme_.weights.find(signal.name);
      sum += own == programme_.weights.end() ? signal.default_weight : own->second;
    }
    if (sum <= 0) return wrong(node, "all weights are 0", "give at least one signal a weight");
    return {};
  }

  const Taxonomy& taxonomy_;
  Programme programme_;
};

}  // namespace

Result<Programme> parse_programme(std::string_view text, std::string slug, const Taxonomy& taxonomy) {
  try {
    const toml::table root = toml::parse(text);
    return Reader(std::move(slug), taxonomy).read(root);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalid, slug + ".toml:" + std::to_string(error.source().begin.line),
                std::string(error.description()));
  }
}

Result<std::map<std::string, Programme, std::less<>>> load_programmes(const std::filesystem::path& directory,
                                                                      const Taxonomy& taxonomy) {
  std::error_code error;
  std::set<std::filesystem::path> files;  // sorted, so that the first error is always the same
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".toml") files.insert(it->path());
  if (error) return fail(ErrorCode::kNotFound, directory.string(), "cannot be read: " + error.message());

  std::map<std::string, Programme, std::less<>> programmes;
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return fail(ErrorCode::kStorage, file.string(), "cannot be read");
    Result<Programme> programme = parse_programme(text.str(), file.stem().string(), taxonomy);
    if (!programme) return tl::unexpected(programme.error());
    programmes.emplace(programme->slug, std::move(*programme));
  }
  if (!programmes.contains("open"))
    return fail(ErrorCode::kNotFound, directory.string(), "open.toml, the default programme, is missing");
  return programmes;
}

}  // namespace counterpart
