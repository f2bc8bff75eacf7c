#include "server/post/deliver.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "index/casework/case_erasing.h"
#include "index/casework/case_plan.h"
#include "server/post/spool.h"
#include "tests/index/casework/casebook.h"
#include "tests/server/post/opened_mail.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;

const Words& words() {
  static const auto loaded = Words::load(COUNTERPART_SOURCE_DIR "/datasets/words", real_taxonomy()).value();
  return *loaded;
}

// Power that fails when a letter has just been carried.
class Failing : public Transport {
 public:
  explicit Failing(Transport& behind) : behind_(behind) {}
  bool has_left(std::uint64_t letter) override { return behind_.has_left(letter); }
  Carried carry(const Outgoing& mail) override {
    behind_.carry(mail);
    throw std::runtime_error("the power failed");
  }

 private:
  Transport& behind_;
};

// A casebook whose profiles have contacts that nobody else may read, and its spool.
struct PostRoom : Casebook {
  PostRoom() : outbox(data / "outbox") {
    for (const auto& [id, office] : {std::pair("sn:solar", "dakar"), {"sa:fund", "riyadh"}}) {
      Write write;
      write.profile.id = id;
      write.profile.title = std::string("Title of ") + id;
      write.profile.country = "KE";
      write.profile.office = office;
      write.profile.capacity = 10;
      write.profile.lang = "ru";
      const std::string part = std::string(id).substr(0, 2);
      write.profile.contact = {"Person-" + part, "secret-" + part + "@example.net", "+999-" + part, {}, "Street-" + part};
      write.profile.organisation.legal_name = "Legal-" + part;
      REQUIRE(store->write({&write, 1}).front());
    }
  }
  LetterSources sources() const {
    return letter_sources(words(), *store, [](std::string_view code) { return "Programme " + std::string(code); });
  }
  std::int64_t deliver(Transport& transport) { return deliver_queued(*cases, transport, sources(), now).value(); }
  std::int64_t deliver() {
    Spool spool(outbox);
    return deliver(spool);
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const char* part : {"new", "cur"})
      if (fs::exists(outbox / part))
        for (const fs::directory_entry& file : fs::directory_iterator(outbox / part)) found.push_back(file.path());
    std::ranges::sort(found);
    return found;
  }
  static OpenedMail opened(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return open_mail(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::vector<OpenedMail> mail() const {
    std::vector<OpenedMail> all;
    for (const fs::path& file : files()) all.push_back(opened(file));
    return all;
  }
  LetterState state(std::string_view letter) const {
    for (const StoredLetter& stored : letters())
      if (stored.letter.letter == letter) return stored.state;
    FAIL("no letter " << letter);
    return LetterState::kRefused;
  }
  // Lets time pass until a letter of that name is there.
  void wait_for(std::string_view letter) {
    for (int i = 0; i < 100; ++i) {
      const Ticked ticked = cases->tick(now).value();
      const auto all = letters();
      if (std::ranges::any_of(all, [&](const StoredLetter& stored) { return stored.letter.letter == letter; })) return;
      REQUIRE(ticked.next < std::numeric_limits<std::int64_t>::max());
      now = std::max(now + 1, ticked.next);
    }
    FAIL("it never came: " << letter);
  }
  fs::path outbox;
};

StoredLetter stored_letter(std::string code, unsigned act, std::string kind) {
  StoredLetter stored;
  stored.number = 1;
  stored.letter.key = "key";
  stored.letter.letter = std::move(code);
  stored.letter.case_id = "i-000001";
  stored.letter.act = act;
  stored.letter.office = "riyadh";
  stored.letter.desk = "omar";
  stored.letter.arguments = {{"kind", std::move(kind)}, {"programme", "itpo"}, {"profile", "sa:fund"}, {"step", "head"}};
  return stored;
}

std::string reason_for(const ActRow& row) {
  const auto reasons = life_cycles().reasons_of(row.says);
  return reasons.empty() ? std::string() : std::string(reasons.front());
}

}  // namespace

TEST_CASE("post: an enquiry is told to who must answer it, in their language, with the day and an entry for the calendar",
          "[post]") {
  PostRoom room;
  const std::string id = room.send();
  CHECK(room.deliver() == std::numeric_limits<std::int64_t>::max());
  REQUIRE(room.files().size() == 1);
  CHECK(room.files().front().filename() == "1.counterpart.eml");
  const OpenedMail mail = room.mail().front();
  CHECK(mail.headers.at("From") == "\"ITPO dakar\" <dakar@example.org>");
  CHECK_THAT(mail.headers.at("To"), Catch::Matchers::EndsWith("<riyadh@example.org>"));
  CHECK(mail.headers.at("Content-Language") == "ar");
  CHECK_THAT(mail.headers.at("Subject"), Catch::Matchers::StartsWith("إبداء اهتمام") && Catch::Matchers::Contains(id));
  for (const char* said : {"\u2068Title of sn:solar\u2069", "\u2068Title of sa:fund\u2069", "الاثنين، 7 ديسمبر 2026", "- قبول"})
    CHECK_THAT(mail.text, Catch::Matchers::Contains(said));
  CHECK_THAT(mail.attachment, Catch::Matchers::Contains("DTSTART:20261207T140000Z\r\n"));
  CHECK(room.state("interest_received") == LetterState::kSent);
  room.deliver();
  CHECK(room.files().size() == 1);
}

