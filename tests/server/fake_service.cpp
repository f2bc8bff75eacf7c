#include "tests/server/fake_service.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "engine/corpus/field.h"
#include "engine/profile/profile_json.h"
#include "engine/programme/eligibility.h"
#include "index/backup/backup.h"
#include "index/standing/standing_queries.h"
#include "index/vector/embedding.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {

struct Service::Impl {
  std::shared_ptr<const Taxonomy> taxonomy;
  std::map<std::string, Programme, std::less<>> programmes;
  TempFolder data;
  std::unique_ptr<Store> store = Store::open(data.path()).value();
  std::uint64_t given_ids = 0;

  std::vector<StoredProfile> all() const {
    std::vector<StoredProfile> found;
    (void)store->for_each(false, [&](const StoredProfile& stored, const auto&) {
      found.push_back(stored);
      return true;
    });
    return found;
  }
  FakeCorpus corpus() const {
    std::vector<Profile> profiles;
    for (StoredProfile& stored : all()) profiles.push_back(std::move(stored.profile));
    return {*taxonomy, std::move(profiles)};
  }
  // What a match run sees of the same profiles.
  std::shared_ptr<const Snapshot> snapshot() const {
    const FakeEmbedder embedder;
    SegmentBuilder builder(static_cast<std::uint32_t>(embedder.dimensions()));
    for (const StoredProfile& stored : all())
      builder.add(stored.profile, {stored.sequence, stored.version},
                  quantise(embed_faces(stored.profile, embedder), embedder.model()), *taxonomy);
    const SnapshotModels models{embedder.model(), static_cast<std::uint32_t>(embedder.dimensions())};
    return std::make_shared<Snapshot>(models, store->sequence(), std::vector<LiveSegment>{{builder.build(), nullptr}});
  }
  // The index is nothing on disk.
  std::unique_ptr<Erasures> erasures =
      Erasures::open(*store, {[] { return Status(); }, [](const std::string&) { return false; }}).value();
  std::unique_ptr<MatchRuns> runs;

  // These are made once somebody asks for them.
  FakeEmbedder texts;
  std::mutex making;
  std::unique_ptr<Tokens> tokens;
  std::unique_ptr<StandingQueries> standing;
};

namespace {

std::function<void()> once_read;

tl::unexpected<Error> absent() { return fail(ErrorCode::kNotFound, "id", "no such profile", "search for it"); }

}  // namespace

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::open(const ServiceOptions&, OpenReport*) {
  auto impl = std::make_unique<Impl>();
  const std::filesystem::path datasets = std::filesystem::path(COUNTERPART_SOURCE_DIR) / "datasets";
  impl->taxonomy = Taxonomy::load(datasets / "taxonomy").value();
  impl->programmes = load_programmes(datasets / "programmes", *impl->taxonomy).value();
  impl->runs = std::make_unique<MatchRuns>(MatchRuns::Parts{
      impl->data.path(), *impl->taxonomy, impl->programmes, {}, [own = impl.get()] { return own->snapshot(); }, {}});
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

void after_next_read(std::function<void()> what) { once_read = std::move(what); }

std::unique_ptr<Service> fake_service() { return std::move(Service::open({}).value()); }

const Taxonomy& Service::taxonomy() const { return *impl_->taxonomy; }
const Embedder& Service::embedder() const { throw std::logic_error("there is none"); }
Store& Service::store() { return *impl_->store; }
const std::map<std::string, Programme, std::less<>>& Service::programmes() const { return impl_->programmes; }
std::shared_ptr<const Corpus> Service::corpus() const { return std::make_shared<FakeCorpus>(impl_->corpus()); }
Tokens& Service::tokens() const {
  const std::lock_guard lock(impl_->making);
  if (!impl_->tokens) impl_->tokens = Tokens::open(*impl_->store).value();
  return *impl_->tokens;
}
MatchRuns& Service::runs() const { return *impl_->runs; }
Erasures& Service::erasures() const { return *impl_->erasures; }
StandingQueries& Service::standing() const {
  const std::lock_guard lock(impl_->making);
  if (impl_->standing) return *impl_->standing;
  impl_->standing = StandingQueries::open(*impl_->store, *impl_->taxonomy, impl_->programmes, impl_->texts).value();
  return *impl_->standing;
}

std::vector<Result<Written>> Service::put(std::vector<Write> writes) {
  const bool full = std::ranges::any_of(writes, [](const Write& write) { return write.profile.title == "full disk"; });
  if (full) return {writes.size(), fail(ErrorCode::kStorage, "/secret/path", "no space left on /secret/path", {})};
  for (Write& write : writes) {
    if (write.profile.id.empty()) write.profile.id = "p-" + std::to_string(++impl_->given_ids);
    if (write.profile.lang.empty()) write.profile.lang = "en";
    write.embedding = quantise(embed_faces(write.profile, impl_->texts), impl_->texts.model());
  }
  return impl_->store->write(writes);
}

Result<Written> Service::erase(Write write) {
  if (!impl_->store->get(write.profile.id)) return absent();
  return std::move(impl_->store->write({&write, 1}).front());
}

Result<StoredProfile> Service::get(const std::string& id, bool with_private) const {
  Result<StoredProfile> stored = impl_->store->get(id, with_private).map_error([](Error error) {
    if (error.code == ErrorCode::kNotFound) error.place = "id";
    return error;
  });
  if (const auto then = std::exchange(once_read, {})) then();
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
    matches.absence = Absence{.among = 4,
                              .removed = {{"is endorsed", "gate endorsed of programme ctcn", 4, "ask the focal point"}},
                              .one_beyond = {}};
    matches.nearest = Nearest{{"b", "title of b", "KE", 0.5, {}, {}}, matches.absence->removed[0]};
    return matches;
  }
  if (call.explain) matches.matches[0].evidence = {"We build cold stores", "en", "offers", "summary"};
  return matches;
}

Result<ExplainAnswer> Service::explain(const std::string& a, const std::string& b, const std::string& programme,
                                       const Conditions& sight) const {
  if (!get(b)) return absent();
  ExplainAnswer answer{.a = a, .b = b, .programme = programme, .explanation = {}, .rank = {}, .sequence = 1};
  // As if it were the last of those in sight.
  const auto seen = [&](const StoredProfile& stored) {
    return std::ranges::all_of(sight, [&](const Condition& c) { return holds(c, stored.profile, *impl_->taxonomy); });
  };
  answer.rank = static_cast<std::size_t>(std::ranges::count_if(impl_->all(), seen));
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
  PanelAnswer answer{.panel = {},
                     .programme = slug,
                     .name = "Consultations",
                     .seats_asked = call.seats.value_or(150),
                     .candidates = call.where.size(),
                     .sequence = 1};
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
  SearchAnswer answer;
  const auto fits = [&](const Profile& profile) {
    return std::ranges::all_of(call.where, [&](const Condition& c) { return holds(c, profile, *impl_->taxonomy); });
  };
  for (const StoredProfile& stored : impl_->all())
    if (fits(stored.profile))
      answer.hits.push_back({stored.profile.id, stored.profile.title, stored.profile.country, "company", {}, {}});
  answer.total = answer.hits.size();
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
  const std::uint64_t sequence = impl_->store->sequence();
  return {.profiles = impl_->store->size(),
          .store_sequence = sequence,
          .index_sequence = sequence,
          .backed_up = last_backup(*impl_->store),
          .published = {{"itpo", sequence - 3, 1'700'000'000}}};
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

}  // namespace counterpart::server
