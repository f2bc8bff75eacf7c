// Which pairs are shown as possible duplicates, on pairs made for it and on the sample profiles; and at what cost.
#include "engine/survey/duplicates.h"

#include <chrono>
#include <filesystem>
#include <fstream>

#include "engine/profile/profile_json.h"
#include "engine/survey/sketch.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

const std::string kText =
    "We make solar pumps for small farms, with training of local technicians and spare parts kept in stock nearby.";

Profile make(std::string id, std::string title, std::string country, std::string offers = {}) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = std::move(title);
  profile.country = std::move(country);
  profile.offers = std::move(offers);
  return profile;
}

Profile project(std::string id, std::string title, std::string country, std::string offers = {}) {
  Profile profile = make(std::move(id), std::move(title), std::move(country), std::move(offers));
  profile.kind = Kind::kProject;
  return profile;
}

std::vector<DuplicatePair> pairs_of(const std::vector<Profile>& profiles, std::uint64_t since = 0) {
  DuplicateFinder finder(real_taxonomy());
  std::uint64_t sequence = 0;
  for (const Profile& profile : profiles) finder.add(profile, ++sequence);
  return finder.pairs(since);
}

bool says(const DuplicatePair& pair, std::string_view part) {
  return std::ranges::any_of(pair.reasons, [&](const Phrase& reason) { return told(reason).find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("duplicates: one identifier under two names is told by scheme and number", "[duplicates]") {
  Profile a = make("a", "Pumps of Nairobi", "KE"), b = make("b", "Solar Water Kenya", "KE");
  a.organisation.identifiers = {{"XI-LEI", "529900T8BM49AURSDO55"}};
  b.organisation.identifiers = {{"lei", "5299 00T8 BM49 AURS DO55"}};
  const auto pairs = pairs_of({a, b});
  REQUIRE(pairs.size() == 1);
  CHECK(says(pairs[0], "duplicate.identifier(identifier=LEI 529900T8BM49AURSDO55)"));
}

TEST_CASE("duplicates: one name in two scripts, with other legal forms, is told", "[duplicates]") {
  const auto russian = pairs_of({make("a", "ПАО «Газпром»", "RU"), make("b", "Gazprom PJSC", "RU")});
  REQUIRE(russian.size() == 1);
  CHECK(says(russian[0], "same=yes, scripts=yes, one_country=yes, countries=RU, RU, titles=ПАО «Газпром», Gazprom PJSC"));
  const auto chinese = pairs_of({make("a", "北京汽车股份有限公司", "CN"), make("b", "Beijing Qiche Co., Ltd.", "CN")});
  REQUIRE(chinese.size() == 1);
  CHECK(says(chinese[0], "scripts=yes"));
  CHECK(pairs_of({make("a", "شركة سابك", "SA"), make("b", "SABIC", "SA")}).size() == 1);
}

TEST_CASE("duplicates: a misspelt name in one country is told, in two countries it is not enough", "[duplicates]") {
  CHECK(pairs_of({make("a", "Dangote Cement", "NG"), make("b", "Dangotte Cement Plc", "NG")}).size() == 1);
  CHECK(pairs_of({make("a", "Dangote Cement", "NG"), make("b", "Dangote Cement", "ZM")}).empty());
  CHECK(pairs_of({make("a", "Dangote Cement", "NG", kText), make("b", "Dangote Cement", "ZM", kText)}).size() == 1);
}

TEST_CASE("duplicates: the same text under two names is told, case, blanks and a changed word notwithstanding",
          "[duplicates]") {
  std::string shouted = kText;
  for (char& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto same = pairs_of({make("a", "Alpha Water", "KE", kText), make("b", "Omega Agro", "KE", "  " + shouted)});
  REQUIRE(same.size() == 1);
  CHECK(says(same[0], "duplicate.text"));
  CHECK(pairs_of({make("a", "Alpha Water", "KE", "solar pumps"), make("b", "Omega Agro", "KE", "solar pumps")}).empty());
}

TEST_CASE("duplicates: members of a series are not told: phases, places, funds", "[duplicates]") {
  CHECK(
      pairs_of({project("a", "Rural Roads Phase I", "KE", kText), project("b", "Rural Roads Phase II", "KE", kText)}).empty());
  CHECK(pairs_of({project("a", "Statistics in Tonga", "TO", kText), project("b", "Statistics in Kiribati", "KI", kText)})
            .empty());
  CHECK(pairs_of({make("a", "Growth Fund 3 LP", "KE"), make("b", "Growth Fund 4 LP", "KE")}).empty());
}

TEST_CASE("duplicates: other identifiers of one scheme speak against it", "[duplicates]") {
  Profile a = make("a", "Pumps Ltd", "KE"), b = make("b", "Pumps", "KE");
  CHECK(pairs_of({a, b}).size() == 1);
  a.organisation.identifiers = {{"KE-RCO", "1"}};
  b.organisation.identifiers = {{"KE-RCO", "2"}};
  CHECK(pairs_of({a, b}).empty());
}

TEST_CASE("duplicates: two projects of one sponsor, or a company and its project, are not told", "[duplicates]") {
  Profile a = project("a", "Wind park at the lake", "KE"), b = project("b", "Maize mill", "KE");
  a.organisation.identifiers = b.organisation.identifiers = {{"KE-RCO", "1"}};
  CHECK(pairs_of({a, b}).empty());
  CHECK(pairs_of({make("a", "Maize mill", "KE", kText), project("b", "Maize mill", "KE", kText)}).empty());
}

TEST_CASE("duplicates: the more complete one is proposed to be kept, of equals the lower id", "[duplicates]") {
  Profile rich = make("z", "Pumps", "KE");
  rich.sectors = {"C28"};
  const auto pairs = pairs_of({make("a", "Pumps", "KE"), rich});
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].keep == "z");
  CHECK(pairs[0].erase == "a");
  CHECK(pairs_of({make("b", "Pumps", "KE"), make("a", "Pumps", "KE")}).front().keep == "a");
}

TEST_CASE("duplicates: after an import, pairs of old profiles are left out", "[duplicates]") {
  const std::vector<Profile> profiles{make("a", "Pumps", "KE"), make("b", "Pumps", "KE"), make("c", "Mills", "KE"),
                                      make("d", "Mills", "KE")};
  CHECK(pairs_of(profiles).size() == 2);
  const auto news = pairs_of(profiles, 3);
  REQUIRE(news.size() == 1);
  CHECK(news[0].keep == "c");
  CHECK(pairs_of(profiles, 4).empty());
}

TEST_CASE("duplicates: a private legal name is no evidence and is never shown", "[duplicates]") {
  Profile a = make("a", "Alpha", "KE"), b = make("b", "Omega", "KE");
  a.organisation.legal_name = b.organisation.legal_name = "Hidden Holdings";
  a.contact.email = b.contact.email = "x@example.org";
  CHECK(pairs_of({a, b}).empty());
}

// The threshold was read off such a list, which carries no truth but a reader's judgement: of the pairs from it on, most look
// like one thing entered twice and some like relatives (a project and its guarantee); below it relatives prevail.
TEST_CASE("duplicates: of the sample profiles few pairs are shown, and those of one name or one text are among them",
          "[duplicates]") {
  DuplicateFinder finder(real_taxonomy());
  std::uint64_t sequence = 0;
  for (const auto& file : std::filesystem::directory_iterator(COUNTERPART_SOURCE_DIR "/datasets/samples")) {
    if (file.path().extension() != ".jsonl") continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) finder.add(decode_profile(line).value(), ++sequence);
  }
  REQUIRE(sequence >= 5000);
  const auto pairs = finder.pairs();
  CHECK(pairs.size() >= 12);
  CHECK(pairs.size() <= sequence / 200);
  const auto holds = [&](std::string_view a, std::string_view b) {
    return std::ranges::any_of(pairs, [&](const DuplicatePair& pair) {
      return (pair.keep == a && pair.erase == b) || (pair.keep == b && pair.erase == a);
    });
  };
  CHECK(holds("carbonplan:MSFT018", "carbonplan:STRP007"));
  CHECK(holds("aims-co:COL390", "aims-co:COL510"));
  CHECK(holds("drawdown:265", "techstars:nori"));                  // one company of two sources
  CHECK_FALSE(holds("carbonplan:MSFT081", "carbonplan:MSFT099"));  // Klamath East, Klamath West
}

TEST_CASE("duplicates: many profiles of one name and text cost no square of their number", "[duplicates]") {
  std::vector<Profile> profiles;
  for (int i = 0; i < 20'000; ++i) profiles.push_back(make("p" + std::to_string(i), "Agricultural project", "KE", kText));
  const auto started = std::chrono::steady_clock::now();
  const auto pairs = pairs_of(profiles);
  CHECK(pairs.size() <= 20'000 * 16);
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));  // all pairs would take half an hour
}

TEST_CASE("duplicates: the order in which profiles come does not matter", "[duplicates]") {
  std::vector<Profile> profiles{make("b", "Pumps", "KE", kText), make("a", "Pumpes", "KE", kText),
                                make("c", "PUMPS Ltd", "KE")};
  const auto forth = pairs_of(profiles);
  std::ranges::reverse(profiles);
  const auto back = pairs_of(profiles);
  REQUIRE(forth.size() == back.size());
  for (std::size_t i = 0; i < forth.size(); ++i) {
    CHECK(forth[i].keep == back[i].keep);
    CHECK(forth[i].erase == back[i].erase);
    CHECK(forth[i].score == back[i].score);
    CHECK(forth[i].reasons == back[i].reasons);
  }
}

TEST_CASE("sketch: a text resembles itself fully, a changed copy mostly, another hardly", "[duplicates]") {
  std::string changed = kText;
  changed.replace(changed.find("solar"), 5, "wind");
  CHECK(resemblance(sketch_of(kText), sketch_of(kText)) == 1);
  CHECK(resemblance(sketch_of(kText), sketch_of(changed)) > 0.5);
  CHECK(resemblance(sketch_of(kText), sketch_of("A loan for the rehabilitation of the port and the railway line to the "
                                                "interior, with a study of tariffs.")) < 0.1);
  CHECK(sketch_of("too short").empty());
  CHECK(resemblance({}, {}) == 0);
  const std::string chinese = "我们为小农户生产太阳能水泵，并培训当地技术人员，备件就近存放，服务非洲市场。";
  CHECK(resemblance(sketch_of(chinese), sketch_of(chinese)) == 1);
}

}  // namespace counterpart::engine