TEST_CASE("post: whom another office's server sent is named with that office, and as of which day", "[post]") {
  PostRoom room;
  room.send();
  LetterSources sources = room.sources();
  const auto sent = [&](std::uint64_t as_of) {
    sources.origin = [as_of](const std::string& id) -> Result<std::optional<Origin>> {
      if (id != "sn:solar") return std::nullopt;
      return Origin{"rome", "Office of Rome", as_of};
    };
    const StoredLetter stored = room.letters().front();
    const LetterNow letter{stored, room.cases->get(stored.letter.case_id, room.now).value()};
    return compose({&letter, 1}, *room.cases->offices(), sources, {}, room.now).value().text;
  };
  const std::string known = sent(1'796'000'000);  // late on 29 November 2026, and the next day in Riyadh
  for (const char* said : {"\u2068Title of sn:solar\u2069 ملف مكتب آخر، \u2068Office of Rome\u2069", "30 نوفمبر 2026"})
    CHECK_THAT(known, Catch::Matchers::Contains(said));
  CHECK_THAT(known, !Catch::Matchers::Contains("\u2068Title of sa:fund\u2069 ملف مكتب آخر"));
  CHECK_THAT(sent(0), Catch::Matchers::Contains("لم يصل بعد كل ما نشره"));
  room.deliver();
  CHECK_THAT(room.mail().front().text, !Catch::Matchers::Contains("مكتب آخر"));
}

TEST_CASE("post: a letter is spooled once, also where the power fails before that is noted", "[post]") {
  const bool moved = GENERATE(false, true);
  PostRoom room;
  room.send();
  {
    Spool spool(room.outbox);
    Failing failing(spool);
    CHECK_THROWS(room.deliver(failing));
  }
  room.open();
  CHECK(room.state("interest_received") == LetterState::kQueued);
  REQUIRE(room.files().size() == 1);
  const fs::path file = room.files().front();
  if (moved) fs::rename(file, room.outbox / "cur" / (file.filename().string() + ":2,S"));
  room.deliver();
  CHECK(room.files().size() == 1);
  CHECK(room.state("interest_received") == LetterState::kSent);
  CHECK(fs::is_empty(room.outbox / "tmp"));
}

TEST_CASE("post: a spool that cannot be written is told in the system's words, and the letter waits", "[post]") {
  PostRoom room;
  room.send();
  std::ofstream(room.outbox) << "a file in its place";
  CHECK(room.deliver() == room.now + 60);
  const StoredLetter letter = room.letters().front();
  CHECK(letter.state == LetterState::kQueued);
  CHECK(letter.tries == 1);
  CHECK_THAT(letter.words, Catch::Matchers::StartsWith("outbox/tmp: Not a directory"));
  fs::remove(room.outbox);
  room.now += 60;
  room.deliver();
  CHECK(room.files().size() == 1);
}

TEST_CASE("post: whoever has no address is a letter refused, in words", "[post]") {
  PostRoom room;
  Office riyadh = *room.cases->offices()->directory.office("riyadh");
  riyadh.mail.clear();
  REQUIRE(room.cases->change_offices({.offices = {{"riyadh", riyadh}}, .desks = {}}, "test", room.now));
  room.send();
  room.deliver();
  CHECK(room.files().empty());
  const StoredLetter letter = room.letters().front();
  CHECK(letter.state == LetterState::kRefused);
  CHECK(letter.words == "riyadh: there is no mail address to write to; give the office one");
}

TEST_CASE("post: no letter has what is private of the other side, nor what was noted between the offices", "[post]") {
  PostRoom room;
  const std::string id = room.released(with_note("Planted-note"));
  REQUIRE(room.act(id, "awa", "first_contact"));
  REQUIRE(room.act(id, "omar", "drop", with_reason("no_finance")));
  room.deliver();
  room.now = room.cases->next_letter();  // what goes with the day's letters
  room.deliver();
  REQUIRE(room.state("introduction_dropped") == LetterState::kSent);
  std::map<std::string, int> owners;
  for (const OpenedMail& mail : room.mail()) {
    std::string all = mail.text + mail.attachment;
    for (const auto& [name, value] : mail.headers) all += "\n" + name + ": " + value;
    INFO(all);
    for (const std::string part : {"sn", "sa"}) {
      const bool own = mail.headers.at("To").find("secret-" + part) != std::string::npos;
      owners[part] += own ? 1 : 0;
      for (const std::string word : {"+999-", "Street-", "Legal-", "Planted-note"})
        CHECK(all.find(word + (word == "Planted-note" ? "" : part)) == std::string::npos);
      CHECK((all.find("secret-" + part) != std::string::npos) == own);
      CHECK((all.find("Person-" + part) != std::string::npos) == own);
      if (own) CHECK(mail.headers.at("Content-Language") == "ru");
    }
  }
  CHECK(owners == std::map<std::string, int>{{"sa", 1}, {"sn", 1}});
}

TEST_CASE("post: reminders wait for the reader's working hours and come as one message; what was answered is not in it",
          "[post]") {
  PostRoom room;
  const std::string first = room.send("sn:solar", "sa:fund"), second = room.send("sn:solar", "sa:works");
  const std::string third = room.send("sn:dairy", "sa:works");
  room.wait_for("due_soon");
  const std::int64_t opening = room.deliver();
  const std::size_t before = room.files().size();
  CHECK(opening > room.now);
  CHECK(is_working(opening, riyadh()));
  CHECK_FALSE(is_working(opening - 1, riyadh()));
  CHECK(room.state("due_soon") == LetterState::kQueued);
  REQUIRE(room.act(third, "omar", "decline", with_reason("too_small")));
  room.now = opening;
  const std::int64_t in_dakar = room.deliver();
  std::vector<OpenedMail> digests;
  for (const OpenedMail& mail : room.mail())
    if (mail.headers.at("Subject").find("أمران بانتظاركم") != std::string::npos) digests.push_back(mail);
  REQUIRE(digests.size() == 1);
  CHECK(room.files().size() == before + 1);
  room.now = in_dakar;
  room.deliver();
  CHECK(room.files().size() == before + 2);  // that it was declined, when Dakar opens
  for (const std::string& id : {first, second}) CHECK_THAT(digests.front().text, Catch::Matchers::Contains(id));
  CHECK_THAT(digests.front().text, !Catch::Matchers::Contains(third));
  for (const StoredLetter& letter : room.letters(third)) {
    CHECK(letter.state == LetterState::kSent);
    CHECK(letter.words == (letter.letter.letter == "due_soon" ? "there was nothing more to remind of" : ""));
  }
  // After a crash each of its letters is known to have left.
  Spool again(room.outbox);
  for (const StoredLetter& letter : room.letters())
    if (letter.letter.letter == "due_soon") CHECK(again.has_left(letter.number) == (letter.letter.case_id != third));
}

TEST_CASE("post: letters of a day that no clock hurries come as one message when their reader's office opens", "[post]") {
  PostRoom room;
  const std::string first = room.send("sn:solar", "sa:fund"), second = room.send("sn:solar", "sa:works");
  const std::string third = room.send("sn:dairy", "sa:works");
  room.deliver();
  const std::size_t before = room.files().size();
  REQUIRE(room.act(first, "omar", "decline", with_reason("too_small")));
  room.now += 3600;
  REQUIRE(room.act(second, "omar", "decline", with_reason("too_large")));
  REQUIRE(room.act(third, "omar", "ask_back", with_note("which pumps?")));
  CHECK(room.deliver() == utc("2026-11-27", 9));
  REQUIRE(room.files().size() == before + 1);  // what was asked back has a clock, which runs for its reader
  CHECK_THAT(room.mail().back().text, Catch::Matchers::Contains(third));

  room.now = utc("2026-11-27", 9);
  CHECK(room.deliver() == std::numeric_limits<std::int64_t>::max());
  REQUIRE(room.files().size() == before + 2);
  const auto mail = room.mail();
  CHECK(std::ranges::count_if(mail, [&](const OpenedMail& one) {
          return one.text.find(first) != std::string::npos && one.text.find(second) != std::string::npos;
        }) == 1);
  CHECK(room.state("interest_declined") == LetterState::kSent);
}

TEST_CASE("post: when a profile is erased the other side gets a letter without the case", "[post]") {
  PostRoom room;
  const std::string id = room.send();
  room.erase("sa:fund");
  room.now = room.cases->next_letter();  // an erasure goes by the store's own time
  room.deliver();
  REQUIRE(room.files().size() == 1);
  CHECK_THAT(room.mail().front().text, Catch::Matchers::Contains("Title of sn:solar") && Catch::Matchers::Contains(id));
  CHECK_THAT(room.mail().front().text, !Catch::Matchers::Contains("sa:fund"));
}

TEST_CASE("post: what an erased profile was in leaves the spool, and the rest of its digest leaves alone", "[post]") {
  PostRoom room;
  const std::string erased = room.send("sn:solar", "sa:fund"), kept = room.send("sn:dairy", "sa:works");
  room.wait_for("due_soon");
  room.now = room.deliver();
  room.deliver();
  const auto about = [&](const std::string& id) {
    const std::vector<OpenedMail> all = room.mail();
    return std::ranges::count_if(all, [&](const OpenedMail& mail) {
      return mail.headers.at("Subject").find(id) != std::string::npos || mail.text.find(id) != std::string::npos;
    });
  };
  const auto before = about(kept);
  REQUIRE(about(erased) > 1);
  room.erase("sa:fund");
  room.now = std::max(room.now, room.cases->next_letter());
  for (int i = 0; i < 2; ++i) room.deliver();
  CHECK(about(kept) == before);
  for (const OpenedMail& mail : room.mail()) {
    const bool told = mail.headers.at("Subject").find(erased) != std::string::npos;
    CHECK(mail.text.find("Title of sa:fund") == std::string::npos);
    CHECK((told || mail.text.find(erased) == std::string::npos));
  }
  for (const StoredLetter& letter : room.letters()) CHECK(letter.state == LetterState::kSent);
}

TEST_CASE("post: a letter whose profile is erased while it leaves is not left behind", "[post]") {
  PostRoom room;
  room.send();
  class Erasing : public Transport {
   public:
    Erasing(Transport& behind, PostRoom& room) : behind_(behind), room_(room) {}
    bool has_left(std::uint64_t letter) override { return behind_.has_left(letter); }
    Carried carry(const Outgoing& mail) override {
      if (mail.letters.front() == 1) room_.erase("sa:fund");
      return behind_.carry(mail);
    }

   private:
    Transport& behind_;
    PostRoom& room_;
  };
  Spool spool(room.outbox);
  Erasing erasing(spool, room);
  room.deliver(erasing);
  CHECK(room.files().empty());
}

TEST_CASE("post: every letter of the table can be said in six languages", "[post]") {
  const PostRoom room;
  LetterSources sources = room.sources();
  sources.origin = [](const std::string& id) -> Result<std::optional<Origin>> {
    return Origin{"rome", "Office of Rome", id == "sn:solar" ? 0U : 1'796'000'000U};
  };
  Case of = interest_between("dakar", "riyadh");
  std::vector<std::pair<StoredLetter, std::optional<Case>>> all;
  const auto add = [&](std::string_view code, std::string_view kind, std::string_view verb, std::string reason) {
    of.kind = kind;
    Act act;
    act.desk = "awa";
    act.office = "dakar";
    of.log.assign(2, act);
    of.log[0].said = cooperation_wanted();
    of.log[1].verb = verb;
    of.log[1].said.reason = std::move(reason);
    all.emplace_back(stored_letter(std::string(code), 2, std::string(kind)), of);
  };
  for (const LetterRow& row : life_cycles().letters)
    for (const ActRow& act : life_cycles().acts)
      if (act.verb == row.verb && act.kind == row.kind)
        for (const KindRow& kind : life_cycles().kinds)
          if (row.kind == "*" || row.kind == kind.kind) add(row.letter, kind.kind, row.verb, reason_for(act));
  for (const KindRow& kind : life_cycles().kinds)
    for (const std::string_view code : {"moved_here", "moved_away", "moved_on", "due_soon"}) add(code, kind.kind, "note", {});
  for (const char* kind : {"interest", "introduction"}) add(kNotDoneThere, kind, "note", {});
  all.emplace_back(stored_letter(std::string(kEndedByErasure), 0, "interest"), std::nullopt);

  for (const std::string_view language : kUnLanguages) {
    std::vector<Desk> desks = their_desks();
    named(desks, "omar").language = language;
    Offices offices = *room.cases->offices();
    offices.directory = Directory::make(three_offices(), std::move(desks)).value();
    for (const auto& [stored, about] : all) {
      INFO(stored.letter.letter << " in " << language);
      LetterNow letter{stored, std::nullopt};
      if (about) {
        const StateRow& state = *std::ranges::find(life_cycles().states, about->kind, &StateRow::kind);
        letter.about = CaseNow{*about, ClosedItem{.state = state.state, .at = 0, .reason = {}, .next = {}}, false};
      }
      const Result<Mail> mail = compose({&letter, 1}, offices, sources, {}, room.now);
      REQUIRE(mail);
      CHECK(mail->language == language);
      CHECK_THAT(mail->subject, Catch::Matchers::Contains("i-000001"));
      CHECK((mail->subject + mail->text).find("\u27E8") == std::string::npos);
      CHECK((mail->text.find("Office of Rome") != std::string::npos) == about.has_value());
    }
  }
}

}  // namespace counterpart::server
