// An Embedder without a model: words hashed into 64 dimensions, so that texts with words in common are near.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/corpus.h"

namespace counterpart::engine {

class FakeEmbedder : public Embedder {
 public:
  explicit FakeEmbedder(std::string model = "fake-1") : model_(std::move(model)) {}

  const std::string& model() const override { return model_; }
  std::size_t dimensions() const override { return 64; }
  std::string detect(std::string_view) const override { return "en"; }

  std::vector<float> embed(std::string_view text, std::string_view) const override {
    std::vector<float> vector(dimensions(), 0.0F);
    std::uint64_t hash = kStart;
    bool word = false;
    for (const char c : text) {
      if (c == ' ' || c == '\n') {
        if (word) add(vector, hash);
        hash = kStart;
        word = false;
      } else {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        word = true;
      }
    }
    if (word) add(vector, hash);
    float norm = 0;
    for (const float x : vector) norm += x * x;
    if (norm > 0)
      for (float& x : vector) x /= std::sqrt(norm);
    return vector;
  }

 private:
  static constexpr std::uint64_t kStart = 0xcbf29ce484222325ULL;

  static void add(std::vector<float>& vector, std::uint64_t hash) {
    for (int i = 0; i < 4; ++i, hash = hash * 0x9e3779b97f4a7c15ULL + 1)
      vector[(hash >> 40U) % 64] += (hash >> 50U & 1U) != 0 ? 1.0F : -1.0F;
  }

  std::string model_;
};

}  // namespace counterpart::engine
