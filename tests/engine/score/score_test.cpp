#include "engine/score/score.h"

#include <cmath>
#include <fstream>
#include <random>

#include "engine/score/learn.h"
#include "engine/score/ranking_quality.h"
#include "engine/score/weights.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

const ScorePart& part(const Score& score, std::string_view name) {
  return *std::ranges::find(score.parts, name, &ScorePart::signal);
}

struct Sides {
  Traits seeker, counterpart;
  Candidate texts;
  Score score(const Weights& weights = weights_of({})) const {
    return counterpart::engine::score({seeker, this->counterpart, texts, real_taxonomy(), 20'000}, weights);
  }
};

TEST_CASE("score: is a probability, and its parts add up to it whatever speaks for and against", "[score]") {
  for (const float cosine : {-0.6F, 0.0F, 0.2F, 0.9F})
    for (const float words : {kUnknown, 0.0F, 0.5F}) {
      Sides sides;
      sides.texts = {0, cosine, cosine / 2, cosine, kUnknown, kUnknown, kUnknown, words, kUnknown};
      sides.seeker.languages = 1;
      sides.counterpart.languages = 2;
      const Score score = sides.score();
      double sum = 0;
      for (const ScorePart& one : score.parts) sum += one.contribution;
      CHECK(sum == Approx(score.total).margin(1e-6));
      CHECK((score.total > 0 && score.total < 1));
    }
}

// Somebody who states some of all that can be stated.
Traits somebody(std::mt19937& random) {
  const auto some = [&random](std::uint32_t below) {
    return random() % 3 == 0 ? 0U : static_cast<std::uint32_t>(random() % below);
  };
  Traits one;
  one.activity[0] = some(1U << 20U);
  one.technologies = some(64), one.themes = some(16);
  one.sdgs = some(256), one.cooperation = some(64);
  one.offered_max = static_cast<float>(some(1'000'000)), one.sought_max = static_cast<float>(some(1'000'000));
  one.offered_currency = one.offered_max > 0 ? 1 : 0, one.sought_currency = one.sought_max > 0 ? 2 : 0;
  one.offered_instruments = some(8), one.sought_instruments = some(8);
  one.country = some(4) == 0 ? kNoCountry : static_cast<std::uint16_t>(some(60));
  one.sector_count = static_cast<std::uint16_t>(some(4));
  for (std::size_t i = 0; i < one.sector_count; ++i) one.sectors[i] = static_cast<std::uint16_t>(random() % 700);
  one.stage = random() % 2 == 0 ? 0xff : static_cast<std::uint8_t>(random() % 11);
  one.trl = static_cast<std::uint8_t>(some(10)), one.languages = static_cast<std::uint8_t>(some(64));
  one.own_offer = random() % 2, one.own_need = random() % 2;
  one.completeness = static_cast<std::uint8_t>(some(256)), one.accepted = static_cast<std::int32_t>(some(20'000));
  return one;
}

TEST_CASE("score: the totals of one profile's pairs are those of each pair alone, to the last bit", "[score]") {
  std::mt19937 random(25);
  const Weights weights = weights_of({});
  const auto cosine = [&random] { return random() % 4 == 0 ? kUnknown : static_cast<float>(random() % 2000) / 1000 - 1; };
  for (int i = 0; i < 2'000; ++i) {
    const Traits one = somebody(random), other = somebody(random);
    Candidate texts{0, static_cast<float>(random() % 1000) / 1000, 0.2F, cosine(), cosine()};
    texts.words_forward = std::abs(cosine());
    if (random() % 2 == 0) texts.own_sectors.likeliest[0] = {{'C', '2', '7'}, 200};
    if (random() % 2 == 0) texts.their_sectors.likeliest[0] = {{'C', '2', '8'}, 100};
    const TotalScores of_one(one, weights), of_other(other, weights);
    const Pair asks{one, other, texts, real_taxonomy(), 20'000}, is_asked{other, one, texts, real_taxonomy(), 20'000};
    REQUIRE(of_one.of(asks) == total_score(asks, weights));
    REQUIRE(of_one.of(is_asked) == total_score(is_asked, weights));
    REQUIRE(of_other.of(asks) == total_score(asks, weights));
  }
}

TEST_CASE("score: what is not known neither helps nor harms", "[score]") {
  Sides nothing;
  const Score score = nothing.score(weights_of({{"bias", 0.0}, {"words_forward", 0.0}, {"words_backward", 0.0}}));
  CHECK(score.total == Approx(0.5));
  for (const ScorePart& one : score.parts)
    if (one.signal != "base") CHECK_FALSE(one.known);
}

TEST_CASE("score: words of another language count as the meaning predicts, not as none in common", "[score]") {
  Sides near, far;
  near.texts = {0, 0.8F, 0};
  far.texts = {0, 0.8F, 0, kUnknown, kUnknown, kUnknown, kUnknown, 0.0F};
  CHECK(part(near.score(), "words_forward").value > part(far.score(), "words_forward").value);
  CHECK_FALSE(part(near.score(), "words_forward").known);
  CHECK(near.score().total > far.score().total);
}

TEST_CASE("score: money fits where the ranges meet and an instrument is shared", "[score]") {
  const auto value = [](float offered_min, float offered_max, std::uint32_t offered, std::uint32_t sought) {
    Sides sides;
    sides.counterpart.offered_min = offered_min;
    sides.counterpart.offered_max = offered_max;
    sides.counterpart.offered_instruments = offered;
    sides.seeker.sought_min = 1e6F;
    sides.seeker.sought_max = 2e6F;
    sides.seeker.sought_instruments = sought;
    return part(sides.score(), "finance").value;
  };
  const std::uint32_t equity = bit_of(Cooperation::kEquity), loan = bit_of(Cooperation::kLoan);
  CHECK(value(5e5F, 5e6F, equity, equity | loan) == Approx(1));
  CHECK(value(5e5F, 5e6F, equity, loan) < 0.5);
  CHECK(value(0, 1e6F, equity, equity) == Approx(1));
  CHECK(value(0, 0.9e6F, equity, equity) < 0.5);  // little too little is too little
  CHECK(value(0, 1e5F, equity, equity) < value(0, 0.9e6F, equity, equity));
  CHECK(value(0, 1e4F, equity, equity) == Approx(0));
  CHECK(value(3e6F, 0, equity, equity) < 0.5);
}

TEST_CASE("score: amounts are compared by the shipped rates, and told as they were stated", "[score]") {
  const Taxonomy& t = real_taxonomy();
  const auto told_of = [&](Finance offered, Finance sought) {
    Profile giver, taker;
    giver.finance_offered = std::move(offered);
    taker.finance_sought = std::move(sought);
    const Traits a = traits_of(taker, t), b = traits_of(giver, t);
    const Pair pair{a, b, {}, t};
    const Score score = counterpart::engine::score(pair, weights_of({}));
    std::string text;
    for (const Reason& reason : reasons(pair, score)) text += told(reason.phrase) + "\n";
    return std::pair(part(score, "finance"), text);
  };
  const std::vector<Cooperation> equity{Cooperation::kEquity};
  SECTION("those that meet") {
    const auto [finance, text] = told_of({5e5, 3e6, "USD", equity}, {{}, 2e6, "EUR", equity});
    CHECK(finance.value == Approx(1));
    CHECK(text.find("giver=they, offer=money.converted(own=money.between(least=500000, most=3000000, currency=USD)") !=
          text.npos);
    CHECK(text.find("need=money.converted(own=money.up_to(most=2000000, currency=EUR), other=money.up_to(most=2") != text.npos);
  }
  SECTION("those that do not meet speak against the pair, and are told all the same") {
    const auto [finance, text] = told_of({5e5, 3e6, "USD", equity}, {15e6, 15e6, "EUR", equity});
    CHECK(finance.known);
    CHECK(finance.value < 0.5);
    CHECK(finance.contribution < 0);
    CHECK(text.find(
              "what=reason.finance.apart, giver=they, offer=money.converted(own=money.between(least=500000, most=3000000") !=
          text.npos);
    CHECK(text.find("need=money.converted(own=money.exactly(least=15000000, currency=EUR), other=money.exactly(least=1") !=
          text.npos);
  }
  SECTION("an amount that is no round number is told to the unit") {
    CHECK(told_of({1234567, {}, "USD", {}}, {{}, 2e6, "USD", {}}).second.find("money.from(least=1234567, currency=USD)") !=
          std::string::npos);
  }
  SECTION("one currency needs no rate; two without one are not compared, and that is said") {
    REQUIRE_FALSE(t.in_usd(1, "AFN"));
    CHECK(told_of({{}, 100, "AFN", {}}, {1000, {}, "AFN", {}}).first.value < 0.5);
    const auto [finance, text] = told_of({{}, 100, "AFN", equity}, {1000, {}, "USD", equity});
    CHECK(finance.value == Approx(1));  // by the instrument alone
    CHECK(text.find("reason.finance.no_rate(instruments=cooperation.equity)") != text.npos);
    CHECK_FALSE(told_of({{}, 100, "AFN", {}}, {1000, {}, "USD", {}}).first.known);
  }
  SECTION("no instrument in common") {
    const auto [finance, text] = told_of({{}, 5e6, "USD", {Cooperation::kLoan}}, {{}, 2e6, "USD", equity});
    CHECK(finance.value < 0.5);
    CHECK_THAT(
        text, Catch::Contains("what=reason.finance.no_instrument, giver=they, offer=money.as(amount=money.up_to(most=5000000"));
    CHECK_THAT(text, Catch::Contains("currency=USD), instruments=cooperation.equity)"));
  }
  SECTION("instruments without an amount") {
    const auto [finance, text] = told_of({{}, {}, {}, equity}, {{}, 2e6, "EUR", equity});
    CHECK(finance.value == Approx(1));
    CHECK(text.find("what=reason.finance.fits_by(instruments=cooperation.equity)") != text.npos);
    CHECK(text.find("offer=money.not_stated, need=money.up_to(most=2000000, currency=EUR)") != text.npos);
  }
}

namespace {

// A company that states what it offers and a project that states what it seeks, of equal texts otherwise.
Sides need_and_offer() {
  Sides sides;
  sides.seeker.own_need = sides.counterpart.own_offer = 1;
  return sides;
}

}  // namespace

TEST_CASE("score: all weight of the texts is on the direction that both state", "[score]") {
  Sides sides = need_and_offer();
  sides.texts = {0, 0.5F, 0.4F, 0.5F, 0.4F, kUnknown, kUnknown, 0.2F, kUnknown};
  const Score score = sides.score();
  const Weights weights = weights_of({});
  const auto weight_of = [&](std::string_view name) {
    return weights.by_signal[static_cast<std::size_t>(find_signal(name) - signals().data())];
  };
  CHECK(part(score, "fine_forward").weight == Approx(weight_of("fine_forward") + weight_of("fine_backward")));
  CHECK(part(score, "words_forward").weight == Approx(weight_of("words_forward") + weight_of("words_backward")));
  CHECK(part(score, "fine_forward").counted);
  for (const char* other : {"fine_backward", "words_backward", "backward"}) {
    INFO(other);
    CHECK_FALSE(part(score, other).counted);
    CHECK(part(score, other).contribution == 0);
  }
  SECTION("so what stands in for the other neither helps nor harms") {
    Sides apart = sides;
    apart.texts.backward = apart.texts.fine_backward = -0.4F;
    apart.texts.words_backward = 0;
    CHECK(apart.score().total == score.total);
  }
  SECTION("both sides state both: they share it") {
    sides.seeker.own_offer = sides.counterpart.own_need = 1;
    const Score both = sides.score();
    CHECK(part(both, "fine_forward").weight == Approx(weight_of("fine_forward")));
    CHECK(part(both, "fine_backward").weight == Approx(weight_of("fine_backward")));
  }
  SECTION("neither is stated by both: the one that is stated better counts") {
    sides.counterpart.own_offer = 0;
    CHECK(part(sides.score(), "fine_forward").counted);
    CHECK_FALSE(part(sides.score(), "fine_backward").counted);
    sides.counterpart.own_need = 1;  // each is stated by one of the two
    CHECK(part(sides.score(), "fine_backward").counted);
  }
}

TEST_CASE("score: what the fine model says takes the place of what the fast one does", "[score]") {
  Sides sides = need_and_offer();
  sides.texts = {0, 0.5F, 0, 0.5F, 0, kUnknown, kUnknown, 0.2F, kUnknown};
  const Score fine = sides.score();
  CHECK_FALSE(part(fine, "forward").counted);
  sides.texts.forward = 0.1F;
  CHECK(sides.score().total == fine.total);
  sides.texts.fine_forward = kUnknown;
  const Score fast = sides.score();
  CHECK(part(fast, "forward").counted);
  CHECK_FALSE(part(fast, "fine_forward").counted);
  CHECK(part(fast, "forward").weight < part(fine, "fine_forward").weight);
}

TEST_CASE("score: in a list of two languages neither one's chance hits stand before the other's right answers", "[score]") {
  // As measured on known pairs: right answers, and the nearest of those that are wrong.
  const auto total = [](float fast, float fine, float words) {
    Sides sides = need_and_offer();
    sides.texts = {0, fast, 0, fine, 0, kUnknown, kUnknown, words, kUnknown};
    return sides.score().total;
  };
  const double right_own = total(0.57F, 0.49F, 0.105F), wrong_own = total(0.35F, 0.27F, 0.02F);
  const double right_other = total(0.68F, 0.45F, kUnknown), wrong_other = total(0.34F, 0.25F, kUnknown);
  CHECK(right_own > wrong_other);
  CHECK(right_other > wrong_own);
}

TEST_CASE("score: a text that stands in for another counts less, by its words as by its vectors", "[score]") {
  Sides own = need_and_offer(), summary = need_and_offer();
  own.texts = summary.texts = {0, 0.5F, 0, 0.5F, 0, kUnknown, kUnknown, 0.2F, kUnknown};
  summary.counterpart.own_offer = 0;
  CHECK(part(own.score(), "words_forward").value == Approx(0.2));
  CHECK(part(summary.score(), "words_forward").value == Approx(0.2 * 0.7));
}

TEST_CASE("score: a reason is given of the direction that counts, by the model that counts", "[score]") {
  Sides sides = need_and_offer();
  sides.texts = {0, 0.31F, 0.32F, 0.43F, 0.44F, kUnknown, kUnknown, 0.0F, kUnknown};
  const auto reasons_of = [&] {
    std::string text;
    const Pair pair{sides.seeker, sides.counterpart, sides.texts, real_taxonomy(), 20'000};
    for (const Reason& reason : reasons(pair, sides.score(weights_of({{"bias", -1}})))) text += told(reason.phrase) + "\n";
    return text;
  };
  CHECK(reasons_of() == "reason.texts_forward(theirs=offer, yours=seek, near=no, similarity=0.43)\n");
  sides.texts.fine_forward = sides.texts.fine_backward = kUnknown;
  CHECK(reasons_of() == "reason.texts_forward(theirs=offer, yours=seek, near=no, similarity=0.31)\n");
}

TEST_CASE("signals: the other direction of one names it back", "[score]") {
  for (const Signal& signal : signals()) {
    INFO(signal.name);
    if (signal.texts.source == SignalSource::kTraits) continue;
    const Signal* other = find_signal(signal.texts.other_direction);
    REQUIRE(other);
    CHECK(other->texts.other_direction == signal.name);
    CHECK(other->texts.direction != signal.texts.direction);
    CHECK(other->texts.source == signal.texts.source);
  }
}

TEST_CASE("signals: what is not compared when candidates are looked for counts for the fast vectors", "[score]") {
  const Weights weights = weights_of({{"forward", 1},
                                      {"backward", 2},
                                      {"fine_forward", 4},
                                      {"fine_backward", -8},
                                      {"words_forward", 64},
                                      {"words_backward", 32}});
  const TextWeights fast = text_weights(weights, false);
  CHECK(fast.forward == 69);
  CHECK(fast.backward == 34);
  CHECK((fast.fine_forward == 0 && fast.fine_backward == 0));
  const TextWeights both = text_weights(weights, true);
  CHECK((both.forward == 1 && both.backward == 2));
  CHECK((both.fine_forward == 4 && both.fine_backward == 0));
}

TEST_CASE("learn: finds which signal tells the relevant one, and by how much it may be believed", "[learn]") {
  // The first signal tells right three times in four, the second is noise; ten candidates a question.
  std::vector<LearningList> lists;
  std::uint32_t state = 1;
  const auto random = [&] { return static_cast<float>((state = state * 1664525U + 1013904223U) >> 8U) / 16777216.0F; };
  for (int i = 0; i < 400; ++i) {
    LearningList list{{}, {static_cast<std::size_t>(i % 10)}, 1};
    for (std::size_t c = 0; c < 10; ++c) {
      const bool told = i % 4 != 0 ? c == list.relevant[0] : c == (list.relevant[0] + 3) % 10;
      list.values.push_back(told ? 1.0F : 0.0F);
      list.values.push_back(random());
    }
    lists.push_back(std::move(list));
  }
  const Learned learned = learn(lists, 2);
  CHECK(learned.weights[0] > 10 * learned.weights[1]);
  const double named = 1 / (1 + std::exp(-(learned.bias + learned.weights[0] + learned.weights[1] / 2)));
  CHECK(named == Approx(0.75).margin(0.05));  // calibrated
  CHECK(learn(lists, 2).weights == learned.weights);
}

TEST_CASE("learn: a signal that misleads is given no weight rather than a negative one", "[learn]") {
  std::vector<LearningList> lists(20, LearningList{{0, 1, 0, 1}, {0}, 1});
  CHECK(learn(lists, 1).weights[0] == 0);
}

TEST_CASE("weights: a programme's own go before the default ones, and a wrong one is refused with its line", "[weights]") {
  const TempFolder folder;
  const auto write = [&](std::string_view text) {
    std::ofstream(folder.path() / "weights.toml") << text;
    return load_weights(folder.path() / "weights.toml");
  };
  const auto right = write("[default]\nbias = -4.0\nforward = 9\n[pfan]\nforward = 2.5\n");
  REQUIRE(right);
  CHECK(right->of("pfan").at("forward") == 2.5);
  CHECK(right->of("pfan").at("bias") == -4);
  CHECK(right->of("itpo").at("forward") == 9);
  const auto wrong = write("[default]\nbias = 1\nforwards = 2\n");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().place == "weights.toml:3");
  CHECK_FALSE(write("[default]\nforward = 'much'\n"));
  CHECK(write(weights_text({{"bias", -1.5}}))->of("open").at("bias") == -1.5);
}

TEST_CASE("metrics: discounted gain is 1 for the first place and nothing beyond the tenth", "[metrics]") {
  std::vector<double> scores(20, 0.0);
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = -static_cast<double>(i);
  const auto gain = [&](std::size_t relevant) {
    RankingQuality quality;
    const std::vector<std::size_t> one{relevant};
    quality.add(scores, one);
    return quality.mean().ndcg_at_10;
  };
  CHECK(gain(0) == Approx(1));
  CHECK(gain(1) == Approx(1 / std::log2(3)));
  CHECK(gain(10) == 0);
}

}  // namespace
}  // namespace counterpart::engine
