// Who asks for a match: a stored profile, a draft or a text, with all that it is compared by.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/match/matcher.h"
#include "index/store/store.h"
#include "server/layer.h"
#include "server/service/service.h"

namespace counterpart::server {

// Of an alias: what it leads to. kNotFound.
Result<StoredProfile> answering(const Store& store, const std::string& id, bool with_private = false);

// All are borrowed. `fine`: null without a second model.
struct Seekers {
  const Store& store;
  const Embedder& embedder;
  const Embedder* fine = nullptr;

  // kInvalid: not exactly one of profile, draft and text; kNotFound; kTooLarge.
  Result<Seeker> of(const Corpus& corpus, const MatchCall& call) const;
  Faces faces_of(const Profile& profile) const;
  // As the corpus has them, where it has the profile.
  Faces faces_of(const Corpus& corpus, const Profile& profile) const;
};

}  // namespace counterpart::server
