// An interest of one office in a profile of another: both work on it, each at its own server, and nobody else learns of it.
#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/file.h"
#include "engine/casework/standing.h"
#include "index/casework/case_message.h"
#include "index/network/network_check.h"
#include "tests/index/network/case_office.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

struct Three {
  Three()
      : rome(folder.path() / "rome", "rome", {"IT", "Europe/Rome"}),
        lagos(folder.path() / "lagos", "lagos", {"NG", "Africa/Lagos"}),
        cairo(folder.path() / "cairo", "cairo", {"EG", "Africa/Cairo"}) {
    for (CaseOffice* one : all())
      for (CaseOffice* other : all())
        if (one != other) one->meet(*other);
    rome.publish("rome:fund");
    lagos.publish("lagos:pumps");
    lagos.publish("lagos:wells");
    cairo.publish("cairo:dates");
    settle_all();
  }
  std::vector<CaseOffice*> all() { return {&rome, &lagos, &cairo}; }
  void settle_all() {
    for (CaseOffice* one : all())
      for (CaseOffice* other : all())
        if (one->id < other->id) REQUIRE(settle(*one, *other));
  }
  bool in_a_file(const std::string& office, const std::string& bytes) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / office))
      if (entry.is_regular_file() && read_file(entry.path()).value().find(bytes) != std::string::npos) return true;
    return false;
  }
  // The introduction in Rome and in Lagos, agreed to and no key turned.
  std::pair<std::string, std::string> agreed() {
    REQUIRE(rome.send("rome:fund", "lagos:pumps", "rome-a"));
    REQUIRE(settle(rome, lagos));
    REQUIRE(lagos.act(lagos.only("interest").id, "lagos-b", "accept"));
    REQUIRE(settle(rome, lagos));
    return {rome.only("introduction").id, lagos.only("introduction").id};
  }
  bool released(CaseOffice& at, const std::string& id) { return at.cases->get(id, at.now)->released; }
  std::string email_at(CaseOffice& at, const std::string& id, const std::string& profile) {
    const auto contacts = at.cases->contacts_of(id, at.id, "token");
    if (!contacts) return contacts.error().message;
    for (const ReleasedContact& one : *contacts)
      if (one.profile == profile) return one.contact.email;
    return "not there";
  }

  TempFolder folder;
  CaseOffice rome, lagos, cairo;
};

const OpenItem& open_of(const CaseNow& now) { return std::get<OpenItem>(now.standing); }

bool sound(CaseOffice& office) {
  VerifyReport report = office.cases->verify({}, office.now).value();
  report = check_network(office.store->database(), std::move(report)).value();
  for (const std::string& difference : report.differences) UNSCOPED_INFO(office.id << ": " << difference);
  return report.difference_count == 0;
}

// What Lagos tells of its introduction, with a key of Rome behind its own that Rome never turned.
CaseMessage with_key_of_rome(const CaseOffice& lagos) {
  CaseMessage forged = message_of(*lagos.store, lagos.shared(lagos.only("introduction")), "lagos").value();
  Act key = forged.of->log.back();
  ++key.number;
  key.side = Side::kAsking;
  key.office = key.desk = "rome";
  forged.of->log.push_back(key);
  ++forged.version;
  return forged;
}

}  // namespace

