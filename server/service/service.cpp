#include "server/service/service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <random>
#include <semaphore>

#include "engine/base/patience.h"
#include "engine/base/threads.h"
#include "engine/corpus/field.h"
#include "engine/corpus/profile_language.h"
#include "engine/profile/profile_json.h"
#include "index/backup/backup.h"
#include "index/base/files.h"
#include "index/model/encoder.h"
#include "index/snapshot/evidence.h"
#include "index/standing/standing_check.h"
#include "index/store/data_directory.h"
#include "index/text/words.h"
#include "index/vector/embedding.h"
#include "server/service/rules.h"
#include "server/service/service_quality.h"

namespace counterpart::server {
namespace {

constexpr std::chrono::seconds kDuplicatesPatience{2};
constexpr std::chrono::seconds kErasurePatience{60};

std::int32_t today() {
  return static_cast<std::int32_t>(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()).time_since_epoch().count());
}

std::string fresh_id() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device source;
  std::string id = "p-";
  for (int word = 0; word < 4; ++word) {
    std::uint32_t bits = source();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) id += kDigits[bits & 15U];
  }
  return id;
}

// The store names the id; whoever asked gave it as `id`.
Error at_id(Error error) {
  if (error.code == ErrorCode::kNotFound) error.place = "id";
  return error;
}

}  // namespace

struct Service::Impl {
  std::shared_ptr<const Taxonomy> taxonomy;
  std::map<std::string, Programme, std::less<>> programmes;
  std::map<std::string, Matcher, std::less<>> matchers;  // the same; they refer to `taxonomy` and `programmes`
  std::unique_ptr<Embedder> embedder, fine;              // `fine`: null where the second model is not installed or not wanted
  AdviceTexts advice;
  std::unique_ptr<Store> store;
  std::unique_ptr<Tokens> tokens;
  std::unique_ptr<StandingQueries> standing;
  std::unique_ptr<Publisher> publisher;  // refers to all of the above, so it goes first
  std::unique_ptr<Erasures> erasures;    // and these before it
  std::unique_ptr<MatchRuns> runs;

  // Not a timed_mutex: g++ 12's TSan does not know pthread_mutex_clocklock.
  mutable std::binary_semaphore duplicates_turn{1};
  mutable std::optional<std::pair<std::uint64_t, std::vector<DuplicatePair>>> duplicates;  // all, as of a sequence

  // A write is published a moment after it is acknowledged, and the file is to hold it too.
  Status save_index(std::chrono::seconds patience) const {
    if (!publisher->wait_for(store->sequence(), patience))
      return fail(ErrorCode::kUnavailable, "index", "the index has not followed yet", "repeat this call");
    return publisher->save();
  }

  Result<const Programme*> programme(const std::string& slug) const {
    const auto found = programmes.find(slug);
    if (found != programmes.end()) return &found->second;
    std::string known;
    for (const auto& [name, unused] : programmes) known += (known.empty() ? "" : ", ") + name;
    return fail(ErrorCode::kNotFound, "programme", "`" + slug.substr(0, 80) + "` is no programme", "there are " + known);
  }

  // All that a text can be compared by: both models' vectors, rounded as stored ones are, and its words.
  Faces faces_of(const Profile& profile) const {
    Embedding embedding = quantise(embed_faces(profile, *embedder), embedder->model());
    if (fine) add_fine(embedding, embed_faces(profile, *fine), fine->model());
    Faces faces = dequantise(embedding);
    faces.words = words_of(profile);
    return faces;
  }
  Faces faces_of(const Corpus& corpus, const Profile& profile) const {
    const std::optional<Row> row = corpus.find(profile.id);
    if (!row) return faces_of(profile);
    Faces faces = corpus.faces(*row);
    faces.words = words_of(profile);
    return faces;
  }

