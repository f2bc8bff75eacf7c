// Gives all profiles of a data directory fine vectors without the fine model, whose hours a bench of speed does not need: each
// is the profile's fast vector, turned by a fixed random matrix into the fine model's dimensions (Johnson-Lindenstrauss:
// cosines stay about as they are), passages too. They are stored under the fine model's name, so that searches, scores and
// files are as large and as slow as with its own; as answers they are worth no more than the fast ones. For benches alone.
//   project_fine DATA MODELS
#include <atomic>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/threads.h"
#include "index/model/encoder.h"
#include "index/store/store.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kThreads = 31;  // beside this one

class Projected final : public Embedder {
 public:
  Projected(const Embedder& fast, const Embedder& fine) : fast_(fast), fine_(fine) {
    std::mt19937 random(11);
    std::normal_distribution<float> normal;
    matrix_.resize(fast.dimensions() * fine.dimensions());
    for (float& x : matrix_) x = normal(random);
  }
  const std::string& model() const override { return fine_.model(); }
  std::size_t dimensions() const override { return fine_.dimensions(); }
  std::string detect(std::string_view text) const override { return fast_.detect(text); }
  std::vector<float> embed(std::string_view text, std::string_view language) const override {
    return turned(fast_.embed(text, language));
  }
  // As long as `fast` is.
  std::vector<float> turned(const std::vector<float>& fast) const {
    std::vector<float> out(fine_.dimensions());
    float before = 0, after = 0;
    for (const float x : fast) before += x * x;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const float* row = matrix_.data() + i * fast.size();
      for (std::size_t k = 0; k < fast.size(); ++k) out[i] += row[k] * fast[k];
      after += out[i] * out[i];
    }
    const float factor = after > 0 ? std::sqrt(before / after) : 0;
    for (float& x : out) x *= factor;
    return out;
  }

 private:
  const Embedder& fast_;
  const Embedder& fine_;
  std::vector<float> matrix_;
};

int run(const std::string& data, const std::string& models) {
  const auto fast = open_embedder("fast", models), fine = open_embedder("e5", models);
  const auto store = Store::open(data);
  if (!fast || !fine || !store) {
    std::fprintf(stderr, "project_fine: %s\n", describe(!fast ? fast.error() : !fine ? fine.error() : store.error()).c_str());
    return 1;
  }
  const Projected projected(**fast, **fine);
  std::vector<std::pair<StoredProfile, Embedding>> all;
  const Status read = (*store)->for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>& vectors) {
    if (vectors) all.emplace_back(stored, *vectors);
    return true;
  });
  std::atomic<std::size_t> made{0}, next{0};
  // Many at once, so that they share syncs.
  on_threads_beside(kThreads, [&] {
    for (std::size_t i = next++; i < all.size(); i = next++) {
      auto& [stored, vectors] = all[i];
      const Faces faces = dequantise(vectors);
      Faces turned;
      turned.offers = projected.turned(faces.offers);
      turned.seeks = projected.turned(faces.seeks);
      add_fine(vectors, turned, projected.model());
      add_passages(vectors, stored.profile, projected);
      add_references(vectors, stored.profile, projected);
      if ((*store)->set_embedding(stored.profile.id, stored.version, vectors)) ++made;
    }
  });
  std::printf("%zu of %zu profiles have projected vectors in place of fine ones\n", made.load(), all.size());
  return read && made == all.size() ? 0 : 1;
}

}  // namespace
}  // namespace counterpart::index

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: project_fine DATA MODELS\n"), 2;
  return counterpart::index::run(argv[1], argv[2]);
}
