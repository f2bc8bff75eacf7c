#include "index/model/encoder.h"

#include <cmath>
#include <cstring>
#include <future>
#include <map>
#include <stdexcept>

#include "engine/base/fold.h"
#include "index/model/e5.h"
#include "index/model/model_file.h"
#include "index/model/muse.h"
#include "index/text/language.h"

namespace counterpart::index {
namespace {

// In the spelling and the letters that both models know best.
std::string as_read(std::string_view text) { return lower_shouting(normalise(text)); }

// To be raised with any change of as_read(): vectors of texts that were read otherwise are of another model.
constexpr std::string_view kReading = ".r2";

float length_of(const std::vector<float>& vector) {
  float sum = 0;
  for (const float x : vector) sum += x * x;
  return std::sqrt(sum);
}

// Subtracting the mean vector of the text's language takes out what all texts of that language share, so that a text is
// nearest to its meaning in any language and not to its own language's other texts.
class LanguageMeans {
 public:
  // Each language's mean and, for languages without one, their common mean. False: the section has the wrong size.
  bool read(const ModelFile& file, std::size_t dimensions) {
    constexpr std::size_t kName = 8;
    const std::size_t row_size = kName + dimensions * sizeof(float);
    common_.assign(dimensions, 0.0F);
    const std::string_view bytes = file.bytes("means");
    if (bytes.size() % row_size != 0) return false;
    const std::size_t count = bytes.size() / row_size;
    for (std::size_t row = 0; row < count; ++row) {
      const char* at = bytes.data() + row * row_size;
      std::vector<float> mean(dimensions);
      std::memcpy(mean.data(), at + kName, mean.size() * sizeof(float));
      for (std::size_t i = 0; i < mean.size(); ++i) common_[i] += mean[i] / static_cast<float>(count);
      means_.emplace(std::string(at, strnlen(at, kName)), std::move(mean));
    }
    return true;
  }

  // Less the mean of the language of `words`, at unit length again.
  void centre(std::vector<float>& vector, std::string_view words, std::string_view hint) const {
    const std::vector<float>& mean = of(detect_language(words, hint), words);
    for (std::size_t i = 0; i < vector.size(); ++i) vector[i] -= mean[i];
    const float length = length_of(vector);
    for (float& x : vector) x /= length;
  }

 private:
  // Short texts are easily taken for a neighbouring language: where that has no mean, the script's language serves.
  const std::vector<float>& of(const std::string& language, std::string_view text) const {
    auto found = means_.find(language);
    if (found == means_.end()) found = means_.find(language_of_script(text));
    return found == means_.end() ? common_ : found->second;
  }

  std::map<std::string, std::vector<float>> means_;
  std::vector<float> common_;
};

tl::unexpected<Error> wrong_section(const std::filesystem::path& path, const std::string& name) {
  return fail(ErrorCode::kCorrupt, path.string(), "section `" + name + "` has the wrong size");
}

// `fast`: mUSE, centred by language.
class FastEmbedder : public Embedder {
 public:
  static Result<std::unique_ptr<Embedder>> open(const std::filesystem::path& path, MakeReady) {
    auto embedder = std::make_unique<FastEmbedder>();
    Result<std::unique_ptr<ModelFile>> file = ModelFile::open(path);
    if (!file) return tl::unexpected(file.error());
    embedder->file_ = std::move(*file);
    embedder->model_ = embedder->file_->model() + std::string(kReading);
    Result<std::unique_ptr<Muse>> muse = Muse::load(*embedder->file_);
    if (!muse) return tl::unexpected(muse.error());
    embedder->muse_ = std::move(*muse);
    if (!embedder->means_.read(*embedder->file_, Muse::kDimensions)) return wrong_section(path, "means");
    return std::unique_ptr<Embedder>(std::move(embedder));
  }

  const std::string& model() const override { return model_; }
  std::size_t dimensions() const override { return Muse::kDimensions; }
  std::string detect(std::string_view text) const override { return detect_language(text); }

