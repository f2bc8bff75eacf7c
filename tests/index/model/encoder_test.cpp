#include "index/model/encoder.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "index/model/muse.h"
#include "index/text/language.h"
#include "index/vector/embedding.h"
#include "tests/support/catch.h"

namespace counterpart::index {
namespace {

const std::filesystem::path kModels = COUNTERPART_MODELS;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  REQUIRE(in);
  return out.str();
}

// Rows of an f32 .npy file of `width` columns.
std::vector<float> npy(const std::filesystem::path& file) {
  const std::string bytes = bytes_of(file);
  const std::size_t head = 10 + static_cast<unsigned char>(bytes[8]) + 256U * static_cast<unsigned char>(bytes[9]);
  std::vector<float> values((bytes.size() - head) / sizeof(float));
  std::copy_n(bytes.data() + head, values.size() * sizeof(float), reinterpret_cast<char*>(values.data()));
  return values;
}

double cosine(const float* a, const float* b, std::size_t n) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < n; ++i) {
    dot += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    aa += static_cast<double>(a[i]) * static_cast<double>(a[i]);
    bb += static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return aa > 0 && bb > 0 ? dot / std::sqrt(aa * bb) : (aa == bb ? 1 : 0);
}

const Embedder& fast() {
  static const std::unique_ptr<Embedder> embedder = [] {
    auto opened = open_embedder("fast", kModels);
    if (!opened) throw std::runtime_error(describe(opened.error()));
    return std::move(*opened);
  }();
  return *embedder;
}

double likeness(std::string_view a, std::string_view b) {
  return cosine(fast().embed(a, {}).data(), fast().embed(b, {}).data(), fast().dimensions());
}

}  // namespace

TEST_CASE("encoder: int8 agrees with the reference vectors of 220 texts", "[encoder]") {
  const auto file = ModelFile::open(kModels / "fast.model");
  INFO((file ? "" : describe(file.error())));
  REQUIRE(file);
  const auto muse = Muse::load(**file);
  REQUIRE(muse);
  const std::vector<float> reference = npy(COUNTERPART_SOURCE_DIR "/tests/index/data/parity_muse.npy");
  std::ifstream lines(COUNTERPART_SOURCE_DIR "/tests/index/data/parity_texts.jsonl");
  std::string line;
  constexpr std::size_t kWhole = 1'000'000;  // pieces: the reference knows no windows
  std::size_t row = 0;
  double sum = 0;
  for (; std::getline(lines, line); ++row) {
    const std::string text(boost::json::parse(line).at("text").as_string());
    const double agreement =
        cosine((*muse)->encode(text, kWhole).data(), reference.data() + row * Muse::kDimensions, Muse::kDimensions);
    sum += agreement;
    INFO("row " << row << ": " << text.substr(0, 100));
    CHECK(agreement >= 0.999);
  }
  CHECK(row == 220);
  CHECK(sum / static_cast<double>(row) >= 0.9995);
}

TEST_CASE("encoder: a text is nearer to its translation than to another text of its own language", "[encoder]") {
  const std::string en = "solar-powered cold storage for fish landing sites";
  const std::string other = "tax advice for small companies";
  for (const char* translation : {"تخزين بارد يعمل بالطاقة الشمسية لمواقع إنزال الأسماك", "用于鱼类上岸点的太阳能冷藏设施",
                                  "stockage frigorifique à énergie solaire pour les sites de débarquement de poisson",
                                  "холодильные склады на солнечной энергии для мест выгрузки рыбы",
                                  "almacenamiento en frío con energía solar para sitios de desembarque de pescado"}) {
    INFO(translation);
    CHECK(likeness(en, translation) > likeness(en, other) + 0.2);
  }
}

TEST_CASE("encoder: Arabic with and without vowel signs and tatweel is one text", "[encoder]") {
  CHECK(likeness("الطَّاقَة الشَّمْسِيَّة", "الطاقة الشمسية") == Approx(1));
}

