#include "server/client/told.h"

#include <utility>

#include "engine/taxonomy/taxonomy.h"
#include "server/words/language.h"

namespace counterpart::server {

Result<LoadedWords> LoadedWords::load(const std::filesystem::path& datasets) {
  LoadedWords loaded;
  Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(datasets / "taxonomy");
  if (!taxonomy) return tl::unexpected(taxonomy.error());
  loaded.taxonomy = std::move(*taxonomy);
  Result<std::unique_ptr<const Words>> words = Words::load(datasets / "words", *loaded.taxonomy);
  if (!words) return tl::unexpected(words.error());
  loaded.words = std::move(*words);
  Result<std::unique_ptr<const Refusals>> refusals = Refusals::make(*loaded.words);
  if (!refusals) return tl::unexpected(refusals.error());
  loaded.refusals = std::move(*refusals);
  return loaded;
}

Result<Told> Told::in(const std::string& language, const std::filesystem::path& datasets) {
  Told told;
  if (language.empty() || language == "en") return told;
  if (const Result<std::string> known = language_asked(language, {}); !known) return tl::unexpected(known.error());
  told.language_ = language;
  Result<LoadedWords> loaded = LoadedWords::load(datasets);
  if (!loaded) return tl::unexpected(loaded.error());
  told.loaded_ = std::move(*loaded);
  return told;
}

Error Told::say(Error error) const {
  if (loaded_.refusals) loaded_.refusals->say(error, language_);
  return error;
}

std::vector<Error> Told::say(std::span<const Error> errors) const {
  std::vector<Error> said;
  for (const Error& error : errors) said.push_back(say(error));
  return said;
}

}  // namespace counterpart::server
