#include "index/run/run_proposals.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/index/run/run_world.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

namespace fs = std::filesystem;
using ProfilePair = std::pair<std::string, std::string>;

// One night of a world, proposed again and again as casework goes on.
class Night {
 public:
  Night() { fs::create_directories(directory_); }

  std::set<ProfilePair> proposed(const Engagements& engaged) {
    RunSettings settings;
    settings.threads.count = 1;
    RunControl control;
    RunMatches matches =
        match_everybody({snapshot_, real_taxonomy(), programme_, "rules", 20'600, directory_, settings}, control).value();
    Assignment assignment;
    const RunResult result = propose(std::move(matches), snapshot_, programme_, real_taxonomy(), engaged, assignment).value();
    const std::vector<std::string>& ids = result.matches.header.ids;
    std::set<ProfilePair> pairs;
    for (std::size_t rank = 0; rank < ids.size(); ++rank)
      for (std::uint64_t at = result.matches.ends[rank]; at < result.matches.ends[rank + 1]; ++at)
        if ((result.flags[at] & kProposed) != 0)
          pairs.insert(std::minmax(ids[rank], ids[result.matches.entries[at].counterpart]));
    return pairs;
  }

 private:
  TempFolder folder_;
  fs::path directory_ = folder_.path() / "open";
  RunWorld world_{24, 60};
  Programme programme_ = open_programme();
  Snapshot snapshot_ = world_.snapshot(2);
};

std::map<std::string, unsigned> places_given(const std::set<ProfilePair>& pairs) {
  std::map<std::string, unsigned> given;
  for (const auto& [a, b] : pairs) ++given[a], ++given[b];
  return given;
}

}  // namespace

TEST_CASE("run proposals: open cases take places, and nobody is proposed to whom it is introduced already", "[run_proposals]") {
  Night night;
  const std::set<ProfilePair> before = night.proposed({});
  REQUIRE_FALSE(before.empty());
  const ProfilePair together = *before.begin();
  const std::set<ProfilePair> after =
      night.proposed({.taken = {{together.first, 1}, {together.second, 1}}, .together = {together}});
  CHECK_FALSE(after.contains(together));

  // Whoever has more introductions open than it can handle gets no more.
  const std::string& busy = before.rbegin()->first;
  const std::set<ProfilePair> without = night.proposed({.taken = {{busy, 10'000}}, .together = {}});
  CHECK(places_given(before).contains(busy));
  CHECK_FALSE(places_given(without).contains(busy));
  CHECK(night.proposed({}) == before);
}
