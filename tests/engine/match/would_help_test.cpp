#include "engine/match/would_help.h"

#include "engine/match/would_help_edits.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

using Outcome = WouldHelp::Outcome;

const Taxonomy& taxonomy() {
  static const auto loaded = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  return *loaded;
}

const Programme kOpen{.slug = "open", .name = "Open", .description = {}, .sides = {}, .pairs = {}, .weights = {}};

Programme itpo() { return load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", taxonomy()).value().at("itpo"); }

Profile company(std::string id, std::string country, std::string offers = "solar cold storage") {
  Profile profile;
  profile.id = std::move(id);
  profile.title = "Company " + profile.id;
  profile.country = std::move(country);
  profile.offers = std::move(offers);
  profile.seeks = "local partner";
  profile.lang = "en";
  return profile;
}

Profile asker() {
  Profile a = company("a", "KE", "fishing cooperative");
  a.seeks = "solar cold storage";
  a.sectors = {"A03"};
  return a;
}

// Twelve who all stand before a `b` that sorts last among equals.
std::vector<Profile> crowd(const Profile& a, const Profile& b) {
  std::vector<Profile> all{a, b};
  for (char letter = 'c'; letter < 'o'; ++letter) all.push_back(company(std::string(1, letter), "DE"));
  return all;
}

WouldHelp ask(const Profile& a, const Profile& b, const Programme& programme, const FakeCorpus& corpus) {
  return would_help({corpus, taxonomy(), programme, 0}, {a, FakeCorpus::faces_of(a), false}, b, *corpus.find(b.id));
}
WouldHelp ask(const Profile& a, const Profile& b, const Programme& programme = kOpen) {
  return ask(a, b, programme, FakeCorpus(taxonomy(), crowd(a, b)));
}

}  // namespace

TEST_CASE("would_help: a counterpart in the first ten needs no edit", "[would_help]") {
  const Profile a = asker();
  Profile b = company("b", "DE");
  const WouldHelp help = ask(a, b);
  CHECK(help.outcome == Outcome::kAlready);
  CHECK(help.edits.empty());
  CHECK(help.trials == 0);
}

TEST_CASE("would_help: who is out of sight takes no place of the first ten", "[would_help]") {
  const Profile a = asker(), b = company("z", "FR");
  const FakeCorpus corpus(taxonomy(), crowd(a, b));
  const Conditions sight{{"country", {"FR", "KE"}, false, Condition::Owner::kRequest}};
  const Seeker seeker{a, FakeCorpus::faces_of(a), false};
  CHECK(would_help({corpus, taxonomy(), kOpen, 0}, seeker, b, *corpus.find("z")).outcome != Outcome::kAlready);
  CHECK(would_help({corpus, taxonomy(), kOpen, 0, sight}, seeker, b, *corpus.find("z")).outcome == Outcome::kAlready);
}

TEST_CASE("would_help: stating what the counterpart states brings it in, at the rank that the list gives", "[would_help]") {
  const Profile a = asker();
  Profile b = company("z", "DE");
  b.sectors = {"C27"};
  b.technologies = {taxonomy().technologies.entries()[0].code};
  const FakeCorpus corpus(taxonomy(), crowd(a, b));
  const WouldHelp help = ask(a, b, kOpen, corpus);
  INFO(told(help.summary));
  REQUIRE(help.outcome == Outcome::kEdits);
  REQUIRE_FALSE(help.edits.empty());
  CHECK(help.edits.size() <= kMostEdits);
  for (const HelpfulEdit& edit : help.edits) {
    INFO(told(edit.words));
    CHECK(edit.words.key.starts_with("edit."));
    CHECK(edit.rank <= kFirst);
    CHECK(edit.score > help.score);
  }
  CHECK(help.edits[0].members == std::vector<std::string>{"sectors"});
  CHECK(told(help.edits[0].words).find("code=C27, title=C27") != std::string::npos);

  Profile edited = a;
  edited.sectors.push_back("C27");
  const auto list = Matcher(taxonomy(), kOpen).match(corpus, {edited, FakeCorpus::faces_of(edited), false}, {});
  REQUIRE(list);
  REQUIRE(help.edits[0].rank <= list->matches.size());
  CHECK(list->matches[help.edits[0].rank - 1].id == "z");
  CHECK(list->matches[help.edits[0].rank - 1].score == help.edits[0].score);
}

