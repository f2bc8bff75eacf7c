// Casework on a file system that fails now and then and loses what was not synced: what was acknowledged is there after each
// power cut, a refused act has changed nothing, and none is half there. Usage: act_faults [cycles] [seed]
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "index/casework/case_store.h"
#include "tests/engine/casework/well_said.h"
#include "tests/index/store/faulty_machine.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

using Cases = std::map<std::string, Case>;

bool complain(const std::string& what) {
  std::cerr << "act_faults: " << what << '\n';
  return false;
}

class Trial {
 public:
  explicit Trial(unsigned seed) : random_(seed) {}

  // Offices and profiles, while nothing fails.
  bool prepare() {
    const auto store = machine_.open_store(data_);
    if (!store) return complain(describe(store.error()));
    const auto cases = CaseStore::open(**store, clocks_of(shipped_world()), {}, now_);
    DirectoryChange change;
    for (const Office& office : three_offices()) change.offices.push_back({office.id, office});
    for (const Desk& desk : their_desks()) change.desks.push_back({desk.id, desk});
    if (!cases || !(*cases)->change_offices(change, "test", now_)) return complain("no offices");
    for (int i = 0; i < kProfiles; ++i) {
      Write write;
      write.profile.id = "p" + std::to_string(i);
      write.profile.title = "Pumps";
      write.profile.country = "KE";
      write.profile.office = three_offices()[static_cast<std::size_t>(i) % 3].id;
      write.profile.capacity = 6;
      if (!(*store)->write({&write, 1}).front()) return complain("no profiles");
    }
    return true;
  }

  bool cycle() {
    FaultFileSystem& files = *machine_.files;
    files.set(draw_odds(random_));
    if (!work()) return false;
    lost += files.lose_unsynced();
    files.set({});
    const auto store = machine_.open_store(data_);
    if (!store) return complain("it does not open: " + describe(store.error()));
    const auto cases = CaseStore::open(**store, clocks_of(shipped_world()), {}, now_);
    if (!cases) return complain("cases do not open: " + describe(cases.error()));
    return settle(**cases) && whole(**store, **cases);
  }

  std::uint64_t faults() const { return machine_.files->faults(); }
  std::uint64_t acknowledged = 0, refused = 0, lost = 0, unread = 0;

 private:
  static constexpr int kProfiles = 24;

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
  template <class List>
  auto any(const List& list) {
    return list[below(std::size(list))];
  }

  // Until the power goes.
  bool work() {
    const auto store = machine_.open_store(data_);
    if (!store) return true;
    const auto opened = CaseStore::open(**store, clocks_of(shipped_world()), {}, now_);
    if (!opened) return true;
    CaseStore& cases = **opened;
    for (std::size_t step = 0, steps = below(120); step < steps; ++step) {
      now_ += static_cast<std::int64_t>(below(6)) * 3'600;
      const std::size_t what = below(10);
      if (what == 0) {
        (void)cases.tick(now_);
        if (!look(cases, true)) return false;
      } else if (what == 1) {
        if (!deliver(cases)) return false;
      } else if (!act(cases)) {
        return false;
      }
    }
    if (below(4) != 0) machine_.files->cut_power();
    return true;
  }

  ActRequest request_of() {
    ActRequest request;
    request.desk = any(their_desks()).id;
    request.who = "token";
    if (sure_.empty() || below(4) == 0) {
      request.opens = NewCase{.kind = "interest",
                              .programme = "itpo",
                              .from = "p" + std::to_string(below(kProfiles)),
                              .to = "p" + std::to_string(below(kProfiles))};
      request.verb = "send";
      request.said = cooperation_wanted();
      return request;
    }
    const Case& of = std::next(sure_.begin(), static_cast<std::ptrdiff_t>(below(sure_.size())))->second;
    const std::vector<const ActRow*> rows = life_cycles().acts_from(of.kind, progress_of(of, life_cycles())->state->state);
    request.case_id = of.id;
    request.verb = "note";
    if (rows.empty()) return request;  // refused: it is closed for good
    const ActRow& row = *any(rows);
    request.verb = row.verb;
    complete(request.said, row.says, now_, [this](std::size_t limit) { return below(limit); });
    return request;
  }

  bool act(CaseStore& cases) {
    const ActRequest request = request_of();
    const Result<Acted> acted = cases.act(request, now_);
    if (!acted) {
      // What the table refuses was never on its way to the disk.
      if (acted.error().code == ErrorCode::kStorage || acted.error().code == ErrorCode::kCorrupt) {
        on_the_way_.push_back(request);
        ++refused;
      }
      return look(cases, false);
    }
    ++acknowledged;
    on_the_way_.clear();
    sure_[acted->after.id] = acted->after;
    for (const std::string& id : acted->others)
      if (const auto other = cases.get(id, now_))
        sure_[id] = other->of;
      else
        unread_.push_back(id);
    return true;
  }

  bool deliver(CaseStore& cases) {
    const auto letters = cases.letters_to_send(now_, 20);
    if (!letters) return true;
    std::vector<Delivery> ends;
    for (const StoredLetter& letter : *letters) ends.push_back({.number = letter.number});
    if (!cases.delivered(ends, now_)) return true;
    for (const StoredLetter& letter : *letters) sent_.push_back(letter.number);
    return true;
  }

