// A text model's file. With an even first byte its checksums are made to hold, so that what they guard is tried too.
#include "index/model/model_file.h"

#include <zlib.h>

#include <cstring>

#include "tests/fuzz/target.h"
#include "tests/support/temp_folder.h"

namespace {

// As in index/model/model_file.cpp.
constexpr std::size_t kHead = 32, kEntry = 48;

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void seal(std::string& bytes) {
  const auto sum = [&](std::uint64_t from, std::uint64_t count, std::size_t to) {
    if (from > bytes.size() || count > bytes.size() - from || to + 4 > bytes.size()) return;
    const auto crc = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data() + from), count));
    std::memcpy(bytes.data() + to, &crc, sizeof crc);
  };
  if (bytes.size() < kHead) return;
  const std::size_t count = number_at(bytes, 8);
  for (std::size_t i = 0; i < count && kHead + (i + 1) * kEntry <= bytes.size(); ++i) {
    const std::size_t entry = kHead + i * kEntry;
    sum(number_at(bytes, entry + 24), number_at(bytes, entry + 32), entry + 40);
  }
  sum(0, kHead + count * kEntry, kHead + count * kEntry);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::index;
  static const TempFolder folder;
  if (size == 0) return 0;
  std::string bytes(text_of_input(data + 1, size - 1));
  if (data[0] % 2 == 0) seal(bytes);
  const auto model = ModelFile::open(folder.file("model", bytes));
  if (!model) {
    must_be_told(model.error());
    return 0;
  }
  std::size_t seen = 0;
  for (const char c : (*model)->bytes("pieces")) seen += static_cast<unsigned char>(c);
  for (const float f : (*model)->floats("idf", 2)) seen += f > 0 ? 1 : 0;
  must(seen <= 255 * size, "more read than there is");
  return 0;
}