TEST_CASE("would_help: two statements are asked for only where neither does it alone", "[would_help]") {
  Profile a = asker();
  a.partner.kinds = {Kind::kCompany};
  a.partner.countries = {"DE"};
  Profile b = company("b", "IT");
  b.kind = Kind::kProject;
  b.sectors = a.sectors;
  const WouldHelp help = ask(a, b);
  REQUIRE(help.outcome == Outcome::kEdits);
  REQUIRE(help.edits.size() == 1);
  CHECK(help.edits[0].members == std::vector<std::string>{"partner.countries", "partner.kinds"});
  CHECK(help.edits[0].rank == 1);
}

TEST_CASE("would_help: what one statement does is not asked for twice over", "[would_help]") {
  Profile a = asker();
  a.countries_of_activity = {"DE"};
  Profile b = company("z", "DE");
  b.technologies = {taxonomy().technologies.entries()[0].code};
  b.lang = "fr";
  const WouldHelp help = ask(a, b);
  REQUIRE(help.edits.size() == 2);
  for (const HelpfulEdit& edit : help.edits) CHECK(edit.members.size() == 1);
}

TEST_CASE("would_help: who neither finances nor invests is not told to give money", "[would_help]") {
  Profile a = asker();
  Profile b = company("b", "DE");
  b.finance_sought = Finance{std::nullopt, 5e6, "USD", {}};
  const auto gives = [&] {
    return std::ranges::count(edits_towards(a, b, kOpen, taxonomy()), "finance.offered", &ProfileEdit::member);
  };
  CHECK(gives() == 0);
  a.roles = {Role::kInvestor};
  CHECK(gives() == 1);
}

TEST_CASE("would_help: a condition of the asker's own is widened so that it admits the counterpart", "[would_help]") {
  Profile a = asker();
  Profile b = company("b", "IT");
  SECTION("a list of countries") {
    a.partner.countries = {"DE"};
    const WouldHelp help = ask(a, b);
    REQUIRE(help.outcome == Outcome::kEdits);
    CHECK(help.edits[0].members == std::vector<std::string>{"partner.countries"});
    CHECK(told(help.edits[0].words).find("code=IT, title=IT") != std::string::npos);
  }
  SECTION("an exclusion by group") {
    a.partner.exclude_countries = {"developed"};
    const WouldHelp help = ask(a, b);
    REQUIRE(help.outcome == Outcome::kEdits);
    CHECK(help.edits[0].members == std::vector<std::string>{"partner.exclude_countries"});
  }
  SECTION("what the counterpart does not state can only be left open") {
    a.partner.sizes = {Size::kLarge};
    const WouldHelp help = ask(a, b);
    REQUIRE(help.outcome == Outcome::kEdits);
    CHECK(told(help.edits[0].words).find("edit.open") != std::string::npos);
  }
}

TEST_CASE("would_help: a condition that is not the asker's is named with its owner", "[would_help]") {
  SECTION("the counterpart's own") {
    Profile b = company("b", "DE");
    b.partner.countries = {"UG"};
    b.sectors = {"C27"};
    const WouldHelp help = ask(asker(), b);
    CHECK(help.outcome == Outcome::kNotYours);
    CHECK(help.edits.empty());
    CHECK(help.trials == 0);
    REQUIRE(help.blocking.size() == 1);
    CHECK(owner_of(help.blocking[0].owner) == "b");
    CHECK(told(help.summary).find("`b`") != std::string::npos);
  }
  SECTION("the programme's: two suppliers of developed countries") {
    Profile a = company("a", "FR"), b = company("b", "US");
    a.roles = b.roles = {Role::kTechnologySupplier};
    const WouldHelp help = ask(a, b, itpo());
    CHECK(help.outcome == Outcome::kNotYours);
    REQUIRE_FALSE(help.blocking.empty());
    CHECK(owner_of(help.blocking[0].owner).starts_with("programme itpo"));
  }
}

