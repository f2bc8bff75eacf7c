#include "engine/match/absence.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/corpus/field.h"
#include "engine/programme/condition_words.h"
#include "engine/programme/eligibility.h"

namespace counterpart::engine {
namespace {

using Owner = Condition::Owner;

bool same(const Condition& a, const Condition& b) {
  return a.field == b.field && a.any_of == b.any_of && a.negated == b.negated;
}

bool contains(const Conditions& list, const Condition& condition) {
  return std::ranges::any_of(list, [&](const Condition& one) { return same(one, condition); });
}

// Conditions on the counterparts, each with what is said of those whom it removes.
struct Step {
  Removed removed;
  Condition condition;
};

Step of_request(const Condition& condition) {
  return {{in_words(condition), {"owner.request"}, 0, {"absence.request", {{"field", condition.field}}}}, condition};
}

class Finder {
 public:
  explicit Finder(const AbsenceQuestion& question)
      : q_(question), seeker_(question.seeker.profile), own_(question.seeker.anonymous ? PhraseArgument(Term{"owner.asker"})
                                                             : seeker_.id.empty()      ? PhraseArgument(Term{"owner.draft"})
                                                                                       : in_backticks(seeker_.id)) {}

  MatchAbsence find() {
    rest_.all = q_.within;
    absence_.among = left_ = count(rest_, kEver);
    for (const Condition& condition : q_.where) add(of_request(condition));
    add_both_sides_own();
    if (q_.programme.slug != "open")
      add({{{"absence.takes_part", {{"programme", q_.programme.slug}}},
            owner_programme(q_.programme),
            0,
            {"absence.list", {{"programme", q_.programme.slug}}}},
           {"programmes", {q_.programme.slug, std::string(kAnyKey)}, false, Owner::kProgramme}});
    if (!q_.programme.pairs.empty()) add_sides();
    fall(rest_, q_.today, outdated());
    if (!q_.programme.pairs.empty()) add_own_standing();
    find_one_beyond();
    return std::move(absence_);
  }

 private:
  // A way from the asker's side to one across it.
  struct Way {
    std::size_t from, to;
  };

  static Removed outdated() { return {{"absence.valid"}, {"owner.counterparts"}, 0, {"absence.renew"}}; }
  std::uint64_t count(const Filter& filter, std::int32_t today) const {
    return count_others(q_.corpus, filter, today, seeker_.id);
  }

  // Those of the rest that `filter`, which is narrower, leaves out have fallen.
  void fall(Filter filter, std::int32_t today, Removed removed, bool always = false) {
    rest_ = std::move(filter);
    const std::uint64_t still = left_ == 0 ? 0 : count(rest_, today);
    removed.count = left_ - still;
    left_ = still;
    if (removed.count > 0 || always) absence_.removed.push_back(std::move(removed));
  }

  void add(Step step) {
    Filter narrower = rest_;
    narrower.all.push_back(step.condition);
    fall(std::move(narrower), kEver, step.removed);
    steps_.push_back(std::move(step));
  }

  void add_both_sides_own() {
    for (const Condition& condition : demands_of(seeker_, Owner::kSeeker))
      add({{in_words(condition), seeker_.id.empty() ? Phrase{"owner.draft"} : owner_profile(seeker_.id), 0,
            condition.negated ? Phrase{"verdict.change.exclusion", {{"owner", own_}}}
                              : Phrase{"absence.widen_own", {{"who", own_}}}},
           condition});
    for (const Condition& condition : admitting(q_.seeker, q_.taxonomy)) add(of_counterparts(condition));
  }

  Step of_counterparts(const Condition& condition) const {
    const std::string_view field = field_demanded(condition);
    const Phrase found = stated(seeker_, field, q_.taxonomy);
    const std::pair<std::string, PhraseArgument> who{"who", own_}, what{"found", nested(found)};
    const std::pair<std::string, PhraseArgument> of_field{"field", Term{"field." + std::string(field)}};
    return {{condition.negated ? Phrase{"absence.not_excluded", {who, what}} : Phrase{"absence.accepts", {who, what, of_field}},
             {"owner.counterparts"},
             0,
             is_unstated(found) ? Phrase{"absence.state_own", {who, of_field}} : Phrase{"absence.widen_theirs"}},
            condition};
  }

  static Step of_side(const Condition& condition, const Phrase& owner) {
    return {{in_words(condition),
             owner,
             0,
             {condition.negated ? "absence.side.none" : "absence.side.one", {{"owner", nested(owner)}}}},
            condition};
  }

