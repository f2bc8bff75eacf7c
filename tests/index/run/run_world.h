// Profiles that change from night to night, as snapshots whose segments are cut differently each time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/programme/programme.h"
#include "index/run/run_settings.h"
#include "index/snapshot/snapshot.h"
#include "index/space/space_file.h"
#include "tests/index/random_profiles.h"

namespace counterpart::index {

inline constexpr std::int32_t kToday = 20'600;  // 2026-05-27

// Of runs that take moments.
inline RunSettings small_settings() {
  RunSettings settings;
  settings.candidates = 24;
  settings.spare = 6;
  settings.listed = 10;
  settings.threads.count = 1;
  return settings;
}

class RunWorld {
 public:
  static constexpr std::uint32_t kDimensions = 64;

  RunWorld(unsigned seed, std::size_t size) : draw(seed), done_(seed + 1) {
    for (std::size_t i = 0; i < size; ++i) put("p" + std::to_string(i));
  }
  void put(const std::string& id) {
    Stored stored{draw.profile(id), quantise(draw.faces(), {}), {++sequence_, 1}};
    if (draw.below(6) == 0) stored.profile.partner.exclude_countries = {draw.below(2) == 0 ? "DE" : "africa"};
    stored.profile.lang = draw.below(3) == 0 ? "fr" : "en";
    // Some say what they seek, some what they offer, most say both.
    const std::size_t says = draw.below(4);
    if (says != 0) stored.profile.seeks = stored.profile.summary + " " + stored.profile.offers;
    if (says == 1) stored.profile.offers.clear();
    add_fine(stored.embedding, draw.faces(), "fine-1");
    if (draw.below(3) == 0) stored.embedding.passages = passages();
    if (done_.below(3) == 0) add_drawn_references(stored);
    profiles[id] = std::move(stored);
  }
  void erase(const std::string& id) {
    profiles.erase(id);
    ++sequence_;
  }
  std::string any() { return std::next(profiles.begin(), static_cast<long>(draw.below(profiles.size())))->first; }
  const Profile& profile(const std::string& id) const { return profiles.at(id).profile; }

  // Each row in one of `parts` segments, and in another one an old version of some.
  // `seen`: in a space of their own.
  Snapshot snapshot(std::size_t parts, bool fine = true, bool seen = false) {
    std::vector<std::unique_ptr<SegmentBuilder>> builders;
    for (std::size_t i = 0; i < parts; ++i)
      builders.push_back(std::make_unique<SegmentBuilder>(kDimensions, fine ? kDimensions : 0));
    std::vector<std::vector<std::string>> replaced(parts);
    Draw cut(static_cast<unsigned>(parts));
    for (const auto& [id, stored] : profiles) {
      const std::size_t part = cut.below(parts);
      builders[part]->add(stored.profile, stored.version, stored.embedding, real_taxonomy(), 20'500);
      if (parts == 1 || cut.below(5) != 0) continue;
      const std::size_t other = (part + 1) % parts;
      Profile old = stored.profile;
      old.country = "BR";
      builders[other]->add(old, {1, 1}, stored.embedding, real_taxonomy());
      replaced[other].push_back(id);
    }
    std::vector<LiveSegment> segments;
    for (std::size_t i = 0; i < parts; ++i) {
      const std::shared_ptr<const Segment> segment = builders[i]->build();
      auto deleted = std::make_shared<Bitmap>();
      for (const std::string& id : replaced[i]) deleted->add(*segment->find(id));
      segments.push_back({segment, deleted});
    }
    const std::shared_ptr<const CorpusSpace> space = seen ? make_space(segments, "fine-1").value() : nullptr;
    if (space)
      for (LiveSegment& live : segments) live.seen = std::make_shared<const SeenRows>(space->see(*live.segment));
    return {{"fake-1", kDimensions, fine ? "fine-1" : "", fine ? kDimensions : 0}, sequence_, segments, space};
  }

  Draw draw;

 private:
  struct Stored {
    Profile profile;
    Embedding embedding;
    RowVersion version;
  };
  std::vector<Embedding::Row> passages() {
    std::vector<Embedding::Row> rows;
    for (std::size_t i = 0; i < 1 + draw.below(3); ++i) {
      const Embedding one = quantise(draw.faces(), {});
      rows.push_back({one.scale, one.values});
    }
    return rows;
  }
  // What it did before: words as the others have them, and a vector each.
  void add_drawn_references(Stored& stored) {
    for (std::size_t i = 0; i < 1 + done_.below(5); ++i) {
      const Profile other = done_.profile("done");
      stored.profile.references.push_back({other.title + " " + std::to_string(i), other.summary, "", {}, ""});
      Faces half = done_.faces();
      half.seeks.clear();
      Embedding one = quantise(half, {});
      stored.embedding.references.push_back({one.scale, std::move(one.values)});
    }
  }
  Draw done_;
  std::map<std::string, Stored> profiles;
  std::uint64_t sequence_ = 0;
};

inline Programme two_sided_programme() {
  return parse_programme(R"(
name = "Two sides"
description = "Developed with developing."
pairs = [["supplier", "partner"]]
[sides.supplier]
label = "supplier"
country = ["developed"]
[sides.partner]
label = "partner"
country = ["developing"]
kind = ["company", "project"]
)",
                         "two-sided", real_taxonomy())
      .value();
}

inline Programme open_programme() {
  Programme open;
  open.slug = "open";
  return open;
}

}  // namespace counterpart::index