TEST_CASE("encoder: a text is the same vector however it was typed, in capitals too", "[encoder]") {
  for (const auto& [one, other] : std::initializer_list<std::pair<std::string, std::string>>{
           {"re\u0301frige\u0301ration des re\u0301coltes", "réfrigération des récoltes"},
           {"so\u00ADlar cold stor\u00ADage", "solar cold storage"},
           {"ｓｏｌａｒ　ｃｏｌｄ　ｓｔｏｒａｇｅ", "solar cold storage"},
           {"l’eau pour l’agriculture", "l'eau pour l'agriculture"},
           {"SOLAR COLD STORAGE FOR FISH", "Solar cold storage for fish"},
           {"ХОЛОДИЛЬНЫЕ СКЛАДЫ ДЛЯ РЫБЫ", "Холодильные склады для рыбы"}}) {
    CAPTURE(one, other);
    CHECK(likeness(one, other) == Approx(1));
  }
  CHECK(likeness("ALMACENAMIENTO EN FRÍO. Para pescado fresco en Perú", "Almacenamiento en frío. Para pescado fresco en Perú") >
        0.98);
}

TEST_CASE("encoder: nothing gives zeros, anything else a unit vector", "[encoder]") {
  const std::vector<float> nothing = fast().embed("", {});
  CHECK(std::ranges::all_of(nothing, [](float x) { return x == 0; }));
  for (const std::string& text : {std::string("a"), std::string("é"), std::string(20'000, 'x'), std::string("\n\t ok")}) {
    const std::vector<float> vector = fast().embed(text, {});
    double length = 0;
    for (const float x : vector) length += static_cast<double>(x) * static_cast<double>(x);
    CHECK(length == Approx(1).epsilon(1e-4));
  }
}

TEST_CASE("encoder: the end of a long text counts too", "[encoder]") {
  std::string long_text;
  for (int i = 0; i < 400; ++i) long_text += "tax advice for companies. ";
  std::string with_end = long_text;
  for (int i = 0; i < 400; ++i) with_end += "solar cold storage for fish. ";
  CHECK(likeness("cold storage for fish", with_end) > likeness("cold storage for fish", long_text) + 0.2);
}

TEST_CASE("encoder: threads do not change a vector", "[encoder]") {
  const std::string text = "Дизельные генераторы и солнечные панели для сельских больниц";
  const std::vector<float> expected = fast().embed(text, {});
  std::vector<std::vector<float>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& slot : found)
      threads.emplace_back([&slot, &text] {
        for (int i = 0; i < 5; ++i) slot = fast().embed(text, {});
      });
  }
  for (const auto& vector : found) CHECK(vector == expected);
}

TEST_CASE("encoder: a missing or damaged model is refused with what to do", "[encoder]") {
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("counterpart-model-" + std::to_string(getpid()));
  std::filesystem::create_directories(directory);
  CHECK(open_embedder("fast", directory).error().code == ErrorCode::kNotFound);
  CHECK_THAT(open_embedder("fast", directory).error().remedy, Catch::Contains("fetch_models.py"));
  CHECK(open_embedder("slow", directory).error().code == ErrorCode::kNotFound);
  std::string bytes = bytes_of(kModels / "fast.model");
  const auto put = [&](std::string_view content) { std::ofstream(directory / "fast.model", std::ios::binary) << content; };
  SECTION("cut short") { put(std::string_view(bytes).substr(0, bytes.size() / 2)); }
  SECTION("empty") { put(""); }
  SECTION("a byte of the weights flipped") {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    put(bytes);
  }
  SECTION("a byte of the directory flipped") {
    bytes[40] = static_cast<char>(bytes[40] ^ 1);
    put(bytes);
  }
  CHECK(open_embedder("fast", directory).error().code == ErrorCode::kCorrupt);
  std::filesystem::remove_all(directory);
}