TEST_CASE("network: an interest in a profile of another office arrives on its desk, with both clocks", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  Said said = cooperation_wanted();
  said.note = "planted words for Lagos alone";
  ActRequest request;
  request.opens = NewCase{.kind = "interest", .programme = "itpo", .from = "rome:fund", .to = "lagos:pumps"};
  request.desk = "rome-a";
  request.verb = "send";
  request.said = said;
  request.who = "token";
  const Result<Acted> sent = rome.cases->act(request, rome.now);
  REQUIRE(sent);
  CHECK(sent->after.answering.office == "lagos");
  CHECK(rome.told().empty());  // it is not there yet, and nobody here writes to its desks
  CHECK(lagos.all().empty());
  REQUIRE(settle(rome, lagos));

  const Case there = lagos.only("interest"), here = rome.only("interest");
  CHECK(there.asking.profile == "rome:fund");
  CHECK(there.asking.office == "rome");
  CHECK(there.answering.office == "lagos");
  CHECK(there.log.front().said.note == said.note);
  CHECK(there.log.front().desk == "rome");  // whose desk it was is Rome's business
  CHECK(here.log.front().desk == "rome-a");
  const CaseNow at_lagos = lagos.cases->get(there.id, lagos.now).value(), at_rome = rome.cases->get(here.id, rome.now).value();
  CHECK(open_of(at_lagos).task.owner.desk == "lagos-a");
  CHECK(open_of(at_rome).task.owner.desk == "lagos");
  CHECK(open_of(at_lagos).task.due.at > lagos.now);
  CHECK(open_of(at_lagos).task.promised.at == open_of(at_rome).task.promised.at);
  CHECK(lagos.cases->desk("lagos-a", lagos.now)->mine.count + lagos.cases->desk("lagos-a", lagos.now)->inbox.count == 1);
  CHECK(rome.cases->desk("rome-a", rome.now)->waiting.count == 1);
  CHECK(lagos.told() == std::vector<std::string>{"interest_received -> lagos-a"});
  CHECK(rome.told().empty());  // who acted gets no letter

  world.settle_all();
  CHECK(world.cairo.all().empty());
  CHECK_FALSE(world.in_a_file("cairo", "planted words"));
  CHECK_FALSE(world.in_a_file("cairo", here.id));
  for (CaseOffice* one : world.all()) CHECK(sound(*one));
}

TEST_CASE("network: what each office does on a shared case arrives at the other, each act once", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const std::string here = rome.send("rome:fund", "lagos:pumps", "rome-a")->after.id;
  const std::vector<std::string> late = rome.bundles_for("lagos");
  REQUIRE(settle(rome, lagos));
  const std::string there = lagos.only("interest").id;
  REQUIRE(lagos.act(there, "lagos-b", "claim"));
  REQUIRE(lagos.act(there, "lagos-b", "ask_back", with_note("How large?")));
  REQUIRE(settle(rome, lagos));
  CHECK(rome.state(rome.only("interest")) == "asked_back");
  CHECK(rome.told() == std::vector<std::string>{"interest_asked_back -> rome-a"});
  rome.now += 3600;
  lagos.now += 3600;
  REQUIRE(rome.act(here, "rome-a", "reply", with_note("Ten hectares.")));
  CHECK(rome.cases->get(here, rome.now)->shared->waiting() == 1);
  for (const std::string& sealed : late) REQUIRE(lagos.take(sealed));
  REQUIRE(settle(rome, lagos));
  for (const std::string& sealed : late) REQUIRE(lagos.take(sealed));
  CHECK(rome.cases->get(here, rome.now)->shared->waiting() == 0);
  const Case at_lagos = lagos.only("interest"), at_rome = rome.only("interest");
  REQUIRE(at_lagos.log.size() == 4);
  REQUIRE(at_rome.log.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(at_lagos.log[i].verb == at_rome.log[i].verb);
    CHECK(at_lagos.log[i].at == at_rome.log[i].at);
    CHECK(at_lagos.log[i].said.note == at_rome.log[i].said.note);
  }
  CHECK(at_rome.log[1].desk == "lagos");
  CHECK(at_lagos.log[1].desk == "lagos-b");
  REQUIRE(lagos.act(there, "lagos-b", "decline", with_reason("too_small")));
  REQUIRE(settle(rome, lagos));
  CHECK(rome.state(at_rome) == "declined");
  CHECK(rome.cases->open_cases() == 0);
  const std::vector<std::string> told = rome.told();
  CHECK(told.back() == "interest_declined -> rome-a");
  CHECK(std::set<std::string>(told.begin(), told.end()).size() == told.size());
}

