#include "index/model/model_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cstring>

namespace counterpart::index {
namespace {

constexpr std::string_view kMagic = "CPMODEL1";
constexpr std::size_t kModelName = 20, kHead = 8 + 4 + kModelName, kEntry = 48, kEntryName = 24;
constexpr std::size_t kMaxSections = 1'000;
constexpr std::size_t kAlignment = 64;

template <class T>
T read_at(const char* data, std::size_t at) {
  T value;
  std::memcpy(&value, data + at, sizeof value);
  return value;
}

std::uint32_t checksum(const char* data, std::size_t size) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(data), size));
}

std::string padded(const char* data, std::size_t size) { return std::string(data, strnlen(data, size)); }

}  // namespace

Result<std::unique_ptr<ModelFile>> ModelFile::open(const std::filesystem::path& path) {
  const auto corrupt = [&](std::string what) {
    return fail(ErrorCode::kCorrupt, path.string(), std::move(what),
                "remove it and run datasets/encoder/fetch_models.py again");
  };
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return fail(ErrorCode::kNotFound, path.string(), "the text model is not there",
                "run: python3 datasets/encoder/fetch_models.py build/models");
  struct stat status {};
  void* mapped = MAP_FAILED;
  if (fstat(descriptor, &status) == 0 && status.st_size > 0)
    mapped = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0);
  close(descriptor);
  if (mapped == MAP_FAILED) return corrupt("the text model is empty or cannot be mapped");
  std::unique_ptr<ModelFile> file(new ModelFile);
  file->data_ = static_cast<const char*>(mapped);
  file->size_ = static_cast<std::size_t>(status.st_size);

  if (file->size_ < kHead + 4 || std::string_view(file->data_, kMagic.size()) != kMagic)
    return corrupt("not a converted text model");
  const auto count = read_at<std::uint32_t>(file->data_, 8);
  const std::size_t head = kHead + count * kEntry;
  if (count > kMaxSections || file->size_ < head + 4) return corrupt("the text model is cut short");
  if (read_at<std::uint32_t>(file->data_, head) != checksum(file->data_, head))
    return corrupt("the text model is damaged (checksum of its directory)");
  file->model_ = padded(file->data_ + 12, kModelName);
  for (std::size_t i = 0; i < count; ++i) {
    const char* entry = file->data_ + kHead + i * kEntry;
    const auto offset = read_at<std::uint64_t>(entry, kEntryName), bytes = read_at<std::uint64_t>(entry, kEntryName + 8);
    if (offset % kAlignment != 0) return corrupt("the text model is damaged (place of `" + padded(entry, kEntryName) + "`)");
    if (offset > file->size_ || bytes > file->size_ - offset) return corrupt("the text model is cut short");
    if (read_at<std::uint32_t>(entry, kEntryName + 16) != checksum(file->data_ + offset, bytes))
      return corrupt("the text model is damaged (checksum of `" + padded(entry, kEntryName) + "`)");
  }
  return file;
}

ModelFile::~ModelFile() {
  if (data_) munmap(const_cast<char*>(data_), size_);
}

std::string_view ModelFile::bytes(std::string_view section) const {
  const auto count = read_at<std::uint32_t>(data_, 8);
  for (std::size_t i = 0; i < count; ++i) {
    const char* entry = data_ + kHead + i * kEntry;
    if (padded(entry, kEntryName) == section)
      return {data_ + read_at<std::uint64_t>(entry, kEntryName), read_at<std::uint64_t>(entry, kEntryName + 8)};
  }
  return {};
}

std::span<const float> ModelFile::floats(std::string_view section, std::size_t count) const {
  const std::string_view found = bytes(section);
  if (found.size() != count * sizeof(float)) return {};
  return {reinterpret_cast<const float*>(found.data()), count};  // sections are aligned to 64 bytes
}

}  // namespace counterpart::index
