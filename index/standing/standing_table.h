// Standing queries made ready to be tested: their vectors side by side, their conditions as keys to look up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/standing/standing_query.h"

namespace counterpart::index {

// A query that a profile fits.
struct StandingFit {
  std::uint64_t query = 0;  // its number
  std::optional<double> score;
};

// A value: safe from several threads while none of them changes it. Copies share their queries until one is changed.
// Taxonomy and programmes must outlive it.
class StandingTable {
 public:
  StandingTable(const Taxonomy& taxonomy, const Programmes& programmes, std::size_t dimensions);

  // Its number is above all others; `vectors` have the table's dimensions.
  void add(StandingQuery query, const Embedding& vectors);
  void remove(std::uint64_t number);

  std::size_t size() const { return size_; }
  const StandingQuery* find(std::uint64_t number) const;
  // After `number`, ascending; stops when `visit` returns false.
  void for_each(std::uint64_t number, const std::function<bool(const StandingQuery&)>& visit) const;

  // What all the queries need of one profile; `profile` is asked for it once, and only if some vectors are near enough.
  // Ascending by number. Errors are those of `profile`. A query whose programme is gone fits nobody.
  Result<std::vector<StandingFit>> fits(const Embedding& vectors, const std::function<Result<Profile>()>& profile,
                                        std::int32_t today) const;

 private:
  // A condition as "field\nkey"s, as the profile's own are told.
  struct Test {
    std::vector<std::string> any_of;
    bool negated = false;
  };
  using Tests = std::vector<Test>;
  struct Entry {
    StandingQuery query;
    float scale = 0;        // of its vectors
    bool possible = false;  // its programme is there
    Tests all;
    std::vector<Tests> either;
  };
  struct Block {
    std::vector<Entry> entries;
    std::vector<std::int8_t> values;
  };
  using ProfileKeys = std::unordered_set<std::string>;

  static Block& own(std::shared_ptr<Block>& block);  // no other table's any more
  Entry entry_of(StandingQuery query, float scale) const;
  static std::optional<double> score(const Entry& entry, double forward, double backward);
  static bool passes(const Entry& entry, const ProfileKeys& keys);

  const Taxonomy* taxonomy_;
  const Programmes* programmes_;
  std::size_t dimensions_;
  std::size_t half_;  // padded
  std::size_t size_ = 0;
  std::vector<std::shared_ptr<Block>> blocks_;
};

}  // namespace counterpart::index