TEST_CASE("network: only its own office acts for a side, and nobody for what stands for another office", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const std::string here = rome.send("rome:fund", "lagos:pumps", "rome-a")->after.id;
  CHECK(rome.act(here, "rome-a", "accept").error().code == ErrorCode::kForbidden);
  CHECK(rome.act(here, "lagos", "accept").error().message.find("acts at its own server") != std::string::npos);
  REQUIRE(settle(rome, lagos));
  CHECK(lagos.act(lagos.only("interest").id, "rome", "withdraw").error().code == ErrorCode::kForbidden);
  CHECK(lagos.act(lagos.only("interest").id, "lagos-a", "withdraw").error().code == ErrorCode::kForbidden);
  // Rome opens nothing for profiles of others, and other kinds of case stay at home.
  CHECK(rome.send("lagos:wells", "rome:fund", "rome-a").error().code == ErrorCode::kForbidden);
  CHECK(rome.send("lagos:wells", "cairo:dates", "rome-a").error().code == ErrorCode::kForbidden);
  CHECK(rome.send("lagos:wells", "rome:fund", "lagos").error().code == ErrorCode::kForbidden);
  CHECK(rome.only("interest").log.size() == 1);
}

TEST_CASE("network: both keys are turned while the link is down, and nothing is released early or twice", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const auto [here, there] = world.agreed();
  const std::string of_rome = "secret-of-rome:fund@example.org", of_lagos = "secret-of-lagos:pumps@example.org";
  REQUIRE(rome.act(here, "rome-a", "release"));
  REQUIRE(lagos.act(there, "lagos-b", "release"));
  CHECK_FALSE(world.released(rome, here));
  CHECK_FALSE(world.released(lagos, there));
  CHECK(world.email_at(rome, here, "rome:fund") == "the contacts are not released");
  CHECK(world.email_at(lagos, there, "lagos:pumps") == "the contacts are not released");

  // Lagos's key alone arrives in Rome: Rome has turned its own, and still waits for Lagos to say that it has both.
  const std::vector<std::string> early = lagos.bundles_for("rome");
  for (const std::string& sealed : early) REQUIRE(rome.take(sealed));
  CHECK_FALSE(world.released(rome, here));
  for (const std::string& name : {of_rome, of_lagos}) CHECK(world.email_at(rome, here, "rome:fund") != name);
  CHECK(std::ranges::count(rome.told(), "contacts_released -> rome:fund") == 0);

  hand_over(rome, lagos);
  CHECK(world.released(lagos, there));
  CHECK(world.email_at(lagos, there, "rome:fund").find("have not arrived yet") != std::string::npos);
  CHECK(std::ranges::count(lagos.told(), "contacts_released -> lagos:pumps") == 1);
  CHECK(std::ranges::count(lagos.told(), "contacts_released -> rome:fund") == 0);
  for (const std::string& sealed : early) REQUIRE(rome.take(sealed));
  hand_over(lagos, rome);
  CHECK(world.released(rome, here));
  CHECK(world.email_at(rome, here, "lagos:pumps") == of_lagos);
  world.settle_all();
  CHECK(world.email_at(lagos, there, "rome:fund") == of_rome);
  CHECK(std::ranges::count(rome.told(), "contacts_released -> rome:fund") == 1);
  CHECK(std::ranges::count(lagos.told(), "contacts_released -> lagos:pumps") == 1);
  // Whoever read them is known afterwards, of both sides.
  std::set<std::string> read;
  for (const char* profile : {"rome:fund", "lagos:pumps"}) {
    const std::vector<AuditEntry> noted = rome.store->audit().list(0, 100, profile).value();
    for (const AuditEntry& entry : noted)
      if (entry.what.starts_with("contacts released in")) read.insert(profile);
  }
  CHECK(read == std::set<std::string>{"lagos:pumps", "rome:fund"});
  // Sealed where it may be, and not at all where it may not.
  for (const std::string& name : {of_rome, of_lagos}) {
    for (CaseOffice* one : world.all()) one->restart();
    CHECK_FALSE(world.in_a_file("cairo", name));
    CHECK_FALSE(world.in_a_file("rome", name));
    CHECK_FALSE(world.in_a_file("lagos", name));
  }
  CHECK(world.email_at(rome, here, "lagos:pumps") == of_lagos);
  CHECK(rome.cases->contacts_of(here, "lagos", "token").error().code == ErrorCode::kForbidden);
  for (CaseOffice* one : world.all()) CHECK(sound(*one));
}