  // Whoever is refused sees what was there before. `clock_acted`: what it did is taken over.
  bool look(const CaseStore& cases, bool clock_acted) {
    clock_acted_ = clock_acted_ || clock_acted;
    const auto listed = cases.list({}, {}, 100'000);
    if (!listed) {
      ++unread;
      return true;
    }
    for (const Case& of : *listed) {
      const auto known = sure_.find(of.id);
      if (known != sure_.end() && known->second == of) continue;
      if (std::ranges::find(unread_, of.id) == unread_.end() && !clock_acted_)
        return complain(of.id + " was changed by a refused act");
      sure_[of.id] = of;
    }
    clock_acted_ = false;
    return listed->size() == sure_.size() || complain("a case is gone, or was opened by a refused act");
  }

  // What is there is what was acknowledged; or that and one refused act whose bytes were written before their sync failed,
  // whole.
  bool settle(const CaseStore& cases) {
    const auto listed = cases.list({}, {}, 100'000);
    if (!listed) return complain(describe(listed.error()));
    Cases found;
    for (const Case& of : *listed) found[of.id] = of;
    for (const auto& [id, of] : sure_) {
      if (!found.contains(id)) return complain(id + " is lost");
      const std::vector<Act>& log = found.at(id).log;
      if (log.size() < of.log.size() || !std::equal(of.log.begin(), of.log.end(), log.begin()))
        return complain("of " + id + " an act is lost");
    }
    int more = 0;
    for (const auto& [id, of] : found) {
      const std::size_t known = sure_.contains(id) ? sure_.at(id).log.size() : 0;
      if (std::ranges::find(unread_, id) != unread_.end()) continue;
      for (std::size_t i = known; i < of.log.size(); ++i) {
        const Act& act = of.log[i];
        if (act.by == By::kClock || act.verb == "agree") continue;  // the latter with the `accept` of its origin
        ++more;
        const auto asked = std::ranges::any_of(on_the_way_, [&](const ActRequest& request) {
          return request.verb == act.verb && request.desk == act.desk && (request.opens ? known == 0 : request.case_id == id);
        });
        if (!asked) return complain(id + " has an act `" + act.verb + "` that nobody asked for");
      }
    }
    if (more > 1) return complain(std::to_string(more) + " refused acts are there");
    sure_ = std::move(found);
    on_the_way_.clear();
    unread_.clear();
    return true;
  }

  // With its letters, what it opened and the log.
  bool whole(const Store& store, const CaseStore& cases) {
    const auto report = cases.verify({}, now_);
    if (!report) return complain(describe(report.error()));
    if (report->difference_count > 0) return complain("verify: " + report->differences.front());
    std::size_t acts = 0, accepted = 0, opened = 0;
    for (const auto& [id, of] : sure_) {
      acts += of.log.size();
      accepted += static_cast<std::size_t>(std::ranges::count(of.log, "accept", &Act::verb));
      opened += of.kind == "introduction";
      const auto letters = cases.letters({.case_id = id}, 0, 1'000);
      if (!letters) return complain(describe(letters.error()));
      const auto told =
          std::ranges::count_if(*letters, [](const auto& one) { return one.letter.letter == "interest_received"; });
      // Whoever asks the own office may be the one to answer, and is not written to.
      const bool must = of.kind == "interest" && of.asking.office != of.answering.office;
      if (told > 1 || (must && told == 0))
        return complain("of " + id + " the first letter is there " + std::to_string(told) + " times");
    }
    if (accepted != opened) return complain("an interest is accepted without its introduction, or the other way round");
    for (const std::uint64_t number : sent_) {
      const auto letter = cases.letters({}, number - 1, 1);
      if (!letter || letter->empty() || letter->front().state != LetterState::kSent)
        return complain("letter " + std::to_string(number) + " was noted as sent, and is not");
    }
    const auto verdict = store.audit().verify();
    if (!verdict || verdict->broken_at != 0) return complain("the audit log is broken");
    std::size_t noted = 0;
    const auto entries = store.audit().list(0, 1'000'000);
    if (!entries) return complain(describe(entries.error()));
    for (const AuditEntry& entry : *entries) noted += entry.what.starts_with("case ");
    return noted == acts || complain(std::to_string(acts) + " acts, " + std::to_string(noted) + " in the audit log");
  }

  std::mt19937 random_;
  TempFolder folder_;
  const std::filesystem::path data_ = folder_.path() / "data";
  Machine machine_;
  std::int64_t now_ = utc("2026-11-26", 10);
  Cases sure_;
  std::vector<ActRequest> on_the_way_;  // refused since the last act that was acknowledged
  std::vector<std::string> unread_;     // opened by one that was, and could not be read
  bool clock_acted_ = false;            // since all cases could last be read
  std::vector<std::uint64_t> sent_;
};

}  // namespace
}  // namespace counterpart::index

int main(int argc, char** argv) {
  using namespace counterpart::index;
  const int cycles = argc > 1 ? std::atoi(argv[1]) : 40;
  const unsigned seed = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : std::random_device{}();
  std::cout << "seed " << seed << std::endl;
  Trial trial(seed);
  if (!trial.prepare()) return 1;
  for (int cycle = 0; cycle < cycles; ++cycle)
    if (!trial.cycle()) {
      std::cerr << "in cycle " << cycle << "\n";
      return 1;
    }
  std::cout << "RESULT act_faults | " << cycles << " cycles, " << trial.faults() << " faults, " << trial.lost << " files cut, "
            << trial.acknowledged << " acknowledged acts, " << trial.refused
            << " refused by the disk | nothing acknowledged lost, "
            << "nothing refused there but whole\n";
  return trial.faults() > 0 && trial.acknowledged > 0 && trial.refused > 0 ? 0 : 1;
}
