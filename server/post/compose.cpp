#include "server/post/compose.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/base/language_tag.h"
#include "engine/casework/standing.h"
#include "engine/cycles/life_cycles.h"
#include "engine/taxonomy/un_language.h"
#include "index/draft/own_drafts.h"
#include "index/store/versions.h"
#include "server/post/calendar_entry.h"
#include "server/post/confirmation.h"
#include "server/post/letter_facts.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kOtherwise = "en";

// The first of `tags` that is one of the six.
std::string language_of(std::initializer_list<std::string_view> tags) {
  for (const std::string_view tag : tags) {
    const std::string primary = primary_language(tag);
    if (un_language(primary)) return primary;
  }
  return std::string(kOtherwise);
}

std::string first_language(const Office& office) { return office.languages.empty() ? std::string() : office.languages.front(); }

class Composer {
 public:
  Composer(const Offices& offices, const LetterSources& sources, std::int64_t now)
      : offices_(offices), sources_(sources), now_(now) {}

  Result<Mail> compose(std::span<const LetterNow> letters, const std::string& sender) {
    Mail mail;
    if (Status addressed = address(letters.front(), mail, sender); !addressed) return tl::unexpected(addressed.error());
    language_ = mail.language;
    std::string seed = std::to_string(letters.front().stored.at);
    std::vector<CalendarEntry> entries;
    std::vector<std::string> subjects;
    mail.text = say("letter.greeting", {{"name", mail.to.name}}) + "\n";
    for (const LetterNow& letter : letters) {
      Result<LetterFacts> facts = facts_of(letter, offices_, sources_);
      if (!facts) return tl::unexpected(std::move(facts.error()));
      subjects.push_back(of_letter("subject", letter, *facts));
      if (letters.size() > 1) mail.text += "\n" + subjects.back() + "\n";
      mail.text += "\n" + body(letter, *facts);
      if (facts->due && facts->theirs && facts->due->at > now_) entries.push_back(entry(letter, *facts, subjects.back(), mail));
      seed += "\n" + letter.stored.letter.key;
    }
    mail.subject = subjects.size() == 1 ? subjects.front()
                                        : say("letter.digest.subject", {{"n", static_cast<std::int64_t>(subjects.size())}});
    mail.text += "\n" + say("letter.signature", {{"office", mail.from.name}}) + "\n";
    mail.message_id = message_id(seed, mail.from.address);
    mail.date = now_;
    if (!entries.empty())
      mail.attachment = {"due.ics", "text/calendar; charset=UTF-8; method=PUBLISH", calendar_of(entries, now_)};
    if (fault_) return fail(ErrorCode::kInternal, letters.front().stored.letter.letter, "the catalogue cannot say this letter");
    return mail;
  }

 private:
  std::string say(const std::string& key, const PhraseArguments& arguments = {}) {
    std::string text = sources_.words.say(key, language_, arguments);
    fault_ |= text == "\u27E8" + key + "\u27E9";
    return text;
  }

  // What a sentence of the letter takes, of all that is known.
  std::string of_letter(std::string_view part, const LetterNow& letter, const LetterFacts& facts) {
    const std::string key = "letter." + letter.stored.letter.letter + "." + std::string(part);
    PhraseArguments arguments;
    const std::vector<std::string> names = sources_.words.takes(key);
    std::ranges::copy_if(facts.arguments, std::back_inserter(arguments),
                         [&](const auto& argument) { return std::ranges::find(names, argument.first) != names.end(); });
    return say(key, arguments);
  }

  std::string next_of(const LetterFacts& facts) {
    std::string text = say("letter.next");
    for (const std::string& act : facts.next) text += "\n- " + say(act);
    return text;
  }

