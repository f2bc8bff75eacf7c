#include "server/post/letter_facts.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/casework/standing.h"
#include "engine/cycles/life_cycles.h"

namespace counterpart::server {
namespace {

Term term(std::string_view room, std::string_view part, std::string_view name) {
  return {std::string(room) + "." + std::string(part) + "." + std::string(name)};
}

// The act that the letter tells of; nullptr: it tells that time has passed, or the case is gone.
const Act* act_of(const LetterNow& letter) {
  const Letter& given = letter.stored.letter;
  if (!letter.about || given.act == 0 || given.act > letter.about->of.log.size()) return nullptr;
  const Act& act = letter.about->of.log[given.act - 1];
  const bool of_act = std::ranges::any_of(life_cycles().letters, [&](const LetterRow& row) {
    return row.letter == given.letter && row.verb == act.verb && (row.kind == "*" || row.kind == letter.about->of.kind);
  });
  return of_act ? &act : nullptr;
}

std::string argument(const Letter& letter, std::string_view name) {
  const auto found = std::ranges::find(letter.arguments, name, &std::pair<std::string, std::string>::first);
  return found != letter.arguments.end() ? found->second : std::string();
}

std::string_view state_of(const CaseNow& about) {
  return std::visit([](const auto& item) { return item.state; }, about.standing);
}

// Of the row that asks for it: "decline.reason.too_small".
std::optional<Term> reason_of(const Act& act, std::string_view kind) {
  for (const ActRow& row : life_cycles().acts)
    if (row.kind == kind && row.verb == act.verb)
      for (const std::string_view reason : life_cycles().reasons_of(row.says))
        if (reason == act.said.reason) return term(row.says, "reason", reason);
  return std::nullopt;
}

// Acts of the kind's own, which move the case; anybody may note or hand over.
std::vector<const ActRow*> own_acts(const CaseNow& about) {
  std::vector<const ActRow*> acts = life_cycles().acts_from(about.of.kind, state_of(about));
  std::erase_if(acts, [&](const ActRow* row) { return row->kind != about.of.kind; });
  return acts;
}

// What the reader owes; nullptr: nothing. Of an owner it is what an owner may do, while the asking side must act.
const Task* task_of(const LetterNow& letter) {
  const OpenItem* open = letter.about ? std::get_if<OpenItem>(&letter.about->standing) : nullptr;
  if (!open) return nullptr;
  const Letter& given = letter.stored.letter;
  if (given.profile.empty()) {
    if (open->task.owner.desk == given.desk) return &open->task;
    return open->second && open->second->owner.desk == given.desk ? &*open->second : nullptr;
  }
  if (open->task.side != Side::kAsking || given.profile != letter.about->of.asking.profile) return nullptr;
  const auto acts = own_acts(*letter.about);
  return std::ranges::any_of(acts, [](const ActRow* row) { return (row->who & kOwner) != 0; }) ? &open->task : nullptr;
}

std::vector<std::string> next_of(const LetterNow& letter, const Task& task) {
  std::vector<std::string> next;
  const bool owner = !letter.stored.letter.profile.empty();
  const auto acts = own_acts(*letter.about);
  const auto add = [&](std::string_view verb) {
    const auto row = std::ranges::find(acts, verb, &ActRow::verb);
    if (row != acts.end()) next.push_back(term(letter.about->of.kind, "act", verb).key);
  };
  if (owner) {
    for (const ActRow* row : acts)
      if ((row->who & kOwner) != 0) add(row->verb);
  } else {
    for (const std::string_view verb : task.next) add(verb);
  }
  return next;
}

class Facts {
 public:
  Facts(const LetterNow& letter, const Offices& offices, const LetterSources& sources)
      : letter_(letter), offices_(offices), sources_(sources) {}

  Result<LetterFacts> all() {
    const Letter& given = letter_.stored.letter;
    const std::string kind = argument(given, "kind");
    facts_.kind = term("case", "kind", kind);
    facts_.programme = argument(given, "programme");
    add("number", given.case_id);
    add("kind", facts_.kind);
    add("office", sending_office(letter_, offices_.directory).name);
    if (const std::string step = argument(given, "step"); !step.empty()) add("step", Term{"step." + step});
    const Status done = letter_.about ? of_case(kind) : of_erased();
    if (!done) return tl::unexpected(done.error());
    return std::move(facts_);
  }

