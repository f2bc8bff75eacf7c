// Where a page of search results ended, as an opaque text: pages neither repeat nor skip a profile that stays as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "server/service_search.h"

namespace counterpart {

// The total order is score descending, then id; without a score it is id alone.
struct PageCursor {
  std::optional<double> score;
  std::string id;  // empty: before the first row

  // kInvalid: not a cursor of ours, or of another query.
  static Result<PageCursor> parse(const SearchCall& call);
  std::string text(const SearchCall& call) const;
  // Does (score, id) come after this position?
  bool before(double other_score, std::string_view other_id) const;
};

}  // namespace counterpart
