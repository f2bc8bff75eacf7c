#include "index/segment/segment.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "index/segment/segment_file.h"
#include "index/segment/segment_merge.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

std::map<std::string, std::uint32_t> rows_of(const Segment& segment) {
  std::map<std::string, std::uint32_t> rows;
  for (std::uint32_t row = 0; row < segment.size(); ++row) rows[std::string(segment.id(row))] = row;
  return rows;
}

void check_equal(const Segment& a, const Segment& b) {
  const auto rows_a = rows_of(a), rows_b = rows_of(b);
  REQUIRE(rows_a.size() == rows_b.size());
  for (const auto& [id, row] : rows_a) {
    REQUIRE(rows_b.contains(id));
    const std::uint32_t other = rows_b.at(id);
    REQUIRE(b.find(id) == other);
    CHECK(a.title(row) == b.title(other));
    CHECK(a.version(row) == b.version(other));
    CHECK(a.traits(row).country == b.traits(other).country);
    CHECK(a.embedding(row).values == b.embedding(other).values);
    CHECK(a.scale(row) == b.scale(other));
  }
  for (const KeyBitmaps::Entry& entry : a.keys().entries()) {
    const auto* same = b.keys().find(entry.field, entry.key);
    REQUIRE(same);
    REQUIRE(same->size == entry.size);
    for (const std::uint32_t row : entry.rows.rows()) CHECK(same->rows.contains(rows_b.at(std::string(a.id(row)))));
  }
}

const SnapshotStamp kStamp{"fake-1", "tables", 64};

}  // namespace

TEST_CASE("segment: what went in is found under its id and its keys", "[segment]") {
  Draw draw(1);
  const Drawn drawn = draw_profiles(draw, 50);
  const auto segment = segment_of(drawn);
  REQUIRE(segment->size() == 50);
  const auto row = segment->find("p17");
  REQUIRE(row);
  CHECK(segment->title(*row) == drawn.profiles[17].title);
  CHECK(segment->embedding(*row).values == drawn.vectors[17].values);
  CHECK(segment->version(*row) == RowVersion{18, 1});
  CHECK(segment->keys().find("country", drawn.profiles[17].country)->rows.contains(*row));
  CHECK_FALSE(segment->find("p"));
  CHECK_FALSE(segment->find("p170"));
  CHECK(segment->id(segment->by_id()[segment->after("p17")]) == "p18");
}

TEST_CASE("segment: a row is left out after its last day, not on it", "[segment]") {
  Draw draw(1);
  Drawn drawn = draw_profiles(draw, 3);
  drawn.profiles[0].valid_until = "1970-01-11";
  drawn.profiles[1].valid_until = "1970-01-12";
  drawn.profiles[2].valid_until.clear();
  const auto segment = segment_of(drawn);
  CHECK(segment->matching({}, 10).size() == 3);
  CHECK(segment->matching({}, 11).size() == 2);
  CHECK(segment->matching({}, 12).size() == 1);
}

TEST_CASE("segment: merging keeps every live row as it was, with lists or without", "[segment]") {
  Draw draw(2);
  const Drawn one = draw_profiles(draw, 3000, "a");
  const Drawn two = draw_profiles(draw, 3000, "b");
  Drawn kept;
  auto deleted = std::make_shared<Bitmap>();
  for (std::uint32_t i = 0; i < 3000; ++i) {
    if (i % 5 == 0) {
      deleted->add(i);
      continue;
    }
    kept.profiles.push_back(one.profiles[i]);
    kept.vectors.push_back(one.vectors[i]);
  }
  const LiveSegment inputs[] = {{segment_of(one), deleted}, {segment_of(two), nullptr}};

  const auto plain = merge_segments(inputs, Lists::kNone);
  const auto base = merge_segments(inputs, Lists::kTrain);
  REQUIRE(plain);
  REQUIRE(base);
  CHECK((*plain)->lists() == 0);
  CHECK((*base)->lists() > 50);
  CHECK((*base)->columns().list_ends.view().back() == (*base)->size());
  CHECK((*base)->size() == 5400);
  CHECK_FALSE((*base)->find("a5"));
  check_equal(**plain, **base);

  const LiveSegment again[] = {{*base, nullptr}};
  const auto reused = merge_segments(again, Lists::kReuse);
  REQUIRE(reused);
  CHECK((*reused)->lists() == (*base)->lists());
  check_equal(**base, **reused);
}

