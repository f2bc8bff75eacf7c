// The rows of THE table of signals. Their weights here are priors, in log-odds: what no known pair tells yet; what pairs do
// tell is shipped in datasets/weights.toml.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "engine/score/score.h"
#include "engine/score/sector_fit.h"
#include "engine/taxonomy/money.h"

namespace counterpart::engine {
namespace {

// (1 + cosine) / 2: a cosine of 0 (nothing in common) is kNeutral.
std::optional<double> of_cosine(float cosine) {
  if (std::isnan(cosine) || cosine == 0) return std::nullopt;  // one of the two has no words for this direction
  return std::clamp((1.0 + static_cast<double>(cosine)) / 2.0, 0.0, 1.0);
}

template <class Mask>
std::optional<double> overlap(Mask a, Mask b) {
  if (a == 0 || b == 0) return std::nullopt;
  return static_cast<double>(std::popcount(a & b)) / static_cast<double>(std::min(std::popcount(a), std::popcount(b)));
}

// What `word` says of each bit.
template <class Mask, class Word>
std::vector<PhraseWord> words_of(Mask mask, Word word) {
  std::vector<PhraseWord> words;
  for (; mask != 0; mask &= mask - 1) words.push_back(word(static_cast<std::size_t>(std::countr_zero(mask))));
  return words;
}

Title title_of(Title::List list, const CodeList& codes, std::size_t i) { return Title{list, codes.entries()[i].code}; }

template <class Mask>
std::vector<PhraseWord> forms_of(Mask mask) {
  return words_of(mask, [](std::size_t i) { return Term{"cooperation." + std::string(Vocabulary<Cooperation>::kNames[i])}; });
}

// Of what both state.
Phrase shared(std::string_view key, std::string_view argument, std::vector<PhraseWord> words) {
  if (words.empty()) return {};
  return {std::string(key), {{std::string(argument), std::move(words)}}};
}

Phrase sector_reason(const Pair& pair, double value) {
  const std::optional<SectorFit> fit = sector_fit(pair);
  if (!fit || fit->shared.empty()) return {};
  const std::string code(fit->shared);
  PhraseArguments both{{"code", code}, {"title", Title{Title::List::kSectors, code}}};
  if (fit->stated()) return {"reason.sectors", std::move(both)};
  if (value <= kNeutral) return {};  // it may well not be so
  both.emplace_back("whose", std::string(fit->yours_stated ? "theirs" : fit->theirs_stated ? "yours" : "both"));
  return {"reason.sectors_inferred", std::move(both)};
}

// What was inferred is no more than what the texts say, which are compared as they are.
bool sector_alone(const Pair& pair) {
  const std::optional<SectorFit> fit = sector_fit(pair);
  return !fit || !fit->stated() || fit->shared.size() <= 1;
}

bool sector_inferred(const Pair& pair) { return pair.seeker.sector_count == 0 || pair.counterpart.sector_count == 0; }

bool always(const Pair&) { return true; }

bool active_in(const Traits& who, std::uint16_t country) {
  return country < kMaxCountries && (who.activity[country / 64] >> (country % 64) & 1U) != 0;
}

bool states_activity(const Traits& who) { return (who.activity[0] | who.activity[1] | who.activity[2] | who.activity[3]) != 0; }

Phrase work_there(std::string_view key, const Pair& pair, std::uint16_t country) {
  return {std::string(key), {{"country", title_of(Title::List::kCountries, pair.taxonomy.countries, country)}}};
}

constexpr double kFewWords = 0.03;  // what any two texts of one field have in common

// What a direction's texts count together: a text that stands in for another counts less by its words as by its vectors.
double discount_of(const Pair& p, Direction direction) {
  const bool forward = direction == Direction::kForward;
  const bool own = (forward ? p.seeker.own_need : p.seeker.own_offer) != 0;
  const bool theirs = (forward ? p.counterpart.own_offer : p.counterpart.own_need) != 0;
  return static_cast<double>((own ? 1.0F : kStandIn) * (theirs ? 1.0F : kStandIn));
}

std::optional<double> of_words(const Pair& p, Direction direction, float share) {
  if (std::isnan(share)) return std::nullopt;
  return std::clamp(discount_of(p, direction) * static_cast<double>(share), 0.0, 1.0);
}

// What words would say if both spoke one language. Words in common grow with the square of what the texts have in common by
// meaning; by the fast vectors, which know most of translations. Chosen on lists that mix right answers of one language with
// wrong ones of another, either way round: a line through the same points lets the noise of the other language in. By least
// squares within one language a square is worth .3 words over all pairs and .7 where texts are near, which is where a list
// is made; between the two.
constexpr double kWordsOfMeaning = 0.5;
double words_of_meaning(const Pair& p, Direction direction, float cosine) {
  if (!of_cosine(cosine)) return kFewWords;
  const double meaning = std::max(static_cast<double>(cosine), 0.0);
  return std::min(kWordsOfMeaning * meaning * meaning / discount_of(p, direction),
                  1.0);  // the cosine has the discount, its square has it twice
}

// ---- money

// One side's, as stated. 0: an open end.
struct Money {
  float min, max;
  std::uint8_t currency;
  std::uint32_t instruments;
  bool states_amount() const { return min > 0 || max > 0; }
};

Money offer_of(const Traits& who) { return {who.offered_min, who.offered_max, who.offered_currency, who.offered_instruments}; }
Money need_of(const Traits& who) { return {who.sought_min, who.sought_max, who.sought_currency, who.sought_instruments}; }

std::string_view code_of(const Money& money, const Taxonomy& taxonomy) {
  return money.currency == 0 ? std::string_view{} : taxonomy.currencies.entries()[money.currency - 1U].code;
}

bool states_money(const Traits& side) {
  const Money offer = offer_of(side), need = need_of(side);
  return offer.states_amount() || offer.instruments != 0 || need.states_amount() || need.instruments != 0;
}

// How far two ranges of money meet: 1 where they overlap; where they do not it speaks against the pair, from kApart
// down to 0 at a factor of 100.
constexpr double kApart = 0.4;

std::optional<double> ranges_meet(const Money& offer, const Money& need, const Taxonomy& taxonomy) {
  if (!offer.states_amount() || !need.states_amount()) return std::nullopt;
  const auto unit = converted(1, code_of(need, taxonomy), code_of(offer, taxonomy), taxonomy);
  if (!unit) return std::nullopt;  // of two currencies without a rate nobody can tell
  const auto factor = [](double more, double less) { return more > 0 && less > 0 && more > less ? more / less : 1; };
  const double gap = std::max(factor(static_cast<double>(need.min) * *unit, static_cast<double>(offer.max)),
                              factor(static_cast<double>(offer.min), static_cast<double>(need.max) * *unit));
  constexpr double kRounding = 1e-6;  // of a float and a rate
  return gap <= 1 + kRounding ? 1 : kApart * std::clamp(1 - std::log10(gap) / 2, 0.0, 1.0);
}

// One side's money against the other's need: the ranges, and whether an instrument is shared where both name some.
struct MoneyFit {
  Money offer, need;
  std::optional<double> range;
  bool both_name = false, shares = false;  // instruments
  double value = 0;
};

std::optional<MoneyFit> money_fit(const Traits& giver, const Traits& taker, const Taxonomy& taxonomy) {
  MoneyFit fit{offer_of(giver), need_of(taker), {}};
  fit.range = ranges_meet(fit.offer, fit.need, taxonomy);
  fit.both_name = fit.offer.instruments != 0 && fit.need.instruments != 0;
  fit.shares = (fit.offer.instruments & fit.need.instruments) != 0;
  if (!fit.range && !fit.both_name) return std::nullopt;
  fit.value = fit.range.value_or(1) * (!fit.both_name || fit.shares ? 1 : 0.2);
  return fit;
}

// Of the two directions the one that fits better.
struct MoneyOfPair {
  MoneyFit fit;
  bool theirs;  // the counterpart gives
};

std::optional<MoneyOfPair> money_of(const Pair& p) {
  const auto theirs = money_fit(p.counterpart, p.seeker, p.taxonomy), ours = money_fit(p.seeker, p.counterpart, p.taxonomy);
  if (theirs && (!ours || theirs->value >= ours->value)) return MoneyOfPair{*theirs, true};
  return ours ? std::optional(MoneyOfPair{*ours, false}) : std::nullopt;
}

std::optional<double> finance_fit(const Pair& p) {
  const std::optional<MoneyOfPair> money = money_of(p);
  return money ? std::optional(money->fit.value) : std::nullopt;
}

// The number that was stated: the shortest that gives this float.
std::optional<double> stated(float amount) {
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), amount).ptr;
  double value = 0;
  std::from_chars(digits, end, value);
  return amount > 0 ? std::optional(value) : std::nullopt;
}

