#include "server/service/cases.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "engine/base/hex.h"
#include "engine/base/toml.h"
#include "engine/corpus/profile_language.h"
#include "engine/profile/organisation.h"
#include "index/base/crypto.h"
#include "index/base/files.h"
#include "index/base/time.h"
#include "index/store/origins.h"
#include "index/vector/embedding.h"
#include "server/service/service.h"

namespace counterpart::server {
namespace {

constexpr Day kFollowedBefore = 31;       // days before the end: a day more than the first notice
constexpr std::size_t kOfOffice = 1'000;  // profiles of an office that are read at once

}  // namespace

void judge_places(const CaseStore& cases, const std::array<std::reference_wrapper<const Profile>, 2>& both, Explanation& on) {
  for (const Profile& one : both) {
    const PlacesOf places = places_of(one, cases.places_taken(one.id));
    on.verdicts.push_back(verdict_on_places(one.id, places));
    on.matched = on.matched && !places.full();
  }
}

std::function<std::int64_t()> casework_clock() {
#ifdef COUNTERPART_KILL_POINTS
  if (const char* file = std::getenv("COUNTERPART_CLOCK"))
    return [path = std::string(file)] {
      std::int64_t seconds = 0;
      std::ifstream(path) >> seconds;
      return seconds;
    };
#endif
  return [] { return static_cast<std::int64_t>(now_utc()); };
}

Result<Limits> read_limits(const std::filesystem::path& file) {
  if (file.empty()) return Limits();
  const Result<std::string> text = read_file(file);
  if (!text) return fail(ErrorCode::kNotFound, file.string(), "this file of limits cannot be read", "see --limits");
  const Result<toml::table> table = parse_toml(*text, file.string());
  if (!table) return tl::unexpected(table.error());
  std::map<std::string, std::int64_t> days;
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    const auto wrong = [&, &value = node](std::string message, std::string remedy) {
      return fail(ErrorCode::kInvalid, file.string() + ":" + std::to_string(value.source().begin.line), std::move(message),
                  std::move(remedy));
    };
    const auto number = node.value_exact<std::int64_t>();
    if (!number)
      return wrong("`" + name.substr(0, 80) + "` is no whole number of days", "write " + name.substr(0, 80) + " = 5");
    if (const Result<Limits> one = Limits::make({{name, *number}}); !one)
      return wrong("`" + name.substr(0, 80) + "` " + one.error().message, one.error().remedy);
    days[name] = *number;
  }
  return Limits::make(days);
}

Result<std::unique_ptr<CaseStore>> open_cases(Store& store, const std::filesystem::path& datasets,
                                              const std::filesystem::path& limits) {
  Result<Limits> days = read_limits(limits);
  if (!days) return tl::unexpected(days.error());
  Result<std::shared_ptr<const WorldCalendar>> world = WorldCalendar::load(datasets / "calendar");
  if (!world) return tl::unexpected(world.error());
  return CaseStore::open(store, clocks_of(std::move(*world)), std::move(*days), casework_clock()());
}

bool desk_stands(const CaseStore& cases, const Caller& caller) {
  if (caller.desk.empty()) return true;
  const std::shared_ptr<const Offices> offices = cases.offices();
  const Desk* desk = offices->directory.desk(caller.desk);
  return desk && desk->office == caller.office;
}

Publishing publishing_by(const Taxonomy& taxonomy, const Embedder& embedder) {
  return {[&embedder](Write& write) { write.embedding = quantise(embed_faces(write.profile, embedder), embedder.model()); },
          [&taxonomy](const std::string& organisation, const Profile& profile) {
            return is_of_organisation(organisation, profile, taxonomy.legal_forms);
          }};
}

bool is_reviewed(const CaseStore& cases, const Store& store, const Profile& profile) {
  const std::shared_ptr<const Offices> offices = cases.offices();
  const Directory& directory = offices->directory;
  if (std::ranges::none_of(directory.offices(), &Office::reviews)) return false;
  const auto reviews = [&](const std::string& office) { return directory.office_or_duty(office).reviews; };
  if (reviews(profile.office)) return true;
  const Result<StoredProfile> stored = store.get(profile.id);
  return stored && reviews(stored->profile.office);
}

Result<Submitted> hold_back(const OpenedData& data, Write write, const Sending& sending) {
  if (write.profile.id.empty()) write.profile.id = "p-" + hex(random_bytes(16));
  determine_language(write.profile, data.embedder);
  return data.cases.submit({.write = std::move(write), .by = sending.by, .desk = sending.desk, .submits = sending.submits},
                           data.now());
}

std::vector<std::pair<std::string, Day>> ending_profiles(const Corpus& corpus, const std::string& office, Day from, Day to) {
  const Filter own{.all = {{.field = "office", .any_of = {office}}}, .either = {}};
  std::vector<std::pair<std::string, Day>> ending;
  for (std::vector<std::string> ids = corpus.list(own, {}, kOfOffice); !ids.empty();
       ids = corpus.list(own, ids.back(), kOfOffice))
    for (const std::string& id : ids)
      if (const std::optional<Row> row = corpus.find(id))
        if (const Day last = corpus.traits(*row).valid_until; from <= last && last <= to) ending.emplace_back(id, last);
  return ending;
}

Result<std::size_t> follow_ends(const OpenedData& data, std::int64_t now) {
  const std::shared_ptr<const Corpus> corpus = data.corpus();
  const std::shared_ptr<const Offices> offices = data.cases.offices();
  const auto today = static_cast<Day>(now / kSecondsOfDay);
  std::vector<std::pair<std::string, Day>> ending;
  for (const Office& office : offices->directory.offices())
    if (office.reviews)
      std::ranges::move(ending_profiles(*corpus, office.id, today, today + kFollowedBefore), std::back_inserter(ending));
  // What another office's server sent is renewed there.
  Status read;
  std::erase_if(ending, [&](const auto& one) {
    const Result<std::string> origin = read_origin(data.store.database(), one.first);
    if (!origin) read = tl::unexpected(origin.error());
    return origin && !origin->empty();
  });
  if (!read) return tl::unexpected(read.error());
  return ending.empty() ? Result<std::size_t>(0) : data.cases.follow_ends(ending, now);
}

std::vector<Result<TakenIn>> take_in(Service& service, std::vector<Write> writes, const Sending& sending) {
  const OpenedData& data = service.data();
  std::vector<bool> held;
  std::vector<Write> published;
  for (Write& write : writes) {
    held.push_back(sending.to_review || is_reviewed(data.cases, data.store, write.profile));
    if (!held.back()) published.push_back(std::move(write));
  }
  std::vector<Result<Written>> written = service.put(std::move(published));
  std::vector<Result<TakenIn>> taken;
  std::size_t next = 0;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (!held[i]) {
      taken.push_back(std::move(written[next++]).map([](Written one) { return TakenIn{std::move(one), {}}; }));
      continue;
    }
    Result<Submitted> submitted = hold_back(data, std::move(writes[i]), sending);
    if (!submitted)
      taken.push_back(tl::unexpected(std::move(submitted.error())));
    else if (submitted->case_id.empty())
      taken.push_back(TakenIn{{submitted->id, submitted->version, data.store.sequence(), false, true}, {}});
    else
      taken.push_back(TakenIn{{}, std::move(*submitted)});
  }
  return taken;
}

}  // namespace counterpart::server
