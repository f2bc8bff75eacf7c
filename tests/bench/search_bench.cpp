// Search of one snapshot by how selective the condition is and how it lies to the question: queries a CPU-second, recall@10
// against an exact scan, and that scan beside the machine's memory.
//   search_bench [ROWS] [QUERIES] [--data DIRECTORY] [--leave FOLDER] [--wanted 10] [--rounds 3] [--serve]
// Rows are points in clusters, or with --data the fast vectors of a data directory's profiles, in an order of chance, of which
// some stay out as questions. Classes of conditions: u is independent of the vectors; c takes in the section that is sought
// (all of it, or what of it is enough); n leaves it out; the number is how many per cent of the rows meet it, 01: 0.1 %. A
// section is the field that a point's offers lie in, or the ISIC section of a profile.
// With --leave what was searched stays in FOLDER for others (search_peers.py): rows.f32, [offers | seeks] a row; queries.f32,
// [seeks | offers]; KEY.u8, a byte a row, 1 where it meets the condition; CLASS.keys, a key for each query; CLASS.found, i32,
// `wanted` rows a query. With --serve rounds are run one by one, each when a line with a class comes, and told in JSON.
#include <omp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/taxonomy/taxonomy.h"
#include "index/segment/segment_file.h"
#include "index/snapshot/snapshot.h"
#include "index/store/store.h"
#include "index/vector/embedding.h"
#include "index/vector/instructions.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

constexpr std::uint32_t kDimensions = 512;
constexpr std::size_t kTop = 10;
constexpr std::size_t kFields = 20;
constexpr std::size_t kExactScans = 20;  // whose time is taken

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS")) return std::strtod(line.c_str() + line.find_first_of("0123456789"), nullptr) / 1024;
  return 0;
}

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "search_bench: %s\n", what.c_str());
  std::exit(1);
}

// ---- what is searched

struct Point {
  Embedding vectors;
  Faces faces;  // of a question, as floats
  std::size_t section = 0;
};

// Points around topics around fields of work, as texts of an embedding model lie; the spread is that of a cosine of
// about 0.6 inside a topic.
class Clusters {
 public:
  explicit Clusters(std::size_t topics) : random_(7) {
    for (std::size_t i = 0; i < kFields; ++i) fields_.push_back(direction());
    for (std::size_t i = 0; i < topics; ++i) topics_.push_back(mix(fields_[i % fields_.size()], 1.0F));
  }
  // A question's section is that of what it seeks.
  Point draw(bool question) {
    const std::size_t offers = random_() % topics_.size(), seeks = random_() % topics_.size();
    Point point;
    point.faces.offers = mix(topics_[offers], 0.8F);
    point.faces.seeks = mix(topics_[seeks], 0.8F);
    point.section = (question ? seeks : offers) % kFields;
    if (!question) point.vectors = quantise(point.faces, "bench");
    return point;
  }

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

std::vector<Point> points_of(const std::string& data) {
  const auto store = Store::open(data);
  if (!store) fail(describe(store.error()));
  std::vector<Point> points;
  const Status read = (*store)->for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>& vectors) {
    if (!vectors || vectors->values.size() != 2 * kDimensions || vectors->scale == 0) return true;
    if (stored.profile.title.find(" [variant ") != std::string::npos) return true;  // of make_scale.py: no text of its own
    Point point;
    point.vectors.model = "bench";
    point.vectors.scale = vectors->scale;
    point.vectors.values = vectors->values;
    const auto& sectors = stored.profile.sectors;
    point.section = sectors.empty() ? kFields : std::min<std::size_t>(static_cast<unsigned char>(sectors[0][0] - 'A'), kFields);
    points.push_back(std::move(point));
    return true;
  });
  if (!read || points.size() < 1'000) fail("too few vectors in " + data);
  std::mt19937 random(7);
  std::ranges::shuffle(points, random);
  return points;
}

// ---- conditions

struct Class {
  const char* name;
  char kind;  // none, u, c, n
  double share;
};
constexpr Class kClasses[] = {{"none", '-', 1},  {"u50", 'u', 0.5}, {"u10", 'u', 0.1}, {"u1", 'u', 0.01}, {"u01", 'u', 0.001},
                              {"c50", 'c', 0.5}, {"c10", 'c', 0.1}, {"c1", 'c', 0.01}, {"n10", 'n', 0.1}, {"n1", 'n', 0.01}};
