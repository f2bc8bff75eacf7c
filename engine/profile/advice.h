// What a profile's owner could still add, most helpful first, in the owner's language.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"

namespace counterpart::engine {

struct Advice {
  std::string member;  // as in the contract: "organisation.languages"
  std::string add;     // one sentence: what to add
  double help = 0;     // by how much completeness() would rise, 0..1
};

// The sentences of datasets/taxonomy/advice.tsv. Immutable after load; safe from any thread.
class AdviceTexts {
 public:
  // kCorrupt names the file and line at fault, or a member that is asked for without its sentences; kNotFound.
  static Result<AdviceTexts> load(const std::filesystem::path& file);
  // Language: BCP 47, its primary part counts; one that is not of the United Nations gives English.
  static std::string_view language_of(std::string_view language);  // the one of the six that is given: "fr" for "fr-CA"
  std::string_view sentence(std::string_view key, std::string_view language) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> rows_;  // by kUnLanguages' order
};

// What a member weighs (`asked` in members.cpp) follows what it decides. The texts: forward and backward, the two comparisons
// by meaning, are three quarters of a score under the open programme, and without a text of its own a face is filled from the
// other's, at a discount. Sectors come between the text that a kind of profile lives by
// and its other text: on known pairs the right sector found a third more of the right counterparts, and programmes and officers
// filter by it. Countries of activity
// and the owner's own conditions on a partner keep unsuitable pairs out; roles open or close whole programmes. Then
// cooperation, technologies and themes (0.05 to 0.03), finance for those who seek or give it, stage, and small things. What a
// kind of profile cannot have is not asked of it: a project is asked for the finance it seeks, an expert never; an investor or
// financier for what it offers; a supplier of technology for its readiness.

// Of everything that the rules ask of such a profile, the share (by weight) that it states. 0..1. Private members are not
// read.
double completeness(const Profile& profile);

// What is missing, by `help`, then by member; the `help` of all and completeness() add up to 1. An empty `language`: the
// profile's own.
std::vector<Advice> advise(const Profile& profile, const AdviceTexts& texts, std::string_view language = {});

}  // namespace counterpart::engine