// "up to 2,000,000 EUR (up to 2,320,000 USD)"; `beside`: the other side's currency, where it is another one.
Phrase amounts_of(const Money& money, const Taxonomy& taxonomy, std::string_view beside) {
  const std::string_view code = code_of(money, taxonomy);
  const std::optional<double> min = stated(money.min), max = stated(money.max);
  Phrase own = range_of(min, max, code);
  const auto unit = converted(1, code, beside, taxonomy);
  if (beside.empty() || code == beside || !unit || own.empty()) return own;
  const auto other = [&](std::optional<double> end) { return end ? std::optional(*end * *unit) : end; };
  return {"money.converted", {{"own", nested(std::move(own))}, {"other", nested(range_of(other(min), other(max), beside))}}};
}

Phrase money_reason(const Pair& p, double) {
  const std::optional<MoneyOfPair> money = money_of(p);
  if (!money) return {};
  const MoneyFit& fit = money->fit;
  const bool apart = fit.range && *fit.range < 1, none_shared = fit.both_name && !fit.shares;
  const bool state_amounts = fit.offer.states_amount() && fit.need.states_amount();
  Phrase what{apart && none_shared          ? "reason.finance.neither"
              : apart                       ? "reason.finance.apart"
              : none_shared                 ? "reason.finance.no_instrument"
              : !fit.shares                 ? "reason.finance.fits"
              : !fit.range && state_amounts ? "reason.finance.no_rate"
                                            : "reason.finance.fits_by"};
  if (fit.shares && !apart) what.arguments.emplace_back("instruments", forms_of(fit.offer.instruments & fit.need.instruments));
  if (!fit.range && fit.shares && !fit.offer.states_amount() && !fit.need.states_amount()) return what;
  const auto stated_by = [&](const Money& one, const Money& other) -> Phrase {
    Phrase amounts = amounts_of(one, p.taxonomy, code_of(other, p.taxonomy));
    if (!none_shared) return amounts.empty() ? Phrase{"money.not_stated"} : amounts;
    if (amounts.empty()) return {"money.instruments", {{"instruments", forms_of(one.instruments)}}};
    return {"money.as", {{"amount", nested(std::move(amounts))}, {"instruments", forms_of(one.instruments)}}};
  };
  return {"reason.finance.stated",
          {{"what", nested(std::move(what))},
           {"giver", std::string(money->theirs ? "they" : "you")},
           {"offer", nested(stated_by(fit.offer, fit.need))},
           {"need", nested(stated_by(fit.need, fit.offer))}}};
}

