#include "server/words/catalogue.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/toml.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;

// One file into the catalogue.
class FileReader {
 public:
  FileReader(std::string name, Catalogue& into) : name_(std::move(name)), into_(into) {}

  Status read(const std::string& text) {
    if (text.size() > kMaxWordsFile)
      return fail(ErrorCode::kTooLarge, name_, "has " + std::to_string(text.size()) + " bytes",
                  "at most " + std::to_string(kMaxWordsFile) + "; split it");
    const Result<toml::table> root = parse_toml(text, name_);
    if (!root) return tl::unexpected(root.error());
    return read_branch("", *root);
  }

 private:
  std::string place(const toml::node& node) const { return name_ + ":" + std::to_string(node.source().begin.line); }

  tl::unexpected<Error> wrong(const toml::node& node, std::string message, std::string remedy = {}) const {
    return fail(ErrorCode::kInvalid, place(node), std::move(message), std::move(remedy));
  }

  // A table of tables. toml++ bounds how deep they lie in each other.
  Status read_branch(const std::string& key, const toml::table& table) {
    for (const auto& [name, node] : table) {
      const std::string_view part = name.str();
      const bool plain = !part.empty() && std::ranges::all_of(part, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      });
      if (!plain) return wrong(node, "`" + std::string(part) + "` is no key", "use a-z, 0-9, _ and -");
      const std::string path = key.empty() ? std::string(part) : key + "." + std::string(part);
      const toml::table* below = node.as_table();
      if (!below) return wrong(node, "`" + path + "` is no table", "as in [" + path + "], with a text in each language");
      const bool message = std::ranges::any_of(*below, [](const auto& entry) { return !entry.second.is_table(); });
      if (Status read = message ? read_message(path, *below) : read_branch(path, *below); !read) return read;
    }
    return {};
  }

  Status read_message(const std::string& key, const toml::table& table) {
    Message message;
    for (const auto& [name, node] : table) {
      const auto language = un_language(name.str());
      if (!language)
        return wrong(node, "`" + key + "` has `" + std::string(name.str()) + "`, which is none of the six languages",
                     "ar, zh, en, fr, ru, es");
      const auto* text = node.as_string();
      if (!text || text->get().empty()) return wrong(node, "`" + key + "` has no text here");
      if (text->get().size() > kMaxMessage)
        return wrong(node, "`" + key + "` has more than " + std::to_string(kMaxMessage) + " bytes");
      message.texts[*language] = text->get();
      message.places[*language] = place(node);
    }
    for (std::size_t i = 0; i < message.texts.size(); ++i)
      if (message.texts[i].empty()) return wrong(table, "`" + key + "` has no text in `" + std::string(kUnLanguages[i]) + "`");
    if (into_.size() == kMaxMessages) return wrong(table, "more than " + std::to_string(kMaxMessages) + " keys");
    const auto [at, added] = into_.emplace(key, std::move(message));
    if (!added) return wrong(table, "`" + key + "` stands in " + at->second.places[0] + " already");
    return {};
  }

  std::string name_;
  Catalogue& into_;
};

}  // namespace

Result<Catalogue> read_catalogue(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, failed))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  if (files.empty())
    return fail(ErrorCode::kNotFound, directory.string(), "holds no words", "they come with the datasets, under words/");
  std::ranges::sort(files);
  Catalogue catalogue;
  for (const fs::path& file : files) {
    const Result<std::string> text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    if (Status read = FileReader(file.filename().string(), catalogue).read(*text); !read) return tl::unexpected(read.error());
  }
  return catalogue;
}

}  // namespace counterpart::server
