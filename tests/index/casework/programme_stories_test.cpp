// What a programme's cases live through, as data that an officer can read: tests/scenarios/stories/*.toml, each under the file
// of its programme as it is shipped.
//
//   programme, kind, from, to   what the case is, between which of [profiles]
//   [offices.NAME]              country, zone, desks (the first is its head), duty
//   [profiles.NAME]             office, and what a profile has: country, roles, capacity
//   [[steps]]                   at, who (a desk, or "clock": time passes), does, on (the case's profile where it is another),
//                               says (reason, note, facts); then the state, owner, step, due and letters afterwards,
//                               or `refused`: what the refusal says
#include <filesystem>
#include <map>
#include <sstream>

#include "engine/base/toml.h"
#include "engine/casework/case_json.h"
#include "engine/profile/profile_json_tree.h"
#include "engine/programme/programme.h"
#include "index/base/files.h"
#include "index/casework/case_store.h"
#include "tests/engine/calendar/offices.h"
#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

const std::filesystem::path kSource = COUNTERPART_SOURCE_DIR;

std::string text(const toml::table& table, std::string_view key) { return table[key].value_or(std::string()); }

std::int64_t moment(const toml::table& step) {
  const toml::date_time at = step["at"].value<toml::date_time>().value();
  const std::chrono::year_month_day day{std::chrono::year(at.date.year), std::chrono::month(at.date.month),
                                        std::chrono::day(at.date.day)};
  return std::chrono::sys_days(day).time_since_epoch().count() * kSecondsOfDay + at.time.hour * 3'600 + at.time.minute * 60;
}

class Story {
 public:
  explicit Story(const toml::table& told) : told_(told), data_(folder_.path() / "data") {
    store_ = Store::open(data_).value();
    cases_ = CaseStore::open(*store_, clocks_of(shipped_world()), {}, moment(first())).value();
    cases_->run_by(case_rules_of(load_programmes(kSource / "datasets/programmes", real_taxonomy()).value()));
    DirectoryChange change;
    for (const auto& [name, node] : *told["offices"].as_table()) add_office(std::string(name.str()), *node.as_table(), change);
    REQUIRE(cases_->change_offices(change, "test", moment(first())));
    for (const auto& [name, node] : *told["profiles"].as_table()) add_profile(std::string(name.str()), *node.as_table());
  }

  void run() {
    for (const toml::node& node : *told_["steps"].as_array()) {
      const toml::table& step = *node.as_table();
      INFO("step of line " << node.source().begin.line);
      now_ = moment(step);
      REQUIRE(cases_->tick(now_)->failed.empty());
      const std::string about = step.contains("on") ? text(step, "on") : text(told_, "from");
      if (step.contains("does")) act(step, about);
      if (!step.contains("refused")) check(step, about);
    }
  }

 private:
  const toml::table& first() const { return *told_["steps"].as_array()->front().as_table(); }

  static void add_office(const std::string& id, const toml::table& told, DirectoryChange& change) {
    Office office = office_of(id, {text(told, "country"), text(told, "zone")}, {}, {}, told["duty"].value_or(false));
    for (const toml::node& node : *told["desks"].as_array()) {
      const std::string desk = node.value<std::string>().value();
      (office.head.empty() ? office.head : office.deputies.emplace_back()) = desk;
      change.desks.push_back({desk, desk_of(desk, id, "en")});
    }
    change.offices.push_back({id, office});
  }

  void add_profile(const std::string& id, const toml::table& told) {
    Write write;
    write.profile.id = write.profile.title = id;
    write.profile.country = text(told, "country");
    write.profile.office = text(told, "office");
    write.profile.capacity = told["capacity"].value_or(5);
    if (const toml::array* roles = told["roles"].as_array())
      for (const toml::node& role : *roles)
        write.profile.roles.push_back(parse_word<Role>(role.value_or(std::string())).value());
    REQUIRE(store_->write({&write, 1}).front());
  }

  static Said said_in(const toml::table& step) {
    const toml::table* says = step["says"].as_table();
    if (!says) return {};
    std::ostringstream json;
    json << toml::json_formatter{*says};
    JsonTree tree;
    REQUIRE(tree.parse(json.str()));
    const Result<Said> said = read_said(tree.root(), real_taxonomy());
    INFO((said ? "" : describe(said.error())));
    REQUIRE(said);
    return *said;
  }

  void act(const toml::table& step, const std::string& about) {
    ActRequest request{.desk = text(step, "who"), .verb = text(step, "does"), .said = said_in(step), .who = "test"};
    if (const auto known = ids_.find(about); known != ids_.end())
      request.case_id = known->second;
    else
      request.opens =
          NewCase{.kind = text(told_, "kind"), .programme = text(told_, "programme"), .from = about, .to = text(told_, "to")};
    const Result<Acted> acted = cases_->act(request, now_);
    if (step.contains("refused")) {
      REQUIRE_FALSE(acted);
      const std::string words = acted.error().message + "; " + acted.error().remedy;
      INFO(words);
      CHECK(words.find(text(step, "refused")) != std::string::npos);
      return;
    }
    INFO((acted ? "" : describe(acted.error())));
    REQUIRE(acted);
    ids_[about] = acted->after.id;
  }

  void check(const toml::table& step, const std::string& about) {
    const CaseNow now = cases_->get(ids_.at(about), now_).value();
    const OpenItem* open = std::get_if<OpenItem>(&now.standing);
    CHECK((open ? open->state : std::get<ClosedItem>(now.standing).state) == text(step, "then"));
    // Nothing open is without an owner and a due time; a story says whose it is.
    CHECK((open != nullptr) == step.contains("owner"));
    if (!open) return;
    CHECK(open->task.owner.desk == text(step, "owner"));
    if (step.contains("step")) CHECK(name_of(open->task.step) == text(step, "step"));
    if (step.contains("due")) CHECK(iso_date(open->task.due.due) == text(step, "due"));
  }

  const toml::table& told_;
  TempFolder folder_;
  std::filesystem::path data_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<CaseStore> cases_;
  std::map<std::string, std::string> ids_;  // of cases, by the profile that each is about
  std::int64_t now_ = 0;
};

}  // namespace

TEST_CASE("programme stories: each programme's cases go as its institution runs them", "[casework]") {
  std::set<std::string> kinds;
  for (const auto& file : std::filesystem::directory_iterator(kSource / "tests/scenarios/stories")) {
    INFO(file.path().filename().string());
    const toml::table told = parse_toml(read_file(file.path()).value(), file.path().filename().string()).value();
    Story(told).run();
    kinds.insert(text(told, "kind"));
  }
  CHECK(kinds == std::set<std::string>{"application", "coaching", "contribution", "membership", "request"});
}

}  // namespace counterpart::index
