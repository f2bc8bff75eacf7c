#include "tests/server/fake_service.h"

#include <algorithm>
#include <mutex>

#include "engine/conditions.h"
#include "engine/field.h"
#include "engine/profile_json.h"
#include "index/backup.h"
#include "index/embedding.h"
#include "index/standing_queries.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/temp_folder.h"

namespace counterpart {

struct Service::Impl {
  std::shared_ptr<const Taxonomy> taxonomy;
  std::map<std::string, Programme, std::less<>> programmes;
  mutable std::mutex mutex;
  std::map<std::string, StoredProfile> profiles;
  std::uint64_t sequence = 0;
  std::uint64_t given_ids = 0;

  FakeCorpus corpus() const {
    const std::lock_guard lock(mutex);
    std::vector<Profile> all;
    for (const auto& [id, stored] : profiles) all.push_back(stored.profile);
    return {*taxonomy, std::move(all)};
  }
  // What a match run sees of the same profiles.
  std::shared_ptr<const Snapshot> snapshot() const {
    const FakeEmbedder embedder;
    const std::lock_guard lock(mutex);
    SegmentBuilder builder(static_cast<std::uint32_t>(embedder.dimensions()));
    for (const auto& [id, stored] : profiles)
      builder.add(stored.profile, {stored.sequence, stored.version},
                  quantise(embed_faces(stored.profile, embedder), embedder.model()), *taxonomy);
    const SnapshotModels models{embedder.model(), static_cast<std::uint32_t>(embedder.dimensions())};
    return std::make_shared<Snapshot>(models, sequence, std::vector<LiveSegment>{{builder.build(), nullptr}});
  }
  TempFolder data;
  std::unique_ptr<MatchRuns> runs;

  // Standing queries are the real ones, over a store that there is once somebody asks for them.
  FakeEmbedder texts;
  std::unique_ptr<Store> store;
  std::unique_ptr<Tokens> tokens;
  std::unique_ptr<StandingQueries> standing;
  void open_store() {
    if (!store) store = Store::open(data.path() / "standing").value();
  }
  void write(Write::Kind kind, const Profile& profile) {
    if (!store) return;
    Write one{kind, profile, {}, {}};
    if (kind == Write::Kind::kPut) one.embedding = quantise(embed_faces(profile, texts), texts.model());
    (void)store->write({&one, 1});
  }
};

namespace {

tl::unexpected<Error> absent() { return fail(ErrorCode::kNotFound, "id", "no such profile", "search for it"); }

}  // namespace

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::open(const ServiceOptions&, OpenReport*) {
  auto impl = std::make_unique<Impl>();
  const std::filesystem::path datasets = std::filesystem::path(COUNTERPART_SOURCE_DIR) / "datasets";
  impl->taxonomy = Taxonomy::load(datasets / "taxonomy").value();
  impl->programmes = load_programmes(datasets / "programmes", *impl->taxonomy).value();
  impl->runs = std::make_unique<MatchRuns>(MatchRuns::Parts{impl->data.path(), *impl->taxonomy, impl->programmes, {},
                                                            [own = impl.get()] { return own->snapshot(); }, {}});
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

std::unique_ptr<Service> fake_service() { return std::move(Service::open({}).value()); }

const Taxonomy& Service::taxonomy() const { return *impl_->taxonomy; }
const Embedder& Service::embedder() const { throw std::logic_error("there is none"); }
Store& Service::store() {
  const std::lock_guard lock(impl_->mutex);
  impl_->open_store();
  return *impl_->store;
}
const std::map<std::string, Programme, std::less<>>& Service::programmes() const { return impl_->programmes; }
std::shared_ptr<const Corpus> Service::corpus() const { return std::make_shared<FakeCorpus>(impl_->corpus()); }
Tokens& Service::tokens() const {
  const std::lock_guard lock(impl_->mutex);
  impl_->open_store();
  if (!impl_->tokens) impl_->tokens = Tokens::open(*impl_->store).value();
  return *impl_->tokens;
}
MatchRuns& Service::runs() const { return *impl_->runs; }
StandingQueries& Service::standing() const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->standing) return *impl_->standing;
  impl_->open_store();
  impl_->standing =
      StandingQueries::open(*impl_->store, *impl_->taxonomy, impl_->programmes, impl_->texts).value();
  return *impl_->standing;
}

