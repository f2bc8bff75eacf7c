// A match run whole, and its product phase beside the machine's int8 peak and FAISS's batch search on the same work, one
// thread each. Profiles are those of a data directory with the vectors of the first text model; where more are asked for
// than it has, they are repeated with every component moved by up to a tenth of the vector's spread and every tenth word
// left out, so that no two are alike.
//   rematch_bench DATA DATASETS [PROGRAMME] [ROWS...]
// FAISS answers a sample of the seekers; its time for all is in proportion. The whole run has all cores, starts from
// nothing, and then again after one row in a thousand changed.
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <malloc.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/programme/programme.h"
#include "index/pairs/all_pairs.h"
#include "index/run/run_proposals.h"
#include "index/store/store.h"

namespace counterpart::index {
namespace {

constexpr TextWeights kWeights{.forward = 0.6F, .backward = 0.4F};
constexpr std::size_t kWanted = 128;
constexpr std::size_t kTop = 10;              // of which the lists of the two are compared
constexpr std::size_t kFaissSeekers = 1'000;  // whom FAISS answers
constexpr std::uint32_t kMostGroups = 100;    // of the product phase by itself
constexpr std::size_t kOneIn = 1'000;         // changed before the second run
constexpr std::int32_t kToday = 20'600;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double resident_mib(const char* what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what)) return std::strtod(line.c_str() + line.find_first_of("0123456789"), nullptr) / 1024;
  return 0;
}

// int8 multiply-adds a second of one core: twelve independent chains of the widest instruction there is. 0: the machine
// has none.
#if defined(__x86_64__)
__attribute__((target("avx512f,avx512vnni"))) double chains_per_second() {
  using Lanes = long long __attribute__((vector_size(64)));
  Lanes a{}, b{}, s0{}, s1{}, s2{}, s3{}, s4{}, s5{}, s6{}, s7{}, s8{}, s9{}, s10{}, s11{};
  constexpr std::size_t kRounds = 20'000'000;
  const double start = cpu_seconds();
  for (std::size_t i = 0; i < kRounds; ++i)
    asm volatile(
        "vpdpbusd %12,%13,%0\nvpdpbusd %12,%13,%1\nvpdpbusd %12,%13,%2\nvpdpbusd %12,%13,%3\n"
        "vpdpbusd %12,%13,%4\nvpdpbusd %12,%13,%5\nvpdpbusd %12,%13,%6\nvpdpbusd %12,%13,%7\n"
        "vpdpbusd %12,%13,%8\nvpdpbusd %12,%13,%9\nvpdpbusd %12,%13,%10\nvpdpbusd %12,%13,%11\n"
        : "+v"(s0), "+v"(s1), "+v"(s2), "+v"(s3), "+v"(s4), "+v"(s5), "+v"(s6), "+v"(s7), "+v"(s8), "+v"(s9), "+v"(s10),
          "+v"(s11)
        : "v"(a), "v"(b));
  return kRounds * 12.0 * 64.0 / (cpu_seconds() - start);
}
double int8_peak() { return __builtin_cpu_supports("avx512vnni") ? chains_per_second() : 0; }
#else
double int8_peak() { return 0; }
#endif

struct Source {
  std::vector<Profile> profiles;
  std::vector<Embedding> embeddings;
};

Source read_all(Store& store) {
  Source source;
  const Status read = store.for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>& vectors) {
    if (!vectors) return true;
    source.profiles.push_back(stored.profile);
    source.embeddings.push_back(*vectors);
    source.embeddings.back().fine_values.clear();
    source.embeddings.back().passages.clear();
    return true;
  });
  if (!read || source.profiles.empty()) std::exit(1);
  return source;
}

void perturb(Embedding& embedding, std::mt19937& random) {
  std::uniform_int_distribution<int> noise(-4, 4);
  for (std::int8_t& value : embedding.values)
    value = static_cast<std::int8_t>(std::clamp(static_cast<int>(value) + noise(random), -127, 127));
}