  std::string body(const LetterNow& letter, const LetterFacts& facts) {
    const std::string& number = letter.stored.letter.case_id;
    std::string text = say("letter.case", {{"number", number}, {"kind", facts.kind}}) + "\n";
    if (!facts.programme.empty()) {
      const std::string name = sources_.words.of_programme(sources_.programme(facts.programme), language_);
      text += say("letter.programme", {{"programme", name}}) + "\n";
    }
    for (const Phrase& origin : facts.origins) text += say(origin.key, origin.arguments) + "\n";
    text += "\n" + of_letter("body", letter, facts) + "\n";
    if (facts.due && (facts.theirs || letter.stored.letter.profile.empty()))
      text += say(facts.theirs ? "letter.due" : "letter.due_there", {{"day", facts.due->day}}) + "\n";
    if (facts.theirs && !facts.next.empty())
      text += next_of(facts) + "\n" + say("letter.open_case", {{"number", number}}) + "\n";
    return text;
  }

  CalendarEntry entry(const LetterNow& letter, const LetterFacts& facts, const std::string& summary, const Mail& mail) {
    const Letter& given = letter.stored.letter;
    // One for each task of a reader: a later letter moves it.
    const std::string task = given.case_id + "\n" + given.desk + "\n" + given.profile;
    return {.uid = message_id(task, mail.from.address),
            .sequence = given.act,
            .due = facts.due->at,
            .summary = summary,
            .description = facts.next.empty() ? std::string() : next_of(facts)};
  }

  Status address(const LetterNow& letter, Mail& mail, const std::string& sender) {
    const Letter& given = letter.stored.letter;
    const Directory& directory = offices_.directory;
    const Office& own = own_office(letter, directory);
    const Office& from = sending_office(letter, directory);
    mail.from = {from.name, from.mail.empty() ? own.mail : from.mail};
    if (!sender.empty() && sender != mail.from.address) mail.sender = Mailbox{{}, sender};
    if (!given.profile.empty()) {
      const Result<Titled> titled = sources_.title(given.profile);
      const Result<Contact> contact = titled ? sources_.contact(given.profile) : tl::unexpected(titled.error());
      if (!contact) return tl::unexpected(contact.error());
      mail.to = {contact->person.empty() ? titled->title : contact->person, contact->email};
      mail.language = language_of({titled->language, first_language(own)});
    } else {
      const Desk* desk = directory.desk(given.desk);
      mail.to = {desk ? desk->name : own.name, own.mail};
      mail.language = language_of({desk ? desk->language : std::string(), first_language(own)});
    }
    if (mail.to.address.empty())
      return fail(ErrorCode::kNotFound, given.profile.empty() ? own.id : given.profile, "there is no mail address to write to",
                  given.profile.empty() ? "give the office one" : "ask the owner for an e-mail");
    return check_addresses(mail);
  }

  const Offices& offices_;
  const LetterSources& sources_;
  std::int64_t now_;
  std::string language_;
  bool fault_ = false;
};

}  // namespace

Result<Mail> compose(std::span<const LetterNow> letters, const Offices& offices, const LetterSources& sources,
                     const std::string& sender, std::int64_t now) {
  if (letters.empty() || offices.directory.offices().empty())
    return fail(ErrorCode::kNotFound, "office", "there is no office that letters come from", "put one");
  const StoredLetter& first = letters.front().stored;
  if (first.letter.letter == kConfirmMail) return compose_confirmation(first, offices, sources, sender, now);
  return Composer(offices, sources, now).compose(letters, sender);
}

LetterSources letter_sources(const Words& words, const Store& store,
                             std::function<std::string(std::string_view programme)> programme) {
  return {.words = words,
          .title = [&store](const std::string& id) -> Result<Titled> {
            return published_or_proposed(store, id, false).map([](const Profile& profile) {
              return Titled{profile.title, profile.lang};
            });
          },
          .origin = [&store](const std::string& id) { return origin_of(store.database(), id); },
          .contact = [&store](const std::string& id) -> Result<Contact> {
            return published_or_proposed(store, id, true).map([](Profile profile) { return std::move(profile.contact); });
          },
          .programme = std::move(programme),
          .draft = [&store](const std::string& id) -> Result<OwnDraft> {
            Result<std::optional<KeptDraft>> kept = read_own_draft(store, id);
            if (!kept) return tl::unexpected(std::move(kept.error()));
            if (!*kept) return fail(ErrorCode::kNotFound, id, "there is no such draft");
            return std::move((*kept)->draft);
          }};
}

}  // namespace counterpart::server
