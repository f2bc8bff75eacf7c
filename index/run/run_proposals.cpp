#include "index/run/run_proposals.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "engine/match/listing.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kOfficeField = "office";

// `rank`'s match with `other`, if it is in its list: the place, from 0, of matches.ends[rank] on.
std::optional<std::uint64_t> place_of(const RunMatches& matches, std::uint32_t rank, std::uint32_t other) {
  for (std::uint64_t at = matches.ends[rank]; at < matches.ends[rank + 1]; ++at)
    if (matches.entries[at].counterpart == other) return at - matches.ends[rank];
  return std::nullopt;
}

// Listed by `rank`, and no nearer than chance would bring it somebody.
bool is_weak(const RunMatches& matches, std::uint32_t rank, std::uint32_t other) {
  const std::optional<std::uint64_t> place = place_of(matches, rank, other);
  return place && matches.bands[matches.ends[rank] + *place] == static_cast<RunBand>(Band::kWeak);
}

// As flags hold it: of `rank`'s match with `other`, which one of the two lists. Where the other alone does, its word is taken.
std::uint8_t band_bits(const RunMatches& matches, std::uint32_t rank, std::uint32_t other) {
  const std::optional<std::uint64_t> own = place_of(matches, rank, other), their = place_of(matches, other, rank);
  const RunBand found = own ? matches.bands[matches.ends[rank] + *own] : matches.bands[matches.ends[other] + *their];
  if (found == kUntold) return 0;
  const Band band = with_place(static_cast<Band>(found), their ? *their + 1 : 0);
  return static_cast<std::uint8_t>((1U + static_cast<unsigned>(band)) << kBandShift);
}

// What is left of them.
template <class Count>
Count less(Count places, Count taken) {
  return places > taken ? places - taken : 0;
}

void add_offices(RunResult& result, const Snapshot& snapshot) {
  std::set<std::string> names{""};
  for (const LiveSegment& live : snapshot.segments())
    for (const KeyBitmaps::Entry& entry : live.segment->keys().of_field(kOfficeField)) names.insert(entry.key);
  result.office_names.assign(names.begin(), names.end());
  std::size_t rows = 0;
  for (const LiveSegment& live : snapshot.segments()) rows += live.segment->size();
  std::vector<std::uint32_t> of_row(rows, 0);
  Row first = 0;
  for (const LiveSegment& live : snapshot.segments()) {
    for (const KeyBitmaps::Entry& entry : live.segment->keys().of_field(kOfficeField)) {
      const auto at = std::ranges::lower_bound(result.office_names, entry.key);
      const auto number = static_cast<std::uint32_t>(at - result.office_names.begin());
      for (const std::uint32_t row : entry.rows.rows()) of_row[first + row] = number;
    }
    first += live.segment->size();
  }
  for (const std::uint32_t row : result.matches.rows) result.offices.push_back(of_row[row]);
}

