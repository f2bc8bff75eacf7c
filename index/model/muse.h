// The text model `fast`: universal-sentence-encoder-multilingual v3 (Yang et al. 2019, "Multilingual Universal Sentence
// Encoder for Semantic Retrieval"), its averaging network with n-gram convolutions, in int8.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/model/model_file.h"

namespace counterpart::index {

// Immutable; safe from any thread. Same text, same vector, whatever else is encoded beside it.
class Muse {
 public:
  static constexpr std::size_t kDimensions = 512;
  static constexpr std::size_t kMostWindows = 16;
  static constexpr std::size_t kWindow = 510;  // pieces at once; longer texts are encoded in windows and pooled

  // kCorrupt: a section is missing or has the wrong size. Keeps a reference to `file`.
  static Result<std::unique_ptr<Muse>> load(const ModelFile& file);
  ~Muse();

  // Unit length; zeros for a text without a piece. As the model gives it: neither normalised to NFC nor centred. A text
  // of more than `at_once` pieces is encoded in windows of so many; one of more than kMostWindows of them (some 6,000 words)
  // by so many, as window_starts() says. Ends early under a Patience that is over.
  std::vector<float> encode(std::string_view text, std::size_t at_once = kWindow) const;

 private:
  struct Impl;
  explicit Muse(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
