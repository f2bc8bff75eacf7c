// What the engine says in its answers and the catalogue of words: each phrase has its sentence in six languages, and no
// sentence is there that nothing says.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "engine/allocation/panel.h"
#include "engine/allocation/portfolio.h"
#include "engine/match/matcher.h"
#include "engine/match/would_help.h"
#include "engine/match/would_help_edits.h"
#include "engine/programme/programme.h"
#include "engine/survey/brief.h"
#include "engine/survey/coverage.h"
#include "engine/survey/duplicates.h"
#include "index/run/run_changes.h"
#include "server/words/catalogue.h"
#include "tests/server/shipped_words.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;

// Says each phrase that it is shown in all languages, and notes its key and those within it.
class Listener {
 public:
  void hear(const Phrase& phrase) {
    for (const std::string_view language : kUnLanguages) {
      const std::string said = shipped_words().say(phrase, language);
      if (said.find("\u27E8") == std::string::npos && !said.empty()) continue;
      FAIL_CHECK(phrase.key << " in " << language << ": " << said);
    }
    note(phrase);
  }
  void hear(const PhraseWord& word) {
    for (const std::string_view language : kUnLanguages) {
      const std::string said = shipped_words().word(word, language);
      CHECK(said.find("\u27E8") == std::string::npos);
    }
    note_one(word);
  }
  void hear(const std::vector<Phrase>& phrases) {
    for (const Phrase& phrase : phrases) hear(phrase);
  }
  void hear(const Removed& removed) { hear(removed.condition), hear(removed.owner), hear(removed.remedy); }
  void hear(const Verdict& verdict) {
    for (const Phrase* phrase : {&verdict.owner, &verdict.condition, &verdict.found, &verdict.change})
      if (!phrase->empty()) hear(*phrase);
  }

  const std::set<std::string>& keys() const { return keys_; }

 private:
  void note(const Phrase& phrase) {
    keys_.insert(phrase.key);
    for (const auto& [name, value] : phrase.arguments) std::visit([&](const auto& one) { note_one(one); }, value);
  }
  void note_one(const std::vector<Phrase>& phrases) {
    for (const Phrase& phrase : phrases) note(phrase);
  }
  void note_one(const Term& term) { keys_.insert(term.key); }
  void note_one(const PhraseWord& word) {
    std::visit([&](const auto& one) { note_one(one); }, word);
  }
  void note_one(const std::vector<PhraseWord>& words) {
    for (const PhraseWord& word : words) note_one(word);
  }
  void note_one(const Values& values) { note_one(values.words); }
  template <class Other>
  void note_one(const Other&) {}

  std::set<std::string> keys_;
};

const Programmes& programmes() {
  static const Programmes loaded = load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", real_taxonomy()).value();
  return loaded;
}

Profile company(std::string id, std::string country) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = "Company " + profile.id;
  profile.country = std::move(country);
  profile.offers = profile.seeks = "solar pumps for farms";
  return profile;
}

// Companies, projects and experts that state each thing in several ways.
std::vector<Profile> many() {
  std::vector<Profile> all;
  Profile rich = company("rich", "DE");
  rich.roles = {Role::kTechnologySupplier, Role::kInvestor, Role::kNetworkMember, Role::kBusiness};
  rich.sectors = {"C27"};
  rich.technologies = {"solar_pv"};
  rich.themes = {"hydrogen"};
  rich.sdgs = {"7"};
  rich.cooperation = {Cooperation::kEquity, Cooperation::kLicence};
  rich.countries_of_activity = {"KE"};
  rich.organisation.languages = {"en", "fr"};
  rich.organisation.size = Size::kSmall;
  rich.finance_offered = Finance{5e5, 3e6, "USD", {Cooperation::kEquity}};
  rich.trl = 8;
  rich.stage = Stage::kOnMarket;
  rich.partner.countries = {"LDC"};
  rich.partner.kinds = {Kind::kProject};
  rich.partner.roles = {Role::kMentor};
  rich.partner.sizes = {Size::kMicro};
  rich.partner.languages = {"es"};
  rich.partner.sectors = {"A"};
  all.push_back(rich);
  Profile poor = company("poor", "UG");
  poor.kind = Kind::kProject;
  poor.sectors = {"C2710"};
  poor.technologies = rich.technologies;
  poor.themes = rich.themes;
  poor.sdgs = rich.sdgs;
  poor.cooperation = rich.cooperation;
  poor.lang = "en";
  poor.finance_sought = Finance{{}, 2e6, "EUR", {Cooperation::kEquity}};
  poor.valid_until = "2020-01-01";
  poor.partner.exclude_countries = {"DE", "FR"};
  poor.programmes = {"ctcn"};
  all.push_back(poor);
  Profile plain = company("plain", "KE");
  plain.valid_until = "2090-01-01";
  all.push_back(plain);
  Profile apart = company("apart", "IT");
  apart.finance_sought = Finance{15e6, 15e6, "EUR", {Cooperation::kLoan}};
  apart.finance_offered = Finance{1e3, {}, "AFN", {Cooperation::kLoan}};
  apart.countries_of_activity = {"DE"};
  apart.roles = {Role::kInvestor, Role::kFinancier};
  all.push_back(apart);
  Profile lender = company("lender", "IT");
  lender.roles = {Role::kFinancier};
  lender.finance_offered = Finance{{}, {}, "", {Cooperation::kEquity}};
  lender.finance_sought = Finance{{}, 15e6, "USD", {}};
  all.push_back(lender);
  Profile expert = company("expert", "FR");
  expert.kind = Kind::kExpert;
  expert.roles = {Role::kLabour};
  expert.gender = Gender::kFemale;
  all.push_back(expert);
  return all;
}