TEST_CASE("network: what two offices do at once ends as the answering one has it, and the other is told", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const std::string here = rome.send("rome:fund", "lagos:pumps", "rome-a")->after.id;
  REQUIRE(settle(rome, lagos));
  REQUIRE(rome.act(here, "rome-a", "withdraw"));
  CHECK(rome.state(rome.only("interest")) == "withdrawn");
  REQUIRE(lagos.act(lagos.only("interest").id, "lagos-b", "accept"));
  REQUIRE(settle(rome, lagos));
  CHECK(rome.state(rome.only("interest")) == "accepted");
  CHECK(rome.state(rome.only("introduction")) == "agreed");
  CHECK(std::ranges::count(rome.told(), "case_not_done_there -> rome-a") == 1);
  // A key that was turned to an agreement does not count for the next one.
  const std::string introduction = rome.only("introduction").id, other = lagos.only("introduction").id;
  REQUIRE(rome.act(introduction, "rome-a", "release"));
  REQUIRE(lagos.act(other, "lagos-b", "drop", with_reason("plans_changed")));
  REQUIRE(lagos.act(other, "lagos-b", "reopen", with_note("After all.")));
  REQUIRE(lagos.act(other, "lagos-b", "release"));
  REQUIRE(settle(rome, lagos));
  CHECK_FALSE(world.released(lagos, other));
  CHECK_FALSE(world.released(rome, introduction));
  REQUIRE(rome.act(introduction, "rome-a", "release"));
  REQUIRE(settle(rome, lagos));
  CHECK(world.released(lagos, other));
  CHECK(world.released(rome, introduction));
}

TEST_CASE("network: a profile that goes ends its cases in both offices, and what was released goes", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const auto [here, there] = world.agreed();
  REQUIRE(rome.act(here, "rome-a", "release"));
  REQUIRE(lagos.act(there, "lagos-b", "release"));
  REQUIRE(settle(rome, lagos));
  const std::string second = rome.send("rome:fund", "lagos:wells", "rome-a")->after.id;
  CHECK(world.released(rome, here));
  REQUIRE(lagos.erase("lagos:pumps"));
  REQUIRE(settle(rome, lagos));
  CHECK_FALSE(rome.cases->get(here, rome.now));
  CHECK(rome.cases->erased(here).value());
  CHECK(std::ranges::count(rome.told(), "ended_by_erasure -> rome-a") == 1);
  CHECK(rome.store->database().get(Family::kContacts, released_key(here)).value() == std::nullopt);
  CHECK(lagos.only("interest").answering.profile == "lagos:wells");
  // Sent before that was known there.
  REQUIRE(lagos.remove("lagos:wells"));
  REQUIRE(settle(rome, lagos));
  CHECK(rome.all().empty());
  CHECK(lagos.all().empty());
  CHECK_FALSE(rome.cases->get(second, rome.now));
  for (CaseOffice* one : world.all()) CHECK(sound(*one));
}

TEST_CASE("network: an interest in what its office does not publish any more ends with a word", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const std::string here = rome.send("rome:fund", "lagos:pumps", "rome-a")->after.id;
  Write stating;
  stating.kind = Write::Kind::kCheck;
  stating.who = "test";
  stating.profile.id = "lagos:pumps";
  stating.check = Check{.status = CheckStatus::kExcluded, .reason = "r", .office = "lagos", .desk = "d", .at = 1, .number = 1};
  REQUIRE(lagos.write(stating));
  hand_over(rome, lagos);
  CHECK(lagos.all().empty());
  // Its refusal overtakes the removal here.
  Case of = rome.only("interest");
  CHECK(rome.state(of) == "sent");
  REQUIRE(settle(rome, lagos));
  CHECK(rome.cases->erased(here).value());
  CHECK(rome.all().empty());
}

