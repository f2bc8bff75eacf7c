// Ranking and programme cases as data: tests/scenarios/*.toml, each legible to an officer.
#include <filesystem>
#include <set>
#include <sstream>

#include "engine/base/toml.h"
#include "engine/match/matcher.h"
#include "engine/profile/profile_json.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

std::vector<std::string> texts(const toml::node* list) {
  std::vector<std::string> result;
  if (list)
    for (const toml::node& text : *list->as_array()) result.push_back(text.value<std::string>().value());
  return result;
}

std::vector<Profile> profiles_of(const toml::table& scenario, const Taxonomy& taxonomy) {
  std::vector<Profile> profiles;
  for (const auto& [id, node] : *scenario["profiles"].as_table()) {
    toml::table table = *node.as_table();
    table.insert("id", std::string(id.str()));
    std::ostringstream json;
    json << toml::json_formatter{table};
    Result<Profile> profile = parse_profile(json.str(), taxonomy);
    INFO(id.str() << ": " << (profile ? "" : describe(profile.error())));
    REQUIRE(profile);
    profiles.push_back(std::move(*profile));
  }
  return profiles;
}

// Why a pair may or may not meet: `met` and `broken` name the owners of conditions, all of `broken` and no other broken.
void check_reasons(const toml::table& data, const FakeCorpus& corpus, const Matcher& matcher) {
  const Profile& a = corpus.profile(data["seeker"].value<std::string>().value());
  const Profile& b = corpus.profile(data["with"].value<std::string>().value());
  const Explanation explanation = matcher.explain(corpus, {a, FakeCorpus::faces_of(a), false}, b, *corpus.find(b.id), 0);
  std::set<std::string> met, broken;
  for (const Verdict& verdict : explanation.verdicts) {
    (verdict.met ? met : broken).insert(owner_of(verdict.owner));
    CHECK(verdict.met == verdict.change.empty());
  }
  const std::vector<std::string> expected = texts(data.get("broken"));
  CHECK(broken == std::set<std::string>(expected.begin(), expected.end()));
  CHECK(explanation.matched == expected.empty());
  for (const std::string& owner : texts(data.get("met"))) CHECK(met.contains(owner));
}

void run_case(const toml::table& data, const FakeCorpus& corpus, const Matcher& matcher) {
  INFO(data["name"].value<std::string>().value());
  if (data.contains("with")) return check_reasons(data, corpus, matcher);
  const Profile& seeker = corpus.profile(data["seeker"].value<std::string>().value());
  MatchRequest request;
  if (const toml::table* where = data["where"].as_table())
    for (const auto& [field, values] : *where) request.where.push_back({std::string(field.str()), texts(&values), false, {}});
  request.tell_absence = true;
  const Result<Matches> answer = matcher.match(corpus, {seeker, FakeCorpus::faces_of(seeker), false}, request);
  REQUIRE(answer);
  std::vector<std::string> found;
  for (const Match& match : answer->matches) found.push_back(match.id);
  CHECK(found == texts(data.get("expect")));
  for (const std::string& id : texts(data.get("never"))) CHECK(std::ranges::find(found, id) == found.end());
  // Of an empty list: whose conditions removed somebody, and who is one condition away.
  for (const std::string& owner : texts(data.get("removed"))) {
    INFO(owner);
    REQUIRE(answer->absence);
    const auto removed =
        std::ranges::find(answer->absence->removed, owner, [](const Removed& one) { return owner_of(one.owner); });
    REQUIRE(removed != answer->absence->removed.end());
    CHECK(removed->count > 0);
  }
  if (const auto nearest = data["nearest"].value<std::string>()) {
    REQUIRE(answer->nearest);
    CHECK(answer->nearest->match.id == *nearest);
  }
}

}  // namespace

TEST_CASE("scenarios: every case of every file holds", "[scenarios]") {
  const auto taxonomy = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  const auto programmes = load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", *taxonomy).value();
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(COUNTERPART_SOURCE_DIR "/tests/scenarios"))
    if (entry.is_regular_file()) files.insert(entry.path());
  REQUIRE_FALSE(files.empty());
  for (const std::filesystem::path& file : files) {
    INFO(file.filename().string());
    const toml::table scenario = toml::parse_file(file.string());
    const FakeCorpus corpus(*taxonomy, profiles_of(scenario, *taxonomy));
    for (const toml::node& node : *scenario["cases"].as_array()) {
      const toml::table& data = *node.as_table();
      // A file of several programmes names one for each case.
      const std::string own = data["programme"].value_or(scenario["programme"].value_or(std::string{}));
      INFO("programme " << own);
      REQUIRE(programmes.contains(own));
      run_case(data, corpus, Matcher(*taxonomy, programmes.at(own)));
    }
  }
}

}  // namespace counterpart::engine
