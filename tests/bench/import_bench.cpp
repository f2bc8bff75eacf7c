// An import by its parts: rows a second with vectors that cost nothing (reading, checking and storing alone), with those of
// `fast`, and the fine ones made afterwards beside the fine model by itself on the same texts.
//   import_bench FILE DATASETS MODELS [ROWS given] [ROWS fast] [ROWS fine]
// The first ROWS lines of FILE are imported into a new directory each. CPU-seconds are of all threads.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/threads.h"
#include "index/import/importer.h"
#include "index/model/encoder.h"
#include "index/snapshot/make_vectors.h"
#include "index/store/store.h"
#include "index/vector/embedding.h"
#include "index/vector/instructions.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}
double wall_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// One of many fixed unit vectors, by the text's length: found in no time, as if it had come with the row.
class Given final : public Embedder {
 public:
  explicit Given(std::size_t dimensions) {
    for (std::size_t i = 0; i < 1'024; ++i) {
      std::vector<float> vector(dimensions);
      vector[i % dimensions] = 0.6F;
      vector[(i * 7 + 1 + i % dimensions) % dimensions] += 0.8F;
      vectors_.push_back(std::move(vector));
    }
  }
  const std::string& model() const override { return model_; }
  std::size_t dimensions() const override { return vectors_[0].size(); }
  std::vector<float> embed(std::string_view text, std::string_view) const override {
    return vectors_[text.size() % vectors_.size()];
  }
  std::string detect(std::string_view) const override { return "en"; }

 private:
  std::string model_ = "given";
  std::vector<std::vector<float>> vectors_;
};

struct Cost {
  double wall = 0, cpu = 0;
};
template <class Work>
Cost cost_of(Work work) {
  const double wall = wall_seconds(), cpu = cpu_seconds();
  work();
  return {wall_seconds() - wall, cpu_seconds() - cpu};
}

void print(const char* what, std::size_t rows, Cost cost) {
  std::printf("%s: %zu rows, %.0f rows/s, %.0f rows/CPU-s\n", what, rows, static_cast<double>(rows) / cost.wall,
              static_cast<double>(rows) / cost.cpu);
  std::fflush(stdout);
}

[[noreturn]] void fail(const Error& error) {
  std::fprintf(stderr, "import_bench: %s\n", describe(error).c_str());
  std::exit(1);
}

class Bench {
 public:
  Bench(const char* file, const Taxonomy& taxonomy) : file_(file), taxonomy_(taxonomy) {}

  std::unique_ptr<Store> import(const char* what, std::size_t rows, const Embedder& embedder, const TempFolder& folder) const {
    std::ifstream all(file_);
    std::string some;
    std::size_t count = 0;
    for (std::string line; count < rows && std::getline(all, line); ++count) some += line + "\n";
    const std::filesystem::path input = folder.file("rows.jsonl", some);
    Result<std::unique_ptr<Store>> store = Store::open(folder.path() / "data");
    if (!store) fail(store.error());
    Result<ImportProgress> done = ImportProgress{};
    const Cost cost = cost_of([&] { done = import_file(input, **store, taxonomy_, embedder); });
    if (!done) fail(done.error());
    if (done->accepted != count) fail({ErrorCode::kInvalid, what, "some rows were refused", {}});
    print(what, count, cost);
    return std::move(*store);
  }

 private:
  const char* file_;
  const Taxonomy& taxonomy_;
};

// Every text that the fine vectors of `profile` are made of.
void embed_all_of(const Profile& profile, const Embedder& fine) {
  embed_faces(profile, fine);
  Embedding embedding;
  add_passages(embedding, profile, fine);
  add_references(embedding, profile, fine);
}

int run(char** argv, std::size_t given_rows, std::size_t fast_rows, std::size_t fine_rows) {
  const auto taxonomy = Taxonomy::load(std::filesystem::path(argv[2]) / "taxonomy");
  if (!taxonomy) fail(taxonomy.error());
  const auto fast = open_embedder("fast", argv[3]);
  if (!fast) fail(fast.error());
  (*fast)->embed("weights are laid out by the first text", "en");
  std::printf("%s\n", std::string(name_of(instructions())).c_str());
  const Bench bench(argv[1], **taxonomy);
  const Given given((*fast)->dimensions());
  {
    const TempFolder folder;
    bench.import("given", given_rows, given, folder);
  }
  {
    const TempFolder folder;
    bench.import("fast", fast_rows, **fast, folder);
  }
  if (fine_rows == 0) return 0;
  const auto fine = open_embedder("e5", argv[3]);
  if (!fine) fail(fine.error());
  const TempFolder folder;
  const auto store = bench.import("before the fine ones", fine_rows, given, folder);
  std::vector<Profile> profiles;
  const Status read = store->for_each(false, [&](const StoredProfile& stored, const auto&) {
    profiles.push_back(stored.profile);
    return true;
  });
  if (!read) fail(read.error());
  // Another opening of the model, so that neither finds vectors that the other has made.
  const auto alone = open_embedder("e5", argv[3]);
  if (!alone) fail(alone.error());
  for (const auto* model : {&fine, &alone}) embed_all_of(profiles[0], ***model);  // weights are laid out by the first text
  print("fine model alone", profiles.size(),
        cost_of([&] { on_all_cores(profiles.size(), [&](std::size_t i) { embed_all_of(profiles[i], **alone); }); }));
  print("fine", profiles.size(), cost_of([&] {
          on_all_cores(profiles.size(), [&](std::size_t i) {
            if (const Status made = make_fine_vectors(*store, **fine, profiles[i].id); !made) fail(made.error());
          });
        }));
  return 0;
}

}  // namespace
}  // namespace counterpart::index

int main(int argc, char** argv) {
  if (argc < 4) return std::fprintf(stderr, "usage: import_bench FILE DATASETS MODELS [ROWS] [ROWS] [ROWS]\n"), 2;
  const auto rows = [&](int i, std::size_t otherwise) {
    return argc > i ? static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)) : otherwise;
  };
  return counterpart::index::run(argv, rows(4, 20'000), rows(5, 2'000), rows(6, 200));
}
