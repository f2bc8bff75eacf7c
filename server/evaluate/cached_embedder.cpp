#include "server/evaluate/cached_embedder.h"

#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>

#include "index/base/files.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;

// Records of one size, appended: half of the digits of the text's SHA-256, then the vector as the machine holds it.
class CachedEmbedder : public Embedder {
 public:
  explicit CachedEmbedder(std::unique_ptr<Embedder> inner) : inner_(std::move(inner)) {}

  Status open(const fs::path& file) {
    std::error_code failed;
    const std::size_t size = kKey + dimensions() * sizeof(float);
    // What a process that was cut off left of a record would shift all that is written after it.
    if (const auto length = fs::file_size(file, failed); !failed && length % size != 0)
      fs::resize_file(file, length - length % size, failed);
    std::ifstream in(file, std::ios::binary);
    std::string key(kKey, ' ');
    std::vector<float> vector(dimensions());
    while (in.read(key.data(), kKey) && in.read(reinterpret_cast<char*>(vector.data()), bytes(vector))) known_[key] = vector;
    out_.reset(std::fopen(file.c_str(), "ab"));
    if (!out_) return fail(ErrorCode::kStorage, file.string(), "cannot be written", "name a directory that can be");
    std::setvbuf(out_.get(), nullptr, _IONBF, 0);  // a record goes out in one piece, so processes do not cut each other's
    return {};
  }

  const std::string& model() const override { return inner_->model(); }
  std::size_t dimensions() const override { return inner_->dimensions(); }
  std::string detect(std::string_view text) const override { return inner_->detect(text); }

  std::vector<float> embed(std::string_view text, std::string_view language) const override {
    const std::string key = sha256(std::string(language) + '\n' + std::string(text)).substr(0, kKey);
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = known_.find(key); found != known_.end()) return found->second;
    }
    std::vector<float> vector = inner_->embed(text, language);
    const std::string record = key + std::string(reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float));
    const std::lock_guard lock(mutex_);
    if (known_.emplace(key, vector).second) std::fwrite(record.data(), record.size(), 1, out_.get());
    return vector;
  }

 private:
  static constexpr std::size_t kKey = 32;
  static std::streamsize bytes(const std::vector<float>& vector) {
    return static_cast<std::streamsize>(vector.size() * sizeof(float));
  }

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::unique_ptr<Embedder> inner_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::vector<float>> known_;  // guarded by mutex_, as is writing to out_
  std::unique_ptr<std::FILE, Close> out_;
};

}  // namespace

Result<std::unique_ptr<Embedder>> with_cache(std::unique_ptr<Embedder> inner, const fs::path& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  const fs::path file = directory / (sha256(inner->model()).substr(0, 16) + ".vectors");
  auto cached = std::make_unique<CachedEmbedder>(std::move(inner));
  if (const Status opened = cached->open(file); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<Embedder>(std::move(cached));
}

}  // namespace counterpart::server