TEST_CASE("network: a message that a newer program wrote waits and is told of", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  REQUIRE(rome.send("rome:fund", "lagos:pumps", "rome-a"));
  Operation newer;
  newer.id = std::string(kOperationId, 'n');
  newer.kind = static_cast<std::uint8_t>(OperationKind::kCase);
  newer.schema = kCaseSchema + 1;
  newer.profile = "newer";
  newer.payload = "what nobody here can read";
  REQUIRE(lagos.store->run_exclusively([&](Database& database) {
    return database.write({edit_of(Note::kBeside, {"rome", "newer", 1, newer, {}})});
  }));
  REQUIRE(take_beside(lagos.receiving()));
  CHECK(lagos.waiting() == std::vector<std::string>{"it was written by a newer program"});
  REQUIRE(settle(rome, lagos));
  CHECK(lagos.all().size() == 1);
  CHECK(lagos.waiting().size() == 1);
}

TEST_CASE("network: what arrived before the office was killed is done when it is back, once", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  REQUIRE(rome.send("rome:fund", "lagos:pumps", "rome-a"));
  for (const std::string& sealed : rome.bundles_for("lagos")) REQUIRE(lagos.receive(sealed));  // stored, and no more
  CHECK(lagos.all().empty());
  CHECK(lagos.waiting().size() == 1);
  lagos.restart();
  for (int i = 0; i < 2; ++i) REQUIRE(take_beside(lagos.receiving()));
  CHECK(lagos.only("interest").log.size() == 1);
  CHECK(lagos.waiting().empty());
  REQUIRE(settle(rome, lagos));
  CHECK(rome.only("interest").log.size() == 1);
}

TEST_CASE("network: an office that is taken out leaves no case and no stand-in, and comes back", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const std::string here = rome.send("rome:fund", "lagos:pumps", "rome-a")->after.id;
  REQUIRE(settle(rome, lagos));
  DirectoryChange going;
  going.offices.push_back({"lagos", {}});
  going.desks.push_back({"lagos", {}});
  CHECK(rome.cases->change_offices(going, "test", rome.now).error().code == ErrorCode::kForbidden);
  REQUIRE(remove_office(*rome.store, "lagos", "test"));
  REQUIRE(forget_cases_with(*rome.store, *rome.cases, "lagos", rome.now));
  CHECK_FALSE(rome.cases->get(here, rome.now));
  CHECK(rome.act(here, "rome-a", "withdraw").error().code == ErrorCode::kNotFound);
  CHECK(rome.cases->offices()->directory.office("lagos") == nullptr);
  CHECK(rome.take(lagos.bundles_for("rome").front()).error().code == ErrorCode::kForbidden);
  CHECK(rome.send("rome:fund", "lagos:pumps", "rome-a").error().code == ErrorCode::kNotFound);
  rome.meet(lagos);
  REQUIRE(settle(rome, lagos));
  CHECK(rome.cases->offices()->directory.office("lagos") != nullptr);
  CHECK(rome.store->get("lagos:pumps"));
  CHECK(sound(rome));
}