// How near to use a technology or a project is, 0-1: by its readiness level where stated, else by its stage.
std::optional<double> readiness(const Traits& who) {
  if (who.trl != 0) return (who.trl - 1) / 8.0;
  constexpr double kByStage[] = {0.1, 0.3, 0.5, 0.75, 1.0, 0.1, 0.3, 0.5, 0.65, 0.85, 1.0};
  return who.stage < std::size(kByStage) ? std::optional(kByStage[who.stage]) : std::nullopt;
}

// Whether each side has said what its direction is about, or something stands in for it.
Phrase text_reason(std::string_view key, bool theirs, std::string_view their_side, bool yours, std::string_view your_side,
                   float cosine) {
  if (cosine < 0.2F) return {};
  return {std::string(key),
          {{"theirs", std::string(theirs ? their_side : "other")},
           {"yours", std::string(yours ? your_side : "other")},
           {"near", std::string(cosine >= 0.5F ? "yes" : "no")},
           {"similarity", Decimal{static_cast<double>(cosine), 2}}}};
}

Phrase forward_reason(const Pair& p, float cosine) {
  return text_reason("reason.texts_forward", p.counterpart.own_offer != 0, "offer", p.seeker.own_need != 0, "seek", cosine);
}

Phrase backward_reason(const Pair& p, float cosine) {
  return text_reason("reason.texts_backward", p.counterpart.own_need != 0, "seek", p.seeker.own_offer != 0, "offer", cosine);
}