// Leaves out one word in ten.
void thin_out(std::string& text, std::mt19937& random) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size() - 1) + 1;
    if (random() % 10 != 0) kept.append(text, at, end - at);
    at = end;
  }
  text = std::move(kept);
}

// `changed`: one row in kOneIn has another version and other vectors.
Snapshot snapshot_of(const Source& source, std::size_t rows, const Taxonomy& taxonomy, bool changed) {
  const std::size_t dimensions = source.embeddings[0].values.size() / 2;
  SegmentBuilder builder(static_cast<std::uint32_t>(dimensions));
  std::mt19937 random(3);
  for (std::size_t i = 0; i < rows; ++i) {
    Profile profile = source.profiles[i % source.profiles.size()];
    Embedding embedding = source.embeddings[i % source.profiles.size()];
    if (i >= source.profiles.size()) {
      profile.id += "." + std::to_string(i / source.profiles.size());
      perturb(embedding, random);
      for (std::string* text : {&profile.summary, &profile.offers, &profile.seeks}) thin_out(*text, random);
    }
    const bool again = changed && i % kOneIn == 0;
    if (again) perturb(embedding, random);
    builder.add(profile, {again ? rows + i : i + 1, 1}, embedding, taxonomy, kToday - 30);
  }
  return {{source.embeddings[0].model, static_cast<std::uint32_t>(dimensions)}, rows, {{builder.build(), nullptr}}};
}

// A row of FAISS's index: [offers | seeks], and a seeker's question: [its need, weighted | its offer, weighted].
std::vector<float> floats_of(const Snapshot& snapshot, Row row, bool question) {
  const Faces faces = snapshot.faces(row);
  std::vector<float> values;
  for (const float x : question ? faces.seeks : faces.offers) values.push_back(question ? kWeights.forward * x : x);
  for (const float x : question ? faces.offers : faces.seeks) values.push_back(question ? kWeights.backward * x : x);
  return values;
}

struct Ours {
  std::map<std::uint32_t, std::vector<TextCandidate>> lists;  // by position, of the groups that were done
  PairWork work;
  double seconds = 0;  // for all groups
  std::uint32_t groups = 0, all_groups = 0;
};

// Of many groups an even sample: each is as much work as the next.
Ours run_ours(const Snapshot& snapshot, const Admission& admission) {
  Ours ours;
  const AllPairs pairs(snapshot, admission, kWeights, kWanted);
  const std::uint32_t step = std::max(1U, pairs.groups() / kMostGroups);
  const double start = cpu_seconds();
  for (std::uint32_t group = 0; group < pairs.groups(); group += step) {
    auto lists = pairs.lists(group, &ours.work);
    for (std::uint32_t i = 0; i < lists.size(); ++i) ours.lists[pairs.group(group).first + i] = std::move(lists[i]);
    ++ours.groups;
  }
  ours.all_groups = pairs.groups();
  ours.seconds = (cpu_seconds() - start) * ours.all_groups / ours.groups;
  return ours;
}

