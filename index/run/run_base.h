// The candidate lists of an earlier match run, taken over for rows that have not changed since.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "index/layer.h"
#include "index/run/run_log.h"

namespace counterpart::index {

// Immutable once connected; safe from any thread.
class RunBase {
 public:
  // Reads the log of a finished or a cut-off run. Errors as RunLog::open.
  static Result<std::unique_ptr<RunBase>> open(const std::filesystem::path& file, bool finished);

  const RunHeader& header() const { return header_; }
  // Finds each of today's rows among the base's; before anything below.
  void connect(const RunHeader& now);
  // By today's rank: an equal row was there.
  bool unchanged(std::uint32_t rank) const { return old_of_[rank] != kNone; }
  // How many of today's rows are unchanged and have a list here.
  std::size_t usable() const;
  // From which key on a changed row belongs into the list; NaN: there is no list to put it into.
  float bar(std::uint32_t rank) const;
  // The list as it is today: without those who changed or left, with `hits`, which are changed rows. At most `most`; none:
  // too many left it to tell the best `needed`. By today's ranks, `lists_key` being equal.
  Result<std::optional<CandidateList>> list(std::uint32_t rank, std::span<const RankedHit> hits, std::size_t needed,
                                            std::size_t most) const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct KeptList {
    std::uint64_t offset = 0;
    std::uint32_t count = 0;
    bool known = false, complete = false;
    RankedCandidate last = {};
  };

  RunHeader header_;
  std::unique_ptr<RunLog> log_;
  std::vector<KeptList> kept_;             // by the base's rank
  std::vector<std::uint32_t> new_of_;      // by the base's rank: today's, or kNone where it changed or left
  std::vector<std::uint32_t> old_of_;      // by today's rank: the base's
  std::vector<std::uint32_t> old_before_;  // by today's rank: how many of the base's ids are smaller
};

}  // namespace counterpart::index