constexpr std::size_t kSections = kFields + 1;  // one more: of those that state none

std::string key_of(const Class& one, std::size_t section) {
  if (one.kind == '-') return {};
  return one.kind == 'u' ? one.name : one.name + std::string("-") + std::to_string(section);
}

// Who meets which condition. Of a section's c and n conditions: whole sections, from its own or the next one on, until there
// are enough; the last in part.
class Shares {
 public:
  explicit Shares(const std::array<double, kSections>& shares) {
    for (const Class& one : kClasses)
      for (std::size_t asked = 0; asked < kSections; ++asked) {
        std::array<double, kSections>& parts = parts_[key_of(one, asked)];
        double left = one.share;
        for (std::size_t step = one.kind == 'n' ? 1 : 0; step < kSections; ++step) {
          const std::size_t section = (asked + step) % kSections;
          parts[section] = shares[section] > 0 ? std::clamp(left / shares[section], 0.0, 1.0) : 0;
          left -= shares[section] * parts[section];
        }
        if (one.kind != 'u' && one.kind != '-') continue;
        parts.fill(one.share);
        break;
      }
    parts_.erase("");
  }
  Profile profile(std::size_t number, std::size_t section) {
    Profile profile;
    profile.id = "p" + std::to_string(number);
    profile.title = "Profile number " + std::to_string(number) + " of the bench";
    profile.country = number % 3 == 0 ? "KE" : number % 3 == 1 ? "IT" : "VN";
    std::uniform_real_distribution<double> uniform;
    for (const auto& [key, parts] : parts_)
      if (uniform(random_) < parts[section]) profile.programmes.push_back(key);
    return profile;
  }

 private:
  std::map<std::string, std::array<double, kSections>> parts_;
  std::mt19937 random_{8};
};

Search query_of(const Point& question, const Class& one, std::size_t wanted) {
  Search search;
  search.seeker = question.faces;
  search.wanted = wanted;
  if (const std::string key = key_of(one, question.section); !key.empty())
    search.filter.all.push_back({"programmes", {key}, false, Condition::Owner::kRequest});
  return search;
}

// ---- what is measured

struct Round {
  double seconds = 0, p50 = 0, p99 = 0;
  std::size_t scanned = 0;
  std::vector<SearchResult> found;
};

Round round_of(const Snapshot& snapshot, const std::vector<Point>& questions, const Class& one, std::size_t wanted) {
  Round round;
  std::vector<double> times;
  for (const Point& question : questions) {
    const Search search = query_of(question, one, wanted);
    const double start = cpu_seconds();
    round.found.push_back(snapshot.search(search));
    times.push_back(cpu_seconds() - start);
    round.seconds += times.back();
    round.scanned += round.found.back().scanned;
  }
  std::ranges::sort(times);
  round.p50 = times[times.size() / 2];
  round.p99 = times[times.size() * 99 / 100];
  return round;
}

// After the rounds that are timed, for an exact scan leaves the caches with other rows.
double recall_of(const Snapshot& snapshot, const std::vector<Point>& questions, const Class& one, const Round& round) {
  std::size_t hits = 0, possible = 0;
  for (std::size_t q = 0; q < questions.size(); ++q) {
    Search search = query_of(questions[q], one, kTop);
    search.exact = true;
    const SearchResult exact = snapshot.search(search);
    const std::size_t top = std::min(kTop, exact.candidates.size());
    possible += top;
    for (std::size_t i = 0; i < top; ++i)
      hits += std::ranges::find(round.found[q].candidates, exact.candidates[i].row, &Candidate::row) !=
              round.found[q].candidates.end();
  }
  return possible > 0 ? static_cast<double>(hits) / static_cast<double>(possible) : 1;
}

// Bytes a second that one core reads of memory: sums over far more than the caches hold, the best of several rounds.
double memory_bandwidth() {
  const std::vector<std::uint64_t> numbers(std::size_t{1} << 27U, 1);  // 1 GiB
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    std::array<std::uint64_t, 32> sums{};
    const double start = cpu_seconds();
    for (std::size_t at = 0; at < numbers.size(); at += sums.size())
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += numbers[at + k];
    const double seconds = cpu_seconds() - start;
    std::uint64_t sum = 0;
    for (const std::uint64_t part : sums) sum += part;
    if (sum != numbers.size()) fail("memory does not add up");
    best = std::max(best, static_cast<double>(numbers.size() * sizeof(numbers[0])) / seconds);
  }
  return best;
}