  Result<Seeker> seeker(const Corpus& corpus, const MatchCall& call) const {
    const int ways =
        int{!call.profile_id.empty()} + int{call.draft.has_value()} + int{!call.text.empty() || !call.offering.empty()};
    if (ways != 1)
      return fail(ErrorCode::kInvalid, "profile", "exactly one of a profile, a draft and a text is needed",
                  "give `profile`, `draft`, or `text` (with or without `offering`)");
    Seeker seeker;
    if (!call.profile_id.empty()) {
      Result<StoredProfile> stored = store->get(call.profile_id);
      if (!stored) return tl::unexpected(stored.error());
      seeker.profile = std::move(stored->profile);
      seeker.faces = faces_of(corpus, seeker.profile);
      return seeker;
    }
    if (call.draft) {
      seeker.profile = *call.draft;
    } else {
      for (const auto& [member, text] : {std::pair{"text", &call.text}, {"offering", &call.offering}})
        if (std::ranges::count_if(*text, [](char c) { return (c & 0xc0) != 0x80; }) > std::ptrdiff_t{kMaxText})
          return fail(ErrorCode::kTooLarge, member, "longer than " + std::to_string(kMaxText) + " characters", "shorten it");
      seeker.anonymous = true;
      seeker.profile.seeks = call.text;
      seeker.profile.offers = call.offering;
    }
    determine_language(seeker.profile, *embedder);
    seeker.faces = faces_of(seeker.profile);
    if (Patience::over()) return given_up();
    return seeker;
  }
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::open(const ServiceOptions& options, OpenReport* report) {
  const Result<std::string> closed = enter_data_directory(options.data, options.makes);
  if (!closed) return tl::unexpected(closed.error());
  if (!closed->empty()) spdlog::warn("{}", *closed);
  auto impl = std::make_unique<Impl>();
  Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(options.datasets / "taxonomy");
  if (!taxonomy) return tl::unexpected(taxonomy.error());
  impl->taxonomy = std::move(*taxonomy);
  Result<AdviceTexts> advice = AdviceTexts::load(options.datasets / "taxonomy" / "advice.tsv");
  if (!advice) return tl::unexpected(advice.error());
  impl->advice = std::move(*advice);
  Result<RuleFiles> rules = load_rules(options.datasets, *impl->taxonomy);
  if (!rules) return tl::unexpected(rules.error());
  impl->programmes = std::move(rules->programmes);
  for (const auto& [slug, programme] : impl->programmes) impl->matchers.try_emplace(slug, *impl->taxonomy, programme);
  // The store first: a directory that is held elsewhere is found out before the model is loaded.
  Result<std::unique_ptr<Store>> store = Store::open(options.data, options.key_file);
  if (!store) return tl::unexpected(store.error());
  impl->store = std::move(*store);
  Result<std::unique_ptr<Tokens>> tokens = Tokens::open(*impl->store);
  if (!tokens) return tl::unexpected(tokens.error());
  impl->tokens = std::move(*tokens);
  // Beside the first one: it takes most of a second.
  std::future<Result<std::unique_ptr<Embedder>>> fine;
  if (!options.fine.empty())
    fine = std::async(std::launch::async, [&options] { return open_embedder(options.fine, options.models); });
  Result<std::unique_ptr<Embedder>> embedder = open_embedder(options.model, options.models);
  if (!embedder) return tl::unexpected(embedder.error());
  impl->embedder = std::move(*embedder);
  if (fine.valid()) {
    Result<std::unique_ptr<Embedder>> opened = fine.get();
    if (!opened) return tl::unexpected(opened.error());
    impl->fine = std::move(*opened);
  }
  auto standing = StandingQueries::open(*impl->store, *impl->taxonomy, impl->programmes, *impl->embedder);
  if (!standing) return tl::unexpected(standing.error());
  impl->standing = std::move(*standing);
  Result<std::unique_ptr<Publisher>> publisher =
      Publisher::open(*impl->store, *impl->taxonomy, *impl->embedder, report, impl->fine.get(),
                      options.serves ? Refining::kBeside : Refining::kWhenAsked);
  if (!publisher) return tl::unexpected(publisher.error());
  impl->publisher = std::move(*publisher);
  impl->publisher->on_trouble([](const Error& error) { spdlog::warn("index: {}; it is tried again", describe(error)); });
  auto erasures = Erasures::open(
      *impl->store, {[own = impl.get()] { return own->save_index(kErasurePatience); },
                     [own = impl.get()](const std::string& id) { return own->publisher->current()->find(id).has_value(); }});
  if (!erasures) return tl::unexpected(erasures.error());
  impl->erasures = std::move(*erasures);
  if (options.serves) impl->erasures->start();
  impl->runs = std::make_unique<MatchRuns>(
      MatchRuns::Parts{options.data, *impl->taxonomy, impl->programmes, std::move(rules->hashes),
                       [publisher = impl->publisher.get()] { return publisher->current(); },
                       [standing = impl->standing.get()] { return standing->match_all().map([](const auto&) {}); },
                       [store = impl->store.get()] { return store->in_place(); }, options.serves});
  return std::unique_ptr<Service>(new Service(std::move(impl)));
}

std::uint64_t Service::refine(const std::function<bool(std::uint64_t, std::uint64_t)>& on_progress) {
  return impl_->publisher->refine(on_progress);
}

const Taxonomy& Service::taxonomy() const { return *impl_->taxonomy; }
const Embedder& Service::embedder() const { return *impl_->embedder; }
Store& Service::store() { return *impl_->store; }
const std::map<std::string, Programme, std::less<>>& Service::programmes() const { return impl_->programmes; }
std::shared_ptr<const Corpus> Service::corpus() const { return impl_->publisher->current(); }
MatchRuns& Service::runs() const { return *impl_->runs; }
Tokens& Service::tokens() const { return *impl_->tokens; }
StandingQueries& Service::standing() const { return *impl_->standing; }
Erasures& Service::erasures() const { return *impl_->erasures; }

std::vector<Result<Written>> Service::put(std::vector<Write> writes) {
  on_all_cores(writes.size(), [&](std::size_t i) {
    Profile& profile = writes[i].profile;
    if (profile.id.empty()) profile.id = fresh_id();
    determine_language(profile, *impl_->embedder);
    writes[i].embedding = quantise(embed_faces(profile, *impl_->embedder), impl_->embedder->model());
  });
  return impl_->store->write(writes);
}

Result<Written> Service::erase(Write write) {
  return std::move(impl_->store->write(std::span(&write, 1)).front()).map_error(at_id);
}

Result<StoredProfile> Service::get(const std::string& id, bool with_private) const {
  return impl_->store->get(id, with_private).map_error(at_id);
}

Result<Matches> Service::match(const MatchCall& call) const {
  const Result<const Programme*> programme = impl_->programme(call.programme);
  if (!programme) return tl::unexpected(programme.error());
  const std::shared_ptr<const Corpus> corpus = impl_->publisher->current();
  Stopwatch watch;
  const Result<Seeker> seeker = impl_->seeker(*corpus, call);
  if (!seeker) return tl::unexpected(seeker.error());
  const double embed = watch.lap();
  Result<Matches> matches = impl_->matchers.at(call.programme)
                                .match(*corpus, *seeker,
                                       {.where = call.where,
                                        .within = call.within,
                                        .limit = call.limit,
                                        .explain = call.explain,
                                        .exact = call.exact,
                                        .today = today(),
                                        .diversify = call.diversify,
                                        .plain = call.plain,
                                        .tell_absence = call.tell_absence});
  if (matches) matches->seconds.embed = embed;
  if (!matches || !call.explain) return matches;  // a record is read for each: no work for who wants the list alone
  watch.lap();
  EvidenceFinder evidence(*corpus, *seeker);
  for (Match& match : matches->matches)
    if (Patience::over())
      return given_up();
    else if (const Result<StoredProfile> stored = impl_->store->get(match.id))
      match.evidence = evidence.of(stored->profile);
  matches->seconds.score += watch.lap();
  return matches;
}

Result<ExplainAnswer> Service::explain(const std::string& a, const std::string& b, const std::string& slug,
                                       const Conditions& sight) const {
  const Result<const Programme*> programme = impl_->programme(slug);
  if (!programme) return tl::unexpected(programme.error());
  if (a == b) return fail(ErrorCode::kInvalid, "b", "a profile is no counterpart of itself", "name another profile");
  const std::shared_ptr<const Corpus> corpus = impl_->publisher->current();
  MatchCall call;
  call.profile_id = a;
  const Result<Seeker> seeker = impl_->seeker(*corpus, call);
  if (!seeker) return tl::unexpected(seeker.error());
  const Result<StoredProfile> other = impl_->store->get(b);
  if (!other) return tl::unexpected(other.error());
  const std::optional<Row> row = corpus->find(b);
  if (!row) return fail(ErrorCode::kUnavailable, "b", "`" + b + "` is stored but not yet indexed", "ask again in a second");

  const Matcher& matcher = impl_->matchers.at(slug);
  ExplainAnswer answer{.a = a, .b = b, .programme = slug, .explanation = {}, .rank = {}, .sequence = corpus->sequence()};
  answer.explanation = matcher.explain(*corpus, *seeker, other->profile, *row, today());
  answer.awaiting_fine = corpus->awaiting_fine();
  answer.explanation.evidence = EvidenceFinder(*corpus, *seeker).of(other->profile);
  answer.would_help = would_help({*corpus, *impl_->taxonomy, **programme, today(), sight}, *seeker, other->profile, *row);
  if (answer.explanation.matched) {
    const Result<Matches> all =
        matcher.match(*corpus, *seeker,
                      {.where = sight, .limit = kMaxLimit, .explain = false, .exact = true, .today = today(), .plain = true});
    if (!all) return tl::unexpected(all.error());
    const auto found = std::ranges::find(all->matches, b, &Match::id);
    if (found != all->matches.end()) answer.rank = static_cast<std::size_t>(found - all->matches.begin()) + 1;
  }
  if (Patience::over()) return given_up();
  return answer;
}

Result<PanelAnswer> Service::convene(const PanelCall& call) const {
  std::string slug = call.programme;
  for (const auto& [name, programme] : impl_->programmes)
    if (slug.empty() && programme.output == ProgrammeOutput::kPanel) slug = name;
  const Result<const Programme*> programme = impl_->programme(slug);
  if (!programme) return tl::unexpected(programme.error());
  const std::shared_ptr<const Corpus> corpus = impl_->publisher->current();
  const auto profile = [&](const std::string& id) -> Result<Profile> {
    Result<StoredProfile> stored = impl_->store->get(id);
    if (!stored) return tl::unexpected(stored.error());
    return std::move(stored->profile);
  };
  return compose_panel({*corpus, *impl_->taxonomy, *impl_->embedder, profile}, **programme, call, today());
}

Result<Coverage> Service::coverage(const std::string& slug, CoverageCall call) const {
  const Result<const Programme*> programme = impl_->programme(slug);
  if (!programme) return tl::unexpected(programme.error());
  call.today = today();
  return coverage_of(*impl_->publisher->current(), **programme, call, *impl_->taxonomy);
}

Result<CountryBrief> Service::brief(const std::string& country, const std::string& language) const {
  return country_brief(*impl_->publisher->current(), impl_->programmes, country, language, today(), *impl_->taxonomy);
}

Result<SearchAnswer> Service::search(const SearchCall& call) const {
  return search_profiles(*impl_->publisher->current(), *impl_->taxonomy, *impl_->embedder, call, today());
}

Result<ImportProgress> Service::import_file(const std::filesystem::path& file, const ImportOptions& options,
                                            ImportProgress* progress) {
  return index::import_file(file, *impl_->store, *impl_->taxonomy, *impl_->embedder, options, progress);
}

Result<AdviceAnswer> Service::advice(const std::string& id, const std::string& language) const {
  const Result<StoredProfile> stored = impl_->store->get(id);
  if (!stored) return tl::unexpected(stored.error());
  return advice_on(stored->profile, impl_->advice, language);
}

Result<DuplicatesAnswer> Service::duplicates(std::uint64_t since, std::size_t limit) const {
  // A reading takes long and a waiting call keeps a thread from others.
  if (!impl_->duplicates_turn.try_acquire_for(kDuplicatesPatience))
    return fail(ErrorCode::kUnavailable, {}, "duplicates are being looked for already", "ask again in a few seconds");
  const auto end_turn = [](std::binary_semaphore* turn) { turn->release(); };
  const std::unique_ptr<std::binary_semaphore, decltype(end_turn)> turn(&impl_->duplicates_turn, end_turn);
  const std::uint64_t sequence = impl_->store->sequence();
  if (impl_->duplicates && impl_->duplicates->first == sequence)
    return duplicates_after(impl_->duplicates->second, since, limit, sequence);
  DuplicateFinder finder(*impl_->taxonomy);
  const Status read = impl_->store->for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>&) {
    finder.add(stored.profile, stored.sequence);
    return !Patience::over();
  });
  if (!read) return tl::unexpected(read.error());
  if (Patience::over()) return given_up();
  if (since > 0) return duplicates_after(finder.pairs(since), since, limit, sequence);  // fewer, so quicker: not kept
  impl_->duplicates.emplace(sequence, finder.pairs());
  return duplicates_after(impl_->duplicates->second, since, limit, sequence);
}

