#include "index/encoder.h"

#include <cmath>
#include <cstring>
#include <map>

#include "index/language.h"
#include "index/model_file.h"
#include "index/muse.h"
#include "index/text.h"

namespace counterpart {
namespace {

// `fast`: mUSE, centred by language. Subtracting the mean vector of the text's language takes out what all texts of that
// language share, so that a text is nearest to its meaning in any language and not to its own language's other texts.
class FastEmbedder : public Embedder {
 public:
  static Result<std::unique_ptr<Embedder>> open(const std::filesystem::path& path) {
    auto embedder = std::make_unique<FastEmbedder>();
    Result<std::unique_ptr<ModelFile>> file = ModelFile::open(path);
    if (!file) return tl::unexpected(file.error());
    embedder->file_ = std::move(*file);
    Result<std::unique_ptr<Muse>> muse = Muse::load(*embedder->file_);
    if (!muse) return tl::unexpected(muse.error());
    embedder->muse_ = std::move(*muse);
    if (!embedder->read_means()) return fail(ErrorCode::kCorrupt, path.string(), "section `means` has the wrong size");
    return std::unique_ptr<Embedder>(std::move(embedder));
  }

  const std::string& model() const override { return file_->model(); }
  std::size_t dimensions() const override { return Muse::kDimensions; }
  std::string detect(std::string_view text) const override { return detect_language(text); }

  std::vector<float> embed(std::string_view text, std::string_view hint) const override {
    const std::string words = normalise(text);
    std::vector<float> vector = muse_->encode(words);
    float length = 0;
    for (const float x : vector) length += x * x;
    if (length == 0) return vector;
    const std::vector<float>& mean = mean_of(detect_language(words, hint), words);
    length = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
      vector[i] -= mean[i];
      length += vector[i] * vector[i];
    }
    for (float& x : vector) x /= std::sqrt(length);
    return vector;
  }

 private:
  // Each language's mean and, for languages without one, their common mean.
  bool read_means() {
    constexpr std::size_t kName = 8, kRow = kName + Muse::kDimensions * sizeof(float);
    common_.assign(Muse::kDimensions, 0.0F);
    const std::string_view bytes = file_->bytes("means");
    if (bytes.size() % kRow != 0) return false;
    const std::size_t count = bytes.size() / kRow;
    for (std::size_t row = 0; row < count; ++row) {
      const char* at = bytes.data() + row * kRow;
      std::vector<float> mean(Muse::kDimensions);
      std::memcpy(mean.data(), at + kName, mean.size() * sizeof(float));
      for (std::size_t i = 0; i < mean.size(); ++i) common_[i] += mean[i] / static_cast<float>(count);
      means_.emplace(std::string(at, strnlen(at, kName)), std::move(mean));
    }
    return true;
  }

  // Short texts are easily taken for a neighbouring language: where that has no mean, the script's language serves.
  const std::vector<float>& mean_of(const std::string& language, std::string_view text) const {
    auto found = means_.find(language);
    if (found == means_.end()) found = means_.find(language_of_script(text));
    return found == means_.end() ? common_ : found->second;
  }

  std::unique_ptr<ModelFile> file_;
  std::unique_ptr<Muse> muse_;
  std::map<std::string, std::vector<float>> means_;
  std::vector<float> common_;
};

// One row a model.
constexpr struct {
  std::string_view name;
  Result<std::unique_ptr<Embedder>> (*open)(const std::filesystem::path& file);
} kModels[] = {{"fast", FastEmbedder::open}};

}  // namespace

Result<std::unique_ptr<Embedder>> open_embedder(const std::string& name, const std::filesystem::path& models) {
  std::string known;
  for (const auto& model : kModels) {
    if (model.name == name) return model.open(models / (name + ".model"));
    known += (known.empty() ? "" : ", ") + std::string(model.name);
  }
  return fail(ErrorCode::kNotFound, "model", "`" + name + "` is no text model", "there are " + known);
}

}  // namespace counterpart
