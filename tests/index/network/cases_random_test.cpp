// Whatever happens to what offices hand each other: their records of a shared case are equal in the end, each act is in it
// once, and no contact is where only one key was turned.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "engine/base/file.h"
#include "index/network/network_check.h"
#include "tests/index/network/case_office.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

class World {
 public:
  World(unsigned seed, bool two) : random_(seed) {
    const std::pair<const char*, WorkingTime> places[] = {
        {"rome", {"IT", "Europe/Rome"}}, {"lagos", {"NG", "Africa/Lagos"}}, {"cairo", {"EG", "Africa/Cairo"}}};
    for (const auto& [id, time] : places)
      if (!two || id != std::string_view("cairo"))
        offices_.push_back(std::make_unique<CaseOffice>(folder_.path() / id, id, time));
    for (const auto& one : offices_) {
      for (int i = 0; i < 3; ++i) one->publish(one->id + ":" + std::to_string(i));
      for (const auto& other : offices_)
        if (one->id != other->id) one->meet(*other);
    }
    settle_all();
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      check_contacts();
    }
  }

  void settle_all() {
    between_.clear();
    for (int round = 0; round < 2; ++round)
      for (std::size_t i = 0; i < offices_.size(); ++i)
        for (std::size_t j = i + 1; j < offices_.size(); ++j) REQUIRE(settle(*offices_[i], *offices_[j]));
    check_contacts();
    for (const auto& one : offices_) {
      CHECK(one->waiting().empty());
      for (const auto& other : offices_)
        if (one->id != other->id) check_equal(*one, *other);
      VerifyReport report = one->cases->verify({}, one->now).value();
      report = check_network(one->store->database(), std::move(report)).value();
      for (const std::string& difference : report.differences) UNSCOPED_INFO(one->id << ": " << difference);
      CHECK(report.difference_count == 0);
    }
  }

  // No private member lies open in any file.
  void check_files() {
    for (const auto& one : offices_) one->restart();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path()))
      if (entry.is_regular_file()) CHECK(read_file(entry.path()).value().find("secret-of-") == std::string::npos);
  }

  std::size_t acts = 0, releases = 0, closed = 0;

 private:
  std::size_t below(std::size_t end) { return random_() % end; }
  CaseOffice& any() { return *offices_[below(offices_.size())]; }

  void step() {
    CaseOffice& office = any();
    const std::string profile = office.id + ":" + std::to_string(below(3));
    const std::size_t what = below(60);
    if (what == 0 && below(2) == 0) {
      (void)(below(2) == 0 ? office.remove(profile).has_value() : office.erase(profile).has_value());
    } else if (what == 1) {
      office.publish(profile);
    } else if (what == 2) {
      office.restart();
    } else if (what == 3) {
      office.now += static_cast<std::int64_t>(below(30)) * 86'400;
      REQUIRE(office.cases->tick(office.now));
    } else if (what < 10) {
      const CaseOffice& other = any();
      if (other.id == office.id) return;
      (void)office.send(profile, other.id + ":" + std::to_string(below(3)), office.id + (below(2) == 0 ? "-a" : "-b"));
    } else if (what < 30) {
      for (int i = 0; i < 3; ++i) act(office);
    } else if (what < 45) {
      CaseOffice& reader = any();
      if (reader.id == office.id) return;
      if (what < 38) return index::hand_over(office, reader);
      for (std::string& sealed : office.bundles_for(reader.id, {.operations = 1 + below(4)}))
        between_.push_back({reader.id, std::move(sealed)});
    } else {
      hand_over();
    }
  }

  void act(CaseOffice& office) {
    const std::vector<Case> cases = office.all();
    if (cases.empty()) return;
    // Later ones are more often introductions.
    const Case& of = cases[std::max(below(cases.size()), below(cases.size()))];
    const std::vector<const ActRow*> rows = life_cycles().acts_from(of.kind, office.state(of));
    if (rows.empty()) return;
    const auto leads_on = [](const ActRow* one) { return one->verb == "accept" || one->two_keys; };
    const auto on = std::ranges::find_if(rows, leads_on);
    const ActRow& row = on != rows.end() && below(2) == 0 ? **on : *rows[below(rows.size())];
    Said said = with_note("said " + std::to_string(++acts));
    if (row.says == "decline") said.reason = "too_small";
    if (row.says == "drop") said.reason = "no_reply";
    if (row.says == "hand_over") said.facts.desk = office.id + "-b";
    const std::optional<SharedCase> shared = shared_of(office.store->database(), of.id).value();
    if (row.two_keys && shared && office.act(of.id, office.id + "-a", std::string(row.verb), said))
      keys_[shared->shared].insert(office.id);
    else
      (void)office.act(of.id, office.id + "-a", std::string(row.verb), said);
  }

  void hand_over() {
    if (between_.empty()) return;
    const std::size_t which = below(3) == 0 ? below(between_.size()) : 0;
    auto [to, sealed] = between_[which];
    if (below(3) != 0) between_.erase(between_.begin() + static_cast<std::ptrdiff_t>(which));
    if (below(12) == 0) return;  // lost
    for (const auto& reader : offices_)
      if (reader->id == to) REQUIRE(reader->take(sealed));
  }

  void check_contacts() {
    for (const auto& office : offices_) {
      const std::vector<Case> introductions = office->cases->list({.kind = "introduction"}, {}, 1000).value();
      for (const Case& of : introductions) {
        const std::optional<SharedCase> shared = shared_of(office->store->database(), of.id).value();
        if (!shared) continue;
        const bool there = office->store->database().get(Family::kContacts, released_key(of.id)).value().has_value();
        const bool open = office->cases->get(of.id, office->now)->released;
        if (there || open) CHECK(keys_[shared->shared].size() == 2);
        if (there) ++releases;
      }
    }
  }

  void check_equal(CaseOffice& one, CaseOffice& other) {
    const std::vector<SharedCase> all = shared_with(one.store->database(), other.id).value();
    for (const SharedCase& here : all) {
      const std::optional<SharedCase> there = read_shared(other.store->database(), one.id, here.shared).value();
      const bool is_here = !here.gone && !here.case_id.empty(), is_there = there && !there->gone && !there->case_id.empty();
      INFO(one.id << " and " << other.id << ", " << here.kind << " " << here.case_id);
      CHECK(here.waiting() == (here.over ? here.waiting() : 0));
      if (!is_here) continue;
      const Case own = one.cases->get(here.case_id, one.now).value().of;
      std::set<std::string> said;
      for (const Act& act : own.log)
        if (!act.said.note.empty() && !here.over) CHECK(said.insert(act.said.note).second);
      if (!is_there || here.over) {
        CHECK(here.over);
        const bool is_open = std::holds_alternative<OpenItem>(one.cases->get(here.case_id, one.now)->standing);
        CHECK_FALSE(is_open);
        ++closed;
        continue;
      }
      const Case others = other.cases->get(there->case_id, other.now).value().of;
      REQUIRE(own.log.size() == others.log.size());
      for (std::size_t i = 0; i < own.log.size(); ++i) {
        CHECK(own.log[i].verb == others.log[i].verb);
        CHECK(own.log[i].at == others.log[i].at);
        CHECK(own.log[i].side == others.log[i].side);
        CHECK(own.log[i].said.note == others.log[i].said.note);
      }
    }
  }

  struct Between {
    std::string to, sealed;
  };
  TempFolder folder_;
  std::mt19937 random_;
  std::vector<std::unique_ptr<CaseOffice>> offices_;
  std::vector<Between> between_;
  std::map<std::string, std::set<std::string>> keys_;  // by shared case: the offices that turned theirs
};

}  // namespace

namespace {

void run_worlds(unsigned first, unsigned last, int parts, int steps) {
  std::size_t releases = 0;
  for (unsigned seed = first; seed <= last; ++seed) {
    INFO("seed " << seed);
    World world(seed, seed % 2 == 0);
    for (int part = 0; part < parts; ++part) {
      world.run(steps);
      world.settle_all();
    }
    world.check_files();
    releases += world.releases;
  }
  CHECK(releases > 0);
}

}  // namespace

TEST_CASE("network: whatever happens between offices, both have the same case in the end", "[network][cases][random]") {
  run_worlds(1, 2, 2, 150);
}
TEST_CASE("network: the same at length", "[.long][network][cases][random]") { run_worlds(100, 139, 4, 200); }

}  // namespace counterpart::index