std::vector<Result<Written>> Service::put(std::vector<Profile> given, std::optional<std::uint64_t> expect_version,
                                          const std::string&) {
  const std::lock_guard lock(impl_->mutex);
  std::vector<Result<Written>> verdicts;
  for (Profile& profile : given) {
    if (profile.id.empty()) profile.id = "p-" + std::to_string(++impl_->given_ids);
    if (profile.lang.empty()) profile.lang = "en";
    if (profile.title == "full disk") {
      verdicts.push_back(fail(ErrorCode::kStorage, "/secret/path", "no space left on /secret/path", {}));
      continue;
    }
    const auto found = impl_->profiles.find(profile.id);
    const std::uint64_t version = found == impl_->profiles.end() ? 0 : found->second.version;
    if (expect_version && *expect_version != version) {
      verdicts.push_back(fail(ErrorCode::kConflict, "id", "another version is stored", {}));
      continue;
    }
    const std::string id = profile.id;
    impl_->write(Write::Kind::kPut, profile);
    impl_->profiles[id] = {std::move(profile), version + 1, ++impl_->sequence, "2026-01-01T00:00:00Z"};
    verdicts.push_back(Written{id, version + 1, impl_->sequence, version == 0, false});
  }
  return verdicts;
}

Result<ErasureReceipt> Service::erase_for_good(const std::vector<std::string>& ids, const std::string& who) {
  for (const std::string& id : ids)
    if (const auto erased = erase(id, std::nullopt, who); !erased) return tl::unexpected(erased.error());
  return ErasureReceipt{.profiles = ids, .at = "2026-01-01T00:00:00Z", .sequence = 1, .places = {{"store", "removed", "gone"}}};
}

Result<Written> Service::erase(const std::string& id, std::optional<std::uint64_t> expect_version, const std::string&) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->profiles.find(id);
  if (found == impl_->profiles.end()) return absent();
  if (expect_version && *expect_version != found->second.version)
    return fail(ErrorCode::kConflict, "id", "another version is stored");
  const std::uint64_t version = found->second.version + 1;
  impl_->write(Write::Kind::kErase, found->second.profile);
  impl_->profiles.erase(found);
  return Written{id, version, ++impl_->sequence, false, false};
}

Result<StoredProfile> Service::get(const std::string& id, bool with_private) const {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->profiles.find(id);
  if (found == impl_->profiles.end()) return absent();
  StoredProfile stored = found->second;
  if (!with_private) remove_private(stored.profile);
  return stored;
}

Result<Matches> Service::match(const MatchCall& call) const {
  if (!impl_->programmes.contains(call.programme)) return fail(ErrorCode::kNotFound, "programme", "no such programme");
  Matches matches{.matches = {}, .complete = true, .method = "exact", .qualifying = 1, .scanned = 1, .sequence = 1};
  matches.matches.push_back({"b", "title of b", "KE", 0.5, {{"text", 0.5, 1, true}}, {"both speak French"}, {"b-too"}});
  matches.exposure.push_back({.group = "LDC", .in_list = 0, .of_list = 1, .qualifying = 7, .floor = 1});
  matches.exposure.push_back({.group = "SIDS", .in_list = 0, .of_list = 1, .qualifying = 0, .floor = 0});
  matches.seconds = {.embed = 0.002, .filter = 0.0001, .search = 0.004, .score = 0.0003};
  matches.exposure_cost = 0.25;
  matches.diversity_cost = call.diversify ? 0.125 : 0;
  matches.awaiting_fine = 3;
  matches.matches[0].brought_in = {"LDC"};
  if (call.text == "nobody") {
    matches.matches.clear();
    matches.absence = Absence{.among = 4, .removed = {{"is endorsed", "gate endorsed of programme ctcn", 4, "ask the focal point"}}, .one_beyond = {}};
    matches.nearest = Nearest{{"b", "title of b", "KE", 0.5, {}, {}}, matches.absence->removed[0]};
    return matches;
  }
  if (call.explain) matches.matches[0].evidence = {"We build cold stores", "en", "offers", "summary"};
  return matches;
}

Result<ExplainAnswer> Service::explain(const std::string& a, const std::string& b, const std::string& programme) const {
  if (!get(b)) return absent();
  ExplainAnswer answer{.a = a, .b = b, .programme = programme, .explanation = {}, .rank = {}, .sequence = 1};
  answer.explanation.verdicts.push_back({a, "partner country is one of LDC", false, "DE", "ask less"});
  answer.explanation.evidence = {"We build cold stores", "en", "offers", "offers"};
  answer.would_help = {.outcome = WouldHelp::Outcome::kEdits,
                       .summary = "what would help",
                       .edits = {{"if you also work in C27, state it", {"sectors"}, 0.25, 3}},
                       .blocking = {},
                       .score = 0.1,
                       .tenth = 0.2,
                       .trials = 4,
                       .exhausted = true};
  return answer;
}

