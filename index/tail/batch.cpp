#include "index/tail/batch.h"

#include <utility>

#include "index/base/codec.h"

namespace counterpart::index {
namespace {

constexpr char kErase = 0, kPut = 1;

}  // namespace

void add_edit(std::string& edits, std::uint8_t family, std::string_view key, std::optional<std::string_view> value) {
  edits.push_back(value ? kPut : kErase);
  edits.push_back(static_cast<char>(family));
  append_text(edits, key);
  if (value) append_text(edits, *value);
}

bool for_each_edit(std::string_view edits, std::size_t families, const VisitEdit& visit) {
  while (!edits.empty()) {
    if (edits.size() < 2 || (edits[0] != kErase && edits[0] != kPut)) return false;
    const bool put = edits[0] == kPut;
    const auto family = static_cast<std::uint8_t>(edits[1]);
    if (family >= families) return false;
    edits.remove_prefix(2);
    std::string key, value;
    if (!take_text(edits, key) || (put && !take_text(edits, value))) return false;
    visit(family, std::move(key), put ? std::optional(std::move(value)) : std::nullopt);
  }
  return true;
}

void add_batch(std::string& bytes, const TailBatch& batch) {
  append_text(bytes, encode_position(batch.position));
  append_text(bytes, batch.edits);
}

Result<std::vector<TailBatch>> read_batches(std::string_view bytes) {
  std::vector<TailBatch> batches;
  while (!bytes.empty()) {
    std::string position;
    TailBatch batch;
    if (!take_text(bytes, position) || !take_text(bytes, batch.edits))
      return fail(ErrorCode::kInvalid, "tail", "what the owner sent is cut short", "it is asked for again");
    const std::optional<TailPosition> decoded = decode_position(position);
    if (!decoded)
      return fail(ErrorCode::kInvalid, "tail", "what the owner sent does not decode", "run the same version on both");
    batch.position = *decoded;
    batches.push_back(std::move(batch));
  }
  return batches;
}

}  // namespace counterpart::index
