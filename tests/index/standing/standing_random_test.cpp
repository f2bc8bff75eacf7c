// Standing queries against brute force.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "engine/base/date.h"
#include "engine/profile/traits.h"
#include "engine/programme/eligibility.h"
#include "tests/index/standing/standing_desk.h"

using namespace counterpart::index;

namespace {

// What the queries ought to have told, by the engine's own words for conditions and by plain sums.
class Model {
 public:
  Model(const FakeEmbedder& embedder) : embedder_(embedder) {}

  bool fits(const StandingQuery& query, const Profile& made) const {
    const Filter filter = filter_for({Profile{}, true}, programmes().at(query.programme), query.where, real_taxonomy());
    const auto holds_all = [&](const Conditions& all) {
      return std::ranges::all_of(all, [&](const Condition& c) { return holds(c, made, real_taxonomy()); });
    };
    if (!holds_all(filter.all)) return false;
    if (!filter.either.empty() && std::ranges::none_of(filter.either, holds_all)) return false;
    if (!made.valid_until.empty() && *parse_date(made.valid_until) < kToday) return false;
    const Embedding own = quantise(embed_faces(made, embedder_), "fake-1");
    Faces asked;
    asked.offers = query.text.empty() ? std::vector<float>(64, 0.0F) : embedder_.embed(query.text, {});
    asked.seeks = query.offering.empty() ? std::vector<float>(64, 0.0F) : embedder_.embed(query.offering, {});
    const Embedding theirs = quantise(asked, "fake-1");
    double sums[2] = {0, 0};
    for (std::size_t i = 0; i < own.values.size(); ++i) sums[i / 64] += own.values[i] * theirs.values[i];
    const double unit = static_cast<double>(own.scale) * static_cast<double>(theirs.scale);
    const int faces = int{!query.text.empty()} + int{!query.offering.empty()};
    return faces == 0 || (sums[0] * unit + sums[1] * unit) / faces >= query.minimum;
  }

  void added(const StandingQuery& query) {
    queries[query.id] = query;
    for (const auto& [id, made] : profiles)
      if (fits(query, made)) standing.insert({id, query.id});
  }
  void written(const Profile& made) {
    profiles[made.id] = made;
    for (const auto& [id, query] : queries) {
      const std::pair pair{made.id, id};
      if (!fits(query, made))
        standing.erase(pair);
      else if (standing.insert(pair).second)
        ++told[pair];
    }
  }
  void erased(const std::string& id) {
    profiles.erase(id);
    std::erase_if(standing, [&](const auto& pair) { return pair.first == id; });
  }
  void removed(const std::string& query) {
    queries.erase(query);
    std::erase_if(standing, [&](const auto& pair) { return pair.second == query; });
    std::erase_if(told, [&](const auto& one) { return one.first.second == query; });
  }

  using Pair = std::pair<std::string, std::string>;  // profile, query
  std::map<std::string, StandingQuery> queries;
  std::map<std::string, Profile> profiles;
  std::set<Pair> standing;
  std::map<Pair, int> told;

 private:
  const FakeEmbedder& embedder_;
};

}  // namespace

TEST_CASE("standing: alerts after random writes, removals and restarts are those of brute force", "[standing]") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t end) { return random() % end; };
    const auto pick = [&](std::initializer_list<const char*> words) { return std::string(words.begin()[below(words.size())]); };
    const auto text = [&] {
      std::string words;
      for (std::size_t i = 1 + below(3); i > 0; --i)
        words += pick({"solar", "pumps", "fish", "cold", "store", "wind", "steel"}) + (i > 1 ? " " : "");
      return words;
    };
    Desk desk;
    Model model(desk.embedder);
    for (int step = 0; step < 300; ++step) {
      INFO("seed " << seed << ", step " << step);
      const std::size_t what = below(20);
      if (what < 3) {
        StandingQuery query;
        if (below(4) > 0) query.text = text();
        if (below(3) == 0) query.offering = text();
        if (below(2) == 0) query.where.push_back(condition("country", {pick({"KE", "africa", "developed"})}));
        if (query.text.empty() && query.offering.empty() && query.where.empty()) query.text = "pumps";
        query.minimum = 0.1 * static_cast<double>(below(8));
        query.programme = pick({"open", "itpo", "gcip"});
        const auto added = desk.standing->add(query);
        REQUIRE(added);
        model.added(added->query);
      } else if (what == 3 && !model.queries.empty()) {
        const std::string id = std::next(model.queries.begin(), static_cast<long>(below(model.queries.size())))->first;
        REQUIRE(desk.standing->erase(id));
        model.removed(id);
      } else if (what < 6 && !model.profiles.empty()) {
        const std::string id = std::next(model.profiles.begin(), static_cast<long>(below(model.profiles.size())))->first;
        desk.erase(id);
        model.erased(id);
      } else if (what == 6) {
        desk.open();
      } else if (what == 7) {
        const auto run = desk.standing->match_all();
        REQUIRE(run);
        CHECK(run->new_alerts == 0);
        CHECK(run->withdrawn == 0);
      } else {
        Profile made = profile("p" + std::to_string(below(15)), text(), pick({"KE", "IT", "TZ"}));
        if (below(2) == 0) made.seeks = text();
        if (below(2) == 0) made.roles = {below(2) == 0 ? Role::kTechnologySupplier : Role::kLocalPartner};
        if (below(6) == 0) made.valid_until = pick({"2024-10-03", "2024-10-04"});
        desk.put(made);
        model.written(made);
      }
    }
    std::map<Model::Pair, int> told;
    for (const Alert& alert : desk.alerts()) ++told[{alert.profile, alert.query}];
    CHECK(told == model.told);
    CHECK(told.size() > 20);
    CHECK(desk.marks() == model.standing.size());
  }
}
