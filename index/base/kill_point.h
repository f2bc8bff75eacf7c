// Places at which a test lets the process end as if the power had failed: kill_point("name") in the course of the work.
// Compiled in by the CMake option COUNTERPART_KILL_POINTS alone, which the release build leaves off: nothing in an officer's
// program shall be able to end it.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

// Every one there is, in order of first appearance in the work of a server; tests/index/kill_points.cpp visits each.
inline constexpr std::array kKillPoints = std::to_array<std::string_view>({
    "store: before the batch is written",
    "store: batch written, high-water mark not raised",
    "store: high-water mark raised, nobody told",
    "high-water: written, not synced",
    "high-water: synced",
    "file: begun",
    "file: written, not synced",
    "file: synced, not renamed",
    "file: renamed, folder not synced",
    "purge: memory in tables, old tables there",
    "import: rows ready, not written",
    "import: rows written, not told",
    "publisher: changes taken, not published",
    "publisher: published",
    "publisher: vectors made, not stored",
    "merge: new base made, not taken",
    "publisher: new base taken",
    "snapshot file: segment written, not named",
    "snapshot file: named, old segment there",
    "run: piece of the work appended",
    "run: matches written",
    "run: manifest written",
    "run: work kept, not published",
    "run: published, folder not synced",
    "run: published, older ones there",
    "standing: query tested, not stored",
    "standing: marks and alerts in a batch that is not written",
    "standing: before a query is removed",
    "cases: offices in a batch that is not written",
    "cases: acts in a batch that is not written",
    "cases: acts written, nobody told",
    "cases: what time brings in a batch that is not written",
    "cases: of an erased profile, in a batch that is not written",
    "cases: letters held back in a batch that is not written",
    "outbox: letters sent, not noted",
    "spool: file taken back, its other letters not queued",
    "spool: letters queued anew, file there",
    "audit: entries in a batch that is not written",
    "backup: runs staged",
    "backup: store staged",
    "backup: contents copied",
    "backup: tried out, without manifest",
    "backup: manifest written",
    "backup: older ones removed, contents there",
    "network: a bundle in a batch that is not written",
    "network: a bundle taken in, nobody told",
    "network: erasures through all files, not noted",
    "erasure: recorded, nothing rewritten",
    "erasure: rewritten, not searched",
    "erasure: searched, not closed",
    "restore: draft begun",
    "restore: files in place",
    "restore: draft whole, without its name",
    "restore: named",
});

// The name of one of them; any other does not compile.
class KillPoint {
 public:
  consteval KillPoint(const char* name) : name_(name) {
    if (std::ranges::find(kKillPoints, name_) == kKillPoints.end()) throw "no such kill point";
  }
  std::string_view name() const { return name_; }

 private:
  std::string_view name_;
};

#ifdef COUNTERPART_KILL_POINTS
// Ends the process by SIGKILL where the environment says COUNTERPART_KILL_AT=NAME, or NAME#3 at the third time.
void kill_point(KillPoint point);
#else
inline void kill_point(KillPoint) {}
#endif

}  // namespace counterpart::index
