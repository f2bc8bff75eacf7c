#include "index/space/space_file.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "index/base/files.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMostTagged = 10'000;
constexpr std::size_t kMostVectors = 20'000;  // more tell the directions of 384 dimensions no better
constexpr std::uint64_t kNightShare = 20, kGrowth = 2;
constexpr std::string_view kFile = "space";
constexpr std::size_t kSealDigits = 64;  // a SHA-256 before the space's bytes

struct Face {
  std::uint64_t hash;  // of the id
  const Segment* segment;
  std::uint32_t row;
  bool seeks;
};

// Calls `visit` for each face that has a vector of its own text; of a profile that has a text of neither, for its one text.
template <class Visit>
void each_own_face(std::span<const LiveSegment> segments, Visit visit) {
  for (const LiveSegment& live : segments)
    for (std::uint32_t row = 0; row < live.segment->size(); ++row) {
      if (live.segment->fine_scale(row) == 0 || (live.deleted && live.deleted->contains(row))) continue;
      const Traits& traits = live.segment->traits(row);
      if (traits.own_offer != 0 || traits.own_need == 0) visit(*live.segment, row, false);
      if (traits.own_need != 0) visit(*live.segment, row, true);
    }
}

// By row of a segment: the divisions that it states, or the sections where it names no division of them.
std::vector<std::vector<std::string>> stated_sectors(const Segment& segment) {
  std::vector<std::vector<std::string>> stated(segment.size());
  for (const std::size_t length : {std::size_t{3}, std::size_t{1}})
    for (const KeyBitmaps::Entry& entry : segment.keys().of_field("sectors"))
      if (entry.key.size() == length)
        for (const std::uint32_t row : entry.rows.rows())
          if (std::ranges::none_of(stated[row], [&](const std::string& code) { return code.starts_with(entry.key); }))
            stated[row].push_back(entry.key);
  return stated;
}

// Of the live rows that state a sector, or of a sample of them that hangs on their ids alone.
SectorModel learn_sectors(std::span<const LiveSegment> segments, const CorpusSpace& space) {
  struct Tagged {
    std::uint64_t hash;  // of the id
    const Segment* segment;
    std::uint32_t row;
    std::vector<std::string> codes;
  };
  std::vector<Tagged> rows;
  for (const LiveSegment& live : segments) {
    std::vector<std::vector<std::string>> stated = stated_sectors(*live.segment);
    for (std::uint32_t row = 0; row < live.segment->size(); ++row)
      if (!stated[row].empty() && live.segment->fine_scale(row) != 0 && !(live.deleted && live.deleted->contains(row)))
        rows.push_back({split_mix(fnv1a(live.segment->id(row))), live.segment.get(), row, std::move(stated[row])});
  }
  std::ranges::sort(rows, {}, &Tagged::hash);
  if (rows.size() > kMostTagged) rows.resize(kMostTagged);
  std::vector<TaggedVector> tagged;
  for (Tagged& one : rows) {
    const Query seen = space.see(stored_query(one.segment->fine(), one.row, one.segment->fine_scale(one.row)));
    if (std::vector<float> vector = space.whole(seen); !vector.empty())
      tagged.push_back({std::move(vector), std::move(one.codes)});
  }
  return SectorModel::of(tagged, rows.empty() ? 0 : rows.front().segment->fine_dimensions());
}

}  // namespace

// Asked after every publication: nothing is hashed or kept for it.
std::uint64_t vectors_for_space(std::span<const LiveSegment> segments) {
  std::uint64_t count = 0;
  each_own_face(segments, [&](const Segment&, std::uint32_t, bool) { ++count; });
  return count;
}

Result<std::shared_ptr<const CorpusSpace>> make_space(std::span<const LiveSegment> segments, const std::string& fine_model) {
  std::vector<Face> faces;
  each_own_face(segments, [&](const Segment& segment, std::uint32_t row, bool seeks) {
    faces.push_back({split_mix(fnv1a(segment.id(row))), &segment, row, seeks});
  });
  const std::uint64_t all = faces.size();
  std::ranges::sort(faces, {}, [](const Face& face) { return std::pair{face.hash, face.seeks}; });
  if (faces.size() > kMostVectors) faces.resize(kMostVectors);
  std::vector<float> vectors;
  const std::size_t dimensions = faces.empty() ? 1 : faces.front().segment->fine_dimensions();
  vectors.reserve(faces.size() * dimensions);
  for (const Face& face : faces) {
    const VectorRows rows = face.segment->fine();
    const std::int8_t* values = rows.row(face.row) + (face.seeks ? rows.half : 0);
    float square = 0;
    for (std::size_t i = 0; i < dimensions; ++i) square += static_cast<float>(values[i]) * static_cast<float>(values[i]);
    if (square == 0) continue;
    for (std::size_t i = 0; i < dimensions; ++i) vectors.push_back(static_cast<float>(values[i]) / std::sqrt(square));
  }
  const Result<std::shared_ptr<const CorpusSpace>> space = CorpusSpace::of(vectors, dimensions, fine_model, all);
  if (!space) return space;
  return (*space)->with(learn_sectors(segments, **space));
}

bool outdated(const CorpusSpace* space, std::span<const LiveSegment> segments, bool by_night) {
  if (!space) return true;
  const std::uint64_t then = space->made_of(), now = vectors_for_space(segments);
  if (!by_night) return now >= kGrowth * then;
  return std::max(then, now) - std::min(then, now) > then / kNightShare;
}

std::shared_ptr<const CorpusSpace> load_space(const std::filesystem::path& directory, const std::string& fine_model) {
  const Result<std::string> bytes = read_file(directory / kFile);
  if (!bytes || bytes->size() < kSealDigits) return nullptr;
  const std::string_view sealed = std::string_view(*bytes).substr(kSealDigits);
  if (sha256(sealed) != bytes->substr(0, kSealDigits)) return nullptr;
  Result<std::shared_ptr<const CorpusSpace>> space = CorpusSpace::decode(sealed);
  return space && (*space)->fine_model() == fine_model ? std::move(*space) : nullptr;
}

Status save_space(const std::filesystem::path& directory, const CorpusSpace& space) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  AtomicFile file(directory / kFile);
  const std::string bytes = space.encode();
  file.write(sha256(bytes));
  file.write(bytes);
  return file.finish();
}

}  // namespace counterpart::index
