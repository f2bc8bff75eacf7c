// What is wrong, told at a terminal in the language that was asked for.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"
#include "server/words/refusals.h"

namespace counterpart::server {

// Code lists and words, read for a verb that no service of this process answers.
struct LoadedWords {
  std::shared_ptr<const Taxonomy> taxonomy;
  std::unique_ptr<const Words> words;
  std::unique_ptr<const Refusals> refusals;
  static Result<LoadedWords> load(const std::filesystem::path& datasets);
};

class Told {
 public:
  Told() = default;  // in English
  // Reads code lists and words, but for "en". kInvalid at "lang": none of the six.
  static Result<Told> in(const std::string& language, const std::filesystem::path& datasets);

  Error say(Error error) const;  // one that cannot be said stays English
  std::vector<Error> say(std::span<const Error> errors) const;

 private:
  std::string language_ = "en";
  LoadedWords loaded_;  // nothing: English
};

}  // namespace counterpart::server
