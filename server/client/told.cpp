#include "server/client/told.h"

#include <utility>

#include "engine/taxonomy/taxonomy.h"
#include "server/words/language.h"

namespace counterpart::server {

Result<Told> Told::in(const std::string& language, const std::filesystem::path& datasets) {
  Told told;
  if (language.empty() || language == "en") return told;
  if (const Result<std::string> known = language_asked(language, {}); !known) return tl::unexpected(known.error());
  told.language_ = language;
  Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(datasets / "taxonomy");
  if (!taxonomy) return tl::unexpected(taxonomy.error());
  told.taxonomy_ = std::move(*taxonomy);
  Result<std::unique_ptr<const Words>> words = Words::load(datasets / "words", *told.taxonomy_);
  if (!words) return tl::unexpected(words.error());
  told.words_ = std::move(*words);
  Result<std::unique_ptr<const Refusals>> refusals = Refusals::make(*told.words_);
  if (!refusals) return tl::unexpected(refusals.error());
  told.refusals_ = std::move(*refusals);
  return told;
}

Error Told::say(Error error) const {
  if (refusals_) refusals_->say(error, language_);
  return error;
}

std::vector<Error> Told::say(std::span<const Error> errors) const {
  std::vector<Error> said;
  for (const Error& error : errors) said.push_back(say(error));
  return said;
}

}  // namespace counterpart::server