AssignmentProblem problem_of(const RunResult& result, const Snapshot& snapshot, const Programme& programme,
                             const Taxonomy& taxonomy, const Engagements& engaged) {
  const RunMatches& matches = result.matches;
  const std::vector<std::string>& ids = matches.header.ids;
  AssignmentProblem problem;
  const ExposureGroups groups(taxonomy, programme);
  for (const GroupFloor& floor : groups.floors()) problem.floors.push_back({groups.names()[floor.group], floor.share});
  const auto most = static_cast<std::uint32_t>(std::min<std::size_t>(
      programme.capacity.value_or(std::numeric_limits<std::uint32_t>::max()), std::numeric_limits<std::uint32_t>::max()));
  std::vector<std::vector<bool>> stands(groups.floors().size());  // by floor: on the side that it is for; empty: all do
  for (std::size_t floor = 0; floor < stands.size(); ++floor)
    if (const std::optional<std::size_t> side = groups.floors()[floor].side)
      stands[floor] = snapshot.passing({.all = programme.sides[*side].eligible, .either = {}}, kEver, matches.rows);
  std::vector<std::uint64_t> taken_of_office(result.office_names.size(), 0);
  for (std::size_t rank = 0; rank < matches.rows.size(); ++rank) {
    const Traits& traits = snapshot.traits(matches.rows[rank]);
    const auto taken = engaged.taken.find(ids[rank]);
    const std::uint32_t places = taken != engaged.taken.end() ? taken->second : 0;
    AssignmentNode node{.capacity = std::min(less(traits.capacity, places), most)};
    taken_of_office[result.offices[rank]] += places;
    if (programme.office_capacity && result.offices[rank] != 0) node.office = result.offices[rank];
    const std::uint64_t of = groups.of(traits);
    for (std::size_t floor = 0; floor < groups.floors().size(); ++floor) {
      const bool counts = stands[floor].empty() || stands[floor][rank];
      node.groups |= (counts ? of >> groups.floors()[floor].group & 1U : 0) << floor;
      node.outside |= std::uint64_t{!counts} << floor;
    }
    problem.nodes.push_back(node);
  }
  if (programme.office_capacity)
    for (const std::uint64_t taken : taken_of_office)
      problem.office_capacity.push_back(static_cast<std::uint32_t>(less<std::uint64_t>(*programme.office_capacity, taken)));
  problem.edges.reserve(matches.entries.size());
  for (std::uint32_t rank = 0; rank < matches.rows.size(); ++rank)
    for (std::uint64_t at = matches.ends[rank]; at < matches.ends[rank + 1]; ++at) {
      const RunEntry& entry = matches.entries[at];
      if (is_weak(matches, rank, entry.counterpart) || is_weak(matches, entry.counterpart, rank)) continue;
      if (engaged.together.contains(std::minmax(ids[rank], ids[entry.counterpart]))) continue;
      problem.edges.push_back({std::min(rank, entry.counterpart), std::max(rank, entry.counterpart), entry.value});
    }
  const auto ends = [](const AssignmentEdge& edge) { return std::pair(edge.a, edge.b); };
  std::ranges::sort(problem.edges, {}, ends);
  const auto same = [&](const AssignmentEdge& a, const AssignmentEdge& b) { return ends(a) == ends(b); };
  problem.edges.erase(std::unique(problem.edges.begin(), problem.edges.end(), same), problem.edges.end());
  return problem;
}

}  // namespace

Result<RunResult> propose(RunMatches found, const Snapshot& snapshot, const Programme& programme, const Taxonomy& taxonomy,
                          const Engagements& engaged, Assignment& assignment) {
  RunResult result{.matches = std::move(found)};
  add_offices(result, snapshot);
  RunMatches& matches = result.matches;
  for (const Row row : matches.rows) result.sequences.push_back(snapshot.version(row).sequence);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> proposed;  // both ways
  {
    const AssignmentProblem problem = problem_of(result, snapshot, programme, taxonomy, engaged);
    Result<Assignment> assigned = assign(problem);
    if (!assigned) return tl::unexpected(assigned.error());
    assignment = std::move(*assigned);
    for (const std::uint32_t edge : assignment.chosen) {
      proposed.emplace_back(problem.edges[edge].a, problem.edges[edge].b);
      proposed.emplace_back(problem.edges[edge].b, problem.edges[edge].a);
    }
    assignment.chosen = {};
  }
  std::ranges::sort(proposed);

  std::vector<RunEntry> entries;
  std::vector<std::uint64_t> ends{0};
  auto next = proposed.begin();
  for (std::uint32_t rank = 0; rank < matches.rows.size(); ++rank) {
    const auto end = std::find_if(next, proposed.end(), [&](const auto& pair) { return pair.first != rank; });
    std::vector<RunEntry> list(matches.entries.begin() + static_cast<std::ptrdiff_t>(matches.ends[rank]),
                               matches.entries.begin() + static_cast<std::ptrdiff_t>(matches.ends[rank + 1]));
    std::vector<std::uint32_t> own;
    for (const RunEntry& entry : list) own.push_back(entry.counterpart);
    for (auto at = next; at != end; ++at)
      if (!std::ranges::count(own, at->second)) {
        const RunEntry& theirs = matches.entries[matches.ends[at->second] + *place_of(matches, at->second, rank)];
        list.push_back({at->second, theirs.value, theirs.their, theirs.own});
      }
    std::ranges::sort(list, BestFirst{});
    for (const RunEntry& entry : list) {
      const bool is_proposed = std::any_of(next, end, [&](const auto& pair) { return pair.second == entry.counterpart; });
      result.flags.push_back(static_cast<std::uint8_t>((std::ranges::count(own, entry.counterpart) ? kListed : 0) |
                                                       (is_proposed ? kProposed : 0) |
                                                       band_bits(matches, rank, entry.counterpart)));
      entries.push_back(entry);
    }
    ends.push_back(entries.size());
    next = end;
  }
  matches.entries = std::move(entries);
  matches.ends = std::move(ends);
  matches.bands = {};  // the flags have them
  return result;
}

}  // namespace counterpart::index