void hear_matches(Listener& listener, const FakeCorpus& corpus, const Programme& programme, const Seeker& seeker) {
  const Matcher matcher(real_taxonomy(), programme);
  MatchRequest request{.where = {}, .today = 20'000, .tell_absence = true};
  for (const Conditions& where :
       {Conditions{}, Conditions{{"country", {"AQ"}, false, {}}}, Conditions{{"kind", {"expert"}, true, {}}}}) {
    request.where = where;
    const Result<Matches> found = matcher.match(corpus, seeker, request);
    REQUIRE(found);
    for (const Match& match : found->matches) listener.hear(match.reasons);
    if (!found->absence) continue;
    for (const Removed& removed : found->absence->removed) listener.hear(removed);
    for (const OneBeyond& one : found->absence->one_beyond) listener.hear(one.condition);
  }
}

// All pairs under all programmes: reasons, verdicts, what would help, absence.
void hear_pairs(Listener& listener) {
  const std::vector<Profile> all = many();
  const FakeCorpus corpus(real_taxonomy(), all);
  const Taxonomy& taxonomy = real_taxonomy();
  for (const auto& [slug, programme] : programmes()) {
    for (const Profile& a : all) {
      const Seeker seeker{a, FakeCorpus::faces_of(a), false};
      hear_matches(listener, corpus, programme, seeker);
      for (const Profile& b : all) {
        if (a.id == b.id) continue;
        const Explanation why = Matcher(taxonomy, programme).explain(corpus, seeker, b, *corpus.find(b.id), 20'000);
        listener.hear(why.reasons);
        for (const Verdict& verdict : why.verdicts) listener.hear(verdict);
        for (const ProfileEdit& edit : edits_towards(a, b, programme, taxonomy)) listener.hear(edit.words);
        if (slug != "open" && slug != "itpo") continue;
        const WouldHelp help = would_help({corpus, taxonomy, programme, 20'000}, seeker, b, *corpus.find(b.id));
        listener.hear(help.summary);
        for (const HelpfulEdit& edit : help.edits) listener.hear(edit.words);
      }
    }
    Profile draft = all[0];
    draft.id.clear();
    hear_matches(listener, corpus, programme, {draft, FakeCorpus::faces_of(draft), false});
    hear_matches(listener, corpus, programme, {company("", "KE"), FakeCorpus::faces_of(all[2]), true});
  }
}

void hear_surveys(Listener& listener) {
  const std::vector<Profile> all = many();
  const FakeCorpus corpus(real_taxonomy(), all);
  for (const auto& [slug, programme] : programmes()) {
    const Coverage coverage = coverage_of(corpus, programme, {.today = 20'000}, real_taxonomy()).value();
    for (const CoverageDimension& dimension : coverage.dimensions)
      for (const CoverageKey& key : dimension.keys) listener.hear(key.title);
    for (const Removed& removed : coverage.removed) listener.hear(removed);
  }
  const CountryBrief brief = country_brief(corpus, programmes(), "KE", 20'000, real_taxonomy()).value();
  for (const auto* list : {&brief.groups, &brief.regions, &brief.income, &brief.kinds, &brief.roles, &brief.sectors})
    for (const BriefCount& one : *list) listener.hear(one.title);
  for (const Profile& profile : all)
    for (const AssembleNeed& need : needs_of(profile, real_taxonomy())) listener.hear(need.what);
}

PanelCandidate candidate(std::string id, std::vector<std::string> groups, std::string country = {},
                         std::string organisation = {}) {
  return {.id = std::move(id),
          .title = {},
          .country = std::move(country),
          .organisation = std::move(organisation),
          .groups = std::move(groups),
          .merit = 0.5,
          .topics = {0}};
}

void hear_panels(Listener& listener) {
  PanelRules rules{
      .seats = 3,
      .quotas =
          {{.group = "gender:female", .at_least = 3, .at_most = {}, .share_at_least = {}, .share_at_most = {}, .place = {}},
           {.group = "constituency:labour",
            .at_least = {},
            .at_most = 0,
            .share_at_least = {},
            .share_at_most = {},
            .place = {}}},
      .per_country_at_most = 1,
      .per_organisation_at_most = 1,
      .topics = {"energy"},
      .experts_per_topic_at_least = 1};
  const std::vector<PanelCandidate> few{candidate("a", {"constituency:labour", "gender:female"}, "KE", "o"),
                                        candidate("b", {"constituency:labour", "gender:unknown"}, "KE", "o"),
                                        candidate("c", {"constituency:others", "gender:unknown"}, "KE", "o"),
                                        candidate("d", {"constituency:labour", "gender:male"}, "KE", "o"),
                                        candidate("e", {}, "KE", "o")};
  std::vector<Panel> panels{convene(few, rules).value()};
  rules = {
      .seats = 1,
      .quotas =
          {{.group = "gender:female", .at_least = 1, .at_most = {}, .share_at_least = {}, .share_at_most = {}, .place = {}}},
      .topics = {"energy"}};
  panels.push_back(convene(few, rules).value());
  rules.quotas.clear();
  panels.push_back(convene(std::vector{few[4], few[1]}, rules).value());
  for (const Panel& panel : panels) {
    for (const PanelRelaxation& one : panel.relaxations) listener.hear(one.rule), listener.hear(one.message);
    for (const PanelSeat& seat : panel.seats)
      if (!seat.no_alternate.empty()) listener.hear(seat.no_alternate);
  }
}

void hear_duplicates(Listener& listener) {
  DuplicateFinder finder(real_taxonomy());
  std::vector<Profile> all{company("1", "DE"), company("2", "DE"), company("3", "FR"), company("4", "FR")};
  for (Profile& profile : all)
    profile.title = "Alpine Hydrogen Storage Works", profile.offers = profile.seeks = std::string(40, 'x') + " pumps";
  all[0].organisation.identifiers = all[1].organisation.identifiers = {{"LEI", "529900T8BM49AURSDO55"}};
  all[2].organisation.identifiers = {{"LEI", "529900T8BM49AURSDO56"}};
  all[3].title = "Alpine Hydrogen Storage Works 2 Limited";
  std::uint64_t sequence = 0;
  for (const Profile& profile : all) finder.add(profile, ++sequence);
  for (const DuplicatePair& pair : finder.pairs(0, 0)) listener.hear(pair.reasons);
}

// Keys that stand whole in the sources.
std::set<std::string> written_keys() {
  const std::regex key(
      R"re("((?:reason|verdict|owner|absence|edit|help|money|panel|duplicate|coverage|need|host|due|subject)\.[a-z_A-Z.]*[a-zA-Z])")re");
  std::set<std::string> keys;
  for (const char* layer : {"engine", "server"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(COUNTERPART_SOURCE_DIR) / layer)) {
      if (entry.path().extension() != ".cpp") continue;
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const std::string source = text.str();
      for (std::sregex_iterator found(source.begin(), source.end(), key), end; found != end; ++found) keys.insert((*found)[1]);
    }
  // Members of a body and a file that look alike.
  for (const char* other : {"absence.deputy", "absence.until", "due.ics"}) keys.erase(other);
  return keys;
}

// Those that are put together from the rows of a table.
std::set<std::string> table_keys() {
  std::set<std::string> keys{"flag.true", "flag.false"};
  for (const Field& field : fields()) keys.insert("field." + std::string(field.name));
  for (const std::string_view name : Vocabulary<Gender>::kNames) keys.insert("coverage.experts." + std::string(name));
  for (const std::string_view name : {"financier_or_investor", "technology_supplier", "adviser"})
    keys.insert("need." + std::string(name));
  for (int i = 0; i <= static_cast<int>(index::ChangeKind::kWithdrawn); ++i)
    keys.insert("change.kind." + std::string(name_of(static_cast<index::ChangeKind>(i))));
  for (int i = 0; i <= static_cast<int>(index::ChangeCause::kFirstRun); ++i)
    keys.insert("change.cause." + std::string(name_of(static_cast<index::ChangeCause>(i))));
  return keys;
}

}  // namespace

TEST_CASE("answer words: whatever the engine says has its sentence in six languages, with exactly its arguments", "[words]") {
  Listener listener;
  hear_pairs(listener);
  hear_surveys(listener);
  hear_panels(listener);
  hear_duplicates(listener);
  for (const std::string_view key :
       {"reason.texts_forward", "reason.sectors", "reason.host", "reason.finance.stated", "verdict.change.widen",
        "verdict.labelled", "absence.accepts", "absence.sides", "edit.state", "edit.widen", "edit.exclusion", "help.not_yours",
        "money.converted", "panel.relaxed", "panel.topic", "duplicate.name", "duplicate.against"}) {
    INFO(key << " was not heard");
    CHECK(listener.keys().contains(std::string(key)));
  }
}

TEST_CASE("answer words: the catalogue has what the sources and their tables say, and nothing more", "[words]") {
  std::set<std::string> known = written_keys();
  CHECK(known.size() > 100);
  known.merge(table_keys());
  for (const std::string& key : known) {
    INFO(key);
    CHECK(shipped_words().has(key));
  }
  Listener listener;
  hear_pairs(listener);
  const Catalogue catalogue = read_catalogue(COUNTERPART_SOURCE_DIR "/datasets/words").value();
  for (const auto& [key, message] : catalogue) {
    if (!message.places[0].starts_with("answers.toml:") || key.starts_with("digest.column.")) continue;
    INFO(key << " at " << message.places[0] << " is said by nothing");
    CHECK((known.contains(key) || listener.keys().contains(key)));
  }
}

}  // namespace counterpart::server
