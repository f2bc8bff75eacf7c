#include "server/service/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <semaphore>

#include "engine/base/hex.h"
#include "engine/base/patience.h"
#include "engine/base/threads.h"
#include "engine/base/utf8.h"
#include "engine/corpus/profile_language.h"
#include "engine/profile/profile_json.h"
#include "index/backup/backup.h"
#include "index/base/crypto.h"
#include "index/base/data_directory.h"
#include "index/base/files.h"
#include "index/base/time.h"
#include "index/bulk/exclusion_file.h"
#include "index/model/encoder.h"
#include "index/model/recent_vectors.h"
#include "index/network/ledger.h"
#include "index/network/network_check.h"
#include "index/replica/replication.h"
#include "index/snapshot/evidence.h"
#include "index/standing/standing_check.h"
#include "index/store/aliases.h"
#include "index/text/words.h"
#include "index/vector/embedding.h"
#include "server/service/cases.h"
#include "server/service/opening.h"
#include "server/service/rules.h"
#include "server/service/seekers.h"

namespace counterpart::server {
namespace {

constexpr std::chrono::seconds kDuplicatesPatience{2}, kErasurePatience{60};

// The store names the id; whoever asked gave it as `id`.
Error at_id(Error error) {
  if (error.code == ErrorCode::kNotFound) error.place = "id";
  return error;
}

// The use cases over a data directory that it holds.
class DirectoryService final : public Service {
 public:
  static Result<std::unique_ptr<DirectoryService>> open(const ServiceOptions& options, OpenReport* report);

  const OpenedData& data() const override { return *data_; }
  std::vector<Result<Written>> put(std::vector<Write> writes) override;
  Result<Written> erase(Write write) override;
  Result<StoredProfile> get(const std::string& id, bool with_private) const override;
  Result<Matches> match(const MatchCall& call) const override;
  Result<ExplainAnswer> explain(const std::string& a, const std::string& b, const std::string& programme,
                                const Conditions& sight) const override;
  Result<PanelAnswer> convene(const PanelCall& call) const override;
  Result<DuplicatesAnswer> duplicates(std::uint64_t since, std::size_t limit) const override;
  Result<VerifyReport> verify() const override;
  std::uint64_t refine(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress) override;
  Status save() override;
  ServiceFigures figures() const override;

 private:
  DirectoryService() = default;
  Status open_models(const ServiceOptions& options);
  Status open_index(const ServiceOptions& options, OpenReport* report);
  Status save_index(std::chrono::seconds patience) const;
  Seekers seekers() const { return {*store_, *asked_, asked_fine_.get()}; }

  std::shared_ptr<const Taxonomy> taxonomy_;
  Programmes programmes_;
  std::map<std::string, Matcher, std::less<>> matchers_;  // the same; they refer to the two above
  std::unique_ptr<Embedder> embedder_, fine_;             // `fine_`: null where the second model is not installed or not wanted
  std::unique_ptr<const RecentVectors> asked_, asked_fine_;  // the same two, for questions
  AdviceTexts advice_;
  std::unique_ptr<const Words> words_;
  std::unique_ptr<const Refusals> refusals_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Replication> replication_;
  std::unique_ptr<Ledger> ledger_;  // a hook of the one above
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<CaseStore> cases_;
  std::unique_ptr<Sessions> sessions_;  // refers to the two above and to tokens_
  std::unique_ptr<OwnDrafts> drafts_;
  std::unique_ptr<StandingQueries> standing_;
  std::unique_ptr<Publisher> publisher_;  // refers to all of the above, so it goes first
  std::unique_ptr<Erasures> erasures_;    // and these before it
  std::unique_ptr<MatchRuns> runs_;
  std::optional<OpenedData> data_;
  std::unique_ptr<RecallMeter> recall_;  // of a server; asks what stands above

