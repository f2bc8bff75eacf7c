#include "engine/programme/programme_reader.h"

#include <algorithm>
#include <deque>
#include <map>

#include "engine/profile/profile_check.h"
#include "engine/programme/programme_cases.h"
#include "engine/programme/programme_sections.h"
#include "engine/programme/programme_values.h"
#include "engine/score/score.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMaxCapacity = 1'000;
constexpr std::size_t kMaxOfficeCapacity = 1'000'000;

// A programme under construction, and what can be checked only when all its layers are read.
struct Draft {
  Programme programme;
  std::vector<NamedGate> gates;
  Conditions everyone;
  std::map<std::string, const toml::node*, std::less<>> likes;  // by side: where it says which side it is like
  const toml::node* pairs = nullptr;
  const toml::node* weights = nullptr;
  const toml::node* everyone_at = nullptr;
  const toml::node* hubs = nullptr;
};

// ---- sides

void read_side(Reading& reading, const toml::node& node, ProgrammeSide& side, Draft& draft) {
  if (!node.is_table()) return reading.wrong(node, "a side must be a table of fields, as in [sides.supplier]");
  for (const auto& [key, value] : *node.as_table()) {
    if (key.str() == "label") {
      text_into<&ProgrammeSide::label>(reading, key.str(), value, side);
    } else if (key.str() == "like") {
      draft.likes.insert_or_assign(side.name, &value);
    } else {
      reading.condition_or_not(key.str(), value, side.eligible);
    }
  }
}

void read_sides(Reading& reading, std::string_view, const toml::node& node, Draft& draft) {
  if (!node.is_table()) return reading.wrong(node, "`sides` must be a table of sides, as in [sides.supplier]");
  std::vector<ProgrammeSide>& sides = draft.programme.sides;
  for (const auto& [key, value] : *node.as_table()) {
    auto side = std::ranges::find(sides, key.str(), &ProgrammeSide::name);
    if (side == sides.end())
      side = sides.insert(side, {.name = std::string(key.str()), .label = std::string(key.str()), .eligible = {}});
    read_side(reading, value, *side, draft);
  }
}

template <class Row>
std::vector<std::string_view> names_of(const std::vector<Row>& rows) {
  std::vector<std::string_view> names;
  for (const Row& row : rows) names.push_back(row.name);
  return names;
}

std::optional<std::size_t> side_of(Reading& reading, const toml::node& node, std::string_view name,
                                   const std::vector<ProgrammeSide>& sides) {
  const auto side = std::ranges::find(sides, name, &ProgrammeSide::name);
  if (side != sides.end()) return static_cast<std::size_t>(side - sides.begin());
  reading.wrong(node, quoted(name) + " is no side of this programme",
                sides.empty() ? "give the programme its sides, as in [sides.supplier]"
                              : Reading::allowed(name, names_of(sides), "sides are "));
  return std::nullopt;
}

// A side that is like another has its conditions, but for those on fields of its own.
void finish_likes(Reading& reading, Draft& draft) {
  for (const auto& [name, node] : draft.likes) {
    const std::string model = node->value_or(std::string{});
    const auto found = side_of(reading, *node, model, draft.programme.sides);
    if (!found) continue;
    if (draft.likes.contains(model)) {
      reading.wrong(*node, engine::quoted(model) + " is itself like another side", "name a side that stands by itself");
      continue;
    }
    Conditions& own = std::ranges::find(draft.programme.sides, name, &ProgrammeSide::name)->eligible;
    Conditions all = draft.programme.sides[*found].eligible;
    std::erase_if(all, [&](const Condition& theirs) {
      return std::ranges::any_of(own,
                                 [&](const Condition& c) { return c.field == theirs.field && c.negated == theirs.negated; });
    });
    all.insert(all.end(), own.begin(), own.end());
    own = std::move(all);
  }
}

