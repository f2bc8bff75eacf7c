// A programme: a declarative file of who may be paired with whom and how signals weigh; checked when it is read.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus.h"
#include "engine/result.h"
#include "engine/taxonomy.h"

namespace counterpart {

// One side of a programme ("supplier"): who is eligible for it.
struct Side {
  std::string name;
  std::string label;  // in words, for reasons: "developed-country technology supplier or investor"
  Conditions eligible;
};

struct Programme {
  std::string slug;  // its file's name without .toml
  std::string name;
  std::string description;
  std::vector<Side> sides;                                // empty: everybody with everybody
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  // sides that may meet; symmetric
  std::map<std::string, double, std::less<>> weights;      // by signal name; those not named keep the default
};

// kInvalid: place is "file:line", the message names the key and what is allowed there.
Result<Programme> parse_programme(std::string_view toml, std::string slug, const Taxonomy& taxonomy);
// All *.toml of a directory, by slug. The first wrong file is the error.
Result<std::map<std::string, Programme, std::less<>>> load_programmes(const std::filesystem::path& directory,
                                                                      const Taxonomy& taxonomy);

}  // namespace counterpart