TEST_CASE("language: told from the text, by its script when words are few, by the hint only then", "[language]") {
  CHECK(detect_language("The project will provide clean water to the villages of the region") == "en");
  CHECK(detect_language("Le projet vise à améliorer l'accès à l'eau potable dans la région", "en") == "fr");
  CHECK(detect_language("El proyecto busca mejorar el acceso al agua potable", "en") == "es");
  CHECK(detect_language("Adoptar medidas urgentes para combatir el cambio climático y sus efectos") == "es");
  CHECK(detect_language("O projeto visa melhorar o acesso à água potável na região") == "pt");
  CHECK(detect_language("Solar pumps") == "en");
  CHECK(detect_language("水") == "zh");
  CHECK(detect_language("вода") == "ru");
  CHECK(detect_language("ماء") == "ar");
  CHECK(detect_language("XPT-77", "fr-CD") == "fr");
  CHECK(detect_language("") == "und");
}

TEST_CASE("embedding: a face without its own text speaks with the others', at a discount", "[embedding]") {
  Profile profile;
  profile.offers = "solar panels";
  const Faces faces = embed_faces(profile, fast(), {.discount = 0.5F});
  CHECK(cosine(faces.offers.data(), faces.seeks.data(), 512) == Approx(1));
  CHECK(faces.seeks[0] == Approx(faces.offers[0] * 0.5F));
}

TEST_CASE("embedding: its bytes come back as they were, and others are refused", "[embedding]") {
  Profile profile;
  profile.offers = "solar panels";
  profile.seeks = "a distributor in Kenya";
  const Faces faces = embed_faces(profile, fast());
  const Embedding embedding = quantise(faces, "fast-1:x");
  const std::string bytes = encode_embedding(embedding);
  const auto back = decode_embedding(bytes);
  REQUIRE(back);
  CHECK(back->model == embedding.model);
  CHECK(back->scale == embedding.scale);
  CHECK(back->values == embedding.values);
  CHECK(cosine(dequantise(*back).seeks.data(), faces.seeks.data(), 512) > 0.999);
  for (std::size_t length = 0; length < 14; ++length) CHECK_FALSE(decode_embedding(std::string_view(bytes).substr(0, length)));
  CHECK_FALSE(decode_embedding("\x07" + bytes.substr(1)));
}

TEST_CASE("embedding: passages and references come back, and what format 2 wrote is read", "[embedding]") {
  Profile profile;
  profile.offers = "solar panels";
  profile.references = {{"Ice plant", "12 t a day", "", {}, ""}, {"Dam", "", "", {}, ""}};
  Embedding embedding = quantise(embed_faces(profile, fast()), "fast-1:x");
  add_fine(embedding, embed_faces(profile, fast()), "fine-1:x");
  std::string before = encode_embedding(embedding);
  add_references(embedding, profile, fast());
  embedding.passages = {{0.5F, std::vector<std::int8_t>(1024, 3)}};
  REQUIRE(embedding.references.size() == 2);
  CHECK(embedding.references[0].values.size() == 512);
  CHECK(embedding.references[0] != embedding.references[1]);

  const std::string bytes = encode_embedding(embedding);
  const auto back = decode_embedding(bytes);
  REQUIRE(back);
  CHECK(back->passages == embedding.passages);
  CHECK(back->references == embedding.references);
  for (const std::size_t less : {1U, 300U, 600U, 1100U})
    CHECK_FALSE(decode_embedding(std::string_view(bytes).substr(0, bytes.size() - less)));
  CHECK_FALSE(decode_embedding(bytes + "x"));

  before[0] = 2;
  before.resize(before.size() - 8);  // it did not count passages and knew no references
  const std::string passage = bytes.substr(before.size() + 4, 1 + 4 + 4 + 1024);
  const auto old = decode_embedding(before + passage);
  REQUIRE(old);
  CHECK(old->fine_values == embedding.fine_values);
  CHECK(old->passages == embedding.passages);
  CHECK(old->references.empty());
}

TEST_CASE("embedding: private members never reach the encoder", "[embedding]") {
  Profile open, secret;
  open.title = secret.title = "Water pumps";
  open.offers = secret.offers = "pumps";
  secret.contact.email = "someone@example.org";
  secret.organisation.legal_name = "Secret Pumps Ltd";
  CHECK(embed_faces(open, fast()).offers == embed_faces(secret, fast()).offers);
}

}  // namespace counterpart::index
