// How good the answers of a probed search are: who is asked again, how, and what is counted.
#include "server/evaluate/recall_meter.h"

#include <future>

#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {
namespace {

// Tells each search that it is asked for; a search by rows leaves everybody out but the first.
class WatchedCorpus final : public FakeCorpus {
 public:
  using FakeCorpus::FakeCorpus;
  SearchResult search(const Search& search) const override {
    SearchResult found = FakeCorpus::search(search);
    if (!search.exact) {
      found.candidates.resize(1);
      found.scanned = 1;
      found.method = "probed";
      return found;
    }
    wanted = search.wanted;
    if (scans++ == 0) scanned.set_value();
    return found;
  }
  mutable std::promise<void> scanned;
  mutable std::atomic<int> scans{0};
  mutable std::size_t wanted = 0;
};

std::vector<Profile> companies(int count) {
  std::vector<Profile> all;
  for (int i = 0; i < count; ++i) {
    Profile one;
    one.id = "c" + std::to_string(i);
    one.kind = Kind::kCompany;
    one.title = "Company " + std::to_string(i);
    one.country = "DE";
    one.offers = "solar pumps of kind " + std::to_string(i);
    all.push_back(one);
  }
  return all;
}

struct Asked {
  explicit Asked(int count)
      : corpus(std::make_shared<WatchedCorpus>(real_taxonomy(), companies(count))), matcher(real_taxonomy(), programme) {
    seeker.profile.seeks = "solar pumps";
    seeker.faces = FakeCorpus::faces_of(seeker.profile);
    seeker.anonymous = true;
  }
  Matches answer() const { return matcher.match(*corpus, seeker, request).value(); }
  void to(RecallMeter& meter, const Matches& given) const {
    const std::shared_ptr<const Corpus> all = corpus;
    meter.answered(given, {matcher, all, seeker, request});
  }

  std::shared_ptr<WatchedCorpus> corpus;
  Programme programme = [] {
    Programme open;
    open.slug = "open";
    return open;
  }();
  Matcher matcher;
  Seeker seeker;
  MatchRequest request{.where = {}, .limit = 20, .today = 20'000};
};

TEST_CASE("Of a probed answer is told how many of the first ten by a scan it has", "[recall_meter]") {
  const Asked asked(15);
  const Matches given = asked.answer();
  REQUIRE(given.matches.size() == 1);
  RecallMeter meter(1);
  asked.to(meter, given);
  asked.corpus->scanned.get_future().wait();
  meter.finish();
  const RecallFigures figures = meter.figures();
  CHECK(figures.questions == 1);
  CHECK(figures.places == kRecallPlaces);
  CHECK(figures.found == 1);
  CHECK(asked.corpus->wanted <= 2'000);  // as many are weighed as for the answer, not everybody
}

TEST_CASE("Who was compared with everybody is not asked again, and of many only the first of so many", "[recall_meter]") {
  const Asked asked(3);
  Matches whole = asked.answer();
  whole.method = "exact";
  RecallMeter meter(2);
  for (int i = 0; i < 5; ++i) asked.to(meter, whole);
  CHECK(asked.corpus->scans == 0);
  const Matches given = asked.answer();
  asked.to(meter, given);
  asked.corpus->scanned.get_future().wait();
  for (int i = 0; i < 9; ++i) asked.to(meter, given);  // while it rests
  meter.finish();
  asked.to(meter, given);
  CHECK(meter.figures().questions == 1);
  CHECK(asked.corpus->scans == 1);
}

}  // namespace
}  // namespace counterpart::server
