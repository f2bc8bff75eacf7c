#include "engine/profile/organisation.h"

#include <string_view>
#include <utility>

#include "engine/base/nearest.h"

namespace counterpart::engine {
namespace {

std::string plain(std::string_view text) {
  std::string kept;
  for (const char c : upper_case(text))
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) kept += c;
  return kept;
}

}  // namespace

std::string identifier_key(const Identifier& identifier) {
  std::string scheme = plain(identifier.scheme);
  if (scheme.starts_with("XI") && scheme.size() > 2) scheme.erase(0, 2);
  const std::string id = plain(identifier.id);
  return scheme.empty() || id.empty() ? std::string{} : scheme + " " + id;
}

std::string strongest_identifier(const Profile& profile) {
  std::string strongest;
  const auto rank = [](const std::string& key) { return std::pair(!key.starts_with("LEI "), std::string_view(key)); };
  for (const Identifier& identifier : profile.organisation.identifiers) {
    std::string key = identifier_key(identifier);
    if (!key.empty() && (strongest.empty() || rank(key) < rank(strongest))) strongest = std::move(key);
  }
  return strongest;
}

std::string organisation_key(const Profile& profile, const LegalForms& forms) {
  if (const std::string identifier = strongest_identifier(profile); !identifier.empty()) return "id:" + identifier;
  if (profile.kind != Kind::kProject) {
    std::string name;
    for (const std::string& word : entity_name(profile.title, forms).words) name += word;
    if (!name.empty()) return "name:" + profile.country + ":" + name;
  }
  return "self:" + profile.id;
}

bool is_of_organisation(std::string_view stated, const Profile& profile, const LegalForms& forms) {
  const std::string id = plain(stated), name = name_key(stated, forms);
  for (const Identifier& identifier : profile.organisation.identifiers)
    if (!id.empty() && (id == plain(identifier_key(identifier)) || id == plain(identifier.id))) return true;
  const auto is_called = [&](std::string_view text) { return !name.empty() && name == name_key(text, forms); };
  return (profile.kind != Kind::kProject && is_called(profile.title)) ||
         (profile.organisation.legal_name && is_called(*profile.organisation.legal_name));
}

}  // namespace counterpart::engine
