// Cases of a store, opened; and profiles as they come in: published at once, or held back until they are reviewed.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/cycles/life_cycles.h"
#include "engine/match/matcher.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/casework/case_store.h"
#include "index/store/store.h"
#include "server/access/caller.h"
#include "server/layer.h"

namespace counterpart::server {

class Service;
struct OpenedData;

// Whether both have a free place, beside the other verdicts on them.
void judge_places(const CaseStore& cases, const std::array<std::reference_wrapper<const Profile>, 2>& both, Explanation& on);

// Seconds since 1970. Builds for tests take them from the file that COUNTERPART_CLOCK names, so that days pass without waiting.
std::function<std::int64_t()> casework_clock();

// The limits that a TOML file sets: `answer = 3`, a line for each whose days are not the table's. No path: the table's own.
// kNotFound: it cannot be read. kInvalid: not TOML, no such limit, not a number of days that it can have; the place is
// "FILE:LINE".
Result<Limits> read_limits(const std::filesystem::path& file);

// `datasets` has calendar/; `limits` as read_limits() takes it. Keeps a reference to `store`. Errors: of WorldCalendar::load(),
// of read_limits(), of CaseStore::open().
Result<std::unique_ptr<CaseStore>> open_cases(Store& store, const std::filesystem::path& datasets,
                                              const std::filesystem::path& limits);

// Is the desk that such a caller acts with one of its office, as the directory is now? Of one that has none: yes.
bool desk_stands(const CaseStore& cases, const Caller& caller);

// By these, which must outlive it.
Publishing publishing_by(const Taxonomy& taxonomy, const Embedder& embedder);

// How profiles are sent in.
struct Sending {
  By by = By::kDesk;       // an owner's: By::kOwner
  std::string desk = {};   // as in Submission
  bool to_review = false;  // held back whatever their office says
  bool submits = true;     // what is held back goes to review; else it stays a draft
};

// Is a profile held back when it is written: does its office review, or the one of what it would replace?
bool is_reviewed(const CaseStore& cases, const Store& store, const Profile& profile);
// As CaseStore::submit(), of a write without id and language, too.
Result<Submitted> hold_back(const OpenedData& data, Write write, const Sending& sending);

struct TakenIn {
  Written written = {};
  std::optional<Submitted> held = {};  // given: nothing was published, and `written` says nothing
};
// Service::put() of those that are not held back, in order; one verdict a write. What is published already the same is written.
std::vector<Result<TakenIn>> take_in(Service& service, std::vector<Write> writes, const Sending& sending);

// The office's profiles whose last day lies from `from` to `to`, both included, by id.
std::vector<std::pair<std::string, Day>> ending_profiles(const Corpus& corpus, const std::string& office, Day from, Day to);

// Opens the cases of profiles that come near their end, where their offices review: notices go out from these. How many.
Result<std::size_t> follow_ends(const OpenedData& data, std::int64_t now);

}  // namespace counterpart::server