TEST_CASE("would_help: what the counterpart or the programme demands is stated where it can be", "[would_help]") {
  SECTION("the counterpart asks a sector") {
    Profile b = company("b", "DE");
    b.partner.sectors = {"C10"};
    const WouldHelp help = ask(asker(), b);
    REQUIRE(help.outcome == Outcome::kEdits);
    CHECK(help.edits[0].members == std::vector<std::string>{"sectors"});
    CHECK(told(help.edits[0].words).find("C10") != std::string::npos);
  }
  SECTION("the programme asks a role") {
    Profile b = company("b", "DE");
    b.roles = {Role::kTechnologySupplier};
    const WouldHelp help = ask(asker(), b, itpo());
    REQUIRE(help.outcome == Outcome::kEdits);
    CHECK(help.edits[0].members == std::vector<std::string>{"roles"});
    CHECK(help.edits.size() == kMostEdits);
  }
}

TEST_CASE("would_help: a counterpart too far off is given with both scores", "[would_help]") {
  const Profile b = company("b", "DE", "tax advice");
  const WouldHelp help = ask(asker(), b);
  CHECK(help.outcome == Outcome::kNotEnough);
  CHECK(help.edits.empty());
  CHECK(help.score < help.tenth);
  CHECK(help.exhausted);
  CHECK(told(help.summary).find("full=yes, tenth=") != std::string::npos);
}

TEST_CASE("would_help: the work is bounded, and the answer says when the bound was hit", "[would_help]") {
  Profile b = company("b", "DE", "tax advice");
  for (std::size_t i = 0; i < 20; ++i) b.cooperation.push_back(static_cast<Cooperation>(i));
  for (std::size_t i = 0; i < 20; ++i) b.technologies.push_back(taxonomy().technologies.entries()[i].code);
  for (std::size_t i = 0; i < 10; ++i) b.themes.push_back(taxonomy().themes.entries()[i].code);
  Profile a = asker();
  a.cooperation.clear();
  const WouldHelp help = ask(a, b);
  CHECK(help.outcome == Outcome::kNotEnough);
  CHECK(help.trials <= kMostTrials);
  CHECK_FALSE(help.exhausted);
  CHECK(told(help.summary).find("all=no") != std::string::npos);
}

TEST_CASE("would_help: the same question gets the same answer", "[would_help]") {
  const Profile a = asker();
  Profile b = company("z", "DE");
  b.sectors = {"C27", "C28"};
  b.themes = {taxonomy().themes.entries()[0].code};
  const WouldHelp first = ask(a, b), second = ask(a, b);
  REQUIRE(first.edits.size() == second.edits.size());
  for (std::size_t i = 0; i < first.edits.size(); ++i) CHECK(first.edits[i].words == second.edits[i].words);
}

TEST_CASE("would_help: no edit restates what is stated, and money is added to, never replaced", "[would_help]") {
  Profile a = asker();
  a.trl = 4;
  a.finance_sought = Finance{100.0, 200.0, "USD", {Cooperation::kLoan}};
  Profile b = company("b", "DE");
  b.sectors = a.sectors;
  b.trl = 9;
  b.finance_offered = Finance{1000.0, 5000.0, "USD", {Cooperation::kEquity}};
  b.finance_sought = Finance{std::nullopt, 5.0, "USD", {}};
  for (const ProfileEdit& edit : edits_towards(a, b, kOpen, taxonomy())) {
    Profile edited = a;
    edit.apply(edited);
    INFO(told(edit.words));
    CHECK(edited != a);
    CHECK(edited.trl == 4);
    CHECK(edited.sectors == a.sectors);
    if (edit.member != "finance.sought") continue;
    CHECK(edited.finance_sought->min == 100.0);
    CHECK(edited.finance_sought->max == 5000.0);
    CHECK(edited.finance_sought->instruments.size() == 2);
  }
}

}  // namespace counterpart::engine
