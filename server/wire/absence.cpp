#include "server/wire/absence.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

json::object write_one(const Removed& removed) {
  return {{"condition", removed.condition}, {"owner", removed.owner}, {"count", removed.count}, {"remedy", removed.remedy}};
}

}  // namespace

json::array write_removed(const std::vector<Removed>& removed) {
  json::array out;
  for (const Removed& one : removed) out.push_back(write_one(one));
  return out;
}

void add_absence(json::object& answer, const Matches& matches) {
  if (!matches.absence) return;
  answer["removed"] = write_removed(matches.absence->removed);
  if (!matches.nearest) return;
  const Match& match = matches.nearest->match;
  json::object nearest = write_one(matches.nearest->beyond);
  nearest["id"] = match.id;
  nearest["title"] = match.title;
  nearest["country"] = match.country;
  nearest["score"] = match.score;
  nearest["band"] = name_of(match.band);
  nearest["reasons"] = json::array(match.reasons.begin(), match.reasons.end());
  answer["nearest"] = std::move(nearest);
}

void add_awaiting(json::object& answer, std::size_t awaiting_fine) {
  if (awaiting_fine == 0) return;
  answer["awaiting_fine"] = awaiting_fine;
  answer["note"] = std::to_string(awaiting_fine) +
                   (awaiting_fine == 1 ? " profile still lacks its" : " profiles still lack their") +
                   " fine vectors: scores and order may change when they are there. A running server makes them by itself, "
                   "`counterpart refine` at once.";
}

}  // namespace counterpart::server
