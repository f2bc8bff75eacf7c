// Texts a second of the text models on one core, beside oneDNN's int8 peak in the same run.
//   encode_bench MODELS DATASETS
#include <dnnl.h>
#include <omp.h>
#include <sentencepiece_processor.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/fold.h"
#include "index/model/e5.h"
#include "index/model/encoder.h"
#include "index/model/model_file.h"
#include "index/model/muse.h"
#include "index/text/language.h"
#include "index/vector/instructions.h"

namespace {

using namespace counterpart::index;

constexpr double kOpsAToken = 3.4e6, kOpsAText = 3.3e6;  // multiplications and additions of the model
constexpr int kRounds = 7;

// Of this thread: the machine may be shared.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Seconds of the quickest of several rounds: the one that others disturbed least.
template <class Work>
double quickest(Work work) {
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const double start = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - start);
  }
  return best;
}

double int8_peak() {
  constexpr dnnl_dim_t kSide = 512;
  constexpr int kTimes = 40;
  std::vector<std::uint8_t> a(kSide * kSide, 77);
  std::vector<std::int8_t> b(kSide * kSide, 33);
  std::vector<std::int32_t> c(kSide * kSide);
  const std::int32_t none = 0;
  const double seconds = quickest([&] {
    for (int i = 0; i < kTimes; ++i)
      dnnl_gemm_u8s8s32('N', 'N', 'F', kSide, kSide, kSide, 1.0F, a.data(), kSide, 0, b.data(), kSide, 0, 0.0F, c.data(), kSide,
                        &none);
  });
  return 2.0 * kTimes * static_cast<double>(kSide * kSide * kSide) / seconds;
}

// The English goals and targets as one run of words.
std::vector<std::string> words_of(const std::string& datasets) {
  std::ifstream file(datasets + "/taxonomy/sdgs.tsv");
  std::vector<std::string> words;
  std::string line;
  for (std::getline(file, line); std::getline(file, line);) {
    std::istringstream cells(line);
    std::string cell;
    for (int i = 0; i < 5; ++i) std::getline(cells, cell, '\t');
    std::istringstream text(cell);
    words.insert(words.end(), std::istream_iterator<std::string>(text), {});
  }
  return words;
}

std::vector<std::string> texts_of(const std::vector<std::string>& words, std::size_t length, std::size_t count) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    for (std::size_t j = 0; j < length; ++j) text += words[(i * 37 + j) % words.size()] + " ";
    texts.push_back(text);
  }
  return texts;
}

void measure(const Embedder& embedder, const ModelFile& file, const Muse& muse, const std::vector<std::string>& texts,
             std::size_t words, double peak) {
  sentencepiece::SentencePieceProcessor pieces;
  if (!pieces.LoadFromSerializedProto(file.bytes("sp.model")).ok()) return;
  const auto count = static_cast<double>(texts.size());
  double tokens = 0;
  const double cutting = quickest([&] {
    tokens = 0;
    std::vector<int> ids;
    for (const std::string& text : texts) {
      if (pieces.Encode(text, &ids).ok()) tokens += static_cast<double>(ids.size()) + 2;
    }
  });
  const double telling = quickest([&] {
    for (const std::string& text : texts) detect_language(normalise(text));
  });
  const double bare = quickest([&] {
    for (const std::string& text : texts) muse.encode(text);
  });
  const double whole = quickest([&] {
    for (const std::string& text : texts) embedder.embed(text, {});
  });
  const double ops = (kOpsAToken * tokens + kOpsAText * count) / (bare - cutting);
  std::printf(
      "%4zu words, %5.1f tokens: %6.0f texts/s, %.3f ms (pieces %.3f, language %.3f); the network at %.0f GOP/s, %.2f of "
      "the peak\n",
      words, tokens / count, count / whole, 1e3 * whole / count, 1e3 * cutting / count, 1e3 * telling / count, ops * 1e-9,
      ops / peak);
}

// Model e5: alone as a query, or together as passages of profiles.
void measure_e5(const ModelFile& file, const E5& e5, const std::vector<std::string>& texts, std::size_t words, double peak) {
  constexpr double kE5OpsAToken = 42.5e6, kPrefixAndEnds = 4;
  sentencepiece::SentencePieceProcessor pieces;
  if (!pieces.LoadFromSerializedProto(file.bytes("sp.model")).ok()) return;
  const auto count = static_cast<double>(texts.size());
  double tokens = 0;
  for (const std::string& text : texts) {
    std::vector<int> ids;
    if (pieces.Encode(text, &ids).ok()) tokens += static_cast<double>(ids.size()) + kPrefixAndEnds;
  }
  const double alone = quickest([&] {
    for (const std::string& text : texts) e5.encode(text, E5::Prefix::kQuery);
  });
  const double together = quickest([&] { e5.encode_many(texts, E5::Prefix::kPassage); });
  const auto line = [&](const char* how, double seconds) {
    const double ops = kE5OpsAToken * tokens / seconds;
    std::printf("%4zu words, %5.1f tokens: %6.0f texts/s, %.2f ms %s; all of it at %.0f GOP/s, %.2f of the peak\n", words,
                tokens / count, count / seconds, 1e3 * seconds / count, how, ops * 1e-9, ops / peak);
  };
  line("one by one", alone);
  line("together", together);
}

// The second model's lines; 1 when its file is not there.
int bench_e5(const std::string& models, const std::vector<std::string>& words, double peak) {
  const double start = cpu_seconds();
  const auto file = ModelFile::open(models + "/e5.model");
  if (!file) {
    std::fprintf(stderr, "encode_bench: %s\n", describe(file.error()).c_str());
    return 1;
  }
  const auto e5 = E5::load(**file);
  if (!e5) {
    std::fprintf(stderr, "encode_bench: %s\n", describe(e5.error()).c_str());
    return 1;
  }
  std::printf("%s: opened in %.2f s\n", (*file)->model().c_str(), cpu_seconds() - start);
  for (const std::size_t length : {20U, 120U}) measure_e5(**file, **e5, texts_of(words, length, 1'200 / length), length, peak);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: encode_bench MODELS DATASETS\n");
    return 2;
  }
  const double start = cpu_seconds();
  const auto embedder = open_embedder("fast", argv[1]);
  const double opened = cpu_seconds() - start;
  const auto file = ModelFile::open(std::string(argv[1]) + "/fast.model");
  if (!embedder || !file) {
    std::fprintf(stderr, "encode_bench: %s\n", describe((embedder ? file.error() : embedder.error())).c_str());
    return 1;
  }
  const auto muse = Muse::load(**file);
  const std::vector<std::string> words = words_of(argv[2]);
  if (!muse || words.empty()) {
    std::fprintf(stderr, "encode_bench: no texts under %s\n", argv[2]);
    return 1;
  }
  omp_set_num_threads(1);
  if (instructions() == Instructions::kAvx2) dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
  const double peak = int8_peak();
  std::printf("%s: opened in %.2f s; %s; oneDNN int8 peak %.0f GOP/s (CPU time of one core, quickest of %d rounds)\n",
              (*embedder)->model().c_str(), opened, std::string(name_of(instructions())).c_str(), peak * 1e-9, kRounds);
  for (const std::size_t length : {20U, 120U})
    measure(**embedder, **file, **muse, texts_of(words, length, 2'400 / length), length, peak);
  return bench_e5(argv[1], words, peak);
}
