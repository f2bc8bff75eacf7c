// Panels from profiles: who may stand, what a topic's relevance is, and what gives way where a panel is too small.
#include "server/service/service_panels.h"

#include <cmath>
#include <set>

#include "tests/server/shipped_words.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {
namespace {

constexpr std::int32_t kToday = 20'000;

Profile expert(std::string id, std::string country, std::string offers = "solar energy") {
  Profile profile;
  profile.id = id;
  profile.kind = Kind::kExpert;
  profile.title = "Expert " + id;
  profile.country = std::move(country);
  profile.offers = std::move(offers);
  return profile;
}

// A programme for experts of two constituencies' worth of rules, small enough to count by hand.
Programme programme_of(std::size_t seats, std::vector<std::string> topics = {}, std::vector<QuotaRule> quotas = {}) {
  Programme programme;
  PanelSettings settings;
  settings.seats = seats;
  settings.topics = std::move(topics);
  programme.slug = "talks";
  programme.name = "Talks";
  programme.place = "/somewhere/private/talks.toml:1";
  programme.sides.push_back({"expert", "expert", {{"kind", {"expert"}, false, Condition::Owner::kProgramme}}});
  programme.pairs = {{0, 0}};
  programme.output = ProgrammeOutput::kPanel;
  programme.panel = std::move(settings);
  programme.quotas = std::move(quotas);
  return programme;
}

PanelAnswer compose(std::vector<Profile> profiles, const Programme& programme, const PanelCall& call = {}) {
  const FakeCorpus corpus(real_taxonomy(), std::move(profiles));
  const FakeEmbedder embedder;
  const auto profile = [&](const std::string& id) -> Result<Profile> { return corpus.profile(id); };
  const Result<PanelAnswer> answer = compose_panel({corpus, real_taxonomy(), embedder, profile}, programme, call, kToday);
  if (!answer) FAIL(answer.error().message);
  return *answer;
}

std::set<std::string> ids(const PanelAnswer& answer) {
  std::set<std::string> all;
  for (const PanelSeat& seat : answer.panel.seats) all.insert(seat.id);
  return all;
}

}  // namespace

TEST_CASE("panels: only valid profiles of the programme's sides stand, under the request's conditions", "[panels]") {
  Profile company = expert("company", "KE"), expired = expert("expired", "KE"), elsewhere = expert("elsewhere", "KE");
  company.kind = Kind::kCompany;
  expired.valid_until = "2020-01-01";
  elsewhere.programmes = {"other"};
  const std::vector<Profile> all{company, expired, elsewhere, expert("a", "KE"), expert("b", "DE")};
  const PanelAnswer everybody = compose(all, programme_of(2));
  CHECK(everybody.candidates == 2);
  CHECK(ids(everybody) == std::set<std::string>{"a", "b"});
  PanelCall call;
  call.where = {{"country", {"KE"}, false, Condition::Owner::kRequest}};
  const PanelAnswer answer = compose(all, programme_of(2), call);
  CHECK(ids(answer) == std::set<std::string>{"a"});
  CHECK(answer.candidates == 1);
}

TEST_CASE("panels: fewer candidates than seats are all seated, and the panel says so", "[panels]") {
  Programme programme = programme_of(5, {"solar energy"});
  programme.panel->experts_per_topic_at_least = 3;
  const PanelAnswer answer = compose({expert("a", "KE")}, programme);
  CHECK(answer.panel.seats.size() == 1);
  CHECK(answer.seats_asked == 5);
  CHECK(answer.panel.status == PanelStatus::kRelaxed);
  REQUIRE(answer.panel.relaxations.size() == 2);
  CHECK(answer.panel.relaxations[0].asked == 5);
  CHECK(answer.panel.relaxations[0].met == 1);
  CHECK(answer.panel.relaxations[0].place == "talks.toml:1");
  CHECK(answer.panel.relaxations[1].asked == 3);
}

TEST_CASE("panels: nobody stands, and the empty panel still tells what was asked", "[panels]") {
  const PanelAnswer answer = compose({}, programme_of(10, {"energy"}, {{"group:LDC", {}, {}, 0.25, {}, "talks.toml:9"}}));
  CHECK(answer.panel.seats.empty());
  CHECK(answer.panel.status == PanelStatus::kRelaxed);
  REQUIRE(answer.panel.quotas.size() == 1);
  CHECK(answer.panel.quotas[0].at_least == 3);
  CHECK(answer.panel.coverage.size() == 1);
}

TEST_CASE("panels: a count beyond the seats and a range that rounding has emptied give way in words", "[panels]") {
  const Programme programme = programme_of(
      50, {}, {{"region:africa", 9, {}, {}, {}, "talks.toml:9"}, {"region:europe", {}, {}, 0.2, 0.4, "talks.toml:12"}});
  PanelCall call;
  call.seats = 2;
  const PanelAnswer answer = compose({expert("a", "KE"), expert("b", "DE"), expert("c", "KE")}, programme, call);
  CHECK(answer.panel.seats.size() == 2);
  REQUIRE(answer.panel.relaxations.size() >= 2);
  CHECK(in_english(answer.panel.relaxations[0].rule) == "at least 9 of region:africa");
  CHECK(answer.panel.relaxations[0].met == 2);
  CHECK(in_english(answer.panel.relaxations[1].rule) == "at most 0 of region:europe");
}

TEST_CASE("panels: topics of the request replace the programme's, and none leaves completeness as merit", "[panels]") {
  const std::vector<Profile> two{expert("a", "KE", "solar energy"), expert("b", "DE", "leather shoes")};
  const Programme programme = programme_of(1, {"solar energy"});
  CHECK(ids(compose(two, programme)) == std::set<std::string>{"a"});
  PanelCall call;
  call.topics = {"leather shoes"};
  CHECK(ids(compose(two, programme, call)) == std::set<std::string>{"b"});
  call.topics = std::vector<std::string>{};
  const PanelAnswer answer = compose(two, programme, call);
  CHECK(answer.panel.coverage.empty());
  CHECK(answer.panel.seats[0].merit > 0);
  CHECK(answer.panel.seats[0].merit < 1);
}

TEST_CASE("panels: a programme of matches composes none", "[panels]") {
  Programme programme = programme_of(1);
  programme.panel.reset();
  const FakeCorpus corpus(real_taxonomy(), {});
  const FakeEmbedder embedder;
  const auto nobody = [](const std::string&) -> Result<Profile> { return fail(ErrorCode::kNotFound, "id", "none"); };
  const auto answer = compose_panel({corpus, real_taxonomy(), embedder, nobody}, programme, {}, kToday);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kInvalid);
  CHECK(answer.error().place == "programme");
}

TEST_CASE("panels: relevance is half where a topic is covered, and knows no discount", "[panels]") {
  const auto cosine = static_cast<float>(kCoversTopic);
  const std::vector<float> topic{1, 0}, face{cosine, std::sqrt(1 - cosine * cosine)};
  CHECK(topic_relevance(face, topic) == Approx(0.5));
  CHECK(topic_relevance(std::vector<float>{0.7F * face[0], 0.7F * face[1]}, topic) == Approx(0.5));
  CHECK(topic_relevance(topic, topic) == 1);
  CHECK(topic_relevance(std::vector<float>{-1, 0}, topic) == 0);
  CHECK(topic_relevance(std::vector<float>{0, 0}, topic) == 0);
}

}  // namespace counterpart::server
