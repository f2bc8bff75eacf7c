// Use cases, shared by HTTP, the command line and batch, on domain types: what needs more than the parts of an opened data
// directory. What a part does by itself is asked of it directly (server/service/opened_data.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/match/matcher.h"
#include "engine/match/would_help.h"
#include "engine/profile/profile.h"
#include "index/snapshot/publisher.h"
#include "index/store/store.h"
#include "server/evaluate/recall_meter.h"
#include "server/layer.h"
#include "server/service/limits.h"
#include "server/service/match_runs.h"
#include "server/service/opened_data.h"
#include "server/service/service_panels.h"
#include "server/service/service_quality.h"

namespace counterpart::server {

struct ServiceOptions {
  std::filesystem::path data;      // the data directory
  std::filesystem::path datasets;  // taxonomy/ and programmes/
  std::filesystem::path models;    // converted text models
  std::string model = "fast";
  std::filesystem::path key_file = {};    // master key of private members; empty: MASTER-KEY in `data`
  std::filesystem::path exclusions = {};  // as take_exclusions() takes it
  std::filesystem::path limits = {};      // days of casework's limits (server/service/cases.h); empty: the table's own
  std::string fine = {};                  // the second model, whose vectors follow; empty: none
  bool makes = true;                      // `data` where it is not there yet; else only a data directory is opened
  bool serves = false;                    // the fine vectors follow in the background; else only refine() makes them
};

// Exactly one of profile_id, draft and text/offering.
struct MatchCall {
  std::string profile_id;
  std::optional<Profile> draft;
  std::string text;          // what is sought
  std::string offering;      // what is offered; alone or beside text
  std::string country = {};  // of a text: where the asker stands, ISO 3166-1 alpha-2; empty: not said
  std::string side = {};     // the side of the programme from which is asked; empty: any on which the asker may stand
  std::string programme = "open";
  Conditions where;
  Conditions within = {};  // what the caller may see at all, as in MatchRequest
  std::size_t limit = kMatchList.standard.value();
  std::size_t after = 0;                 // as in MatchRequest
  std::optional<std::uint64_t> seen;     // the sequence of the page before
  std::vector<std::string> facets = {};  // as in MatchRequest
  bool explain = false;
  bool exact = false;
  bool diversify = false;
  BandSet bands = BandSet::better_than_chance();  // which are listed
  bool full = false;                              // those without a free place are listed too
  bool plain = false;                             // as in MatchRequest; in no request from outside
  bool tell_absence = true;                       // the same
};

struct ExplainAnswer {
  std::string a, b, programme;
  Explanation explanation;
  std::optional<std::size_t> rank;        // of b among a's matches, 1 is best; nullopt: not among them or beyond 1,000
  std::optional<Band> band = {};          // where they match
  std::optional<double> expected = {};    // as in Match; of one beyond the first 1,000 not told
  std::optional<std::size_t> place = {};  // as in Match
  std::uint64_t sequence = 0;
  WouldHelp would_help = {};
  std::size_t awaiting_fine = 0;  // as in Matches
};

struct ServiceFigures {
  std::uint64_t profiles = 0, store_sequence = 0, index_sequence = 0, awaiting_embedding = 0, awaiting_fine = 0;
  std::uint64_t disk_free = 0;         // bytes, of the data directory's disk
  std::uint64_t erasures_pending = 0;  // that are not through all files yet
  std::uint64_t backed_up = 0;         // when the newest backup was done, seconds since 1970; 0: none was
  RunStatus run = {};                  // of the last match run
  std::vector<PublishedFigures> published = {};
  RecallFigures recall = {};
};

// Safe from any thread.
class Service {
 public:
  virtual ~Service() = default;

  // The parts that a caller may work on by itself.
  virtual const OpenedData& data() const = 0;

  // One verdict a put, in order, each durable. An empty id gets one; an empty lang is detected; vectors are made here.
  virtual std::vector<Result<Written>> put(std::vector<Write> writes) = 0;
  virtual Result<Written> erase(Write write) = 0;
  virtual Result<StoredProfile> get(const std::string& id, bool with_private = false) const = 0;

  virtual Result<Matches> match(const MatchCall& call) const = 0;
  // `sight`: ranks are told among those who meet it, as if there were nobody else.
  virtual Result<ExplainAnswer> explain(const std::string& a, const std::string& b, const std::string& programme,
                                        const Conditions& sight) const = 0;
  // As compose_panel(); kNotFound: no such programme.
  virtual Result<PanelAnswer> convene(const PanelCall& call) const = 0;
  // Pairs of which one was written after `since`. Reads the whole store once after a change (20 s for 100,000 profiles);
  // until the next one the answer is remembered. kUnavailable: somebody else's call is reading.
  virtual Result<DuplicatesAnswer> duplicates(std::uint64_t since, std::size_t limit) const = 0;

  virtual Result<VerifyReport> verify() const = 0;
  // As Publisher::refine(); 0 without a second model.
  virtual std::uint64_t refine(const std::function<bool(std::uint64_t done, std::uint64_t all)>& on_progress) = 0;
  virtual Status save() = 0;  // the snapshot file
  virtual ServiceFigures figures() const = 0;
};

// Holds the data directory as long as the service lives. kNotFound, kInvalid: `data` is no data directory, and was not to be
// made.
Result<std::unique_ptr<Service>> open_service(const ServiceOptions& options, OpenReport* report = nullptr);

}  // namespace counterpart::server