void finish_pairs(Reading& reading, const toml::node& declared, Draft& draft) {
  Programme& programme = draft.programme;
  if (!draft.pairs) {
    if (!programme.sides.empty())
      reading.missing(declared, "`sides` are given but no `pairs`",
                      "say which sides may meet, as in pairs = [[\"supplier\", \"partner\"]]");
    return;
  }
  if (!draft.pairs->is_array()) return reading.wrong(*draft.pairs, "`pairs` must be a list of two side names each");
  std::vector<bool> meets(programme.sides.size());
  for (const toml::node& pair : *draft.pairs->as_array()) {
    const toml::array* names = pair.as_array();
    if (!names || names->size() != 2) {
      reading.wrong(pair, "a pair must be two side names", "as in [\"supplier\", \"partner\"]");
      continue;
    }
    const auto left = side_of(reading, (*names)[0], (*names)[0].value_or(std::string{}), programme.sides);
    const auto right = side_of(reading, (*names)[1], (*names)[1].value_or(std::string{}), programme.sides);
    if (!left || !right) continue;
    meets[*left] = meets[*right] = true;
    programme.pairs.emplace_back(*left, *right);
  }
  for (std::size_t i = 0; i < meets.size(); ++i)
    if (!meets[i] && !reading.failed())
      reading.wrong(*draft.pairs, "side " + engine::quoted(programme.sides[i].name) + " is in no pair",
                    "say whom it may meet, or leave it out");
}

void finish_gates(Reading& reading, Draft& draft) {
  for (NamedGate& named : draft.gates) {
    if (named.side.empty()) {
      reading.missing(*named.at, "the gate's `side` is missing",
                      Reading::allowed({}, names_of(draft.programme.sides), "sides are "));
      continue;
    }
    const auto side = side_of(reading, *named.at, named.side, draft.programme.sides);
    if (!side) continue;
    named.gate.side = *side;
    draft.programme.gates.push_back(std::move(named.gate));
  }
  std::ranges::sort(draft.programme.gates, {}, &Gate::name);
}

// A floor names the side that it is for where the programme has sides of different standing.
void finish_exposure(Reading& reading, const Draft& draft) {
  const std::vector<std::string_view> names = names_of(draft.programme.sides);
  for (const ExposureFloor& floor : draft.programme.exposure)
    if (!floor.side.empty() && std::ranges::find(names, floor.side) == names.end())
      reading.wrong_at(floor.place, engine::quoted(floor.side) + " is no side of this programme",
                       Reading::allowed(floor.side, names, "sides are "));
}

// ---- hubs

constexpr std::string_view kHubWords[] = {"kept", "corrected"};

void read_hubs(Reading& reading, std::string_view key, const toml::node& node, Draft& draft) {
  draft.hubs = &node;
  draft.programme.corrects_hubs = reading.word(key, node, kHubWords) == kHubWords[1];
}

void finish_hubs(Reading& reading, const Draft& draft) {
  if (draft.programme.corrects_hubs && draft.programme.capacity != 1)
    reading.wrong(*draft.hubs, "hubs are corrected only where everybody is introduced to one at a time",
                  "write capacity = 1, or leave `hubs` out");
}

// ---- weights

std::vector<std::string_view> signal_names() {
  std::vector<std::string_view> names;
  for (const Signal& signal : signals()) names.push_back(signal.name);
  return names;
}

void read_weights(Reading& reading, std::string_view, const toml::node& node, Draft& draft) {
  if (!node.is_table()) return reading.wrong(node, "`weights` must be a table of signals");
  draft.weights = &node;
  for (const auto& [key, value] : *node.as_table()) {
    const std::string_view name = key.str();
    const auto names = signal_names();
    if (std::ranges::find(names, name) == names.end()) {
      reading.unknown(value, name, "signal", names, "signals are ");
    } else if (const auto weight = reading.number(name, value, 0, 100)) {
      draft.programme.weights.insert_or_assign(std::string(name), *weight);
    }
  }
}

void finish_weights(Reading& reading, const Draft& draft) {
  if (!draft.weights) return;
  double sum = 0;
  for (const Signal& signal : signals()) {
    const auto own = draft.programme.weights.find(signal.name);
    sum += own == draft.programme.weights.end() ? signal.default_weight : own->second;
  }
  if (sum <= 0) reading.wrong(*draft.weights, "all weights are 0", "give at least one signal a weight");
}