  std::vector<float> embed(std::string_view text, std::string_view hint) const override {
    const std::string words = as_read(text);
    std::vector<float> vector = muse_->encode(words);
    if (length_of(vector) > 0) means_.centre(vector, words, hint);
    return vector;
  }

 private:
  std::unique_ptr<ModelFile> file_;
  std::string model_;
  std::unique_ptr<Muse> muse_;
  LanguageMeans means_;
};

// `e5`: pooled by the rarity of pieces, centred by language and softly whitened (Su et al. 2021, "Whitening Sentence
// Representations"): rotated to the directions in which open texts differ, each divided by its deviation to the power of a
// quarter. Both sides of a pair are embedded alike, as queries, for either may be the one who asks.
class FineEmbedder : public Embedder {
 public:
  static Result<std::unique_ptr<Embedder>> open(const std::filesystem::path& path, MakeReady ready) {
    auto embedder = std::make_unique<FineEmbedder>();
    Result<std::unique_ptr<ModelFile>> file = ModelFile::open(path);
    if (!file) return tl::unexpected(file.error());
    embedder->file_ = std::move(*file);
    embedder->model_ = embedder->file_->model() + std::string(kReading);
    embedder->e5_ = std::async(std::launch::async, [&made = *embedder] { return E5::load(*made.file_); }).share();
    if (ready == MakeReady::kNow && !embedder->e5_.get()) return tl::unexpected(embedder->e5_.get().error());
    if (!embedder->means_.read(*embedder->file_, E5::kDimensions)) return wrong_section(path, "means");
    embedder->rotation_ = embedder->file_->floats("rotation", E5::kDimensions * E5::kDimensions);
    if (embedder->rotation_.empty()) return wrong_section(path, "rotation");
    return std::unique_ptr<Embedder>(std::move(embedder));
  }

  const std::string& model() const override { return model_; }
  std::size_t dimensions() const override { return E5::kDimensions; }
  std::string detect(std::string_view text) const override { return detect_language(text); }

  std::vector<float> embed(std::string_view text, std::string_view hint) const override {
    const std::string words = as_read(text);
    const Result<std::unique_ptr<E5>>& e5 = e5_.get();
    if (!e5) throw std::runtime_error(describe(e5.error()));
    std::vector<float> vector = (*e5)->encode(words, E5::Prefix::kQuery);
    if (length_of(vector) == 0) return vector;
    means_.centre(vector, words, hint);
    std::vector<float> turned(vector.size(), 0.0F);
    for (std::size_t from = 0; from < vector.size(); ++from)
      for (std::size_t to = 0; to < turned.size(); ++to) turned[to] += vector[from] * rotation_[from * turned.size() + to];
    const float length = length_of(turned);
    for (float& x : turned) x /= length;
    return turned;
  }

 private:
  std::unique_ptr<ModelFile> file_;
  std::string model_;
  std::shared_future<Result<std::unique_ptr<E5>>> e5_;  // reads file_: is waited for before that goes
  LanguageMeans means_;
  std::span<const float> rotation_;  // of file_: [from][to]
};

// One row a model.
constexpr struct {
  std::string_view name;
  Result<std::unique_ptr<Embedder>> (*open)(const std::filesystem::path& file, MakeReady ready);
} kModels[] = {{"fast", FastEmbedder::open}, {"e5", FineEmbedder::open}};

}  // namespace

Result<std::unique_ptr<Embedder>> open_embedder(const std::string& name, const std::filesystem::path& models, MakeReady ready) {
  std::string known;
  for (const auto& model : kModels) {
    if (model.name == name) return model.open(models / (name + ".model"), ready);
    known += (known.empty() ? "" : ", ") + std::string(model.name);
  }
  return fail(ErrorCode::kNotFound, "model", "`" + name + "` is no text model", "there are " + known);
}

}  // namespace counterpart::index
