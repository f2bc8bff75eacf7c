// Whatever happens to what offices hand each other: in the end all have what each has published, each change once.
#include <random>

#include "tests/index/network/office.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

// Three offices, and what lies between them: bundles that wait, come again, come late, are lost or damaged.
class World {
 public:
  explicit World(unsigned seed) : random_(seed) {
    for (const char* id : {"rome", "lagos", "cairo"}) offices_.emplace_back(folder_.path() / id, id);
    for (TestOffice& one : offices_)
      for (TestOffice& other : offices_)
        if (one.id != other.id) one.meet(other);
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) step();
  }

  // Everything is handed over in order; all are equal then.
  void settle_all() {
    for (int round = 0; round < 3; ++round)
      for (std::size_t i = 0; i < offices_.size(); ++i)
        for (std::size_t j = i + 1; j < offices_.size(); ++j) REQUIRE(settle(offices_[i], offices_[j]) < 8);
    for (const TestOffice& owner : offices_)
      for (const TestOffice& reader : offices_) {
        if (owner.id == reader.id) continue;
        CHECK(reader.received_of(owner.id) == owner.published());
        CHECK(reader.other(owner.id).received == owner.head());
        CHECK(read_notes(reader.store->database(), Note::kAhead, owner.id)->empty());
        CHECK(read_notes(reader.store->database(), Note::kErase, owner.id)->empty());
      }
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }
  TestOffice& any() { return offices_[below(offices_.size())]; }

  void step() {
    TestOffice& office = any();
    const std::string profile = office.id + "-" + std::to_string(below(8));
    switch (below(20)) {
      case 0: (void)office.remove(profile); break;
      case 1: (void)office.erase(profile); break;
      case 2: {  // of the time before, once in a while
        if (below(4) == 0) office.copy_to(copy_of(office));
        break;
      }
      case 3:
        if (below(6) == 0 && std::filesystem::exists(copy_of(office))) office.restore(copy_of(office));
        break;
      case 4: {
        office.close();
        office.open();
        break;
      }
      case 5:
      case 6:
      case 7:
      case 8:
      case 9: (void)office.write(TestOffice::put(profile, "text " + std::to_string(below(1000)))); break;
      case 10:
      case 11:
      case 12: {
        const TestOffice& reader = any();
        if (reader.id == office.id) break;
        for (std::string& sealed : office.bundles_for(reader.id, {.operations = 1 + below(4)}))
          between_.push_back({reader.id, std::move(sealed)});
        break;
      }
      default: hand_over();
    }
  }

  void hand_over() {
    if (between_.empty()) return;
    const std::size_t which = below(3) == 0 ? below(between_.size()) : 0;
    auto [to, sealed] = between_[which];
    if (below(3) != 0) between_.erase(between_.begin() + static_cast<std::ptrdiff_t>(which));
    if (below(12) == 0) return;  // lost
    const bool damaged = below(12) == 0;
    if (damaged) sealed[below(sealed.size())] ^= 4;
    for (const TestOffice& reader : offices_) {
      if (reader.id != to) continue;
      const Result<Received> received = reader.receive(sealed);
      CHECK(received.has_value() == !damaged);
    }
  }

  std::filesystem::path copy_of(const TestOffice& office) const { return folder_.path() / ("copy-" + office.id); }

  struct Between {
    std::string to, sealed;
  };
  TempFolder folder_;
  std::mt19937 random_;
  std::vector<TestOffice> offices_;
  std::vector<Between> between_;
};

}  // namespace

TEST_CASE("network: after anything that can happen to bundles and directories all offices agree", "[network][random]") {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    INFO("seed " << seed);
    World world(seed);
    for (int part = 0; part < 2; ++part) {
      world.run(60);
      world.settle_all();
    }
  }
}

}  // namespace counterpart::index