// ---- THE table of a programme's keys

constexpr Key<Draft> kProgrammeKeys[] = {
    {"name", [](Reading& r, std::string_view key, const toml::node& n,
                Draft& d) { text_into<&Programme::name>(r, key, n, d.programme); }},
    {"description", [](Reading& r, std::string_view key, const toml::node& n,
                       Draft& d) { text_into<&Programme::description>(r, key, n, d.programme); }},
    {"output",
     [](Reading& r, std::string_view key, const toml::node& n, Draft& d) {
       const std::string word = r.word(key, n, Vocabulary<ProgrammeOutput>::kNames);
       if (const auto output = parse_word<ProgrammeOutput>(word)) d.programme.output = *output;
     }},
    {"sides", read_sides},
    {"pairs", [](Reading&, std::string_view, const toml::node& n, Draft& d) { d.pairs = &n; }},
    {"everyone",
     [](Reading& r, std::string_view key, const toml::node& n, Draft& d) {
       d.everyone_at = &n;
       r.conditions(key, n, d.everyone);
     }},
    {"gates", [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_gates(r, n, d.gates); }},
    {"weights", read_weights},
    {"capacity", [](Reading& r, std::string_view key, const toml::node& n,
                    Draft& d) { whole_into<&Programme::capacity, 1, kMaxCapacity>(r, key, n, d.programme); }},
    {"office_capacity",
     [](Reading& r, std::string_view key, const toml::node& n, Draft& d) {
       whole_into<&Programme::office_capacity, 1, kMaxOfficeCapacity>(r, key, n, d.programme);
     }},
    {"hubs", read_hubs},
    {"panel", [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_panel(r, n, d.programme); }},
    {"quotas", [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_quotas(r, n, d.programme); }},
    {"exposure", [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_exposure(r, n, d.programme); }},
    {"diversity", [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_diversity(r, n, d.programme); }},
    {"cases", [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_cases(r, n, d.programme.cases); }},
    {"cohort", [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_cohort(r, n, d.programme.cases); }},
    {"membership",
     [](Reading& r, std::string_view, const toml::node& n, Draft& d) { read_membership(r, n, d.programme.cases); }},
};

// Keys of a file, not of a programme.
constexpr Key<Draft> kFileKeys[] = {
    {"base", [](Reading&, std::string_view, const toml::node&, Draft&) {}},        // followed before any layer is read
    {"programmes", [](Reading&, std::string_view, const toml::node&, Draft&) {}},  // a layer each
};

std::vector<Key<Draft>> top_keys() {
  std::vector<Key<Draft>> keys(std::begin(kProgrammeKeys), std::end(kProgrammeKeys));
  keys.insert(keys.end(), std::begin(kFileKeys), std::end(kFileKeys));
  return keys;
}

std::vector<std::string_view> top_names() {
  std::vector<std::string_view> names;
  for (const Key<Draft>& key : top_keys()) names.push_back(key.name);
  return names;
}

// A condition on everyone stands beside a side's own on the same field: both must hold.
void finish_everyone(Reading& reading, Draft& draft) {
  if (draft.everyone_at && draft.programme.sides.empty())
    reading.wrong(*draft.everyone_at, "`everyone` is given but no `sides`", "give the programme its sides");
  for (ProgrammeSide& side : draft.programme.sides)
    side.eligible.insert(side.eligible.end(), draft.everyone.begin(), draft.everyone.end());
}

// ---- files and layers

class FileReader {
 public:
  FileReader(std::string slug, const Taxonomy& taxonomy, const SiblingText& sibling)
      : reading_(taxonomy, top_names()), slug_(std::move(slug)), sibling_(sibling) {}

  ProgrammeCheck read(std::string_view text) {
    if (parse(text, slug_) && follow_bases()) declare();
    result_.errors.insert(result_.errors.begin(), errors_.begin(), errors_.end());
    return std::move(result_);
  }

 private:
  bool parse(std::string_view text, const std::string& slug) {
    Result<toml::table> file = parse_toml(text, slug + ".toml");
    if (!file) {
      reading_.wrong_at(file.error().place, file.error().message, file.error().remedy);
      collect();
      return false;
    }
    files_.push_back(std::move(*file));
    chain_.push_back(slug);
    return true;
  }