Phrase no_reason(const Pair&, double) { return {}; }

Phrase words_reason(std::string_view key, double value) {
  if (value < 0.2) return {};
  return {std::string(key), {{"likeness", Decimal{value, 2}}}};
}

constexpr Signal kSignals[] = {
    // clang-format off
    {"forward", "their offer against the seeker's need, by meaning; where the fine text model has not been there", 1.8, kNeutral,
     [](const Pair& p) { return of_cosine(p.texts.forward); },
     [](const Pair& p, double) { return forward_reason(p, p.texts.forward); },
     nullptr, false, {SignalSource::kFastVectors, Direction::kForward, "backward"}},
    {"backward", "the seeker's offer against their need, by meaning; where the fine text model has not been there", 1.2, kNeutral,
     [](const Pair& p) { return of_cosine(p.texts.backward); },
     [](const Pair& p, double) { return backward_reason(p, p.texts.backward); },
     nullptr, false, {SignalSource::kFastVectors, Direction::kBackward, "forward"}},
    {"fine_forward", "their offer against the seeker's need, by the fine text model", 6.0, kNeutral,
     [](const Pair& p) { return of_cosine(p.texts.fine_forward); },
     [](const Pair& p, double) { return forward_reason(p, p.texts.fine_forward); },
     nullptr, false, {SignalSource::kFineVectors, Direction::kForward, "fine_backward"}},
    {"fine_backward", "the seeker's offer against their need, by the fine text model", 4.0, kNeutral,
     [](const Pair& p) { return of_cosine(p.texts.fine_backward); },
     [](const Pair& p, double) { return backward_reason(p, p.texts.fine_backward); },
     nullptr, false, {SignalSource::kFineVectors, Direction::kBackward, "fine_forward"}},
    {"words_forward", "words of the seeker's need in their offer", 4.5, kFewWords,
     [](const Pair& p) { return of_words(p, Direction::kForward, p.texts.words_forward); },
     [](const Pair&, double value) { return words_reason("reason.words_forward", value); },
     [](const Pair& p) { return words_of_meaning(p, Direction::kForward, p.texts.forward); },
     false, {SignalSource::kWords, Direction::kForward, "words_backward"}},
    {"words_backward", "words of the seeker's offer in their need", 3.0, kFewWords,
     [](const Pair& p) { return of_words(p, Direction::kBackward, p.texts.words_backward); },
     [](const Pair&, double value) { return words_reason("reason.words_backward", value); },
     [](const Pair& p) { return words_of_meaning(p, Direction::kBackward, p.texts.backward); },
     false, {SignalSource::kWords, Direction::kBackward, "words_forward"}},
    {"sectors", "nearest pair of sectors in the ISIC tree; of who states none, as its text lets expect", 2.0, kNeutral,
     [](const Pair& p) -> std::optional<double> {
       const std::optional<SectorFit> fit = sector_fit(p);
       return fit ? std::optional(fit->value) : std::nullopt;
     },
     sector_reason, nullptr, false, {}, sector_alone, sector_inferred},
    {"cooperation", "forms of cooperation both state", 1.0, kNeutral,
     [](const Pair& p) { return overlap(p.seeker.cooperation, p.counterpart.cooperation); },
     [](const Pair& p, double) {
       return shared("reason.cooperation", "forms", forms_of(p.seeker.cooperation & p.counterpart.cooperation));
     }, nullptr, false, {}, always, nullptr, [](const Traits& side) { return side.cooperation != 0; }},
    {"technologies", "technologies both state", 1.2, kNeutral,
     [](const Pair& p) { return overlap(p.seeker.technologies, p.counterpart.technologies); },
     [](const Pair& p, double) {
       return shared("reason.technologies", "names", words_of(p.seeker.technologies & p.counterpart.technologies, [&](std::size_t i) {
                       return title_of(Title::List::kTechnologies, p.taxonomy.technologies, i);
                     }));
     }, nullptr, false, {}, nullptr, nullptr, [](const Traits& side) { return side.technologies != 0; }},
    {"themes", "themes both state", 0.8, kNeutral, [](const Pair& p) { return overlap(p.seeker.themes, p.counterpart.themes); },
     [](const Pair& p, double) {
       return shared("reason.themes", "names", words_of(p.seeker.themes & p.counterpart.themes, [&](std::size_t i) {
                       return title_of(Title::List::kThemes, p.taxonomy.themes, i);
                     }));
     }, nullptr, false, {}, always, nullptr, [](const Traits& side) { return side.themes != 0; }},
    {"sdgs", "Sustainable Development Goals both state", 0.4, kNeutral,
     [](const Pair& p) { return overlap(p.seeker.sdgs, p.counterpart.sdgs); },
     [](const Pair& p, double) {
       return shared("reason.sdgs", "numbers", words_of(p.seeker.sdgs & p.counterpart.sdgs, [](std::size_t i) {
                       return std::to_string(i + 1);
                     }));
     }, nullptr, false, {}, always, nullptr, [](const Traits& side) { return side.sdgs != 0; }},
    {"geography", "one already works in the other's country", 1.0, kNeutral,
     [](const Pair& p) -> std::optional<double> {
       if (p.seeker.country == kNoCountry || (!states_activity(p.seeker) && !states_activity(p.counterpart)))
         return std::nullopt;
       const bool there = active_in(p.seeker, p.counterpart.country);
       const bool here = active_in(p.counterpart, p.seeker.country);
       return there && here ? 1.0 : there || here ? 0.8 : 0.3;
     },
     [](const Pair& p, double) -> Phrase {
       if (active_in(p.counterpart, p.seeker.country)) return work_there("reason.they_work_in", p, p.seeker.country);
       if (active_in(p.seeker, p.counterpart.country)) return work_there("reason.you_work_in", p, p.counterpart.country);
       return {};
     }, nullptr, false, {}, always},
    {"languages", "a language in common", 0.5, kNeutral,
     [](const Pair& p) -> std::optional<double> {
       if (p.seeker.languages == 0 || p.counterpart.languages == 0) return std::nullopt;
       return (p.seeker.languages & p.counterpart.languages) != 0 ? 1.0 : 0.2;
     },
     [](const Pair& p, double) {
       return shared("reason.languages", "names", words_of(static_cast<unsigned>(p.seeker.languages & p.counterpart.languages),
                                                           [](std::size_t i) { return Term{"language." + std::string(kUnLanguages[i])}; }));
     }, nullptr, false, {}, always, nullptr, [](const Traits& side) { return side.languages != 0; }},
    // clang-format on
    {"finance",
     "money offered against money sought: amounts by the shipped rates, instruments",
     1.5,
     kNeutral,
     finance_fit,
     money_reason,
     nullptr,
     true,
     {},
     nullptr,
     nullptr,
     states_money},
    {"stage",
     "how near to use both are: technology readiness or stage",
     0.5,
     kNeutral,
     [](const Pair& p) -> std::optional<double> {
       const std::optional<double> a = readiness(p.seeker), b = readiness(p.counterpart);
       if (!a || !b) return std::nullopt;
       return 1 - std::abs(*a - *b);
     },
     no_reason,
     nullptr,
     false,
     {},
     nullptr,
     nullptr,
     [](const Traits& side) { return readiness(side).has_value(); }},
    {"freshness", "how lately the counterpart wrote its profile", 0.3, kNeutral,
     [](const Pair& p) -> std::optional<double> {
       if (p.counterpart.accepted == 0 || p.today == 0) return std::nullopt;
       const double days = std::max(0, p.today - p.counterpart.accepted);
       return 1 / (1 + days / 730);  // half after two years
     },
     no_reason},
    {"completeness", "how much the counterpart's profile states", 0.3, kNeutral,
     [](const Pair& p) -> std::optional<double> {
       if (p.counterpart.completeness == 0) return std::nullopt;
       return p.counterpart.completeness / 255.0;
     },
     no_reason},
};

}  // namespace

std::span<const Signal> signals() { return kSignals; }

const Signal* find_signal(std::string_view name) {
  const auto* found = std::ranges::find(kSignals, name, &Signal::name);
  return found == std::end(kSignals) ? nullptr : found;
}

}  // namespace counterpart::engine
