#include "tests/server/fake_service.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "engine/corpus/field.h"
#include "engine/profile/profile_json.h"
#include "engine/programme/condition_words.h"
#include "engine/programme/eligibility.h"
#include "index/backup/backup.h"
#include "index/replica/replication.h"
#include "index/standing/standing_queries.h"
#include "index/vector/embedding.h"
#include "server/service/cases.h"
#include "tests/engine/calendar/offices.h"
#include "tests/server/shipped_words.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

std::function<void()> once_read;

tl::unexpected<Error> absent() { return fail(ErrorCode::kNotFound, "id", "no such profile", "search for it"); }

// What a match run sees of `profiles`.
std::shared_ptr<const Snapshot> snapshot_of(const std::vector<StoredProfile>& profiles, std::uint64_t sequence,
                                            const Taxonomy& taxonomy) {
  const FakeEmbedder embedder;
  SegmentBuilder builder(static_cast<std::uint32_t>(embedder.dimensions()));
  for (const StoredProfile& stored : profiles)
    builder.add(stored.profile, {stored.sequence, stored.version},
                quantise(embed_faces(stored.profile, embedder), embedder.model()), taxonomy);
  const SnapshotModels models{embedder.model(), static_cast<std::uint32_t>(embedder.dimensions())};
  return std::make_shared<Snapshot>(models, sequence, std::vector<LiveSegment>{{builder.build(), nullptr}});
}

class FakeService final : public Service {
 public:
  FakeService() {
    cases_->publish_with(publishing_by(*taxonomy_, texts_));
    sessions_->keep_to({});
  }
  const OpenedData& data() const override { return data_; }

  std::vector<Result<Written>> put(std::vector<Write> writes) override {
    const bool full = std::ranges::any_of(writes, [](const Write& write) { return write.profile.title == "full disk"; });
    if (full) return {writes.size(), fail(ErrorCode::kStorage, "/secret/path", "no space left on /secret/path", {})};
    for (Write& write : writes) {
      if (write.profile.id.empty()) write.profile.id = "p-" + std::to_string(++given_ids_);
      if (write.profile.lang.empty()) write.profile.lang = "en";
      write.embedding = quantise(embed_faces(write.profile, texts_), texts_.model());
    }
    return store_->write(writes);
  }

  Result<Written> erase(Write write) override {
    return std::move(store_->write({&write, 1}).front()).map_error([](Error error) {
      if (error.code == ErrorCode::kNotFound) error.place = "id";
      return error;
    });
  }

  Result<StoredProfile> get(const std::string& id, bool with_private) const override {
    const std::string own = survivor_of(store_->database(), id).value();
    Result<StoredProfile> stored = store_->get(own, with_private).map_error([](Error error) {
      if (error.code == ErrorCode::kNotFound) error.place = "id";
      return error;
    });
    if (const auto then = std::exchange(once_read, {})) then();
    return stored;
  }

