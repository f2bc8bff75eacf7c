#include "index/words.h"

#include <map>
#include <set>

#include "engine/traits.h"
#include "index/word_weights.h"
#include "index/snapshot.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"

using namespace counterpart;

TEST_CASE("words: inflected forms meet in every language that has a stemmer", "[words]") {
  CHECK(stems_of("Dried fishes", "en") == stems_of("dry fish", "en"));
  CHECK(stems_of("proyectos agrícolas", "es") == stems_of("proyecto agrícola", "es"));
  CHECK(stems_of("рыбная", "ru") == stems_of("рыбные", "ru"));
  CHECK(stems_of("énergies solaires", "fr") == stems_of("énergie solaire", "fr"));
}

TEST_CASE("words: Chinese is cut into words, names and standards stay whole", "[words]") {
  CHECK(stems_of("太阳能冷藏设备", "zh").size() > 1);
  CHECK(stems_of("太阳能冷藏设备", "zh").size() < 7);
  const auto named = stems_of("ISO 14001, PV-Modul 4G", "de");
  CHECK(std::ranges::find(named, "14001") != named.end());
  CHECK(std::ranges::find(named, "iso") != named.end());
}

TEST_CASE("words: a face without a text of its own speaks with the summary, private members with none", "[words]") {
  Profile profile;
  profile.title = "Kumulus";
  profile.summary = "water from air";
  profile.seeks = "distributors";
  profile.lang = "en";
  profile.organisation.legal_name = "Secret Holding";
  profile.contact.person = "Amina Diallo";
  const Words words = words_of(profile);
  CHECK(words.different_offers == 4);  // title and summary
  CHECK(words.different_seeks == 2);
  CHECK(words.language == text_language("en"));
  CHECK(words.counts.size() == 5);
  CHECK(words_of_text("", "en").counts.empty());
}

namespace {

// The share of words in common as the header states it, over the live rows, one pair at a time.
float share_of(const Words& seeker, const std::map<std::string, Words>& rows, const Words& row) {
  double sum = 0;
  for (const WordCount& count : seeker.counts) {
    if (count.seeks == 0) continue;
    double with = 0, times = 0;
    for (const auto& [id, one] : rows)
      with += std::ranges::count(one.counts, count.word, &WordCount::word) > 0 ? 1 : 0;
    for (const WordCount& other : row.counts)
      if (other.word == count.word) times = other.offers;
    const double rare = relative_rarity(with, static_cast<double>(rows.size()));
    if (times > 0) sum += counted(count.seeks, seeker.different_seeks) * counted(times, row.different_offers) * rare * rare;
  }
  return static_cast<float>(std::min(sum / (kTypicalRarity * kTypicalRarity), 1.0));
}

}  // namespace

TEST_CASE("words: those in common are weighed by their rarity among live rows, however rows lie in segments", "[words]") {
  Draw draw(3);
  std::map<std::string, Words> live;
  std::vector<LiveSegment> segments;
  for (int part = 0; part < 3; ++part) {
    SegmentBuilder builder(64);
    auto deleted = std::make_shared<Bitmap>();
    for (int i = 0; i < 40; ++i) {
      Profile profile = draw.profile("p" + std::to_string(part * 40 + i));
      profile.lang = "en";
      builder.add(profile, {1, 1}, quantise(draw.faces(), "fake"), real_taxonomy());
      if (i % 7 == 3)
        deleted->add(static_cast<std::uint32_t>(i));
      else
        live[profile.id] = words_of(profile);
    }
    segments.push_back({builder.build(), deleted});
  }
  const auto merged = merge_segments(segments, Lists::kNone);
  REQUIRE(merged);
  Profile asking = draw.profile("asking");
  asking.lang = "en";
  Search search;
  search.seeker = draw.faces();
  search.seeker.words = words_of(asking);
  search.exact = true;
  search.wanted = 1000;
  search.today = -1'000'000;
  std::size_t compared = 0;
  for (const auto& parts : {segments, std::vector<LiveSegment>{{*merged, nullptr}}}) {
    const Snapshot snapshot({"fake", 64}, 1, parts);
    for (const Candidate& found : snapshot.search(search).candidates) {
      const Words& row = live.at(std::string(snapshot.id(found.row)));
      CHECK(found.words_forward == Approx(share_of(search.seeker.words, live, row)).margin(1e-5));
      ++compared;
    }
  }
  CHECK(compared == 2 * live.size());

  search.seeker.words.language = text_language("fr");
  const Snapshot snapshot({"fake", 64}, 1, segments);
  for (const Candidate& found : snapshot.search(search).candidates) CHECK(std::isnan(found.words_forward));
}
