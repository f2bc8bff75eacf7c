// A programme: a declarative file of who may be paired with whom and how signals weigh; checked when it is read.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/cycles/case_rules.h"
#include "engine/programme/programme_rules.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// One side of a programme ("supplier"): who is eligible for it.
struct ProgrammeSide {
  std::string name;
  std::string label;  // in words, for reasons: "developed-country technology supplier or investor"
  Conditions eligible;
};

struct Programme {
  std::string slug;  // its file's name without .toml, or its name under [programmes]
  std::string name;
  std::string description;
  std::vector<ProgrammeSide> sides;                        // empty: everybody with everybody
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  // sides that may meet; symmetric
  std::map<std::string, double, std::less<>> weights;      // by signal name; those not named keep the default

  ProgrammeOutput output = ProgrammeOutput::kMatches;
  std::vector<Gate> gates{};                     // by name
  std::optional<PanelSettings> panel{};          // set when `output` is kPanel
  std::vector<QuotaRule> quotas{};               // of the panel
  std::optional<std::size_t> capacity{};         // introductions a profile handles at once under this programme
  std::optional<std::size_t> office_capacity{};  // introductions that the profiles of one office are given at once
  // A match run takes off what makes some near to everybody (index/run/hub_correction.h). Only where capacity is 1: it would
  // take from a supplier who fits many.
  bool corrects_hubs = false;
  std::vector<ExposureFloor> exposure{};
  std::optional<Diversity> diversity{};
  CaseRules cases{};
  std::string place{};  // file:line where it is declared
};

using Programmes = std::map<std::string, Programme, std::less<>>;  // by slug

// What each has set for its cases.
RulesByProgramme case_rules_of(const Programmes& programmes);

// Does a profile with this `programmes` member take part in `slug`? One that lists none takes part wherever it is
// eligible; "ctcn:endorsed" takes part in ctcn.
bool takes_part(const std::vector<std::string>& programmes, std::string_view slug);

// One text that declares one programme and names no base. kInvalid: place is "file:line", the message names the key and
// what is allowed there; of several errors the one highest up.
Result<Programme> parse_programme(std::string_view toml, std::string slug, const Taxonomy& taxonomy);

// All *.toml of a directory. The first error of the first wrong file is the error; kInvalid also when two files declare
// the same slug, kNotFound when none declares `open`.
Result<Programmes> load_programmes(const std::filesystem::path& directory, const Taxonomy& taxonomy);

// What a programme's author is told of one file: the programmes that are right, and all that is wrong, in reading order.
// Bases are looked for beside the file, and so are other files that declare the same slug.
struct ProgrammeCheck {
  std::vector<Programme> programmes;
  std::vector<Error> errors;
};
ProgrammeCheck check_programme_file(const std::filesystem::path& file, const Taxonomy& taxonomy);

}  // namespace counterpart::engine