TEST_CASE("network: a directory of before comes to what the other office knows of their cases", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  rome.keep_copy(world.folder.path() / "rome-before");
  const std::string here = rome.send("rome:fund", "lagos:pumps", "rome-a")->after.id;
  REQUIRE(settle(rome, lagos));
  lagos.keep_copy(world.folder.path() / "lagos-before");
  REQUIRE(lagos.act(lagos.only("interest").id, "lagos-b", "accept"));
  REQUIRE(settle(rome, lagos));
  REQUIRE(rome.act(rome.only("introduction").id, "rome-a", "release"));
  REQUIRE(settle(rome, lagos));

  SECTION("of the office that asked") {
    rome.go_back_to(world.folder.path() / "rome-before");
    CHECK(rome.all().empty());
    REQUIRE(settle(rome, lagos));
    CHECK(rome.state(rome.only("interest")) == "accepted");
    CHECK(rome.only("interest").asking.profile == "rome:fund");
    CHECK(rome.only("introduction").origin == rome.only("interest").id);
    REQUIRE(lagos.act(lagos.only("introduction").id, "lagos-b", "release"));
    REQUIRE(settle(rome, lagos));
    const std::string here_now = rome.only("introduction").id, there = lagos.only("introduction").id;
    CHECK(world.released(rome, here_now));
    CHECK(world.email_at(rome, here_now, "lagos:pumps") == "secret-of-lagos:pumps@example.org");
    // That Rome turned its key is Lagos's word alone now: Rome releases nothing on that.
    CHECK(world.email_at(lagos, there, "rome:fund").find("have not arrived yet") != std::string::npos);
    REQUIRE(rome.act(here_now, "rome-a", "drop", with_reason("in_error")));
    REQUIRE(rome.act(here_now, "rome-a", "reopen", with_note("Anew.")));
    REQUIRE(rome.act(here_now, "rome-a", "release"));
    REQUIRE(settle(rome, lagos));
    REQUIRE(lagos.act(there, "lagos-b", "release"));
    REQUIRE(settle(rome, lagos));
    CHECK(world.email_at(lagos, there, "rome:fund") == "secret-of-rome:fund@example.org");
  }
  SECTION("of the office that answers: its log is as it was then") {
    lagos.go_back_to(world.folder.path() / "lagos-before");
    REQUIRE(settle(rome, lagos));
    CHECK(lagos.state(lagos.only("interest")) == "sent");
    CHECK(rome.state(rome.cases->get(here, rome.now)->of) == "sent");
    CHECK(lagos.waiting().empty());
    const std::string lost = rome.only("introduction").id;  // Lagos has no record of it
    CHECK(rome.state(rome.only("introduction")) == "dropped");
    CHECK(rome.act(lost, "rome-a", "reopen", with_note("?")).error().message.find("keeps no record") != std::string::npos);
    REQUIRE(lagos.act(lagos.only("interest").id, "lagos-b", "accept"));
    REQUIRE(settle(rome, lagos));
    CHECK(rome.state(rome.cases->get(here, rome.now)->of) == "accepted");
    CHECK_FALSE(world.released(rome, rome.only("introduction").id));
    CHECK(rome.state(rome.only("introduction")) == "agreed");
    REQUIRE(rome.act(lost, "rome-a", "release"));
    REQUIRE(lagos.act(lagos.only("introduction").id, "lagos-b", "release"));
    REQUIRE(settle(rome, lagos));
    CHECK(world.released(rome, lost));
    CHECK(world.email_at(lagos, lagos.only("introduction").id, "rome:fund") == "secret-of-rome:fund@example.org");
  }
  CHECK(sound(rome));
  CHECK(sound(lagos));
}

TEST_CASE("network: an office releases nothing because another one writes that it did", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const auto [here, there] = world.agreed();
  REQUIRE(lagos.act(there, "lagos-b", "release"));
  REQUIRE(settle(rome, lagos));
  const CaseMessage forged = with_key_of_rome(lagos);
  const std::string contact = "{}";
  const std::uint64_t epoch = lagos.head().epoch;
  REQUIRE(rome.cases->take_shared({forged, "lagos", epoch, contact}, rome.now, {}) == std::string());
  CHECK_FALSE(rome.shared(rome.only("introduction")).releases);
  const CaseMessage told = message_of(*rome.store, rome.shared(rome.only("introduction")), "rome").value();
  CHECK(told.contact.empty());
  CHECK(world.email_at(lagos, there, "rome:fund") == "the contacts are not released");
}

