// Profiles and vectors drawn by a seed, and segments made of them.
#pragma once

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "index/segment/segment.h"
#include "tests/support/taxonomy.h"

namespace counterpart::index {

class Draw {
 public:
  explicit Draw(unsigned seed, std::size_t dimensions = 64, std::size_t topics = 40) : random_(seed), dimensions_(dimensions) {
    for (std::size_t i = 0; i < topics; ++i) topics_.push_back(point(nullptr));
  }

  std::size_t below(std::size_t end) { return random_() % end; }

  Profile profile(std::string id) {
    Profile drawn;
    drawn.id = std::move(id);
    drawn.title = "Title " + std::to_string(below(1000));
    drawn.summary = word() + " " + word() + " " + word();
    drawn.offers = word() + " " + word();
    drawn.kind = static_cast<Kind>(below(3));
    drawn.country = pick({"KE", "IT", "DE", "VN", "GH", "BR"});
    if (below(2) == 0) drawn.sectors = {pick({"C27", "C2710", "D351", "A01"})};
    if (below(3) == 0) drawn.roles = {static_cast<Role>(below(5))};
    if (below(4) == 0) drawn.partner.countries = {pick({"KE", "LDC", "developed"})};
    if (below(4) == 0) drawn.valid_until = "2026-0" + std::to_string(1 + below(9)) + "-15";
    return drawn;
  }

  Faces faces() { return {point(&topics_[below(topics_.size())]), point(&topics_[below(topics_.size())])}; }

  Condition condition() {
    Condition drawn;
    switch (below(4)) {
      case 0: drawn = {"country", {pick({"KE", "IT", "africa"}), pick({"VN", "developed"})}, false, {}}; break;
      case 1: drawn = {"kind", {pick({"company", "project", "expert"})}, false, {}}; break;
      case 2: drawn = {"sectors", {pick({"C", "C27", "D", "nothing"})}, false, {}}; break;
      default: drawn = {"roles", {pick({"investor", "financier"})}, false, {}}; break;
    }
    drawn.negated = below(3) == 0;
    return drawn;
  }

  Filter filter() {
    Filter drawn;
    for (std::size_t i = below(3); i > 0; --i) drawn.all.push_back(condition());
    for (std::size_t i = below(3); i > 0; --i) drawn.either.push_back({condition()});
    return drawn;
  }

 private:
  std::string pick(std::initializer_list<const char*> words) { return words.begin()[below(words.size())]; }
  std::string word() { return "word" + std::to_string(below(300)); }

  std::vector<float> point(const std::vector<float>* centre) {
    std::normal_distribution<float> normal;
    std::vector<float> drawn(dimensions_);
    float sum = 0;
    for (std::size_t i = 0; i < dimensions_; ++i) {
      drawn[i] = normal(random_) * (centre ? 0.1F : 1.0F) + (centre ? (*centre)[i] : 0.0F);
      sum += drawn[i] * drawn[i];
    }
    for (float& x : drawn) x /= std::sqrt(sum);
    return drawn;
  }

  std::mt19937 random_;
  std::size_t dimensions_;
  std::vector<std::vector<float>> topics_;
};

struct Drawn {
  std::vector<Profile> profiles;
  std::vector<Embedding> vectors;
};

inline Drawn draw_profiles(Draw& draw, std::size_t count, const std::string& prefix = "p") {
  Drawn drawn;
  for (std::size_t i = 0; i < count; ++i) {
    drawn.profiles.push_back(draw.profile(prefix + std::to_string(i)));
    drawn.vectors.push_back(quantise(draw.faces(), {}));
  }
  return drawn;
}

inline std::shared_ptr<const Segment> segment_of(const Drawn& drawn, std::size_t dimensions = 64) {
  SegmentBuilder builder(static_cast<std::uint32_t>(dimensions));
  for (std::size_t i = 0; i < drawn.profiles.size(); ++i)
    builder.add(drawn.profiles[i], {i + 1, 1}, drawn.vectors[i], real_taxonomy());
  return builder.build();
}

}  // namespace counterpart::index
