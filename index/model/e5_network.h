// The network of the text model `e5`: a 12-layer transformer encoder (Devlin et al. 2018, post-norm), in int8.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/layer.h"
#include "index/model/e5_kernel.h"
#include "index/model/int8_matrix.h"
#include "index/model/model_file.h"

namespace counterpart::index {

// Weights in 4 bits as the file has them: blocks of 32 along a row, an fp16 scale and 16 bytes each; the low halves of
// the bytes are the first 16 codes, the high halves the others; value = (code - 8) * scale.
class Q4Rows {
 public:
  Q4Rows() = default;
  Q4Rows(std::string_view bytes, std::size_t width) : bytes_(bytes), width_(width) {}

  static constexpr std::size_t bytes_of(std::size_t values) { return values / 32 * 18; }
  // out: `width` values.
  void read(std::size_t row, float* out) const;

 private:
  std::string_view bytes_;
  std::size_t width_ = 0;
};

// Immutable; safe from any thread.
class E5Network {
 public:
  static constexpr std::size_t kWidth = kHeadsWidth, kInner = 1'536, kLayers = 12;
  static constexpr std::size_t kVocabulary = 250'037, kPositions = 512;

  // Name of a section that is missing or has the wrong size; empty: loaded. Keeps references into `file`. `adapted`: with
  // what the section `adapter` adds to the weights, where the file has one (datasets/encoder/train_e5.py says how it lies).
  std::string load(const ModelFile& file, bool adapted);

  // Token vectors of several texts, joined row below row as their ids are; a text has at most kPositions ids, each
  // below kVocabulary. A text's rows are the same to the last bit whatever texts stand beside it.
  std::vector<float> run(std::span<const std::vector<int>> texts) const;

 private:
  // A product with int8 weights, and what makes its sums floats again.
  struct Dense {
    Int8Matrix weights;
    std::vector<float> scales, biases;
    std::vector<std::int32_t> sums;
    Columns columns() const { return {scales.size(), scales.data(), biases.data(), sums.data()}; }
  };
  struct Layer {
    Dense joined, attended, inner, outer;  // joined: queries, keys and values side by side
    Norm attended_norm, outer_norm;
  };
  struct Loader;
  struct Work;

  void embed(std::span<const std::vector<int>> texts, std::vector<float>& rows) const;
  void attend_all(const Layer& layer, std::span<const std::vector<int>> texts, std::vector<float>& rows, Work& work) const;
  void feed_forward(const Layer& layer, std::vector<float>& rows, Work& work) const;

  Q4Rows words_;
  std::span<const float> positions_, types_;
  Norm norm_;
  std::array<Layer, kLayers> layers_;
};

}  // namespace counterpart::index