TEST_CASE("network: an office believes of a case that it does not know only what can be between the two", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  REQUIRE(rome.send("rome:fund", "lagos:pumps", "rome-a"));
  REQUIRE(settle(rome, lagos));
  REQUIRE(lagos.act(lagos.only("interest").id, "lagos-b", "accept"));
  const std::string contact;
  const std::uint64_t epoch = lagos.head().epoch;
  const CaseMessage interest = message_of(*lagos.store, lagos.shared(lagos.only("interest")), "lagos").value();
  const CaseMessage introduction = message_of(*lagos.store, lagos.shared(lagos.only("introduction")), "lagos").value();
  const auto told = [&](const CaseMessage& message) -> std::string {
    const Result<std::string> taken = rome.cases->take_shared({message, "lagos", epoch, contact}, rome.now, {});
    return taken ? *taken : taken.error().message;
  };
  CaseMessage forged = interest;
  forged.shared = "forged";
  forged.of->answering.profile = "cairo:dates";
  CHECK(told(forged).find("is not between") != std::string::npos);
  forged.of->answering.profile = "lagos:pumps";
  forged.of->asking.profile = "lagos:wells";
  CHECK(told(forged).find("is not between") != std::string::npos);
  forged = interest;
  forged.shared = "forged";
  forged.kind = "introduction";
  CHECK(told(forged).find("is of a kind") != std::string::npos);
  forged = introduction;
  forged.shared = "forged";
  forged.origin.clear();
  CHECK(told(forged) == "came of no interest");
  forged.origin = "unknown";
  CHECK(told(forged) == "the case that it came of is not here yet");
  forged = interest;
  ++forged.version;
  forged.of->log.front().verb = "withdraw";
  CHECK(told(forged).find("other than it was done here") != std::string::npos);
  CHECK(rome.all().size() == 1);
  CHECK(told(introduction).empty());
  CHECK(rome.only("introduction").origin == rome.only("interest").id);
}

TEST_CASE("network: a key that was turned to one agreement releases nothing under the next, whatever is told",
          "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  const auto [here, there] = world.agreed();
  REQUIRE(rome.act(here, "rome-a", "release"));
  const AskedAct turned = rome.shared(rome.only("introduction")).asked.back();
  REQUIRE(lagos.act(there, "lagos-b", "drop", with_reason("plans_changed")));
  REQUIRE(lagos.act(there, "lagos-b", "reopen", with_note("After all.")));
  REQUIRE(lagos.act(there, "lagos-b", "release"));
  CaseMessage forged = with_key_of_rome(lagos);
  const unsigned number = forged.of->log.back().number;
  forged.asked.push_back({.id = turned.id, .seen = turned.seen, .act = {}, .number = number, .refused = {}});
  const std::string contact;
  REQUIRE(rome.cases->take_shared({forged, "lagos", lagos.head().epoch, contact}, rome.now, {}) == std::string());
  SharedCase of = rome.shared(rome.only("introduction"));
  CHECK_FALSE(of.releases);
  CHECK(message_of(*rome.store, of, "rome")->contact.empty());
  of.releases = true;  // as an older agreement left it
  CHECK(message_of(*rome.store, of, "rome")->contact.empty());
}

TEST_CASE("network: a case that is gone before it was known does not rise again", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  REQUIRE(rome.send("rome:fund", "lagos:pumps", "rome-a"));
  const CaseMessage open = message_of(*rome.store, rome.shared(rome.only("interest")), "rome").value();
  CaseMessage gone = open;
  gone.gone = true;
  gone.of.reset();
  gone.asked.clear();
  ++gone.version;
  const std::string contact;
  for (const CaseMessage* message : {&std::as_const(gone), &open}) {
    const CaseTelling telling{*message, "rome", rome.head().epoch, contact};
    REQUIRE(lagos.cases->take_shared(telling, lagos.now, {}) == std::string());
  }
  CHECK(lagos.all().empty());
  CHECK(sound(lagos));
}

TEST_CASE("network: a message of more acts than a case can have is not read", "[network][cases]") {
  CaseMessage message;
  message.shared = "s";
  message.asked.resize(4096);
  CHECK(decode_case_message(encode(message)));
  message.asked.resize(4097);
  CHECK(decode_case_message(encode(message)).error().code == ErrorCode::kCorrupt);
  message.asked.clear();
  message.contact = std::string(1 << 20, 'x');
  CHECK(decode_case_message(encode(message)).error().message == "is too large");
}

TEST_CASE("network: one id stands for one office", "[network][cases]") {
  Three world;
  CaseOffice &rome = world.rome, &lagos = world.lagos;
  REQUIRE(lagos.store->run_exclusively([&](Database& database) {
    return database.write({edit_of_stand_in("rome", StandIn{"r.ome", {}})});
  }));
  hand_over(rome, lagos);
  CHECK(lagos.waiting() == std::vector<std::string>{"the id `rome` stands for the office `r.ome` here"});
  CHECK(read_stand_in(lagos.store->database(), "rome").value()->office == "r.ome");
}

}  // namespace counterpart::index
