// Search of one snapshot: queries per CPU-second and recall@10 by how selective the condition is, beside FAISS's flat
// index under the same condition in the same run. Usage: search_bench [ROWS] [QUERIES] [FOLDER]
// With a folder what was searched is left there for others (search_peers.py): rows.f32, [offers | seeks] a row; queries.f32,
// [seeks | offers]; and a file of one byte a row for each condition, 1 where the row meets it.
#include <faiss/IndexFlat.h>
#include <faiss/impl/IDSelector.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "engine/taxonomy/taxonomy.h"
#include "index/segment/segment_file.h"
#include "index/snapshot/snapshot.h"
#include "index/vector/embedding.h"
#include "index/vector/instructions.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

constexpr std::uint32_t kDimensions = 512;
constexpr std::size_t kTop = 10;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::string resident() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS")) return line.substr(line.find_first_of("0123456789"));
  return "?";
}

// Points around topics around fields of work, as texts of an embedding model lie; the spread is that of a cosine of
// about 0.6 inside a topic.
class Texts {
 public:
  explicit Texts(std::size_t topics) : random_(7) {
    for (std::size_t i = 0; i < 20; ++i) fields_.push_back(direction());
    for (std::size_t i = 0; i < topics; ++i) topics_.push_back(mix(fields_[i % fields_.size()], 1.0F));
  }
  std::vector<float> draw() { return mix(topics_[random_() % topics_.size()], 0.8F); }
  std::mt19937& random() { return random_; }

 private:
  std::vector<float> direction() {
    std::normal_distribution<float> normal;
    std::vector<float> point(kDimensions);
    for (float& x : point) x = normal(random_);
    return unit(point);
  }
  std::vector<float> mix(const std::vector<float>& centre, float spread) {
    std::vector<float> point = direction();
    for (std::size_t i = 0; i < kDimensions; ++i) point[i] = centre[i] + spread * point[i];
    return unit(point);
  }
  static std::vector<float> unit(std::vector<float> point) {
    float sum = 0;
    for (const float x : point) sum += x * x;
    for (float& x : point) x /= std::sqrt(sum);
    return point;
  }
  std::mt19937 random_;
  std::vector<std::vector<float>> fields_, topics_;
};

struct Selectivity {
  const char* name;
  const char* key;  // in `programmes`; null: no condition
  double share;
};
constexpr Selectivity kSelectivities[] = {
    {"none", nullptr, 1}, {"50 %", "s50", 0.5}, {"10 %", "s10", 0.1}, {"1 %", "s1", 0.01}, {"0.1 %", "s01", 0.001}};

Profile random_profile(std::size_t number, std::mt19937& random) {
  Profile profile;
  profile.id = "p" + std::to_string(number);
  profile.title = "Profile number " + std::to_string(number) + " of the bench";
  profile.country = number % 3 == 0 ? "KE" : number % 3 == 1 ? "IT" : "VN";
  std::uniform_real_distribution<double> uniform;
  for (const Selectivity& s : kSelectivities)
    if (s.key && uniform(random) < s.share) profile.programmes.emplace_back(s.key);
  return profile;
}

Search query_of(const Faces& faces, const Selectivity& s) {
  Search search;
  search.seeker = faces;
  search.wanted = kTop;
  if (s.key) search.filter.all.push_back({"programmes", {s.key}, false, Condition::Owner::kRequest});
  return search;
}

// FAISS over [offers | seeks] as f32, the query weighted: the same inner product.
class Flat {
 public:
  explicit Flat(const Snapshot& snapshot) : snapshot_(snapshot), index_(2 * kDimensions) {
    for (Row row = 0; row < snapshot.size(); ++row) {
      const Faces faces = snapshot.faces(row);
      std::vector<float> both = faces.offers;
      both.insert(both.end(), faces.seeks.begin(), faces.seeks.end());
      index_.add(1, both.data());
    }
  }
  std::vector<std::int64_t> search(const Faces& seeker, const Selectivity& s) const {
    std::vector<float> both = seeker.seeks;
    both.insert(both.end(), seeker.offers.begin(), seeker.offers.end());
    std::vector<float> scores(kTop);
    std::vector<std::int64_t> rows(kTop);
    std::vector<std::uint8_t> bits((snapshot_.size() + 7) / 8, s.key ? 0 : 0xff);
    if (s.key)
      for (const LiveSegment& part : snapshot_.segments())
        if (const auto* entry = part.segment->keys().find("programmes", s.key))
          for (const std::uint32_t row : entry->rows.rows())
            bits[row / 8] = static_cast<std::uint8_t>(bits[row / 8] | 1U << row % 8);
    faiss::IDSelectorBitmap selector(snapshot_.size(), bits.data());
    faiss::SearchParameters parameters;
    parameters.sel = s.key ? &selector : nullptr;
    index_.search(1, both.data(), kTop, scores.data(), rows.data(), &parameters);
    return rows;
  }

 private:
  const Snapshot& snapshot_;
  faiss::IndexFlatIP index_;
};

bool holds_row(const std::vector<Candidate>& candidates, Row row) {
  return std::ranges::find(candidates, row, &Candidate::row) != candidates.end();
}

void measure_file(const Segment& base) {
  const TempFolder folder;
  const SnapshotStamp stamp{"bench", "tables", kDimensions};
  const double start = cpu_seconds();
  const Status saved = save_segment(folder.path(), base, 1, stamp);
  const double middle = cpu_seconds();
  const auto loaded = load_segment(folder.path(), stamp);
  std::printf("snapshot file: saved %s in %.2f CPU-s, loaded %s in %.2f CPU-s\n", saved ? "well" : "badly", middle - start,
              loaded ? "well" : "badly", cpu_seconds() - middle);
}