  Result<Matches> match(const MatchCall& call) const override {
    if (!programmes_.contains(call.programme)) return fail(ErrorCode::kNotFound, "programme", "no such programme");
    Matches matches{.matches = {}, .complete = true, .method = "exact", .qualifying = 1, .scanned = 1, .sequence = 1};
    matches.matches.push_back({"b",
                               "title of b",
                               "KE",
                               0.5,
                               {{"forward", 0.5, 1, true}},
                               {{"reason.languages", {{"names", std::vector<PhraseWord>{Term{"language.fr"}}}}}},
                               {"b-too"}});
    matches.somebody = true;
    matches.weak = call.bands.contains(Band::kWeak) ? 0 : 9;
    matches.matches[0].band = Band::kGood;
    matches.matches[0].expected = 0.125;
    matches.matches[0].place = 3;
    matches.matches[0].side = call.side.empty() ? "supplier" : "partner of " + call.side;
    matches.matches[0].roles = {"investor"};
    matches.exposure.push_back({.group = "LDC", .in_list = 0, .of_list = 1, .qualifying = 7, .floor = 1});
    matches.exposure.push_back({.group = "SIDS", .in_list = 0, .of_list = 1, .qualifying = 0, .floor = 0});
    matches.seconds = {.embed = 0.002, .filter = 0.0001, .search = 0.004, .score = 0.0003};
    matches.exposure_cost = 0.25;
    matches.diversity_cost = call.diversify ? 0.125 : 0;
    matches.awaiting_fine = 3;
    matches.matches[0].brought_in = {"LDC"};
    if (call.text == "nobody") {
      matches.matches.clear();
      matches.somebody = false;
      matches.absence = MatchAbsence{.among = 4,
                                     .removed = {{{"absence.valid"},
                                                  {"owner.gate", {{"gate", "endorsed"}, {"programme", "ctcn"}}},
                                                  4,
                                                  {"verdict.authored", {{"text", Authored{"ask the focal point"}}}}}},
                                     .one_beyond = {}};
      matches.nearest = Nearest{{"b", "title of b", "KE", 0.5, {}, {}}, matches.absence->removed[0]};
      return matches;
    }
    if (call.explain) matches.matches[0].evidence = {"We build cold stores", "en", "offers", "summary"};
    return matches;
  }

  Result<ExplainAnswer> explain(const std::string& a, const std::string& b, const std::string& programme,
                                const Conditions& sight) const override {
    if (!get(b, false)) return absent();
    ExplainAnswer answer{.a = a, .b = b, .programme = programme, .explanation = {}, .rank = {}, .sequence = 1};
    // As if it were the last of those in sight.
    const auto seen = [&](const StoredProfile& stored) {
      return std::ranges::all_of(sight, [&](const Condition& c) { return holds(c, stored.profile, *taxonomy_); });
    };
    answer.rank = static_cast<std::size_t>(std::ranges::count_if(all(), seen));
    answer.explanation.verdicts.push_back({owner_profile(a),
                                           in_words_about(in_backticks(b), {{"country", {"LDC"}, false, {}}}),
                                           false,
                                           {"verdict.found", {{"values", Values{{"DE"}}}}},
                                           {"verdict.change.exclusion", {{"owner", in_backticks(a)}}}});
    answer.explanation.evidence = {"A harbour was given ice", "en", "offers", "references",
                                   Reference{"Ice plant", "", "KE", 2019, "C1080"}};
    answer.band = Band::kStrong;
    answer.expected = 0.01;
    answer.would_help = {.outcome = WouldHelp::Outcome::kEdits,
                         .summary = {"help.edits", {{"a", in_backticks(a)}, {"b", in_backticks(b)}}},
                         .edits = {{{"edit.open", {{"member", "partner.sectors"}}}, {"sectors"}, 0.25, 3}},
                         .blocking = {},
                         .score = 0.1,
                         .tenth = 0.2,
                         .trials = 4,
                         .exhausted = true};
    return answer;
  }

  Result<PanelAnswer> convene(const PanelCall& call) const override {
    const std::string slug = call.programme.empty() ? "consultations" : call.programme;
    if (!programmes_.contains(slug)) return fail(ErrorCode::kNotFound, "programme", "no such programme");
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
    const Phrase rule{"panel.at_least", {{"n", std::int64_t{2}}, {"subject", "group:LDC"}}};
    answer.panel.relaxations.push_back({rule, "place", 2, 0, rule});
    return answer;
  }

  Result<DuplicatesAnswer> duplicates(std::uint64_t since, std::size_t limit) const override {
    DuplicatesAnswer answer{.pairs = {}, .total = since == 0 ? 2U : 0U, .sequence = 7};
    for (std::size_t i = 0; i < std::min<std::size_t>(limit, answer.total); ++i)
      answer.pairs.push_back({"a", "b", "Pumps", "Pompes", 0.9, {Phrase{"duplicate.text"}}, 3});
    return answer;
  }