 private:
  void add(const char* name, PhraseArgument value) { facts_.arguments.emplace_back(name, std::move(value)); }

  Result<std::string> title(const std::string& profile) const {
    Result<Titled> titled = sources_.title(profile);
    if (titled) return titled->title.empty() ? profile : std::move(titled->title);
    if (titled.error().code == ErrorCode::kNotFound) return profile;
    return tl::unexpected(std::move(titled.error()));
  }

  Status of_origin(const std::string& profile, const std::string& title) {
    const Result<std::optional<Origin>> origin = sources_.origin(profile);
    if (!origin) return tl::unexpected(origin.error());
    if (!*origin) return {};
    Phrase told{"letter.received", {{"title", title}, {"office", (*origin)->name}}};
    if ((*origin)->as_of != 0) {
      const std::string& reader = own_office(letter_, offices_.directory).id;
      told.key = "letter.received_as_of";
      told.arguments.emplace_back("day",
                                  OnDay{offices_.clock->day_in(reader, static_cast<std::int64_t>((*origin)->as_of)), true});
    }
    facts_.origins.push_back(std::move(told));
    return {};
  }

  Status of_erased() {
    Result<std::string> own = title(argument(letter_.stored.letter, "profile"));
    if (!own) return tl::unexpected(std::move(own.error()));
    add("title", std::move(*own));
    return {};
  }

  Status of_case(const std::string& kind) {
    const Case& of = letter_.about->of;
    const KindRow* row = life_cycles().kind(kind);
    Result<std::string> from = title(of.asking.profile);
    if (!from) return tl::unexpected(std::move(from.error()));
    Result<std::string> to = row && row->two_sided() ? title(of.answering.profile) : from;
    if (!to) return tl::unexpected(std::move(to.error()));
    if (Status told = of_origin(of.asking.profile, *from); !told) return told;
    if (Status told = row && row->two_sided() ? of_origin(of.answering.profile, *to) : Status(); !told) return told;
    std::vector<PhraseWord> about{*from};
    if (row && row->two_sided()) about.emplace_back(*to);
    add("about", std::move(about));
    add("title", *from);
    add("from", std::move(*from));
    add("to", std::move(*to));
    add("to_office", offices_.directory.office_or_duty(of.answering.office).name);
    add("state", term(kind, "state", state_of(*letter_.about)));
    if (!of.log.empty() && of.log.front().said.facts.cooperation)
      add("cooperation", Term{"cooperation." + std::string(engine::name_of(*of.log.front().said.facts.cooperation))});
    if (const Act* act = act_of(letter_))
      if (std::optional<Term> reason = reason_of(*act, kind)) add("reason", std::move(*reason));
    of_task();
    return {};
  }

  void of_task() {
    const OpenItem* open = std::get_if<OpenItem>(&letter_.about->standing);
    if (!open) return;
    const Task* task = task_of(letter_);
    facts_.theirs = task != nullptr;
    if (task) facts_.next = next_of(letter_, *task);
    // The other side's time is what was promised, until it has moved on there.
    const Task& shown = task ? *task : open->task;
    const std::int64_t at = !task && shown.step == Step::kOwner ? shown.promised.at : shown.due.at;
    const std::string& office = own_office(letter_, offices_.directory).id;
    facts_.due = {at, OnDay{offices_.clock->day_in(office, at), true}};
  }

  const LetterNow& letter_;
  const Offices& offices_;
  const LetterSources& sources_;
  LetterFacts facts_;
};

}  // namespace

bool waits_for_reader(const LetterNow& letter) { return task_of(letter) != nullptr; }

const Office& own_office(const LetterNow& letter, const Directory& directory) {
  const Letter& given = letter.stored.letter;
  if (given.profile.empty() || !letter.about) return directory.office_or_duty(given.office);
  const Case& of = letter.about->of;
  return directory.office_or_duty(of.party(given.profile == of.asking.profile ? Side::kAsking : Side::kAnswering).office);
}

const Office& sending_office(const LetterNow& letter, const Directory& directory) {
  const Act* act = act_of(letter);
  if (!letter.stored.letter.profile.empty() || !act || act->by != By::kDesk) return own_office(letter, directory);
  const Office* office = directory.office(act->office);
  return office ? *office : own_office(letter, directory);
}

Result<LetterFacts> facts_of(const LetterNow& letter, const Offices& offices, const LetterSources& sources) {
  return Facts(letter, offices, sources).all();
}

}  // namespace counterpart::server
