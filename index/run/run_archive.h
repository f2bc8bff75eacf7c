// Published match runs: DIRECTORY/PROGRAMME/NUMBER with a manifest and the matches, each there whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/allocation/assignment.h"
#include "engine/base/result.h"
#include "index/base/files.h"
#include "index/layer.h"
#include "index/run/match_run.h"

namespace counterpart::index {

// How a match came into a profile's list; bits.
inline constexpr std::uint8_t kListed = 1;    // among its own best
inline constexpr std::uint8_t kProposed = 2;  // an introduction that respects everybody's capacity
// From here on 1 + its Band, in three bits; 0: not told, as in a run of an older program.
inline constexpr unsigned kBandShift = 2;
std::optional<Band> band_in(std::uint8_t flags);

// 1: nothing tells whether sequences, offices and the manifest itself are as they were written; 2: all of it is checked.
inline constexpr std::uint64_t kRunFormat = 2;

// Everything that is known of a run. Same inputs, same result_hash.
struct RunManifest {
  std::uint64_t format = kRunFormat;
  std::uint64_t publication = 0;  // counts those of all programmes, whatever the clock says; 0: not counted yet
  std::string id = {};            // "itpo-000012"
  std::string programme = {};
  std::uint64_t sequence = 0;                   // of the store
  std::int32_t today = 0;                       // days since 1970-01-01
  std::string started = {}, finished = {};      // UTC
  std::string lists_key = {}, result_key = {};  // as in RunHeader
  std::string model = {}, fine = {};
  std::string space = {};                         // the corpus's space in which fine vectors were compared; empty: none
  std::map<std::string, std::string> rules = {};  // file -> SHA-256
  RunSettings settings = {};
  std::uint64_t profiles = 0, matches = 0, proposed = 0;
  std::uint64_t changed = 0, taken_over = 0;
  bool resumed = false;
  PairWork work = {};
  Assignment assignment = {};                  // without `chosen`
  std::map<std::string, double> seconds = {};  // by phase
  std::string previous = {};                   // the run published before; empty: none is kept
  std::string result_hash = {};                // SHA-256 of profiles, matches and proposals
  std::uint64_t bytes = 0;                     // of the file of matches
  std::string file_hash = {};                  // SHA-256 of that file
};
std::string to_json(const RunManifest& manifest);
// kUnsupported: of a newer format.
Result<RunManifest> parse_run_manifest(std::string_view json);

// What is published: lists by rank, which is the order of ids.
struct RunResult {
  RunMatches matches;
  std::vector<std::uint8_t> flags = {};        // by entry: kListed, kProposed, its band
  std::vector<std::uint64_t> sequences = {};   // by rank: of the profile's version
  std::vector<std::uint32_t> offices = {};     // by rank: in office_names
  std::vector<std::string> office_names = {};  // ascending; the first is "": no office
};

// Immutable, mapped; safe from any thread.
class PublishedRun {
 public:
  // kCorrupt: a byte of it is not what was written.
  static Result<std::shared_ptr<const PublishedRun>> open(const std::filesystem::path& directory);

  const RunManifest& manifest() const { return manifest_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(sequences_.size()); }
  std::string_view id(std::uint32_t rank) const;
  std::optional<std::uint32_t> find(std::string_view id) const;
  std::uint64_t sequence(std::uint32_t rank) const { return sequences_[rank]; }
  std::string_view office(std::uint32_t rank) const { return office_names_[offices_[rank]]; }
  std::optional<std::uint32_t> find_office(std::string_view name) const;
  std::uint32_t office_number(std::uint32_t rank) const { return offices_[rank]; }
  const std::vector<std::string>& offices() const { return office_names_; }
  // Best first: the profile's own best, and whoever is proposed beside them.
  std::span<const RunEntry> matches(std::uint32_t rank) const;
  std::span<const std::uint8_t> flags(std::uint32_t rank) const;
  // From 1, in the profile `id`'s own list, proposals beside it left out; 0: it is not listed there. nullopt: the run has no
  // such profile.
  std::optional<std::size_t> place_in_list_of(std::string_view id, std::uint32_t rank) const;

 private:
  RunManifest manifest_;
  std::shared_ptr<const FileMapping> mapping_;
  std::span<const std::uint32_t> id_ends_, offices_;
  std::string_view ids_;
  std::span<const std::uint64_t> sequences_, ends_;
  std::span<const RunEntry> entries_;
  std::span<const std::uint8_t> flags_;
  std::vector<std::string> office_names_;
};

// The runs of one programme. Not thread-safe; what it opens is.
class RunArchive {
 public:
  explicit RunArchive(std::filesystem::path directory)
      : directory_(std::move(directory)), programme_(directory_.filename().string()) {}

  // Newest first; a run whose manifest does not read is left out.
  std::vector<RunManifest> list() const;
  Result<std::shared_ptr<const PublishedRun>> open(const std::string& id) const;
  std::string newest_id() const;  // empty: none is published
  // Durable when it returns. Fills in id, previous, finished and what is
  // known of the file. Of older runs the newest `keep` - 1
  // stay. The run's work becomes the base of the next. Where the newest run has the same inputs and the same result, it
  // stays the newest and `manifest` becomes its own: whoever repeats a run keeps last night's news.
  Status publish(const RunResult& result, RunManifest& manifest, std::size_t keep);
  // Where the runs of `programme` are, below a data directory.
  static std::filesystem::path directory_of(const std::filesystem::path& data, std::string_view programme) {
    return data / "runs" / programme;
  }
  // "itpo" of "itpo-000012"; empty: it is no id of a run.
  static std::string programme_of(std::string_view id);

 private:
  std::vector<std::uint64_t> numbers() const;  // descending
  std::filesystem::path directory_;            // its name is the programme's
  std::string programme_;
};

}  // namespace counterpart::index