Result<VerifyReport> Service::verify() const {
  return impl_->publisher->verify().and_then(
      [this](VerifyReport report) { return check_standing(impl_->store->database(), std::move(report)); });
}

// A write is published a moment after it is acknowledged; the file is to hold it too, or the next start catches up.
Status Service::save() {
  impl_->publisher->wait_for(impl_->store->sequence(), std::chrono::seconds(10));
  return impl_->publisher->save();
}

ServiceFigures Service::figures() const {
  const std::shared_ptr<const Corpus> corpus = impl_->publisher->current();
  return {impl_->store->size(),
          impl_->store->sequence(),
          corpus->sequence(),
          impl_->publisher->awaiting_embedding(),
          impl_->publisher->awaiting_fine(),
          disk_free(impl_->store->directory()),
          impl_->erasures->pending(),
          last_backup(*impl_->store),
          impl_->runs->status(),
          impl_->runs->published()};
}

Result<Condition> Service::condition(std::string_view name, std::span<const std::string> values) const {
  const Field* field = find_field(name);
  if (!field) {
    std::string known;
    for (const Field& row : fields()) known += (known.empty() ? "" : ", ") + std::string(row.name);
    return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such field", "fields are " + known);
  }
  Condition condition{std::string(name), {}, false, Condition::Owner::kRequest};
  for (const std::string& value : values) {
    Result<std::string> parsed = field->parse(value, *impl_->taxonomy);
    if (!parsed) return fail(ErrorCode::kInvalid, std::string(name), parsed.error().message, parsed.error().remedy);
    condition.any_of.push_back(std::move(*parsed));
  }
  if (condition.any_of.empty())
    return fail(ErrorCode::kInvalid, std::string(name), "no value is given", std::string(field->help));
  return condition;
}

}  // namespace counterpart::server
