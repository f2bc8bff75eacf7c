#include "index/model/e5.h"

#include <unistd.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <boost/json.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "index/model/e5_kernel.h"
#include "tests/support/catch.h"

namespace counterpart::index {
namespace {

using Prefix = E5::Prefix;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  REQUIRE(in);
  return out.str();
}

struct Loaded {
  std::unique_ptr<ModelFile> file;
  std::unique_ptr<E5> e5;
};

Loaded loaded_as(E5::Form form) {
  auto file = ModelFile::open(std::filesystem::path(COUNTERPART_MODELS) / "e5.model");
  if (!file) throw std::runtime_error(describe(file.error()));
  auto e5 = E5::load(**file, form);
  if (!e5) throw std::runtime_error(describe(e5.error()));
  return Loaded{std::move(*file), std::move(*e5)};
}

// As published: so were the reference vectors.
const E5& model() {
  static const Loaded loaded = loaded_as(E5::Form::kPublished);
  return *loaded.e5;
}

// Rows of float vectors of one of the files of parity vectors.
std::vector<float> reference_vectors(const std::string& name, std::size_t rows) {
  const std::string bytes = bytes_of(std::string(COUNTERPART_SOURCE_DIR "/tests/index/data/parity_e5_") + name + ".npy");
  REQUIRE(bytes.size() == 128 + rows * E5::kDimensions * sizeof(float));
  std::vector<float> reference(rows * E5::kDimensions);
  std::copy_n(bytes.data() + 128, reference.size() * sizeof(float), reinterpret_cast<char*>(reference.data()));
  return reference;
}

double dot(const std::vector<float>& a, const float* b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

// The bytes of a model file with one section more.
std::string with_section(const std::string& model, const std::string& name, const std::string& payload) {
  constexpr std::size_t kHead = 32, kEntry = 48, kShift = 64;  // the longer directory moves the rest on by kShift
  const auto number = [](std::string& bytes, std::size_t at, auto value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
  };
  const auto crc = [](const std::string& bytes) {
    boost::crc_32_type sum;
    sum.process_bytes(bytes.data(), bytes.size());
    return static_cast<std::uint32_t>(sum.checksum());
  };
  std::uint32_t count = 0;
  std::memcpy(&count, model.data() + 8, sizeof count);
  std::string head = model.substr(0, kHead + count * kEntry);
  for (std::size_t at = kHead; at < head.size(); at += kEntry)
    if (head.substr(at, name.size() + 1) == name + '\0') head[at] = 'x';  // the file's own makes way
  for (std::size_t at = kHead + 24; at < head.size(); at += kEntry) {
    std::uint64_t offset = 0;
    std::memcpy(&offset, head.data() + at, sizeof offset);
    number(head, at, offset + kShift);
  }
  std::string body = model.substr(head.size() + 4);
  body.resize((body.size() + head.size() + 4 + 63) / 64 * 64 - head.size() - 4);
  std::string entry(kEntry, '\0');
  std::copy(name.begin(), name.end(), entry.begin());
  number(entry, 24, static_cast<std::uint64_t>(head.size() + 4 + body.size() + kShift));
  number(entry, 32, static_cast<std::uint64_t>(payload.size()));
  number(entry, 40, crc(payload));
  number(head, 8, count + 1);
  head += entry;
  std::string sum(4, '\0');
  number(sum, 0, crc(head));
  return head + sum + std::string(kShift - kEntry, '\0') + body + payload;
}

std::vector<std::string> parity_texts() {
  std::ifstream lines(COUNTERPART_SOURCE_DIR "/tests/index/data/parity_texts.jsonl");
  std::vector<std::string> texts;
  for (std::string line; std::getline(lines, line);) texts.emplace_back(boost::json::parse(line).at("text").as_string());
  REQUIRE(texts.size() == 220);
  return texts;
}

const std::vector<std::string> kOdd{"a",
                                    "水",
                                    "\n\t ok",
                                    "!!!",
                                    "\xF0\x9F\x90\x9F\xF0\x9F\x90\x9F",
                                    "\xFF\xFE\x80 broken",
                                    std::string("nul\0inside", 10),
                                    std::string(3'000, 'x'),
                                    "e\xCC\x81\xCC\x81\xCC\x81",
                                    std::string(700, '.'),
                                    "١٢٣",
                                    "\xE2\x80\x8F\xE2\x80\x8Eright"};

}  // namespace

TEST_CASE("e5: int8 agrees with the reference vectors of 220 texts, as queries and as passages", "[e5]") {
  constexpr std::size_t kLong = 200;  // the reference saw its first 510 tokens only
  const std::vector<std::string> texts = parity_texts();
  for (const auto& [prefix, name] : {std::pair{Prefix::kQuery, "query"}, {Prefix::kPassage, "passage"}}) {
    const std::vector<float> reference = reference_vectors(name, texts.size());
    const auto vectors = model().encode_many(texts, prefix);
    double sum = 0;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      const double agreement = dot(vectors[row], reference.data() + row * E5::kDimensions);
      sum += agreement;
      INFO(name << " row " << row << ": " << agreement << ": " << texts[row].substr(0, 100));
      CHECK(agreement >= (row == kLong ? 0.99 : 0.999));
    }
    CHECK(sum / static_cast<double>(texts.size()) >= 0.9995);
  }
}

// The vectors of every seventh text by datasets/encoder/e5_reference.py with e5_adapter.f16.gz and e5_idf.f32.gz.
TEST_CASE("e5: adapted, int8 agrees with the reference vectors of the adapted weights", "[e5]") {
  constexpr std::size_t kEvery = 7, kRows = 32;
  const std::vector<std::string> texts = parity_texts();
  const std::vector<float> reference = reference_vectors("adapted", kRows);
  const Loaded adapted = loaded_as(E5::Form::kAdapted);
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::string& text = texts[row * kEvery];
    INFO(row << ": " << text.substr(0, 100));
    CHECK(dot(adapted.e5->encode(text, Prefix::kQuery), reference.data() + row * E5::kDimensions) >= 0.998);
    CHECK(dot(model().encode(text, Prefix::kQuery), reference.data() + row * E5::kDimensions) < 0.995);
  }
}

