// A standing query and its alerts, as values and as the bytes that are stored of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "index/layer.h"
#include "index/vector/embedding.h"

namespace counterpart::index {

// From this cosine on a profile fits a query that states no minimum: where the similarity of texts starts to tell more
// often right than wrong (measured at kCoversTopic, server/service/service_panels.h, with the fast model).
inline constexpr double kStandingMinimum = 0.25;
inline constexpr std::size_t kMaxStandingQueries = 100'000;

// A saved search that every new or changed profile is tested against. At least one of text, offering and where says
// something.
struct StandingQuery {
  std::string id;                     // "q" and its number; given when it is added, never again to another
  std::string text;                   // what is sought: compared with what a profile offers
  std::string offering;               // what is offered: compared with what a profile seeks
  std::string programme = "open";     // on one of whose sides the profile must stand
  Conditions where;                   // of the profile; owner kRequest
  double minimum = kStandingMinimum;  // -1..1: of the cosine; of the mean of both where text and offering are given
  std::string office;                 // whose query it is; empty: not said
  std::uint64_t created = 0;          // the store's sequence when it was added
};

// A profile began to fit a query. Nothing that the profile says is stored with it, so that one withdrawn leaves no trace
// but its id.
struct Alert {
  std::uint64_t number = 0;  // ascending in the order in which they become visible; never given twice
  std::string query;
  std::string profile;
  std::uint64_t version = 0;    // of the profile that fits, and
  std::uint64_t sequence = 0;   // the change that wrote it, or its vectors
  std::string title;            // the profile's of now, as is
  std::string country;          // this; empty: it was withdrawn
  std::optional<double> score;  // nothing: the query has conditions alone
  std::uint64_t at = 0;         // seconds since 1970, UTC
};

std::uint64_t number_of(const StandingQuery& query);
std::string standing_id(std::uint64_t number);
// The number in an id, or nullopt: not an id that standing_id() made.
std::optional<std::uint64_t> standing_number(std::string_view id);

// With the vectors by which profiles are compared: the "offers" half is the text's, the "seeks" half the offering's.
std::string encode_standing(const StandingQuery& query, const Embedding& vectors);
struct StoredStanding {
  StandingQuery query;
  Embedding vectors;
};
// kCorrupt: cut short, or not ours.
Result<StoredStanding> decode_standing(std::uint64_t number, std::string_view bytes);

// All but its number, which is its key, and what is the profile's.
std::string encode_alert(const Alert& alert);
Result<Alert> decode_alert(std::uint64_t number, std::string_view bytes);

}  // namespace counterpart::index
