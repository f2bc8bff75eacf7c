#include "index/model/e5.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <cmath>

#include "engine/base/patience.h"
#include "index/model/e5_network.h"
#include "index/text/windows.h"

namespace counterpart::index {
namespace {

static_assert(E5::kDimensions == E5Network::kWidth);

constexpr int kBegin = 0, kEnd = 2;
constexpr std::size_t kPieces = 250'002;
constexpr std::size_t kWindow = E5Network::kPositions - 2;

// Windows are gathered until they have so many tokens: enough for products at full speed, few enough for the cache.
constexpr std::size_t kTokensAtOnce = 256;

// Tokens of one text that the network sees at once, and whose text they are.
struct Windows {
  std::vector<std::vector<int>> ids;
  std::vector<std::size_t> owners;
};

// Weighted token vectors of a text. In double: the order in which long texts add up must not matter to a float.
struct Pool {
  std::vector<double> weighted = std::vector<double>(E5::kDimensions), plain = weighted;
  double weight = 0;

  void add(const float* vector, float its_weight) {
    weight += static_cast<double>(its_weight);
    for (std::size_t i = 0; i < E5::kDimensions; ++i) {
      weighted[i] += static_cast<double>(vector[i] * its_weight);
      plain[i] += static_cast<double>(vector[i]);
    }
  }

  // A text of nothing but pieces without weight is pooled plainly.
  std::vector<float> unit() const {
    const std::vector<double>& sums = weight > 0 ? weighted : plain;
    double square = 0;
    for (const double x : sums) square += x * x;
    const double factor = square > 0 ? 1 / std::sqrt(square) : 0;
    std::vector<float> vector(sums.size());
    std::ranges::transform(sums, vector.begin(), [&](double x) { return static_cast<float>(x * factor); });
    return vector;
  }
};

}  // namespace

struct E5::Impl {
  sentencepiece::SentencePieceProcessor pieces;
  E5Network network;
  std::vector<int> query, passage;  // pieces of the prefixes
  std::span<const float> idf;       // empty: all tokens weigh the same

  std::vector<int> pieces_of(std::string_view text) const {
    std::vector<int> ids;
    if (!pieces.Encode(absl::string_view(text.data(), text.size()), &ids).ok()) ids.clear();
    return ids;
  }

  // Pieces never span a space, so those of prefix and text, cut apart, are those of the two joined.
  void add_windows(std::string_view text, std::size_t owner, const std::vector<int>& prefix, Windows& windows) const {
    const std::vector<int> cut = pieces_of(text);
    const std::size_t room = kWindow - prefix.size();
    for (const std::size_t from : window_starts(cut.size(), room, E5::kMostWindows)) {
      std::vector<int> ids{kBegin};
      ids.insert(ids.end(), prefix.begin(), prefix.end());
      const auto part = std::span(cut).subspan(from, std::min(room, cut.size() - from));
      ids.insert(ids.end(), part.begin(), part.end());
      ids.push_back(kEnd);
      windows.ids.push_back(std::move(ids));
      windows.owners.push_back(owner);
    }
  }

  void pool(const std::vector<float>& rows, std::span<const std::vector<int>> ids, std::span<const std::size_t> owners,
            std::vector<Pool>& pools) const {
    const float* row = rows.data();
    for (std::size_t w = 0; w < ids.size(); ++w)
      for (const int id : ids[w]) {
        pools[owners[w]].add(row, idf.empty() ? 1.0F : idf[static_cast<std::size_t>(id)]);
        row += kDimensions;
      }
  }
};

E5::E5(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
E5::~E5() = default;

Result<std::unique_ptr<E5>> E5::load(const ModelFile& file, Form form) {
  auto impl = std::make_unique<Impl>();
  std::string wrong = impl->network.load(file, form == Form::kAdapted);
  if (form == Form::kAdapted && !file.bytes("idf").empty()) {
    impl->idf = file.floats("idf", kPieces);
    if (impl->idf.empty()) wrong = "idf";
  }
  const std::string_view model = file.bytes("sp.model");
  if (!impl->pieces.LoadFromSerializedProto(absl::string_view(model.data(), model.size())).ok() ||
      impl->pieces.GetPieceSize() != static_cast<int>(kPieces))
    wrong = "sp.model";
  if (!wrong.empty())
    return fail(ErrorCode::kCorrupt, "the text model", "section `" + wrong + "` is missing or has the wrong size",
                "remove it and run datasets/encoder/fetch_models.py again");
  impl->query = impl->pieces_of("query:");
  impl->passage = impl->pieces_of("passage:");
  return std::unique_ptr<E5>(new E5(std::move(impl)));
}

std::vector<std::vector<float>> E5::encode_views(std::span<const std::string_view> texts, Prefix prefix) const {
  Windows windows;
  for (std::size_t i = 0; i < texts.size(); ++i)
    impl_->add_windows(texts[i], i, prefix == Prefix::kQuery ? impl_->query : impl_->passage, windows);
  std::vector<Pool> pools(texts.size());
  for (std::size_t first = 0, last = 0; first < windows.ids.size() && !Patience::over(); first = last) {
    for (std::size_t tokens = 0; last < windows.ids.size() && (last == first || tokens < kTokensAtOnce); ++last)
      tokens += windows.ids[last].size();
    const auto ids = std::span(windows.ids).subspan(first, last - first);
    impl_->pool(impl_->network.run(ids), ids, std::span(windows.owners).subspan(first, last - first), pools);
  }
  std::vector<std::vector<float>> vectors;
  for (const Pool& pool : pools) vectors.push_back(pool.unit());
  return vectors;
}

std::vector<float> E5::encode(std::string_view text, Prefix prefix) const { return encode_views({&text, 1}, prefix).front(); }

std::vector<std::vector<float>> E5::encode_many(std::span<const std::string> texts, Prefix prefix) const {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  return encode_views(views, prefix);
}

}  // namespace counterpart::index