TEST_CASE("segment: a saved segment loads as it was", "[segment]") {
  const TempFolder folder;
  Draw draw(3);
  const LiveSegment inputs[] = {{segment_of(draw_profiles(draw, 5000)), nullptr}};
  const auto base = merge_segments(inputs, Lists::kTrain);
  REQUIRE(base);
  REQUIRE(save_segment(folder.path(), **base, 77, kStamp));
  REQUIRE(save_segment(folder.path(), **base, 78, kStamp));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "base-77.seg"));

  const auto loaded = load_segment(folder.path(), kStamp);
  REQUIRE(loaded);
  CHECK(loaded->sequence == 78);
  CHECK(loaded->segment->lists() == (*base)->lists());
  check_equal(**base, *loaded->segment);
}

TEST_CASE("segment: another model or other tables are not loaded", "[segment]") {
  const TempFolder folder;
  CHECK(load_segment(folder.path(), kStamp).error().code == ErrorCode::kNotFound);
  Draw draw(4);
  REQUIRE(save_segment(folder.path(), *segment_of(draw_profiles(draw, 10)), 1, kStamp));
  CHECK(load_segment(folder.path(), {"fake-2", "tables", 64}).error().code == ErrorCode::kUnsupported);
  CHECK(load_segment(folder.path(), {"fake-1", "other", 64}).error().code == ErrorCode::kUnsupported);
  CHECK(load_segment(folder.path(), kStamp));
}

TEST_CASE("segment: a byte that differs in any section, or in the manifest, is found", "[segment]") {
  const TempFolder folder;
  Draw draw(5);
  const LiveSegment inputs[] = {{segment_of(draw_profiles(draw, 4200)), nullptr}};
  REQUIRE(save_segment(folder.path(), **merge_segments(inputs, Lists::kTrain), 9, kStamp));
  std::ifstream manifest(folder.path() / "MANIFEST");
  std::vector<std::pair<std::string, std::streamoff>> places;
  for (std::string line; std::getline(manifest, line);) {
    if (!line.starts_with("section\t")) continue;
    const std::size_t second = line.find('\t', 8);
    const std::size_t third = line.find('\t', second + 1);
    const auto offset = std::stoll(line.substr(second + 1));
    const auto size = std::stoll(line.substr(third + 1));
    if (size > 0) places.emplace_back(line.substr(8, second - 8), offset + size / 2);
  }
  REQUIRE(places.size() == 26);

  const auto flip = [](const std::filesystem::path& file, std::streamoff at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(at);
    const char byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(at);
    stream.put(byte);
  };
  for (const auto& [section, at] : places) {
    flip(folder.path() / "base-9.seg", at);
    const auto loaded = load_segment(folder.path(), kStamp);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == ErrorCode::kCorrupt);
    CHECK(loaded.error().message == "checksum of the " + section);
    flip(folder.path() / "base-9.seg", at);
  }
  CHECK(load_segment(folder.path(), kStamp));

  flip(folder.path() / "MANIFEST", 40);
  CHECK(load_segment(folder.path(), kStamp).error().code == ErrorCode::kCorrupt);
  flip(folder.path() / "MANIFEST", 40);
  std::filesystem::resize_file(folder.path() / "base-9.seg", 1000);
  CHECK(load_segment(folder.path(), kStamp).error().code == ErrorCode::kCorrupt);
  std::filesystem::remove(folder.path() / "base-9.seg");
  CHECK(load_segment(folder.path(), kStamp).error().code == ErrorCode::kCorrupt);
}
