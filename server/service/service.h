// Use cases, shared by HTTP, the command line and batch: each call of the contract as one function on domain types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/match/matcher.h"
#include "engine/match/would_help.h"
#include "engine/profile/advice.h"
#include "engine/profile/profile.h"
#include "engine/programme/programme.h"
#include "engine/survey/brief.h"
#include "engine/survey/coverage.h"
#include "engine/survey/duplicates.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/erasure/erasures.h"
#include "index/import/importer.h"
#include "index/snapshot/publisher.h"
#include "index/standing/standing_queries.h"
#include "index/store/store.h"
#include "server/access/tokens.h"
#include "server/layer.h"
#include "server/service/match_runs.h"
#include "server/service/service_panels.h"
#include "server/service/service_quality.h"
#include "server/service/service_search.h"

namespace counterpart::server {

struct ServiceOptions {
  std::filesystem::path data;      // the data directory
  std::filesystem::path datasets;  // taxonomy/ and programmes/
  std::filesystem::path models;    // converted text models
  std::string model = "fast";
  std::filesystem::path key_file = {};  // master key of private members; empty: MASTER-KEY in `data`
  std::string fine = {};                // the second model, whose vectors follow; empty: none
  bool makes = true;                    // `data` where it is not there yet; else only a data directory is opened
  bool serves = false;                  // the fine vectors follow in the background; else only refine() makes them
};

// Exactly one of profile_id, draft and text/offering.
struct MatchCall {
  std::string profile_id;
  std::optional<Profile> draft;
  std::string text;      // what is sought
  std::string offering;  // what is offered; alone or beside text
  std::string programme = "open";
  Conditions where;
  Conditions within = {};  // what the caller may see at all, as in MatchRequest
  std::size_t limit = 10;
  bool explain = false;
  bool exact = false;
  bool diversify = false;
  bool plain = false;        // as in MatchRequest; in no request from outside
  bool tell_absence = true;  // the same
};

struct ExplainAnswer {
  std::string a, b, programme;
  Explanation explanation;
  std::optional<std::size_t> rank;  // of b among a's matches, 1 is best; nullopt: not among them or beyond 1,000
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
};

// Safe from any thread. Opening holds the data directory.
class Service {
 public:
  // kNotFound, kInvalid: `data` is no data directory, and was not to be made.
  static Result<std::unique_ptr<Service>> open(const ServiceOptions& options, OpenReport* report = nullptr);
  ~Service();

  const Taxonomy& taxonomy() const;
  const Embedder& embedder() const;
  Store& store();
  const std::map<std::string, Programme, std::less<>>& programmes() const;
  std::shared_ptr<const Corpus> corpus() const;  // as it is now
  MatchRuns& runs() const;
  Tokens& tokens() const;
  StandingQueries& standing() const;  // match_all() of these follows each published match run

  // One verdict a put, in order, each durable. An empty id gets one; an empty lang is detected; vectors are made here.
  std::vector<Result<Written>> put(std::vector<Write> writes);
  Result<Written> erase(Write write);
  Erasures& erasures() const;  // in a server they also go on by themselves
  Result<StoredProfile> get(const std::string& id, bool with_private = false) const;

  Result<Matches> match(const MatchCall& call) const;
  // `sight`: ranks are told among those who meet it, as if there were nobody else.
  Result<ExplainAnswer> explain(const std::string& a, const std::string& b, const std::string& programme,
                                const Conditions& sight) const;
  // As compose_panel(); kNotFound: no such programme.
  Result<PanelAnswer> convene(const PanelCall& call) const;
  // As coverage_of(), with today's date; kNotFound: no such programme.
  Result<Coverage> coverage(const std::string& programme, CoverageCall call) const;
  // As country_brief(), with today's date.
  Result<CountryBrief> brief(const std::string& country, const std::string& language) const;
  // kInvalid: an unknown field, a cursor that is not ours.
  Result<SearchAnswer> search(const SearchCall& call) const;
  Result<ImportProgress> import_file(const std::filesystem::path& file, const ImportOptions& options, ImportProgress* progress);
  // `language`: one of kUnLanguages; empty: the owner's if it is one of them, else English.
  Result<AdviceAnswer> advice(const std::string& id, const std::string& language) const;
  // Pairs of which one was written after `since`. Reads the whole store once after a change (20 s for 100,000 profiles);
  // until the next one the answer is remembered. kUnavailable: somebody else's call is reading.
  Result<DuplicatesAnswer> duplicates(std::uint64_t since, std::size_t limit) const;
  Result<VerifyReport> verify() const;
  // As Publisher::refine(); 0 without a second model.
  std::uint64_t refine(const std::function<bool(std::uint64_t done, std::uint64_t all)>& on_progress);
  Status save();  // the snapshot file
  ServiceFigures figures() const;

  // "FIELD=VALUE[,VALUE]" parts checked against the field table; owner kRequest.
  Result<Condition> condition(std::string_view field, std::span<const std::string> values) const;

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::server