void measure_exact(const Snapshot& snapshot, const std::vector<Point>& questions) {
  const double before = memory_bandwidth();
  std::vector<double> rates;
  for (std::size_t i = 0; i < std::min(questions.size(), kExactScans); ++i) {
    Search search = query_of(questions[i], kClasses[0], kTop);
    search.exact = true;
    const double start = cpu_seconds();
    (void)snapshot.search(search);
    rates.push_back(static_cast<double>(snapshot.size()) * 2 * kDimensions / (cpu_seconds() - start));
  }
  std::ranges::sort(rates);
  const double rate = rates[rates.size() / 2], memory = std::max(before, memory_bandwidth());
  std::printf("exact scan: %.1f GB/s of vectors, memory read %.1f GB/s: %.2f times\n", rate * 1e-9, memory * 1e-9,
              memory / rate);
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

// ---- what is left for others

void append(std::ofstream& file, const std::vector<float>& values) {
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
}

void leave(const std::string& folder, const Snapshot& snapshot, const std::vector<Point>& questions) {
  std::ofstream rows(folder + "/rows.f32", std::ios::binary), asked(folder + "/queries.f32", std::ios::binary);
  for (Row row = 0; row < snapshot.size(); ++row) {
    const Faces faces = snapshot.faces(row);
    append(rows, faces.offers);
    append(rows, faces.seeks);
  }
  for (const Point& question : questions) {
    append(asked, question.faces.seeks);
    append(asked, question.faces.offers);
  }
  for (const Class& one : kClasses) {
    std::ofstream keys(folder + "/" + one.name + ".keys");
    for (const Point& question : questions) {
      const std::string key = key_of(one, question.section);
      keys << (key.empty() ? "none" : key) << "\n";
      const std::string path = folder + "/" + (key.empty() ? "none" : key) + ".u8";
      if (std::filesystem::exists(path)) continue;
      std::vector<char> meets(snapshot.size(), key.empty() ? 1 : 0);
      if (const auto* entry = key.empty() ? nullptr : snapshot.segments()[0].segment->keys().find("programmes", key))
        for (const std::uint32_t row : entry->rows.rows()) meets[row] = 1;
      std::ofstream(path, std::ios::binary).write(meets.data(), static_cast<std::streamsize>(meets.size()));
    }
  }
}

void leave_found(const std::string& folder, const Class& one, const Round& round, std::size_t wanted) {
  std::ofstream file(folder + "/" + one.name + ".found", std::ios::binary);
  for (const SearchResult& result : round.found)
    for (std::size_t i = 0; i < wanted; ++i) {
      const std::int32_t row = i < result.candidates.size() ? static_cast<std::int32_t>(result.candidates[i].row) : -1;
      file.write(reinterpret_cast<const char*>(&row), sizeof row);
    }
}

// ----

struct Options {
  std::size_t rows = 20'000, queries = 200, wanted = kTop, rounds = 3;
  std::string data = {}, folder = {};
  bool serve = false;
};

struct Searched {
  std::shared_ptr<const Segment> base;
  std::vector<Point> questions;
};

Searched build(const Options& options) {
  const Taxonomy taxonomy;
  std::vector<Point> points = options.data.empty() ? std::vector<Point>() : points_of(options.data);
  Clusters clusters(std::max<std::size_t>(50, options.rows / 100));
  Searched searched;
  std::array<double, kSections> shares{};
  for (std::size_t i = 0; i < kFields; ++i) shares[i] = 1.0 / kFields;
  std::size_t rows = options.rows;
  if (!points.empty()) {
    searched.questions.assign(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(options.queries));
    for (Point& question : searched.questions) question.faces = dequantise(question.vectors);
    points.erase(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(options.queries));
    rows = std::min(rows, points.size());
    shares.fill(0);
    for (std::size_t i = 0; i < rows; ++i) shares[points[i].section] += 1.0 / static_cast<double>(rows);
  }
  Shares conditions(shares);
  std::vector<LiveSegment> chunks;
  SegmentBuilder chunk(kDimensions);
  double building = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const Point point = points.empty() ? clusters.draw(false) : points[i];
    const Profile profile = conditions.profile(i, point.section);
    const double start = cpu_seconds();
    chunk.add(profile, {i + 1, 1}, point.vectors, taxonomy);
    if (chunk.size() == 8192) chunks.push_back({chunk.build(), nullptr});
    building += cpu_seconds() - start;
  }
  if (chunk.size() > 0) chunks.push_back({chunk.build(), nullptr});
  const double start = cpu_seconds();
  auto base = merge_segments(chunks, Lists::kTrain);
  if (!base) fail(describe(base.error()));
  std::printf("%s\n%zu rows of 2 x %u %s: segments %.2f CPU-s, base with %u lists %.2f CPU-s",
              std::string(name_of(instructions())).c_str(), rows, kDimensions, points.empty() ? "in clusters" : "of texts",
              building, (*base)->lists(), cpu_seconds() - start);
  for (std::size_t i = 0; points.empty() && i < options.queries; ++i) searched.questions.push_back(clusters.draw(true));
  searched.base = std::move(*base);
  return searched;
}

