// A sentence with gaps, and how a text is compared with it: "`{name}` is no country" and "`XX` is no country".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// Immutable; safe from any thread.
class Pattern {
 public:
  // Of an ICU message whose arguments are all plain. kInvalid: it has others, nothing between two of them, or no text at all.
  static Result<Pattern> parse(std::string_view message);

  // What stands in the gaps, in order, by name; views into `text`. Each gap takes as little as it can. Between two `backticks`
  // stands anything, even nothing. Elsewhere a gap whose name begins with `number` takes digits alone, with commas between
  // thousands; with `code` one word; with `list` or `choices` words, or `what stands in backticks`, between ", " and " or ";
  // any other something. So a sentence is never taken for what goes into one. In one pass over `text`.
  using Gaps = std::vector<std::pair<std::string_view, std::string_view>>;
  std::optional<Gaps> match(std::string_view text) const;

  std::size_t own_text() const { return own_text_; }  // bytes
  // Of each text that fits.
  std::string_view beginning() const { return literals_.front(); }

 private:
  std::vector<std::string> literals_;  // one more than names_; only the first and the last may be empty
  std::vector<std::string> names_;
  std::size_t own_text_ = 0;
};

}  // namespace counterpart::server
