#include "engine/programme/programme.h"

#include <algorithm>
#include <set>

#include "engine/base/file.h"
#include "engine/programme/programme_reader.h"

namespace counterpart::engine {
namespace {

namespace fs = std::filesystem;

Result<std::string> text_of(const fs::path& file) {
  Result<std::string> text = read_file(file);
  if (!text) return fail(ErrorCode::kNotFound, file.string(), "there is no such file, or it cannot be read");
  return text;
}

SiblingText siblings_in(const fs::path& directory) {
  return [directory](const std::string& slug) { return text_of(directory / (slug + ".toml")); };
}

Result<std::set<fs::path>> toml_files(const fs::path& directory) {
  std::error_code error;
  std::set<fs::path> files;  // sorted, so that the first error is always the same
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".toml") files.insert(it->path());
  if (error) return fail(ErrorCode::kNotFound, directory.string(), "cannot be read: " + error.message());
  return files;
}

Error declared_twice(const Programme& programme, const Programme& before) {
  return {ErrorCode::kInvalid, programme.place, "`" + programme.slug + "` is declared already, at " + before.place,
          "give one of the two another name"};
}

}  // namespace

RulesByProgramme case_rules_of(const Programmes& programmes) {
  RulesByProgramme rules;
  for (const auto& [slug, programme] : programmes) rules.emplace(slug, programme.cases);
  return rules;
}

bool takes_part(const std::vector<std::string>& programmes, std::string_view slug) {
  return programmes.empty() ||
         std::ranges::any_of(programmes, [&](std::string_view entry) { return entry.substr(0, entry.find(':')) == slug; });
}

Result<Programme> parse_programme(std::string_view text, std::string slug, const Taxonomy& taxonomy) {
  ProgrammeCheck read = read_programmes(text, slug, taxonomy, [](const std::string&) -> Result<std::string> {
    return fail(ErrorCode::kNotFound, {}, "no other file is at hand");
  });
  if (!read.errors.empty()) return tl::unexpected(read.errors.front());
  if (read.programmes.size() != 1)
    return fail(ErrorCode::kInvalid, slug + ".toml:1", "declares several programmes", "give one");
  return std::move(read.programmes.front());
}

Result<Programmes> load_programmes(const fs::path& directory, const Taxonomy& taxonomy) {
  const Result<std::set<fs::path>> files = toml_files(directory);
  if (!files) return tl::unexpected(files.error());
  Programmes programmes;
  for (const fs::path& file : *files) {
    const Result<std::string> text = text_of(file);
    if (!text) return tl::unexpected(text.error());
    ProgrammeCheck read = read_programmes(*text, file.stem().string(), taxonomy, siblings_in(directory));
    if (!read.errors.empty()) return tl::unexpected(read.errors.front());
    for (Programme& programme : read.programmes) {
      std::string slug = programme.slug;
      const auto [known, added] = programmes.try_emplace(std::move(slug), std::move(programme));
      if (!added) return tl::unexpected(declared_twice(programme, known->second));
    }
  }
  if (!programmes.contains("open"))
    return fail(ErrorCode::kNotFound, directory.string(), "open.toml, the default programme, is missing");
  return programmes;
}

ProgrammeCheck check_programme_file(const fs::path& file, const Taxonomy& taxonomy) {
  const Result<std::string> text = text_of(file);
  if (!text) return {.programmes = {}, .errors = {text.error()}};
  const fs::path directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
  ProgrammeCheck check = read_programmes(*text, file.stem().string(), taxonomy, siblings_in(directory));
  // Its neighbours' own errors are not this author's.
  for (const fs::path& other : toml_files(directory).value_or(std::set<fs::path>{})) {
    if (other.filename() == file.filename()) continue;
    const Result<std::string> neighbour = text_of(other);
    if (!neighbour) continue;
    for (const Programme& known :
         read_programmes(*neighbour, other.stem().string(), taxonomy, siblings_in(directory)).programmes) {
      const auto twice = std::ranges::find(check.programmes, known.slug, &Programme::slug);
      if (twice == check.programmes.end()) continue;
      check.errors.push_back(declared_twice(*twice, known));
      check.programmes.erase(twice);
    }
  }
  return check;
}

}  // namespace counterpart::engine
