#include "server/wire/absence.h"

#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

json::object write_one(const Removed& removed, const Speech& speech) {
  return {{"condition", speech.say(removed.condition)},
          {"owner", speech.say(removed.owner)},
          {"count", removed.count},
          {"remedy", speech.say(removed.remedy)}};
}

}  // namespace

json::array write_removed(const std::vector<Removed>& removed, const Speech& speech) {
  json::array out;
  for (const Removed& one : removed) out.push_back(write_one(one, speech));
  return out;
}

void add_absence(json::object& answer, const Matches& matches, const Speech& speech) {
  if (!matches.absence) return;
  answer["removed"] = write_removed(matches.absence->removed, speech);
  if (!matches.nearest) return;
  const Match& match = matches.nearest->match;
  json::object nearest = write_one(matches.nearest->beyond, speech);
  nearest["id"] = match.id;
  nearest["title"] = match.title;
  nearest["country"] = match.country;
  nearest["score"] = match.score;
  nearest["band"] = name_of(match.band);
  nearest["reasons"] = strings(speech.say_all(match.reasons));
  answer["nearest"] = std::move(nearest);
}

void add_awaiting(json::object& answer, std::size_t awaiting_fine, const Speech& speech) {
  if (awaiting_fine == 0) return;
  answer["awaiting_fine"] = awaiting_fine;
  answer["note"] = speech.say({"absence.awaiting", {{"n", static_cast<std::int64_t>(awaiting_fine)}}});
}

}  // namespace counterpart::server