// FAISS's batch search over each class's counterparts, so that it too multiplies admissible pairs alone.
void run_faiss(const char* name, bool inverted, const Snapshot& snapshot, const Admission& admission, const Ours& ours) {
  const std::size_t width = 2 * snapshot.dimensions();
  double seconds = 0;
  std::size_t asked = 0, all = 0, same = 0, expected = 0;
  const std::size_t step = std::max<std::size_t>(1, ours.lists.size() / kFaissSeekers);
  for (std::uint32_t of = 0; of < admission.classes(); ++of) {
    std::vector<float> rows, questions;
    std::vector<std::uint32_t> positions, seekers;
    for (const PositionRange& range : admission.admitted(of))
      for (std::uint32_t at = range.first; at < range.end; ++at) positions.push_back(at);
    const PositionRange members = admission.members(of);
    all += members.end - members.first;
    for (std::uint32_t at = members.first; at < members.end; at += static_cast<std::uint32_t>(step))
      if (ours.lists.contains(at)) seekers.push_back(at);
    if (positions.size() < 1000) continue;
    for (const std::uint32_t at : positions) {
      const auto values = floats_of(snapshot, admission.row(at), false);
      rows.insert(rows.end(), values.begin(), values.end());
    }
    for (const std::uint32_t at : seekers) {
      const auto values = floats_of(snapshot, admission.row(at), true);
      questions.insert(questions.end(), values.begin(), values.end());
    }
    faiss::IndexFlatIP flat(static_cast<faiss::Index::idx_t>(width));
    const auto lists = static_cast<std::size_t>(std::sqrt(static_cast<double>(positions.size())));
    faiss::IndexIVFFlat inverted_lists(&flat, width, lists, faiss::METRIC_INNER_PRODUCT);
    inverted_lists.cp.min_points_per_centroid = 1;
    inverted_lists.nprobe = std::max<std::size_t>(1, lists / 10);
    faiss::IndexFlatIP plain(static_cast<faiss::Index::idx_t>(width));
    faiss::Index& index = inverted ? static_cast<faiss::Index&>(inverted_lists) : plain;
    const auto count = static_cast<faiss::Index::idx_t>(positions.size());
    if (inverted) index.train(count, rows.data());
    index.add(count, rows.data());
    std::vector<float> scores(seekers.size() * kTop);
    std::vector<faiss::Index::idx_t> found(seekers.size() * kTop);
    const double start = cpu_seconds();
    index.search(static_cast<faiss::Index::idx_t>(seekers.size()), questions.data(), kTop, scores.data(), found.data());
    seconds += cpu_seconds() - start;
    asked += seekers.size();
    for (std::size_t i = 0; i < seekers.size(); ++i) {
      std::set<std::uint32_t> own;
      for (std::size_t k = 0; k < kTop; ++k)
        if (found[i * kTop + k] >= 0) own.insert(positions[static_cast<std::size_t>(found[i * kTop + k])]);
      const auto& list = ours.lists.at(seekers[i]);
      for (std::size_t k = 0; k < std::min(kTop, list.size()); ++k, ++expected) same += own.contains(list[k].position);
    }
  }
  if (asked == 0) return;
  const double whole = seconds * static_cast<double>(all) / static_cast<double>(asked);
  std::printf("  %-22s %9.1f CPU-s for all (%zu of %zu seekers asked), %.2f times ours; %.2f %% of our first %zu\n", name,
              whole, asked, all, whole / ours.seconds, 100.0 * static_cast<double>(same) / static_cast<double>(expected), kTop);
}

double wall_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// VmHWM starts anew.
void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

void run_whole(const char* name, const Snapshot& snapshot, const Taxonomy& taxonomy, const Programme& programme,
               const std::filesystem::path& directory) {
  forget_peak();
  const double before = resident_mib("VmRSS"), start = wall_seconds(), cpu = cpu_seconds();
  RunSettings settings;
  RunControl control;
  Result<RunMatches> matches = match_everybody({snapshot, taxonomy, programme, "rules", kToday, directory, settings}, control);
  if (!matches) return void(std::fprintf(stderr, "%s\n", describe(matches.error()).c_str()));
  const double matched = wall_seconds();
  RunManifest manifest{.programme = programme.slug, .settings = settings};
  manifest.lists_key = matches->header.lists_key;
  manifest.result_key = matches->header.result_key;
  const std::uint64_t taken_over = matches->taken_over;
  Result<RunResult> result = propose(std::move(*matches), snapshot, programme, taxonomy, {}, manifest.assignment);
  if (!result) return void(std::fprintf(stderr, "%s\n", describe(result.error()).c_str()));
  const double assigned = wall_seconds();
  if (const Status done = RunArchive(directory).publish(*result, manifest, 2); !done) std::exit(1);
  std::printf(
      "  %-22s %9.1f s (matching %.1f, assigning %.1f, publishing %.1f), %.0f CPU-s; at most %.0f MiB, of which %.0f "
      "before; %llu lists taken over, gap %.4f %%, result %.12s\n",
      name, wall_seconds() - start, matched - start, assigned - matched, wall_seconds() - assigned, cpu_seconds() - cpu,
      resident_mib("VmHWM"), before, static_cast<unsigned long long>(taken_over), 100 * manifest.assignment.gap,
      manifest.result_hash.c_str());
  std::fflush(stdout);
}

