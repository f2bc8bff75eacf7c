#include "index/import_row.h"

#include <exception>
#include <utility>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "engine/identity.h"
#include "engine/language_tag.h"
#include "engine/profile_json.h"

namespace counterpart {
namespace {

// Compares with what is stored; a store that fails here fails again, and is reported, when the row is written.
void compare(ReadyRow& row, const Store& store, const Embedder& embedder) {
  const Profile& profile = row.write->profile;
  const auto stored = store.get(profile.id, true);
  if (!stored) return;
  row.stored_before = true;
  if (to_json(stored->profile, Visibility::kWithPrivate) != to_json(profile, Visibility::kWithPrivate)) return;
  const auto embedding = store.embedding(profile.id);
  if (!embedding || !*embedding || (*embedding)->model != embedder.model()) return;
  row.stored_equal = true;
  row.write->expect_version = stored->version;
}

}  // namespace

std::string id_of_content(const Profile& profile) {
  Profile content = profile;
  content.id.clear();
  const boost::uuids::name_generator_sha1 generator(boost::uuids::ns::oid());
  std::string id = "p-";
  for (const char c : boost::uuids::to_string(generator(to_json(content, Visibility::kPublic))))
    if (c != '-') id.push_back(c);
  return id;
}

Status embed_row(Write& write, const Embedder& embedder) {
  try {
    write.expect_version.reset();
    write.embedding = quantise(embed_faces(write.profile, embedder), embedder.model());
    return {};
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInternal, {}, error.what());
  }
}

ReadyRow make_ready(BulkReader::Raw raw, const Store& store, const Taxonomy& taxonomy, const Embedder& embedder,
                    bool embed) {
  ReadyRow row{raw.line, Write{}};
  try {
    if (raw.refused) {
      row.write = tl::unexpected(std::move(*raw.refused));
      return row;
    }
    auto profile = parse_profile(raw.json, taxonomy);
    if (!profile) {
      row.write = tl::unexpected(std::move(profile.error()));
      return row;
    }
    if (profile->id.empty()) profile->id = id_of_content(*profile);  // before detection, which may get better
    settle_language(*profile, embedder);
    row.revealing = !revelations_in(*profile).empty();
    row.write->profile = std::move(*profile);
    compare(row, store, embedder);
    if (embed && !row.stored_equal)
      if (auto embedded = embed_row(*row.write, embedder); !embedded) row.write = tl::unexpected(embedded.error());
  } catch (const std::exception& error) {
    row.write = fail(ErrorCode::kInternal, {}, error.what());
  }
  return row;
}

}  // namespace counterpart
