// The text model `e5`: multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings: A Technical Report"),
// from 4-bit weights, computed in int8; adapted to texts of partners and projects by datasets/encoder/train_e5.py.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/model/model_file.h"

namespace counterpart::index {

// Immutable; safe from any thread; a call works on its own thread alone.
class E5 {
 public:
  static constexpr std::size_t kDimensions = 384;
  static constexpr std::size_t kMostWindows = 4;
  // The model was trained on texts that say which side they are: what is looked for, or what may be found.
  enum class Prefix { kQuery, kPassage };

  // kAdapted: with what the file's sections add where it has them: the weights of `adapter`, and token vectors weighted by
  // `idf` (f32 a piece). kPublished: the model as its authors published it, a text's vector the mean of its tokens'.
  enum class Form { kAdapted, kPublished };

  // kCorrupt: a section is missing or has the wrong size. Keeps a reference to `file`.
  static Result<std::unique_ptr<E5>> load(const ModelFile& file, Form form = Form::kAdapted);
  ~E5();

  // Unit length; zeros for a text without a piece. As the model gives it: neither normalised to NFC nor centred. A text
  // of more than 510 pieces, the prefix counted, is encoded in windows and pooled over the tokens of all; one of more than
  // kMostWindows of them (some 1,500 words) by so many, as window_starts() says. Ends early under a Patience that is over.
  std::vector<float> encode(std::string_view text, Prefix prefix) const;

  // The same vectors to the last bit, quicker.
  std::vector<std::vector<float>> encode_many(std::span<const std::string> texts, Prefix prefix) const;

 private:
  struct Impl;
  explicit E5(std::unique_ptr<Impl> impl);
  std::vector<std::vector<float>> encode_views(std::span<const std::string_view> texts, Prefix prefix) const;
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
