// Which standing queries a stored profile fits, one profile or all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "index/layer.h"
#include "index/standing/standing_table.h"
#include "index/store/database.h"
#include "index/store/record.h"

namespace counterpart::index {

// What came of a profile's test.
struct TestedProfile {
  bool usable = false;  // it has vectors of the model; without them it cannot be told
  RecordHead head = {};
  std::vector<StandingFit> fits = {};  // ascending by query
};

struct MarkedProfile {
  std::string id;
  std::vector<std::uint64_t> marks = {};  // the queries it is marked with, ascending
};

// Safe from any thread. Keeps a reference to the database.
class StandingTester {
 public:
  StandingTester(const Database& database, std::string model) : database_(database), model_(std::move(model)) {}

  // `vectors` as stored, empty: none. `day`: days since 1970-01-01. kCorrupt: bytes that do not decode.
  Result<TestedProfile> test(const StandingTable& against, const RecordHead& head, std::string_view public_json,
                             std::string_view vectors, std::int32_t day) const;
  // Nothing: there is no such profile.
  Result<std::optional<TestedProfile>> test_stored(const StandingTable& against, const std::string& id, std::int32_t day) const;
  // Every stored profile in id order at one moment; into `gone` (unless null) the ids that are marked but not stored.
  Status walk(const StandingTable& against, std::int32_t day,
              const std::function<void(const MarkedProfile&, const TestedProfile&)>& visit,
              std::vector<std::string>* gone) const;

 private:
  const Database& database_;
  std::string model_;
};

}  // namespace counterpart::index
