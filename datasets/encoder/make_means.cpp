// Mean vector of each language, for centring: fast_means.tsv on standard output.
//   make_means MODELS centring_texts.tsv > fast_means.tsv
// Each row of the texts says the same in all languages of the header, so that the means differ by language alone and not
// by subject.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/fold.h"
#include "index/model/model_file.h"
#include "index/model/muse.h"

namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
  return cells;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace counterpart::index;
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_means MODELS centring_texts.tsv\n");
    return 2;
  }
  const auto file = ModelFile::open(std::filesystem::path(argv[1]) / "fast.model");
  if (!file) {
    std::fprintf(stderr, "%s\n", describe(file.error()).c_str());
    return 1;
  }
  const auto muse = Muse::load(**file);
  std::ifstream in(argv[2]);
  std::string line;
  if (!muse || !std::getline(in, line)) return 1;
  const std::vector<std::string> languages = cells_of(line);
  std::vector<std::vector<double>> sums(languages.size(), std::vector<double>(Muse::kDimensions));
  std::size_t rows = 0;
  for (; std::getline(in, line); ++rows) {
    const std::vector<std::string> cells = cells_of(line);
    for (std::size_t language = 0; language < languages.size() && language < cells.size(); ++language) {
      const std::vector<float> vector = (*muse)->encode(normalise(cells[language]));
      for (std::size_t i = 0; i < vector.size(); ++i) sums[language][i] += static_cast<double>(vector[i]);
    }
  }
  std::puts("# Mean vector of each language over centring_texts.tsv under mUSE; made by datasets/encoder/make_means.cpp.");
  for (std::size_t language = 0; language < languages.size(); ++language) {
    std::printf("%s\t", languages[language].c_str());
    for (std::size_t i = 0; i < Muse::kDimensions; ++i)
      std::printf("%s%.6f", i == 0 ? "" : " ", sums[language][i] / static_cast<double>(rows));
    std::puts("");
  }
  return 0;
}
