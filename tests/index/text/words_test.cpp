#include "index/text/words.h"

#include <map>
#include <set>

#include "engine/profile/traits.h"
#include "index/snapshot/snapshot.h"
#include "index/text/word_weights.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"

using namespace counterpart::index;

TEST_CASE("words: inflected forms meet in every language that has a stemmer", "[words]") {
  CHECK(stems_of("Dried fishes", "en") == stems_of("dry fish", "en"));
  CHECK(stems_of("proyectos agrícolas", "es") == stems_of("proyecto agrícola", "es"));
  CHECK(stems_of("рыбная", "ru") == stems_of("рыбные", "ru"));
  CHECK(stems_of("énergies solaires", "fr") == stems_of("énergie solaire", "fr"));
}

TEST_CASE("words: a text has the same words however it was typed", "[words]") {
  struct Typed {
    std::string_view language, one, other;
  };
  for (const auto& [language, one, other] :
       std::initializer_list<Typed>{{"fr", "se\u0301chage des ce\u0301re\u0301ales", "séchage des céréales"},
                                    {"fr", "ÉNERGIE SOLAIRE, ELECTRICITE", "énergie solaire, électricité"},
                                    {"fr", "l’énergie d’appoint", "l'énergie d'appoint"},
                                    {"fr", "l'œuvre", "oeuvre"},
                                    {"es", "REFRIGERACION solar", "refrigeración solar"},
                                    {"es", "instalacion", "instalaciones"},
                                    {"pt", "PRODUCAO", "produções"},
                                    {"it", "dell’acqua", "acqua"},
                                    {"en", "CO₂ refri\u00ADger\u00ADation", "CO2 refrigeration"},
                                    {"en", "Ｓｏｌａｒ　Ｐｕｍｐｓ", "solar pumps"},
                                    {"en", "SOLAR PUMPS", "solar pumps"},
                                    {"tr", "İSTANBUL'DA IŞIK", "istanbul ışık"},
                                    {"ar", "الطَّاقَة إلى أفريقيا", "الطاقه الى افريقيا"},
                                    {"ru", "ВСЁ ЗЕЛЁНОЕ", "все зеленое"},
                                    {"zh", "太陽能發電設備", "太阳能发电设备"},
                                    {"de", "STRASSENBAU", "Straßenbau"}}) {
    CAPTURE(language, one, other);
    CHECK(stems_of(one, language) == stems_of(other, language));
  }
}

TEST_CASE("words: one language has one tag, however it is written", "[words]") {
  for (const auto& [tag, plain] : std::initializer_list<std::pair<std::string_view, std::string_view>>{{"FR", "fr"},
                                                                                                       {"fra", "fr"},
                                                                                                       {"FRE", "fr"},
                                                                                                       {"fr-FR", "fr"},
                                                                                                       {"eng", "en"},
                                                                                                       {"spa", "es"},
                                                                                                       {"zh-Hant", "zh"},
                                                                                                       {"ara", "ar"}}) {
    CAPTURE(tag);
    CHECK(stems_of("séchages pumps bombas", tag) == stems_of("séchages pumps bombas", plain));
    CHECK(words_of_text("pumps", tag).language == text_language(plain));
  }
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
  profile.summary.clear();
  CHECK(words_of(profile).different_offers == 2);  // title and what it seeks: all that it says
  CHECK(words_of_text("", "en").counts.empty());
}

namespace {

// The share of words in common as the header states it, over the live rows, one pair at a time.
float share_of(const Words& seeker, const std::map<std::string, Words>& rows, const Words& row) {
  double sum = 0;
  for (const WordCount& count : seeker.counts) {
    if (count.seeks == 0) continue;
    double with = 0, times = 0;
    for (const auto& [id, one] : rows) with += std::ranges::count(one.counts, count.word, &WordCount::word) > 0 ? 1 : 0;
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
