#include "engine/corpus/profile_language.h"

#include "engine/base/language_tag.h"

namespace counterpart::engine {

std::string public_text(const Profile& profile) {
  std::string text = profile.title;
  for (const std::string* part : {&profile.summary, &profile.offers, &profile.seeks})
    if (!part->empty()) text.append(text.empty() ? "" : "\n").append(*part);
  return text;
}

void determine_language(Profile& profile, const Embedder& embedder) {
  profile.lang = canonical_language(profile.lang);
  if (!is_language(primary_language(profile.lang))) profile.lang = embedder.detect(public_text(profile));
  if (profile.lang == kUnknownLanguage) profile.lang.clear();
}

}  // namespace counterpart::engine