void bench(Store& store, const Taxonomy& taxonomy, const Programme& programme, std::size_t rows) {
  auto source = std::make_unique<Source>(read_all(store));
  const std::size_t real = std::min(rows, source->profiles.size());
  std::unique_ptr<Snapshot> snapshot(new Snapshot(snapshot_of(*source, rows, taxonomy, false)));
  source.reset();  // not part of a run's memory
  ::malloc_trim(0);
  const std::filesystem::path directory = std::filesystem::temp_directory_path() / ("rematch_bench." + programme.slug);
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  std::printf("%zu rows (%zu real), %s\n", rows, real, programme.slug.c_str());
  std::fflush(stdout);
  run_whole("whole run", *snapshot, taxonomy, programme, directory);
  {
    const double sorting = cpu_seconds();
    const Admission admission(*snapshot, programme, kToday);
    const double sorted = cpu_seconds() - sorting;
    const double peak = int8_peak();
    const Ours ours = run_ours(*snapshot, admission);
    const double rate = static_cast<double>(ours.work.multiply_adds) * ours.all_groups / ours.groups / ours.seconds;
    std::printf(
        "  %-22s %9.1f CPU-s, %.0f G multiply-adds/s, %.2f of this core's int8 peak (%.0f G/s); %u take part in %u "
        "classes (%.1f CPU-s), %.3g admissible pairs, %.2f of those multiplied; %u of %u groups\n",
        "product phase", ours.seconds, rate / 1e9, peak > 0 ? rate / peak : 0, peak / 1e9, admission.size(),
        admission.classes(), sorted, static_cast<double>(ours.work.admissible) * ours.all_groups / ours.groups,
        static_cast<double>(ours.work.admissible) / static_cast<double>(ours.work.multiplied), ours.groups, ours.all_groups);
    std::fflush(stdout);
    run_faiss("FAISS flat, batch", false, *snapshot, admission, ours);
    run_faiss("FAISS IVF, a tenth", true, *snapshot, admission, ours);
    std::fflush(stdout);
  }
  snapshot.reset();
  source = std::make_unique<Source>(read_all(store));
  snapshot.reset(new Snapshot(snapshot_of(*source, rows, taxonomy, true)));
  source.reset();
  ::malloc_trim(0);
  run_whole("after 1 in 1,000", *snapshot, taxonomy, programme, directory);
  std::filesystem::remove_all(directory);
}

int run(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: rematch_bench DATA DATASETS [PROGRAMME] [ROWS...]\n");
    return 2;
  }
  omp_set_num_threads(1);
  const auto taxonomy = Taxonomy::load(std::filesystem::path(argv[2]) / "taxonomy");
  const auto programmes = load_programmes(std::filesystem::path(argv[2]) / "programmes", **taxonomy);
  const auto store = Store::open(argv[1]);
  const std::string slug = argc > 3 ? argv[3] : "itpo";
  if (!store || !programmes || !programmes->contains(slug)) {
    std::fprintf(stderr, "%s\n", store ? "no such programme" : describe(store.error()).c_str());
    return 1;
  }
  std::vector<std::size_t> sizes;
  for (int i = 4; i < argc; ++i) sizes.push_back(std::strtoul(argv[i], nullptr, 10));
  if (sizes.empty()) sizes.push_back((*store)->size());
  for (const std::size_t rows : sizes) bench(**store, **taxonomy, programmes->at(slug), rows);
  return 0;
}

}  // namespace
}  // namespace counterpart::index

int main(int argc, char** argv) { return counterpart::index::run(argc, argv); }