TEST_CASE("e5: texts encoded together have the vectors they have alone", "[e5]") {
  std::vector<std::string> texts = parity_texts();
  texts.resize(60);
  texts.insert(texts.end(), kOdd.begin(), kOdd.end());
  const auto together = model().encode_many(texts, Prefix::kPassage);
  REQUIRE(together.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    INFO(texts[i].substr(0, 100));
    CHECK(together[i] == model().encode(texts[i], Prefix::kPassage));
  }
  CHECK(model().encode_many({}, Prefix::kQuery).empty());
}

TEST_CASE("e5: nothing gives zeros", "[e5]") {
  for (const char* nothing : {"", " ", "\n\t  "}) {
    const std::vector<float> vector = model().encode(nothing, Prefix::kQuery);
    CHECK(vector == std::vector<float>(E5::kDimensions));
  }
}

TEST_CASE("e5: odd texts give unit vectors", "[e5]") {
  for (const std::string& text : kOdd) {
    INFO(text.substr(0, 100));
    const std::vector<float> vector = model().encode(text, Prefix::kPassage);
    CHECK(dot(vector, vector.data()) == Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("e5: the end of a long text counts too", "[e5]") {
  std::string long_text;
  for (int i = 0; i < 400; ++i) long_text += "tax advice for companies. ";
  std::string with_end = long_text;
  for (int i = 0; i < 400; ++i) with_end += "solar cold storage for fish. ";
  const std::vector<float> query = model().encode("cold storage for fish", Prefix::kQuery);
  CHECK(dot(query, model().encode(with_end, Prefix::kPassage).data()) >
        dot(query, model().encode(long_text, Prefix::kPassage).data()) + 0.03);
}

TEST_CASE("e5: a query finds the passage that answers it, across languages", "[e5]") {
  const std::vector<std::string> passages{"tax advice for small companies",
                                          "stockage frigorifique à énergie solaire pour les sites de débarquement",
                                          "用于鱼类上岸点的太阳能冷藏设施", "учебные пособия для сельских школ"};
  const auto vectors = model().encode_many(passages, Prefix::kPassage);
  const std::vector<float> query = model().encode("solar cold rooms where fish is landed", Prefix::kQuery);
  for (const std::size_t right : {1U, 2U})
    for (const std::size_t wrong : {0U, 3U}) CHECK(dot(query, vectors[right].data()) > dot(query, vectors[wrong].data()));
}

TEST_CASE("e5: threads do not change a vector", "[e5]") {
  const std::string text = "Дизельные генераторы и солнечные панели для сельских больниц";
  const std::vector<float> expected = model().encode(text, Prefix::kQuery);
  std::vector<std::vector<float>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& slot : found)
      threads.emplace_back([&slot, &text] {
        for (int i = 0; i < 5; ++i) slot = model().encode(text, Prefix::kQuery);
      });
  }
  for (const auto& vector : found) CHECK(vector == expected);
}

TEST_CASE("e5: another model's file is refused with what to do", "[e5]") {
  const auto file = ModelFile::open(std::filesystem::path(COUNTERPART_MODELS) / "fast.model");
  REQUIRE(file);
  const auto e5 = E5::load(**file);
  REQUIRE_FALSE(e5);
  CHECK(e5.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(e5.error().remedy, Catch::Contains("fetch_models.py"));
}

TEST_CASE("e5: tokens weigh what the file's section says, and a section of the wrong size is refused", "[e5]") {
  constexpr std::size_t kPieces = 250'002;
  const std::string text = "cold storage for fish";
  const std::vector<float> plain = model().encode(text, Prefix::kPassage);
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("counterpart-e5-" + std::to_string(getpid()) + ".model");
  const std::string bytes =
      with_section(bytes_of(std::filesystem::path(COUNTERPART_MODELS) / "e5.model"), "adapter", std::string(4 * 82'944, '\0'));
  const auto encoded = [&](const std::vector<float>& weights) -> Result<std::vector<float>> {
    std::ofstream(path, std::ios::binary) << with_section(
        bytes, "idf", {reinterpret_cast<const char*>(weights.data()), weights.size() * sizeof(float)});
    const auto file = ModelFile::open(path);
    REQUIRE(file);
    const auto e5 = E5::load(**file);
    if (!e5) return tl::unexpected(e5.error());
    return (*e5)->encode(text, Prefix::kPassage);
  };
  CHECK(encoded(std::vector<float>(kPieces, 2.0F)).value() == plain);
  CHECK(encoded(std::vector<float>(kPieces, 0.0F)).value() == plain);
  std::vector<float> first_token_only(kPieces);
  first_token_only[0] = 1;
  const double likeness = dot(plain, encoded(first_token_only).value().data());
  CHECK(likeness < 0.999);
  CHECK(likeness > 0.5);
  const auto refused = encoded(std::vector<float>(kPieces - 1, 1.0F));
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Catch::Contains("idf"));
  std::ofstream(path, std::ios::binary) << with_section(bytes, "adapter", std::string(4 * 82'943, '\0'));
  const auto cut_short = E5::load(**ModelFile::open(path));
  REQUIRE_FALSE(cut_short);
  CHECK_THAT(cut_short.error().message, Catch::Contains("adapter"));
  std::filesystem::remove(path);
}

TEST_CASE("e5: the quick gelu is the exact one to six digits", "[e5]") {
  constexpr std::size_t kWidth = 1'536;
  std::vector<float> ones(kWidth, 1.0F), inputs(kWidth);
  for (std::size_t i = 0; i < kWidth; ++i) inputs[i] = -6.0F + 12.0F * static_cast<float>(i) / kWidth;
  const std::vector<std::int32_t> zeros(kWidth);
  RowCodes from, out;
  from.resize(1, 0);
  decode_gelu(zeros.data(), from, 1, {kWidth, ones.data(), inputs.data(), zeros.data()}, out);
  for (std::size_t i = 0; i < kWidth; ++i) {
    const double x = static_cast<double>(inputs[i]), exact = x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
    const double found = static_cast<double>(out.codes[i] - out.zeros[0]) * static_cast<double>(out.scales[0]);
    CHECK(std::fabs(found - exact) <= 0.5 * static_cast<double>(out.scales[0]) * 1.001 + 1e-6);
  }
}

TEST_CASE("e5: attention is the softmax of the scaled products, for any number of tokens", "[e5]") {
  for (const std::size_t tokens : {1U, 3U, 32U, 33U}) {
    std::vector<float> joined(tokens * 3 * kHeadsWidth), out(tokens * kHeadsWidth);
    for (std::size_t i = 0; i < joined.size(); ++i) joined[i] = static_cast<float>((i * 7919) % 1'009) / 300.0F - 1.7F;
    attend(joined.data(), tokens, out.data());
    const auto at = [&](std::size_t t, std::size_t part, std::size_t i) {
      return static_cast<double>(joined[(t * 3 + part) * kHeadsWidth + i]);
    };
    double worst = 0;
    for (std::size_t t = 0; t < tokens; ++t)
      for (std::size_t h = 0; h < kHeadsWidth; h += kHeadWidth) {
        std::vector<double> weights(tokens);
        double sum = 0;
        for (std::size_t s = 0; s < tokens; ++s) {
          for (std::size_t i = h; i < h + kHeadWidth; ++i) weights[s] += at(t, 0, i) * at(s, 1, i);
          sum += weights[s] = std::exp(weights[s] / std::sqrt(static_cast<double>(kHeadWidth)));
        }
        for (std::size_t i = h; i < h + kHeadWidth; ++i) {
          double mixed = 0;
          for (std::size_t s = 0; s < tokens; ++s) mixed += weights[s] / sum * at(s, 2, i);
          worst = std::max(worst, std::fabs(mixed - static_cast<double>(out[t * kHeadsWidth + i])));
        }
      }
    INFO(tokens << " tokens");
    CHECK(worst < 1e-4);
  }
}

}  // namespace counterpart::index
