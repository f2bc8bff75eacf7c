// Mean vector of each language, for centring: fast_means.tsv on standard output.
//   make_means MODELS TAXONOMY > fast_means.tsv
// The texts are the aligned titles of the code lists (goals and targets, technologies, themes), the same in all six
// languages, so that the means differ by language alone and not by subject.
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "engine/taxonomy.h"
#include "index/model_file.h"
#include "index/muse.h"
#include "index/text.h"

int main(int argc, char** argv) {
  using namespace counterpart;
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_means MODELS TAXONOMY\n");
    return 2;
  }
  const auto file = ModelFile::open(std::filesystem::path(argv[1]) / "fast.model");
  const auto taxonomy = Taxonomy::load(argv[2]);
  if (!file || !taxonomy) {
    std::fprintf(stderr, "%s\n", describe(file ? taxonomy.error() : file.error()).c_str());
    return 1;
  }
  const auto muse = Muse::load(**file);
  if (!muse) return 1;
  std::puts("# Mean vector of each language's aligned code-list titles under mUSE; made by datasets/encoder/make_means.cpp.");
  for (std::size_t language = 0; language < std::size(kUnLanguages); ++language) {
    std::vector<double> sum(Muse::kDimensions);
    std::size_t texts = 0;
    for (const CodeList* list : {&(*taxonomy)->sdgs, &(*taxonomy)->technologies, &(*taxonomy)->themes})
      for (const CodeList::Entry& entry : list->entries()) {
        if (entry.titles[language].empty()) continue;
        const std::vector<float> vector = (*muse)->encode(normalise(entry.titles[language]));
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(vector[i]);
        ++texts;
      }
    std::printf("%.*s\t", static_cast<int>(kUnLanguages[language].size()), kUnLanguages[language].data());
    for (std::size_t i = 0; i < sum.size(); ++i)
      std::printf("%s%.6f", i == 0 ? "" : " ", sum[i] / static_cast<double>(texts));
    std::puts("");
  }
  return 0;
}
