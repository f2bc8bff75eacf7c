// Where a page of search results ended, as an opaque text: pages neither repeat nor skip a profile that stays as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/layer.h"
#include "server/service/service_search.h"

namespace counterpart::server {

// What the rank of a row depends on beside the row itself, as it was for the first page: other profiles come and go.
struct SearchPlan {
  std::uint32_t misspelt = 0;  // words of the query that nobody's name has: bits as in NameQuery
  std::uint32_t common = 0;    // words of the query that so many texts hold that they tell nothing
  bool operator==(const SearchPlan&) const = default;
};

// Where a row stands: rank ascending, score descending, then id.
struct HitPosition {
  std::uint8_t rank = 0;
  double score = 0;
  bool operator==(const HitPosition&) const = default;
};

// Without a position the order is that of ids alone.
struct PageCursor {
  std::optional<HitPosition> position;
  std::string id;  // empty: before the first row
  SearchPlan plan = {};

  // kInvalid: not a cursor of ours, or of another query.
  static Result<PageCursor> parse(const SearchCall& call);
  std::string text(const SearchCall& call) const;
  // Does (position, id) come after this position?
  bool before(const HitPosition& other, std::string_view other_id) const;
};

}  // namespace counterpart::server
