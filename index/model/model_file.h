// A converted text model, mapped into memory: named, checksummed sections (datasets/encoder/fetch_models.py writes it).
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// Immutable; safe from any thread. Sections live as long as the file object.
class ModelFile {
 public:
  // kNotFound: no such file. kCorrupt: short, or a checksum differs; every section is checked here.
  static Result<std::unique_ptr<ModelFile>> open(const std::filesystem::path& file);
  ~ModelFile();
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;

  const std::string& model() const { return model_; }      // "fast-1:3fa9c2d1"
  std::string_view bytes(std::string_view section) const;  // empty: no such section
  // The section as f32; empty: no such section or not `count` of them.
  std::span<const float> floats(std::string_view section, std::size_t count) const;

 private:
  ModelFile() = default;

  const char* data_ = nullptr;
  std::size_t size_ = 0;
  std::string model_;
};

}  // namespace counterpart::index
