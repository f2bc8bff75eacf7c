#include "index/snapshot/make_vectors.h"

#include "index/base/kill_point.h"
#include "index/vector/embedding.h"

namespace counterpart::index {

Status make_vectors(Store& store, const Embedder& embedder, const std::string& id) {
  const Result<StoredProfile> stored = store.get(id);
  if (!stored) return tl::unexpected(stored.error());
  const Embedding vectors = quantise(embed_faces(stored->profile, embedder), embedder.model());
  kill_point("publisher: vectors made, not stored");
  return store.set_embedding(id, stored->version, vectors);
}

Status make_fine_vectors(Store& store, const Embedder& fine, const std::string& id) {
  const Result<StoredProfile> stored = store.get(id);
  if (!stored) return tl::unexpected(stored.error());
  Result<std::optional<Embedding>> vectors = store.embedding(id);
  if (!vectors) return tl::unexpected(vectors.error());
  if (!*vectors || (*vectors)->fine_model == fine.model()) return {};
  add_fine(**vectors, embed_faces(stored->profile, fine), fine.model());
  add_passages(**vectors, stored->profile, fine);
  add_references(**vectors, stored->profile, fine);
  return store.set_embedding(id, stored->version, **vectors);
}

}  // namespace counterpart::index
