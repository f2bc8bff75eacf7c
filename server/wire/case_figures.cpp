// What a list of cases shows of what their acts have stated.
#include <map>
#include <optional>

#include "server/wire/cases.h"

namespace counterpart::server {

void add_figures(boost::json::object& out, const Case& of, bool to_owner) {
  std::map<std::string_view, int> points;  // by juror, who has the last word where a jury is asked again
  std::optional<Day> until;
  for (const Act& act : of.log) {
    if (act.said.facts.valid_until) until = act.said.facts.valid_until;
    if (act.said.facts.marks.empty()) continue;
    int& total = points[act.desk] = 0;
    for (const Mark& mark : act.said.facts.marks) total += mark.points;
  }
  if (until) out["valid_until"] = iso_date(*until);
  if (points.empty() || to_owner) return;
  int sum = 0;
  for (const auto& [juror, total] : points) sum += total;
  out["jurors"] = points.size();
  out["points"] = static_cast<double>(sum) / static_cast<double>(points.size());
}

}  // namespace counterpart::server