  // Not a timed_mutex: g++ 12's TSan does not know pthread_mutex_clocklock.
  mutable std::binary_semaphore duplicates_turn_{1};
  mutable std::optional<std::pair<std::uint64_t, std::vector<DuplicatePair>>> duplicates_;  // all, as of a sequence
};

// A write is published a moment after it is acknowledged, and the file is to hold it too.
Status DirectoryService::save_index(std::chrono::seconds patience) const {
  if (!publisher_->wait_for(store_->sequence(), patience))
    return fail(ErrorCode::kUnavailable, "index", "the index has not followed yet", "repeat this call");
  return publisher_->save();
}

Result<std::unique_ptr<DirectoryService>> DirectoryService::open(const ServiceOptions& options, OpenReport* report) {
  const Result<std::string> closed = enter_data_directory(options.data, options.makes);
  if (!closed) return tl::unexpected(closed.error());
  if (!closed->empty()) spdlog::warn("{}", *closed);
  std::unique_ptr<DirectoryService> own(new DirectoryService);
  Status opened = opened_into(Taxonomy::load(options.datasets / "taxonomy"), own->taxonomy_);
  if (opened) opened = opened_into(AdviceTexts::load(options.datasets / "taxonomy" / "advice.tsv"), own->advice_);
  if (!opened) return tl::unexpected(opened.error());
  Result<RuleFiles> rules = load_rules(options.datasets, *own->taxonomy_);
  if (!rules) return tl::unexpected(rules.error());
  own->programmes_ = std::move(rules->programmes);
  for (const auto& [slug, programme] : own->programmes_) own->matchers_.try_emplace(slug, *own->taxonomy_, programme);
  // Beside all that follows: it takes a sixth of a second.
  auto words = std::async(std::launch::async,
                          [&options, taxonomy = own->taxonomy_] { return Words::load(options.datasets / "words", *taxonomy); });
  // The store first: a directory that is held elsewhere is found out before the model is loaded.
  opened = opened_into(Store::open(options.data, options.key_file), own->store_);
  if (opened) opened = opened_into(Replication::open(*own->store_, options.serves), own->replication_);
  if (opened) own->ledger_ = std::make_unique<Ledger>(*own->store_);
  // A follower has its owner's list, and one that was taken over from keeps what it had.
  const bool owns = opened && own->replication_->owns();
  if (opened) opened = take_exclusions(*own->store_, owns ? options.exclusions : std::filesystem::path(), *own->taxonomy_);
  if (opened) opened = opened_into(Tokens::open(*own->store_), own->tokens_);
  if (opened) opened = opened_into(open_cases(*own->store_, options.datasets, options.limits), own->cases_);
  if (opened)
    opened =
        opened_into(Sessions::open(*own->store_, *own->tokens_,
                                   [cases = own->cases_.get()](const Caller& caller) { return desk_stands(*cases, caller); }),
                    own->sessions_);
  if (opened) opened = opened_into(OwnDrafts::open(*own->store_), own->drafts_);
  if (opened) opened = own->open_models(options);
  if (opened) own->cases_->publish_with(publishing_by(*own->taxonomy_, *own->embedder_));
  if (opened) own->cases_->run_by(case_rules_of(own->programmes_));
  if (opened) opened = own->open_index(options, report);
  if (opened) opened = opened_into(words.get(), own->words_);
  if (opened) opened = opened_into(Refusals::make(*own->words_), own->refusals_);
  if (!opened) return tl::unexpected(opened.error());
  own->replication_->begin();
  own->runs_ = std::make_unique<MatchRuns>(
      MatchRuns::Sources{options.data, *own->taxonomy_, own->programmes_, std::move(rules->hashes),
                         [publisher = own->publisher_.get()] { return publisher->for_the_night(); },
                         [standing = own->standing_.get(), store = own->store_.get()] {
                           store->note_published("run");
                           return standing->match_all().map([](const auto&) {});
                         },
                         [store = own->store_.get(), replication = own->replication_.get()] {
                           return store->in_place().and_then([&] { return replication->may_write(); });
                         },
                         [cases = own->cases_.get()] { return cases->engagements(); }, options.serves});
  if (options.serves) own->recall_ = std::make_unique<RecallMeter>();
  own->data_.emplace(OpenedData{.taxonomy = *own->taxonomy_,
                                .programmes = own->programmes_,
                                .advice = own->advice_,
                                .words = *own->words_,
                                .refusals = *own->refusals_,
                                .embedder = *own->embedder_,
                                .store = *own->store_,
                                .tokens = *own->tokens_,
                                .sessions = *own->sessions_,
                                .standing = *own->standing_,
                                .cases = *own->cases_,
                                .drafts = *own->drafts_,
                                .runs = *own->runs_,
                                .replication = *own->replication_,
                                .erasures = *own->erasures_,
                                .corpus = [publisher = own->publisher_.get()] { return publisher->current(); },
                                .read_space = [publisher = own->publisher_.get()] { publisher->read_space(); },
                                .today = today_utc,
                                .now = casework_clock()});
  return own;
}

Status DirectoryService::open_models(const ServiceOptions& options) {
  // Beside the first one: it takes most of a second.
  std::future<Result<std::unique_ptr<Embedder>>> fine;
  if (!options.fine.empty())
    fine = std::async(std::launch::async, [&options] {
      // A server is ready before its slower model is: most questions are of stored profiles, whose vectors are there.
      return open_embedder(options.fine, options.models, options.serves ? MakeReady::kBeside : MakeReady::kNow);
    });
  if (Status opened = opened_into(open_embedder(options.model, options.models), embedder_); !opened) return opened;
  asked_ = std::make_unique<RecentVectors>(*embedder_);
  if (!fine.valid()) return {};
  if (Status opened = opened_into(fine.get(), fine_); !opened || !fine_) return opened;
  asked_fine_ = std::make_unique<RecentVectors>(*fine_);
  return {};
}

// What follows the store: standing queries, published snapshots, erasures.
Status DirectoryService::open_index(const ServiceOptions& options, OpenReport* report) {
  if (Status opened = opened_into(StandingQueries::open(*store_, *taxonomy_, programmes_, *embedder_), standing_); !opened)
    return opened;
  const bool follows = replication_->follows();
  Result<std::unique_ptr<Publisher>> publisher = Publisher::open(*store_, *taxonomy_, *embedder_, report, fine_.get(),
                                                                 follows          ? Refining::kElsewhere
                                                                 : options.serves ? Refining::kBeside
                                                                                  : Refining::kWhenAsked);
  if (!publisher) return tl::unexpected(publisher.error());
  publisher_ = std::move(*publisher);
  publisher_->on_trouble([](const Error& error) { spdlog::warn("index: {}; it is tried again", describe(error)); });
  auto erasures =
      Erasures::open(*store_, {[this] { return save_index(kErasurePatience); },
                               [this](const std::string& id) { return publisher_->current()->find(id).has_value(); },
                               [this] { return cases_->clear_spool(); }});
  if (!erasures) return tl::unexpected(erasures.error());
  erasures_ = std::move(*erasures);
  if (options.serves && !follows) erasures_->start();
  return {};
}

std::uint64_t DirectoryService::refine(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress) {
  return publisher_->refine(on_progress);
}

std::vector<Result<Written>> DirectoryService::put(std::vector<Write> writes) {
  on_all_cores(writes.size(), [&](std::size_t i) {
    Profile& profile = writes[i].profile;
    if (profile.id.empty()) profile.id = "p-" + hex(random_bytes(16));
    determine_language(profile, *embedder_);
    writes[i].embedding = quantise(embed_faces(profile, *embedder_), embedder_->model());
  });
  return store_->write(writes);
}

Result<Written> DirectoryService::erase(Write write) {
  return std::move(store_->write(std::span(&write, 1)).front()).map_error(at_id);
}

Result<StoredProfile> DirectoryService::get(const std::string& id, bool with_private) const {
  return answering(*store_, id, with_private).map_error(at_id);
}

Result<Matches> DirectoryService::match(const MatchCall& call) const {
  const Result<const Programme*> programme = find_programme(programmes_, call.programme);
  if (!programme) return tl::unexpected(programme.error());
  const std::shared_ptr<const Corpus> corpus = publisher_->current();
  Stopwatch watch;
  const Result<Seeker> seeker = seekers().of(*corpus, call);
  if (!seeker) return tl::unexpected(seeker.error());
  const double embed = watch.lap();
  const Matcher& matcher = matchers_.at(call.programme);
  const MatchRequest request = {
      .where = call.where,
      .within = call.within,
      .limit = call.limit,
      .after = call.after,
      .explain = call.explain,
      .exact = call.exact,
      .today = today_utc(),
      .diversify = call.diversify,
      .plain = call.plain,
      .tell_absence = call.tell_absence,
      .bands = call.bands,
      .place_with = runs_->places_with(call.profile_id.empty() ? std::string() : seeker->profile.id, call.programme),
      .places_taken = [this](const auto& ids) { return cases_->places_taken(ids); },
      .list_full = call.full,
      .facets = call.facets};
  Result<Matches> matches = matcher.match(*corpus, *seeker, request);
  if (matches && recall_) recall_->answered(*matches, {matcher, corpus, *seeker, request});
  if (matches) matches->seconds.embed = embed;
  if (!matches || !call.explain) return matches;  // a record is read for each: no work for who wants the list alone
  watch.lap();
  EvidenceFinder evidence(*corpus, *seeker, asked_.get());
  for (Match& match : matches->matches)
    if (Patience::over())
      return given_up();
    else if (const Result<StoredProfile> stored = store_->get(match.id))
      match.evidence = evidence.of(stored->profile);
  matches->seconds.score += watch.lap();
  return matches;
}

Result<ExplainAnswer> DirectoryService::explain(const std::string& one, const std::string& two, const std::string& slug,
                                                const Conditions& sight) const {
  const Result<const Programme*> programme = find_programme(programmes_, slug);
  if (!programme) return tl::unexpected(programme.error());
  const Result<std::string> first = survivor_of(store_->database(), one), second = survivor_of(store_->database(), two);
  if (!first) return tl::unexpected(first.error());
  if (!second) return tl::unexpected(second.error());
  const std::string &a = *first, &b = *second;
  if (a == b) return fail(ErrorCode::kInvalid, "b", "a profile is no counterpart of itself", "name another profile");
  const std::shared_ptr<const Corpus> corpus = publisher_->current();
  MatchCall call;
  call.profile_id = a;
  const Result<Seeker> seeker = seekers().of(*corpus, call);
  if (!seeker) return tl::unexpected(seeker.error());
  const Result<StoredProfile> other = store_->get(b);
  if (!other) return tl::unexpected(other.error());
  if (Status may = check_not_excluded(store_->database(), b, "b"); !may) return tl::unexpected(std::move(may.error()));
  const std::optional<Row> row = corpus->find(b);
  if (!row) return fail(ErrorCode::kUnavailable, "b", "`" + b + "` is stored but not yet indexed", "ask again in a second");

  const Matcher& matcher = matchers_.at(slug);
  ExplainAnswer answer{.a = a, .b = b, .programme = slug, .explanation = {}, .rank = {}, .sequence = corpus->sequence()};
  answer.explanation = matcher.explain(*corpus, *seeker, other->profile, *row, today_utc());
  judge_places(*cases_, {seeker->profile, other->profile}, answer.explanation);
  answer.awaiting_fine = corpus->awaiting_fine();
  answer.explanation.evidence = EvidenceFinder(*corpus, *seeker, asked_.get()).of(other->profile);
  answer.would_help = would_help({*corpus, *taxonomy_, **programme, today_utc(), sight}, *seeker, other->profile, *row);
  if (answer.explanation.matched) {
    const Result<Matches> all = matcher.match(*corpus, *seeker,
                                              {.where = sight,
                                               .limit = kMaxLimit,
                                               .explain = false,
                                               .exact = true,
                                               .today = today_utc(),
                                               .plain = true,
                                               .place_with = runs_->places_with(a, slug)});
    if (!all) return tl::unexpected(all.error());
    const auto found = std::ranges::find(all->matches, b, &Match::id);
    answer.band = Band::kWeak;
    if (found != all->matches.end()) {
      answer.rank = static_cast<std::size_t>(found - all->matches.begin()) + 1;
      answer.band = found->band;
      answer.expected = found->expected;
      answer.place = found->place;
    }
  }
  if (Patience::over()) return given_up();
  return answer;
}

Result<PanelAnswer> DirectoryService::convene(const PanelCall& call) const {
  const Result<const Programme*> programme = panel_programme(programmes_, call.programme);
  if (!programme) return tl::unexpected(programme.error());
  const std::shared_ptr<const Corpus> corpus = publisher_->current();
  const auto profile = [&](const std::string& id) -> Result<Profile> {
    Result<StoredProfile> stored = store_->get(id);
    if (!stored) return tl::unexpected(stored.error());
    return std::move(stored->profile);
  };
  return compose_panel({*corpus, *taxonomy_, *embedder_, profile}, **programme, call, today_utc());
}

Result<DuplicatesAnswer> DirectoryService::duplicates(std::uint64_t since, std::size_t limit) const {
  // A reading takes long and a waiting call keeps a thread from others.
  if (!duplicates_turn_.try_acquire_for(kDuplicatesPatience))
    return fail(ErrorCode::kUnavailable, {}, "duplicates are being looked for already", "ask again in a few seconds");
  const auto end_turn = [](std::binary_semaphore* turn) { turn->release(); };
  const std::unique_ptr<std::binary_semaphore, decltype(end_turn)> turn(&duplicates_turn_, end_turn);
  const std::uint64_t sequence = store_->sequence();
  if (duplicates_ && duplicates_->first == sequence) return duplicates_after(duplicates_->second, since, limit, sequence);
  Result<std::vector<DuplicatePair>> pairs = duplicates_in(*store_, *taxonomy_, since);
  if (!pairs) return tl::unexpected(std::move(pairs.error()));
  if (since > 0) return duplicates_after(*pairs, since, limit, sequence);  // fewer, so quicker: not kept
  duplicates_.emplace(sequence, std::move(*pairs));
  return duplicates_after(duplicates_->second, since, limit, sequence);
}

Result<VerifyReport> DirectoryService::verify() const {
  return publisher_->verify()
      .and_then([this](VerifyReport report) { return check_standing(store_->database(), std::move(report)); })
      .and_then([this](VerifyReport report) { return check_aliases(store_->database(), std::move(report)); })
      .and_then([this](VerifyReport report) { return check_network(store_->database(), std::move(report)); })
      .and_then([this](VerifyReport report) { return cases_->verify(std::move(report), data_->now()); });
}

// A write is published a moment after it is acknowledged; the file is to hold it too, or the next start catches up.
Status DirectoryService::save() {
  publisher_->wait_for(store_->sequence(), std::chrono::seconds(10));
  return publisher_->save();
}

ServiceFigures DirectoryService::figures() const {
  const std::shared_ptr<const Corpus> corpus = publisher_->current();
  return {store_->size(),
          store_->sequence(),
          corpus->sequence(),
          publisher_->awaiting_embedding(),
          publisher_->awaiting_fine(),
          disk_free(store_->directory()),
          erasures_->pending(),
          last_backup(*store_),
          runs_->status(),
          runs_->published(),
          recall_ ? recall_->figures() : RecallFigures()};
}

}  // namespace

Result<std::unique_ptr<Service>> open_service(const ServiceOptions& options, OpenReport* report) {
  return DirectoryService::open(options, report);
}

}  // namespace counterpart::server