void serve(const Snapshot& snapshot, const std::vector<Point>& questions, const Options& options) {
  std::printf("ready\n");
  std::fflush(stdout);
  for (std::string name; std::getline(std::cin, name);)
    for (const Class& one : kClasses) {
      if (one.name != name) continue;
      const Round round = round_of(snapshot, questions, one, options.wanted);
      if (!options.folder.empty()) leave_found(options.folder, one, round, options.wanted);
      std::printf("{\"queries\": %zu, \"cpu_s\": %.6f, \"p50_ms\": %.4f, \"p99_ms\": %.4f, \"scanned\": %zu}\n",
                  questions.size(), round.seconds, 1e3 * round.p50, 1e3 * round.p99, round.scanned / questions.size());
      std::fflush(stdout);
    }
}

void print_all(const Snapshot& snapshot, const std::vector<Point>& questions, const Options& options) {
  std::printf("wanted %zu, medians of %zu rounds\n%8s %12s %10s %10s %10s %10s %20s\n", options.wanted, options.rounds, "where",
              "q/CPU-s", "p50 ms", "p99 ms", "scanned", "recall@10", "least, most q/CPU-s");
  for (const Class& one : kClasses) {
    std::vector<Round> rounds;
    for (std::size_t i = 0; i < options.rounds; ++i) rounds.push_back(round_of(snapshot, questions, one, options.wanted));
    std::ranges::sort(rounds, {}, &Round::seconds);
    const auto rate = [&](const Round& round) { return static_cast<double>(questions.size()) / round.seconds; };
    const Round& middle = rounds[rounds.size() / 2];
    std::printf("%8s %12.0f %10.3f %10.3f %10zu %10.4f %10.0f %9.0f\n", one.name, rate(middle), 1e3 * middle.p50,
                1e3 * middle.p99, middle.scanned / questions.size(), recall_of(snapshot, questions, one, middle),
                rate(rounds.back()), rate(rounds.front()));
    std::fflush(stdout);
  }
}

int run(const Options& options) {
  omp_set_num_threads(1);
  Searched searched = build(options);
  std::printf(", resident %.0f MiB\n", resident_mib());
  if (!options.serve) measure_file(*searched.base);
  const std::size_t rows = searched.base->size();
  const Snapshot snapshot({"bench", kDimensions}, rows, {{std::move(searched.base), nullptr}});
  if (!options.folder.empty()) leave(options.folder, snapshot, searched.questions);
  measure_exact(snapshot, searched.questions);
  if (options.serve)
    serve(snapshot, searched.questions, options);
  else
    print_all(snapshot, searched.questions, options);
  return 0;
}

}  // namespace
}  // namespace counterpart::index

int main(int argc, char** argv) {
  counterpart::index::Options options;
  std::size_t place = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const auto value = [&]() -> const char* {
      if (i + 1 == argc) counterpart::index::fail("no value for " + std::string(name));
      return argv[++i];
    };
    const auto number = [&] { return static_cast<std::size_t>(std::strtoull(value(), nullptr, 10)); };
    if (name == "--data")
      options.data = value();
    else if (name == "--leave")
      options.folder = value();
    else if (name == "--wanted")
      options.wanted = number();
    else if (name == "--rounds")
      options.rounds = number();
    else if (name == "--serve")
      options.serve = true;
    else if (name.starts_with("--"))
      counterpart::index::fail("no such option: " + std::string(name));
    else
      (place++ == 0 ? options.rows : options.queries) = static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10));
  }
  return counterpart::index::run(options);
}