// Without FAISS's queries when `flat` is null.
void measure(const Snapshot& snapshot, const Flat* flat, const std::vector<Faces>& queries, std::size_t wanted) {
  std::printf("wanted %zu\n%8s %12s %10s %10s %10s %10s %12s %8s\n", wanted, "where", "q/CPU-s", "p50 ms", "p99 ms", "scanned",
              "recall@10", "FAISS flat", "ratio");
  for (const Selectivity& s : kSelectivities) {
    std::size_t hits = 0, possible = 0, scanned = 0;
    double own = 0;
    std::vector<double> times;
    std::vector<SearchResult> found;
    for (const Faces& faces : queries) {
      Search search = query_of(faces, s);
      search.wanted = wanted;
      const double start = cpu_seconds();
      found.push_back(snapshot.search(search));
      times.push_back(cpu_seconds() - start);
      own += times.back();
      scanned += found.back().scanned;
    }
    // Only then, for an exact scan leaves the caches with other rows.
    for (std::size_t q = 0; q < queries.size(); ++q) {
      Search search = query_of(queries[q], s);
      search.exact = true;
      const SearchResult exact = snapshot.search(search);
      const std::size_t top = std::min(kTop, exact.candidates.size());
      possible += top;
      for (std::size_t i = 0; i < top; ++i) hits += holds_row(found[q].candidates, exact.candidates[i].row) ? 1 : 0;
    }
    double theirs = 0;
    const std::size_t few = std::min<std::size_t>(queries.size(), 20);
    for (std::size_t i = 0; flat && i < few; ++i) {
      const double start = cpu_seconds();
      (void)flat->search(queries[i], s);
      theirs += cpu_seconds() - start;
    }
    std::ranges::sort(times);
    const double rate = static_cast<double>(queries.size()) / own;
    const double flat_rate = flat ? static_cast<double>(few) / theirs : 0;
    std::printf("%8s %12.0f %10.3f %10.3f %10zu %10.4f %12.0f %8.1f\n", s.name, rate, 1e3 * times[times.size() / 2],
                1e3 * times[times.size() * 99 / 100], scanned / queries.size(),
                static_cast<double>(hits) / static_cast<double>(possible), flat_rate, flat ? rate / flat_rate : 0);
  }
}

void append(std::ofstream& file, const std::vector<float>& values) {
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
}

void leave(const std::string& folder, const Snapshot& snapshot, const std::vector<Faces>& queries) {
  std::ofstream rows(folder + "/rows.f32", std::ios::binary), asked(folder + "/queries.f32", std::ios::binary);
  for (Row row = 0; row < snapshot.size(); ++row) {
    const Faces faces = snapshot.faces(row);
    append(rows, faces.offers);
    append(rows, faces.seeks);
  }
  for (const Faces& faces : queries) {
    append(asked, faces.seeks);
    append(asked, faces.offers);
  }
  for (const Selectivity& s : kSelectivities) {
    std::vector<char> meets(snapshot.size(), s.key ? 0 : 1);
    if (const auto* entry = s.key ? snapshot.segments()[0].segment->keys().find("programmes", s.key) : nullptr)
      for (const std::uint32_t row : entry->rows.rows()) meets[row] = 1;
    std::ofstream(folder + "/" + (s.key ? s.key : "none") + ".u8", std::ios::binary)
        .write(meets.data(), static_cast<std::streamsize>(meets.size()));
  }
}

int run(std::size_t rows, std::size_t query_count, const std::string& folder) {
  omp_set_num_threads(1);
  const Taxonomy taxonomy;
  Texts texts(std::max<std::size_t>(50, rows / 100));
  std::vector<LiveSegment> chunks;
  SegmentBuilder chunk(kDimensions);
  double start = cpu_seconds();
  double building = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const Faces faces{texts.draw(), texts.draw()};
    const Profile profile = random_profile(i, texts.random());
    start = cpu_seconds();
    chunk.add(profile, {i + 1, 1}, quantise(faces, "bench"), taxonomy);
    if (chunk.size() == 8192) chunks.push_back({chunk.build(), nullptr});
    building += cpu_seconds() - start;
  }
  if (chunk.size() > 0) chunks.push_back({chunk.build(), nullptr});
  start = cpu_seconds();
  auto base = merge_segments(chunks, Lists::kTrain);
  if (!base) return std::printf("%s\n", describe(base.error()).c_str()), 1;
  std::printf("%s\n%zu rows of 2 x %u: segments %.2f CPU-s, base with %u lists %.2f CPU-s",
              std::string(name_of(instructions())).c_str(), rows, kDimensions, building, (*base)->lists(),
              cpu_seconds() - start);
  chunks.clear();
  std::printf(", resident %s\n", resident().c_str());
  measure_file(**base);
  const Snapshot snapshot({"bench", kDimensions}, rows, {{std::move(*base), nullptr}});
  std::vector<Faces> queries;
  for (std::size_t i = 0; i < query_count; ++i) queries.push_back({texts.draw(), texts.draw()});
  if (!folder.empty()) leave(folder, snapshot, queries);
  const Flat flat(snapshot);
  measure(snapshot, &flat, queries, kTop);
  measure(snapshot, nullptr, queries, 2000);
  return 0;
}

}  // namespace
}  // namespace counterpart::index

int main(int argc, char** argv) {
  const auto number = [&](int i, std::size_t otherwise) {
    return argc > i ? static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)) : otherwise;
  };
  return counterpart::index::run(number(1, 20'000), number(2, 200), argc > 3 ? argv[3] : "");
}