  void add_sides() {
    choose_ways();
    std::set<std::size_t> targets;
    for (const Way& way : ways_) targets.insert(way.to);
    targets_.assign(targets.begin(), targets.end());
    // What all of them ask is a step of its own. The rest can be one only where there is a single way.
    const Conditions& first = q_.programme.sides[targets_[0]].eligible;
    const Phrase owner = targets_.size() == 1 ? owner_side(q_.programme, targets_[0]) : owner_programme(q_.programme);
    for (const Condition& condition : first)
      if (std::ranges::all_of(targets_,
                              [&](std::size_t side) { return contains(q_.programme.sides[side].eligible, condition); }))
        add(of_side(condition, owner));
    Values labels;
    for (const std::size_t side : targets_) labels.words.emplace_back(Authored{q_.programme.sides[side].label});
    if (targets_.size() > 1)
      fall(across({}), kEver, {{"absence.sides", {{"sides", labels}}}, owner, 0, {"absence.sides_remedy"}});
    std::vector<const Gate*> open;
    for (const Gate& gate : q_.programme.gates) {
      if (!targets.contains(gate.side)) continue;
      open.push_back(&gate);
      fall(across(open), kEver, of_gate(gate, std::nullopt));
    }
    gates_ = std::move(open);
    reached_ = targets_;
  }

  // `about`: who is meant; nothing: the counterparts.
  Removed of_gate(const Gate& gate, const std::optional<PhraseArgument>& about) const {
    std::vector<Phrase> conditions;
    for (const Condition& condition : gate.conditions) conditions.push_back(in_words(condition));
    Phrase all =
        about ? in_words_about(*about, gate.conditions) : Phrase{"absence.all", {{"conditions", std::move(conditions)}}};
    Phrase remedy = remedy_of(gate);
    if (remedy.empty()) remedy = {"absence.gate"};
    return {with_label(std::move(all), gate), owner_gate(q_.programme, gate), 0, std::move(remedy)};
  }

  // The rest, on one of the sides across, with these gates open.
  Filter across(const std::vector<const Gate*>& gates) const { return across(targets_, gates); }
  Filter across(const std::vector<std::size_t>& sides, const std::vector<const Gate*>& gates) const {
    Filter filter;
    filter.all = q_.within;
    for (const Step& step : steps_) filter.all.push_back(step.condition);
    for (const std::size_t side : sides) {
      Conditions group = q_.programme.sides[side].eligible;
      for (const Gate* gate : gates)
        if (gate->side == side) group.insert(group.end(), gate->conditions.begin(), gate->conditions.end());
      filter.either.push_back(std::move(group));
    }
    if (filter.either.empty()) filter.all.push_back({"kind", {}, false, Owner::kProgramme});  // nobody has one of no keys
    return filter;
  }

  Conditions broken_of(std::size_t side) const {
    Conditions broken;
    for (const Condition& condition : q_.programme.sides[side].eligible)
      if (can_be_tested(condition, q_.seeker) && !holds(condition, seeker_, q_.taxonomy)) broken.push_back(condition);
    return broken;
  }
  bool shut(const Gate& gate) const {
    return !std::ranges::all_of(
        gate.conditions, [&](const Condition& c) { return !can_be_tested(c, q_.seeker) || holds(c, seeker_, q_.taxonomy); });
  }

  // Unless the asker has said on which side it stands, it may be any.
  bool stands_there(std::size_t side) const {
    return q_.seeker.side.empty() || q_.programme.sides[side].name == q_.seeker.side;
  }

  // From the sides that the asker stands on, whatever gates there are; from the one that it comes nearest to where it
  // stands on none.
  void choose_ways() {
    std::vector<Way> all;
    for (const auto& [left, right] : q_.programme.pairs) {
      if (stands_there(left)) all.push_back({left, right});
      if (left != right && stands_there(right)) all.push_back({right, left});
    }
    std::size_t fewest = SIZE_MAX;
    for (const Way& way : all) fewest = std::min(fewest, broken_of(way.from).size());
    std::optional<std::size_t> nearest;
    for (const Way& way : all) {
      if (broken_of(way.from).size() != fewest) continue;
      if (fewest > 0 && nearest.value_or(way.from) != way.from) continue;
      nearest = way.from;
      ways_.push_back(way);
    }
  }

