// A store on a file system that loses what was not synced and fails now and then: what was acknowledged is there after each
// power cut, what was refused is not, and what is read is right or an error.
// Usage: faults [cycles] [seed]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "index/snapshot/publisher.h"
#include "index/store/store.h"
#include "tests/index/store/faulty_machine.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/gated_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

constexpr int kProfiles = 150;

// What each profile must be: its title, empty when it is not there.
struct Model {
  std::map<std::string, std::string> sure;
  // Refused since the last write that was acknowledged: the process may end before they are left behind for good.
  std::vector<std::map<std::string, std::string>> refused;
  std::uint64_t acknowledged = 0, refusals = 0, failed_reads = 0;
};

bool complain(const std::string& what) {
  std::cerr << "faults: " << what << '\n';
  return false;
}

// One batch of writes.
void write_some(Store& store, Model& model, std::mt19937& random) {
  const FakeEmbedder embedder;
  std::vector<Write> writes;
  std::map<std::string, std::string> titles;
  for (unsigned i = 0, count = 1 + static_cast<unsigned>(random()) % 8; i < count; ++i) {
    const std::string id = "p" + std::to_string(random() % kProfiles);
    if (titles.contains(id)) continue;
    Write write;
    write.profile.id = id;
    if (!model.sure[id].empty() && random() % 6 == 0) {
      write.kind = Write::Kind::kErase;
      titles[id] = "";
    } else {
      write.profile.title = titles[id] = "Pump " + std::to_string(random()) + std::string(random() % 3000, 'x');
      write.profile.country = "KE";
      write.profile.offers = "solar pumps";
      write.embedding = quantise(embed_faces(write.profile, embedder), embedder.model());
    }
    writes.push_back(std::move(write));
  }
  // A write whose profile could not be read is refused alone; the others share the batch and its fate.
  const auto verdicts = store.write(writes);
  const bool stored = std::ranges::any_of(verdicts, [](const auto& verdict) { return verdict.has_value(); });
  if (!stored) {
    model.refused.push_back(titles);
    ++model.refusals;
    return;
  }
  model.refused.clear();
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (!verdicts[i]) continue;
    model.sure[writes[i].profile.id] = titles[writes[i].profile.id];
    ++model.acknowledged;
  }
}

bool read_some(const Store& store, Model& model, std::mt19937& random) {
  for (int i = 0; i < 4; ++i) {
    const std::string id = "p" + std::to_string(random() % kProfiles);
    const auto stored = store.get(id);
    if (!stored && stored.error().code != ErrorCode::kNotFound) {
      ++model.failed_reads;
      continue;
    }
    if ((stored ? stored->profile.title : std::string()) != model.sure[id]) return complain(id + " is read wrong");
  }
  return true;
}

std::map<std::string, std::string> titles_of(const Store& store, Status& walked) {
  std::map<std::string, std::string> found;
  walked = store.for_each(false, [&](const StoredProfile& stored, const auto&) {
    found[stored.profile.id] = stored.profile.title;
    return true;
  });
  return found;
}

// Either what was acknowledged, or that and the last refused batch: its bytes were written before its sync failed.
bool agrees(const std::map<std::string, std::string>& found, Model& model) {
  std::vector<std::map<std::string, std::string>> possible{model.sure};
  for (const auto& batch : model.refused) {
    possible.push_back(model.sure);
    for (const auto& [id, title] : batch) possible.back()[id] = title;
  }
  for (auto& one : possible) {
    std::erase_if(one, [](const auto& profile) { return profile.second.empty(); });
    if (one != found) continue;
    model.sure = one;
    model.refused.clear();
    return true;
  }
  return complain("what is there is neither what was acknowledged nor that and a batch refused last");
}

bool indexes_agree(Store& store) {
  const FakeEmbedder embedder;
  const auto publisher = Publisher::open(store, real_taxonomy(), embedder);
  if (!publisher) return complain("the index does not open: " + describe(publisher.error()));
  const auto report = (*publisher)->verify();
  if (!report) return complain(describe(report.error()));
  const auto audit = store.audit().verify();
  if (!audit || audit->broken_at != 0) return complain("the audit log is broken");
  return report->difference_count == 0 || complain("verify: " + report->differences.front());
}

