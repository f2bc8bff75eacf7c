// Vectors of texts that were embedded lately: a question is asked again with one more condition, and again for its next page.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/corpus/corpus.h"
#include "index/layer.h"

namespace counterpart::index {

// `inner`, which it borrows, behind the last `most` vectors. Of texts only hashes are kept. Safe from any thread.
class RecentVectors : public Embedder {
 public:
  explicit RecentVectors(const Embedder& inner, std::size_t most = 512) : inner_(inner), most_(most) {}

  const std::string& model() const override { return inner_.model(); }
  std::size_t dimensions() const override { return inner_.dimensions(); }
  std::string detect(std::string_view text) const override { return inner_.detect(text); }
  std::vector<float> embed(std::string_view text, std::string_view language) const override;

 private:
  using Entry = std::pair<std::string, std::vector<float>>;

  const Embedder& inner_;
  const std::size_t most_;
  mutable std::mutex mutex_;
  // Guarded by mutex_. The last asked first; where each stands, by its hash.
  mutable std::list<Entry> entries_;
  mutable std::unordered_map<std::string_view, std::list<Entry>::iterator> places_;
};

}  // namespace counterpart::index