Result<Coverage> Service::coverage(const std::string& slug, CoverageCall call) const {
  const auto programme = impl_->programmes.find(slug);
  if (programme == impl_->programmes.end()) return fail(ErrorCode::kNotFound, "programme", "no such programme");
  return coverage_of(impl_->corpus(), programme->second, call, *impl_->taxonomy);
}

Result<CountryBrief> Service::brief(const std::string& country, const std::string& language) const {
  return country_brief(impl_->corpus(), impl_->programmes, country, language, 0, *impl_->taxonomy);
}

Result<PanelAnswer> Service::convene(const PanelCall& call) const {
  const std::string slug = call.programme.empty() ? "consultations" : call.programme;
  if (!impl_->programmes.contains(slug)) return fail(ErrorCode::kNotFound, "programme", "no such programme");
  PanelAnswer answer{.panel = {}, .programme = slug, .name = "Consultations", .seats_asked = call.seats.value_or(150),
                     .candidates = call.where.size(), .sequence = 1};
  answer.panel.level = call.level.empty() ? "global" : call.level;
  answer.panel.seed = call.seed;
  PanelSeat& seat = answer.panel.seats.emplace_back();
  seat.id = "a";
  seat.title = "Jo";
  seat.country = "KE";
  seat.organisation = "a key";
  seat.constituency = "labour";
  seat.alternates.push_back({"b", "Bo", "UG", 0.25});
  QuotaTotal& quota = answer.panel.quotas.emplace_back();
  quota.group = "group:LDC";
  quota.at_least = 2;
  for (const std::string& topic : call.topics.value_or(std::vector<std::string>{}))
    answer.panel.coverage.push_back({.topic = topic, .asked = 1, .got = 1, .candidates = 1});
  answer.panel.relaxations.push_back({"rule", "place", 2, 0, "in words"});
  return answer;
}

Result<SearchAnswer> Service::search(const SearchCall& call) const {
  std::unique_lock lock(impl_->mutex);
  SearchAnswer answer;
  const auto fits = [&](const Profile& profile) {
    return std::ranges::all_of(call.where, [&](const Condition& c) { return holds(c, profile, *impl_->taxonomy); });
  };
  for (const auto& [id, stored] : impl_->profiles)
    if (fits(stored.profile)) answer.hits.push_back({id, stored.profile.title, stored.profile.country, "company", {}});
  answer.total = answer.hits.size();
  lock.unlock();  // corpus() takes it
  if (answer.total == 0) answer.removed = absence_of(impl_->corpus(), {}, call.where, 0).removed;
  for (const std::string& facet : call.facets) answer.facets[facet] = {{"KE", 1}};
  return answer;
}

Result<ImportProgress> Service::import_file(const std::filesystem::path&, const ImportOptions&, ImportProgress*) {
  return ImportProgress{};
}
Result<AdviceAnswer> Service::advice(const std::string& id, const std::string& language) const {
  if (!get(id)) return absent();
  return AdviceAnswer{id, language.empty() ? "en" : language, 0.5, {{"seeks", "Say what you seek.", 0.2}}};
}
Result<DuplicatesAnswer> Service::duplicates(std::uint64_t since, std::size_t limit) const {
  DuplicatesAnswer answer{.pairs = {}, .total = since == 0 ? 2U : 0U, .sequence = 7};
  for (std::size_t i = 0; i < std::min<std::size_t>(limit, answer.total); ++i)
    answer.pairs.push_back({"a", "b", "Pumps", "Pompes", 0.9, {"the same text"}, 3});
  return answer;
}
Result<VerifyReport> Service::verify() const { return VerifyReport{}; }
Status Service::save() { return {}; }
ServiceFigures Service::figures() const {
  return {.profiles = impl_->profiles.size(), .store_sequence = impl_->sequence, .index_sequence = impl_->sequence,
          .backed_up = impl_->store ? last_backup(*impl_->store) : 0,
          .published = {{"itpo", impl_->sequence - 3, 1'700'000'000}}};
}

Result<Condition> Service::condition(std::string_view name, std::span<const std::string> values) const {
  const Field* field = find_field(name);
  if (!field) return fail(ErrorCode::kInvalid, std::string(name), "no such field");
  Condition condition{std::string(name), {}, false, Condition::Owner::kRequest};
  for (const std::string& value : values) {
    Result<std::string> parsed = field->parse(value, *impl_->taxonomy);
    if (!parsed) return fail(ErrorCode::kInvalid, std::string(name), parsed.error().message);
    condition.any_of.push_back(std::move(*parsed));
  }
  return condition;
}

}  // namespace counterpart