  // The file's base, its base's base, and so on, into files_.
  bool follow_bases() {
    while (const toml::node* node = files_.back().get("base")) {
      const std::string base = node->value_or(std::string{});
      const auto loop = std::ranges::find(chain_, base);
      if (const Status status = check_slug(base); !status) {
        reading_.wrong(*node, "`base` must name a file beside this one, without .toml", "as in base = \"itpo\"");
      } else if (loop != chain_.end()) {
        std::string circle;
        for (auto at = loop; at != chain_.end(); ++at) circle += *at + " -> ";
        reading_.wrong(*node, "`base` runs in a circle: " + circle + base, "name another base, or none");
      } else if (const Result<std::string> text = sibling_(base); !text) {
        reading_.wrong(*node, "the base " + engine::quoted(base) + " cannot be read: " + text.error().message,
                       "name a file that lies beside this one");
      } else if (parse(*text, base)) {
        continue;
      }
      collect();
      return false;
    }
    return true;
  }

  void declare() {
    const toml::table& own = files_.front();
    const toml::node* several = own.get("programmes");
    if (!several) {
      declare_one(slug_, nullptr, own);
    } else if (!several->is_table() || several->as_table()->empty()) {
      reading_.wrong(*several, "`programmes` must be a table of programmes, as in [programmes.hydrogen]");
      collect();
    } else {
      if (const toml::node* name = own.get("name"))
        reading_.wrong(*name, "`name` stands above several programmes", "give each [programmes.SLUG] its own");
      collect();
      for (const auto& [key, node] : *several->as_table()) declare_one(std::string(key.str()), &node, node);
    }
  }

  // `last`: the layer under [programmes.SLUG], if there is one. `declared`: the table that makes it a programme.
  void declare_one(const std::string& slug, const toml::node* last, const toml::node& declared) {
    Draft draft;
    draft.programme.slug = slug;
    draft.programme.place = Reading::place(declared);
    if (const Status status = check_slug(slug); !status)
      reading_.wrong(declared, status.error().message, status.error().remedy);
    const auto top = top_keys();
    for (auto file = files_.rbegin(); file != files_.rend(); ++file) {
      draft.programme.name.clear();  // a base's name is the base's alone
      read_table<Draft>(reading_, *file, "a programme", top, draft);
    }
    if (last) {
      draft.programme.name.clear();
      read_table<Draft>(reading_, *last, "a programme", kProgrammeKeys, draft);
    }
    if (draft.programme.name.empty() && !(declared.is_table() && declared.as_table()->contains("name")))
      reading_.missing(declared, "`name` is missing", "give one");
    finish_likes(reading_, draft);
    finish_pairs(reading_, declared, draft);
    finish_gates(reading_, draft);
    finish_exposure(reading_, draft);
    finish_everyone(reading_, draft);
    finish_hubs(reading_, draft);
    finish_weights(reading_, draft);
    check_panel(reading_, declared, draft.programme);
    check_cases(reading_, declared, draft.programme.cases);
    if (!collect()) result_.programmes.push_back(std::move(draft.programme));
  }

  // True: there were errors since the last call.
  bool collect() {
    std::vector<Error> found = reading_.take_errors();
    for (Error& error : found) {
      const bool reported = std::ranges::any_of(
          errors_, [&](const Error& known) { return known.place == error.place && known.message == error.message; });
      if (!reported) errors_.push_back(error);
    }
    return !found.empty();
  }

  Reading reading_;
  std::string slug_;
  const SiblingText& sibling_;
  std::deque<toml::table> files_;   // the file, its base, its base's base; nodes keep their places while these stand
  std::vector<std::string> chain_;  // their slugs
  std::vector<Error> errors_;
  ProgrammeCheck result_;
};

}  // namespace

ProgrammeCheck read_programmes(std::string_view text, const std::string& slug, const Taxonomy& taxonomy,
                               const SiblingText& sibling) {
  return FileReader(slug, taxonomy, sibling).read(text);
}

}  // namespace counterpart::engine