  // What keeps the asker itself out.
  void add_own_standing() {
    const bool member = takes_part(seeker_.programmes, q_.programme.slug);
    const auto keep_out = [&](Removed removed, std::vector<std::size_t> reached) {
      kept_out_.push_back(removed);
      reached_ = std::move(reached);
      fall(across(reached_, gates_), q_.today, std::move(removed), true);
    };
    if (!member)
      keep_out({{"verdict.member", {{"who", own_}, {"programme", q_.programme.slug}}},
                owner_programme(q_.programme),
                0,
                {"verdict.change.list", {{"who", own_}, {"programme", q_.programme.slug}}}},
               {});
    for (const Condition& condition : broken_of(ways_[0].from))
      keep_out({in_words_about(own_, {condition}),
                owner_side(q_.programme, ways_[0].from),
                0,
                {condition.negated ? "absence.own.none" : "absence.own.one",
                 {{"who", own_}, {"found", nested(stated(seeker_, condition.field, q_.taxonomy))}}}},
               {});
    const bool stands = kept_out_.empty();
    std::set<std::size_t> shut_sides;
    for (const Gate& gate : q_.programme.gates) {
      if (std::ranges::none_of(ways_, [&](const Way& way) { return way.from == gate.side; }) || !shut(gate)) continue;
      shut_sides.insert(gate.side);
      std::set<std::size_t> left;
      for (const Way& way : ways_)
        if (!shut_sides.contains(way.from)) left.insert(way.to);
      keep_out(of_gate(gate, own_), stands ? std::vector(left.begin(), left.end()) : std::vector<std::size_t>{});
    }
  }

  void find_one_beyond() {
    if (q_.programme.pairs.empty() || !reached_.empty()) {
      for (std::size_t i = 0; i < steps_.size(); ++i) beyond(steps_[i].removed, without(steps_[i].condition), q_.today);
      for (const Gate* gate : gates_) {
        std::vector<const Gate*> others = gates_;
        std::erase(others, gate);
        beyond(of_gate(*gate, std::nullopt), across(reached_, others), q_.today);
      }
      beyond(outdated(), rest_, kEver);
    }
    // Whoever lies behind one shut gate of the asker's alone, or behind the one other thing that keeps it out.
    for (const Removed& removed : kept_out_) {
      std::set<std::size_t> sides;
      for (const Way& way : ways_) {
        std::vector<Phrase> shut_by;
        for (const Removed& one : kept_out_) {
          const auto gate =
              std::ranges::find_if(q_.programme.gates, [&](const Gate& g) { return owner_gate(q_.programme, g) == one.owner; });
          if (gate == q_.programme.gates.end() || gate->side == way.from) shut_by.push_back(one.condition);
        }
        if (shut_by == std::vector{removed.condition}) sides.insert(way.to);
      }
      if (!sides.empty()) beyond(removed, across({sides.begin(), sides.end()}, gates_), q_.today);
    }
  }

  // All that the rest had to meet but this, wherever it stands.
  Filter without(const Condition& condition) const {
    Filter filter = rest_;
    const auto drop = [&](Conditions& list) {
      std::erase_if(list, [&](const Condition& one) { return same(one, condition); });
    };
    drop(filter.all);
    for (Conditions& group : filter.either) drop(group);
    filter.all.insert(filter.all.begin(), q_.within.begin(), q_.within.end());  // never what the asker may not see
    return filter;
  }

  void beyond(Removed removed, Filter filter, std::int32_t today) {
    removed.count = count(filter, today);
    if (removed.count > 0) absence_.one_beyond.push_back({std::move(removed), std::move(filter), today});
  }

  const AbsenceQuestion& q_;
  const Profile& seeker_;
  PhraseArgument own_;  // the asker
  MatchAbsence absence_;
  Filter rest_;             // what those meet who have not fallen yet
  std::uint64_t left_ = 0;  // how many they are
  std::vector<Step> steps_;
  std::vector<Way> ways_;
  std::vector<std::size_t> targets_, reached_;  // sides across; of these, the ones that nothing of the asker's shuts
  std::vector<const Gate*> gates_;              // on the sides across
  std::vector<Removed> kept_out_;
};

}  // namespace

MatchAbsence absence_of(const AbsenceQuestion& question) { return Finder(question).find(); }

MatchAbsence absence_of(const Corpus& corpus, const Conditions& within, const Conditions& where, std::int32_t today) {
  const Programme open{.slug = "open", .name = {}, .description = {}, .sides = {}, .pairs = {}, .weights = {}};
  const Profile nobody;
  const Taxonomy none;
  return absence_of({corpus, none, open, {nobody, true}, within, where, today});
}

}  // namespace counterpart::engine