  Result<VerifyReport> verify() const override { return VerifyReport{}; }
  std::uint64_t refine(const std::function<bool(std::uint64_t, std::uint64_t)>&) override { return 0; }
  Status save() override { return {}; }
  ServiceFigures figures() const override {
    const std::uint64_t sequence = store_->sequence();
    return {.profiles = store_->size(),
            .store_sequence = sequence,
            .index_sequence = sequence,
            .backed_up = last_backup(*store_),
            .published = {{"itpo", sequence - 3, 1'700'000'000}}};
  }

 private:
  std::vector<StoredProfile> all() const {
    std::vector<StoredProfile> found;
    (void)store_->for_each(false, [&](const StoredProfile& stored, const auto&) {
      found.push_back(stored);
      return true;
    });
    return found;
  }
  std::shared_ptr<const Corpus> corpus() const {
    std::vector<Profile> profiles;
    for (StoredProfile& stored : all()) profiles.push_back(std::move(stored.profile));
    return std::make_shared<FakeCorpus>(*taxonomy_, std::move(profiles));
  }

  const std::filesystem::path datasets_ = std::filesystem::path(COUNTERPART_SOURCE_DIR) / "datasets";
  std::shared_ptr<const Taxonomy> taxonomy_ = Taxonomy::load(datasets_ / "taxonomy").value();
  Programmes programmes_ = load_programmes(datasets_ / "programmes", *taxonomy_).value();
  AdviceTexts advice_ = AdviceTexts::load(datasets_ / "taxonomy" / "advice.tsv").value();
  const Words& words_ = shipped_words();
  std::unique_ptr<const Refusals> refusals_ = Refusals::make(words_).value();
  FakeEmbedder texts_;
  TempFolder folder_;
  std::unique_ptr<Store> store_ = Store::open(folder_.path()).value();
  std::unique_ptr<Tokens> tokens_ = Tokens::open(*store_).value();
  std::unique_ptr<StandingQueries> standing_ = StandingQueries::open(*store_, *taxonomy_, programmes_, texts_).value();
  std::unique_ptr<CaseStore> cases_ = CaseStore::open(*store_, clocks_of(shipped_world()), {}, casework_now()).value();
  std::unique_ptr<Sessions> sessions_ =
      Sessions::open(
          *store_, *tokens_, [this](const Caller& caller) { return desk_stands(*cases_, caller); },
          [] { return casework_now(); })
          .value();
  std::unique_ptr<OwnDrafts> drafts_ = OwnDrafts::open(*store_).value();
  std::unique_ptr<Replication> replication_ = Replication::open(*store_, true).value();
  // The index is nothing on disk.
  std::unique_ptr<Erasures> erasures_ =
      Erasures::open(*store_, {[] { return Status(); }, [](const std::string&) { return false; }}).value();
  MatchRuns runs_{
      {folder_.path(), *taxonomy_, programmes_, {}, [this] { return snapshot_of(all(), store_->sequence(), *taxonomy_); }, {}}};
  OpenedData data_{.taxonomy = *taxonomy_,
                   .programmes = programmes_,
                   .advice = advice_,
                   .words = words_,
                   .refusals = *refusals_,
                   .embedder = texts_,
                   .store = *store_,
                   .tokens = *tokens_,
                   .sessions = *sessions_,
                   .standing = *standing_,
                   .cases = *cases_,
                   .drafts = *drafts_,
                   .runs = runs_,
                   .replication = *replication_,
                   .erasures = *erasures_,
                   .corpus = [this] { return corpus(); },
                   .read_space = [] {},
                   .today = [] { return 0; },
                   .now = [] { return casework_now(); }};
  std::uint64_t given_ids_ = 0;
};

}  // namespace

void after_next_read(std::function<void()> what) { once_read = std::move(what); }

std::int64_t& casework_now() {
  static std::int64_t seconds = 1'795'687'200;  // Thursday 26 November 2026, 10:00 UTC
  return seconds;
}

std::unique_ptr<Service> fake_service() { return std::make_unique<FakeService>(); }

}  // namespace counterpart::server
