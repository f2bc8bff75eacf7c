// What standing queries cost a write: the same profiles written without any, and with so many of each kind.
//   standing_bench [QUERIES] [MODELS_DIR] [DATASETS_DIR] [WRITES]
// Prints milliseconds a write (median of WRITES, one profile each, synced), the rise over no queries, and the time to be
// asked for a page of alerts. The text model is `fast`; its time is not measured.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "engine/profile/profile.h"
#include "index/model/encoder.h"
#include "index/standing/standing_queries.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace counterpart::index;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kWords[] = {"solar",     "pumps",  "cold",    "rooms",      "fish",      "recycling", "of",
                                       "batteries", "cashew", "nuts",    "hydropower", "training",  "textile",   "dyeing",
                                       "waste",     "water",  "leather", "tanning",    "medicines", "software",  "for",
                                       "farms",     "dairy",  "wind",    "turbines"};

constexpr double kFew = 0.8;  // the invented texts are alike; at this minimum one in some thousands fits, as real ones do

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

struct Bench {
  std::mt19937 random{7};
  const Taxonomy& taxonomy;
  const Programmes& programmes;
  const Embedder& embedder;
  int writes;
  double without = 0;

  std::string text() {
    std::string made;
    for (int i = 0; i < 8; ++i) made += std::string(kWords[random() % std::size(kWords)]) + " ";
    return made;
  }
  StandingQuery query(bool by_text, bool by_conditions) {
    StandingQuery made;
    if (by_text) made.text = text();
    made.minimum = kFew;
    if (!by_conditions) return made;
    const auto& countries = taxonomy.countries.entries();
    made.where.push_back({"country", {countries[random() % countries.size()].code}, false, Condition::Owner::kRequest});
    made.where.push_back({"kind", {"company"}, false, Condition::Owner::kRequest});
    return made;
  }
  Write write(int number) {
    Write made;
    made.profile.id = "b:" + std::to_string(number);
    made.profile.title = "Bench";
    made.profile.country = "KE";
    made.profile.offers = text();
    made.embedding = quantise(embed_faces(made.profile, embedder), embedder.model());
    return made;
  }

  int run(const char* name, int queries, bool by_text, bool by_conditions) {
    const TempFolder folder;
    const auto store = Store::open(folder.path() / "data");
    if (!store) return std::fprintf(stderr, "%s\n", store.error().message.c_str()), 1;
    const auto standing = StandingQueries::open(**store, taxonomy, programmes, embedder);
    if (!standing) return std::fprintf(stderr, "%s\n", standing.error().message.c_str()), 1;
    for (int i = 0; i < queries; ++i)
      if (const auto added = (*standing)->add(query(by_text, by_conditions)); !added)
        return std::fprintf(stderr, "%s\n", added.error().message.c_str()), 1;
    std::vector<double> times;
    for (int i = 0; i < writes; ++i) {
      Write one = write(i);
      const auto start = Clock::now();
      if (!(*store)->write({&one, 1}).front()) return 1;
      times.push_back(ms_since(start));
    }
    std::ranges::sort(times);
    const double median = times[times.size() / 2];
    if (queries == 0) without = median;
    const auto start = Clock::now();
    const auto page = (*standing)->alerts({}, 0, 100);
    const double page_ms = ms_since(start);
    std::size_t alerts = 0;
    for (std::uint64_t after = 0;;) {
      const auto next = (*standing)->alerts({}, after, 10'000);
      if (!next) return std::fprintf(stderr, "%s\n", next.error().message.c_str()), 1;
      alerts += next->alerts.size();
      after = next->after;
      if (!next->more) break;
    }
    std::printf("%-28s %8.2f ms a write, %6.2f ms more; %7.1f alerts a write; first page of %zu in %.2f ms\n", name, median,
                median - without, static_cast<double>(alerts) / writes, page ? page->alerts.size() : 0, page_ms);
    std::fflush(stdout);
    return 0;
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int queries = argc > 1 ? std::atoi(argv[1]) : 10'000;
  const std::filesystem::path models = argc > 2 ? argv[2] : "build/models", datasets = argc > 3 ? argv[3] : "datasets";
  const auto taxonomy = Taxonomy::load(datasets / "taxonomy");
  if (!taxonomy) return std::fprintf(stderr, "%s\n", taxonomy.error().message.c_str()), 1;
  const auto programmes = load_programmes(datasets / "programmes", **taxonomy);
  const auto embedder = open_embedder("fast", models);
  if (!programmes || !embedder) return std::fprintf(stderr, "no programmes or no text model\n"), 1;
  Bench bench{
      .taxonomy = **taxonomy, .programmes = *programmes, .embedder = **embedder, .writes = argc > 4 ? std::atoi(argv[4]) : 101};
  std::printf("%d standing queries\n", queries);
  return bench.run("none", 0, false, false) + bench.run("by text", queries, true, false) +
         bench.run("by two conditions", queries, false, true) + bench.run("by text and two conditions", queries, true, true);
}
