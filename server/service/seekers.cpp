#include "server/service/seekers.h"

#include "engine/base/patience.h"
#include "engine/base/utf8.h"
#include "engine/corpus/profile_language.h"
#include "index/store/aliases.h"
#include "index/store/checks.h"
#include "index/text/words.h"
#include "index/vector/embedding.h"

namespace counterpart::server {

Result<StoredProfile> answering(const Store& store, const std::string& id, bool with_private) {
  return survivor_of(store.database(), id).and_then([&](const std::string& own) { return store.get(own, with_private); });
}

// All that a text can be compared by: both models' vectors, rounded as stored ones are, and its words.
Faces Seekers::faces_of(const Profile& profile) const {
  Embedding embedding = quantise(embed_faces(profile, embedder), embedder.model());
  if (fine) {
    add_fine(embedding, embed_faces(profile, *fine), fine->model());
    add_references(embedding, profile, *fine);
  }
  Faces faces = dequantise(embedding);
  add_words(faces, profile);
  return faces;
}
Faces Seekers::faces_of(const Corpus& corpus, const Profile& profile) const {
  const std::optional<Row> row = corpus.find(profile.id);
  if (!row) return faces_of(profile);
  Faces faces = corpus.faces(*row);
  add_words(faces, profile);
  return faces;
}

Result<Seeker> Seekers::of(const Corpus& corpus, const MatchCall& call) const {
  const int ways =
      int{!call.profile_id.empty()} + int{call.draft.has_value()} + int{!call.text.empty() || !call.offering.empty()};
  if (ways != 1)
    return fail(ErrorCode::kInvalid, "profile", "exactly one of a profile, a draft and a text is needed",
                "give `profile`, `draft`, or `text` (with or without `offering`)");
  Seeker seeker;
  seeker.side = call.side;
  if (!call.profile_id.empty()) {
    Result<StoredProfile> stored = answering(store, call.profile_id);
    if (!stored) return tl::unexpected(stored.error());
    if (Status may = check_not_excluded(store.database(), stored->profile.id, "profile"); !may)
      return tl::unexpected(std::move(may.error()));
    seeker.profile = std::move(stored->profile);
    seeker.faces = faces_of(corpus, seeker.profile);
    return seeker;
  }
  if (call.draft) {
    seeker.profile = *call.draft;
  } else {
    for (const auto& [member, text] : {std::pair{"text", &call.text}, {"offering", &call.offering}})
      if (characters_in(*text) > kMaxText)
        return fail(ErrorCode::kTooLarge, member, "longer than " + std::to_string(kMaxText) + " characters", "shorten it");
    seeker.anonymous = true;
    seeker.profile.country = call.country;
    seeker.profile.seeks = call.text;
    seeker.profile.offers = call.offering;
  }
  determine_language(seeker.profile, embedder);
  seeker.faces = faces_of(seeker.profile);
  if (Patience::over()) return given_up();
  return seeker;
}

}  // namespace counterpart::server