bool one_cycle(const Machine& machine, const std::filesystem::path& data, Model& model, std::mt19937& random,
               std::uint64_t& lost) {
  FaultFileSystem& files = *machine.files;
  files.set(draw_odds(random));
  {
    auto store = machine.open_store(data);
    for (int step = 0, steps = static_cast<int>(random() % 150); store && step < steps; ++step) {
      write_some(**store, model, random);
      if (!read_some(**store, model, random)) return false;
      if (random() % 40 == 0) (void)(*store)->purge();
    }
    if (const Status usable = store ? (*store)->in_place() : Status(); !usable) return complain(describe(usable.error()));
    if (random() % 4 != 0) files.cut_power();
  }
  lost += files.lose_unsynced();
  files.set({});
  auto store = machine.open_store(data);
  if (!store) return complain("it does not open: " + describe(store.error()));
  Status walked;
  const auto found = titles_of(**store, walked);
  if (!walked) return complain(describe(walked.error()));
  if ((*store)->size() != found.size()) return complain("the count of profiles differs from the profiles");
  return agrees(found, model) && indexes_agree(**store);
}

// Vectors that the disk refused follow by themselves once it takes writes again.
bool vectors_follow(const Machine& machine, const std::filesystem::path& data) {
  using namespace std::chrono_literals;
  FaultFileSystem& files = *machine.files;
  const FakeEmbedder embedder;
  GatedEmbedder fine("fine-1");
  const auto store = machine.open_store(data).value();
  std::vector<Write> writes(1);
  writes[0].profile.id = "fine";
  writes[0].profile.title = "Pump";
  writes[0].profile.country = "KE";
  writes[0].embedding = quantise(embed_faces(writes[0].profile, embedder), embedder.model());
  std::atomic<bool> refused{false};
  const auto publisher = Publisher::open(*store, real_taxonomy(), embedder, nullptr, &fine).value();
  publisher->on_trouble([&](const Error& error) { refused = refused || error.code == ErrorCode::kStorage; });
  if (!store->write(writes).front()) return complain("a profile is refused");
  if (!fine.somebody_waits()) return complain("nobody makes its fine vectors");
  files.set({.write = 1, .passes = true});
  fine.open();
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (!refused && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  files.set({});
  if (!refused) return complain("its fine vectors were not refused");
  for (int i = 0; i < 2000 && publisher->awaiting_fine() > 0; ++i) publisher->wait_for(store->sequence() + 1, 10ms);
  return publisher->awaiting_fine() == 0 || complain("fine vectors that the disk refused were never made again");
}

}  // namespace
}  // namespace counterpart::index

int main(int argc, char** argv) {
  using namespace counterpart::index;
  const int cycles = argc > 1 ? std::atoi(argv[1]) : 40;
  const unsigned seed = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : std::random_device{}();
  std::cout << "seed " << seed << std::endl;
  std::mt19937 random(seed);
  const TempFolder folder;
  const Machine machine;
  Model model;
  std::uint64_t lost = 0;
  for (int cycle = 0; cycle < cycles; ++cycle)
    if (!one_cycle(machine, folder.path() / "data", model, random, lost)) {
      std::cerr << "in cycle " << cycle << "\n";
      return 1;
    }
  if (!vectors_follow(machine, folder.path() / "vectors")) return 1;
  // A few cycles may by chance lose nothing.
  const bool struck = machine.files->faults() > 0 && (lost > 0 || cycles < 40) && model.acknowledged > 0;
  std::cout << "RESULT faults | " << cycles << " cycles, " << machine.files->faults() << " faults, " << lost << " files cut, "
            << model.acknowledged << " acknowledged writes, " << model.refusals << " refused batches, " << model.failed_reads
            << " failed reads | nothing acknowledged lost, nothing refused there\n";
  return struck ? 0 : 1;
}
