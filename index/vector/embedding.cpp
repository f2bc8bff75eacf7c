#include "index/vector/embedding.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "index/text/passages.h"

namespace counterpart::index {
namespace {

// 1 knew no fine part; 2 ended with the passages and did not count them.
constexpr char kFormat = 3;

bool is_zero(const std::vector<float>& vector) {
  return std::ranges::all_of(vector, [](float x) { return x == 0; });
}

std::vector<float> scaled(std::vector<float> vector, float factor) {
  for (float& x : vector) x *= factor;
  return vector;
}

std::string with_title(const std::string& title, const std::string& text) {
  if (text.empty()) return title;
  return title.empty() || text.starts_with(title) ? text : title + "\n" + text;
}

}  // namespace

FaceTexts face_texts(const Profile& profile, const FaceRules& rules) {
  std::string other = profile.summary;
  if (other.empty()) other = profile.offers.empty() ? profile.seeks : profile.offers;
  if (other.empty()) other = profile.title;
  return {profile.offers.empty() ? FaceText{other, rules.discount} : FaceText{profile.offers, 1},
          profile.seeks.empty() ? FaceText{other, rules.discount} : FaceText{profile.seeks, 1}};
}

Faces embed_faces(const Profile& profile, const Embedder& embedder, const FaceRules& rules) {
  const auto face = [&](const std::string& text) -> std::vector<float> {
    if (text.empty()) return {};
    return embedder.embed(with_title(profile.title, text), profile.lang);
  };
  Faces faces;
  faces.offers = face(profile.offers);
  faces.seeks = profile.seeks == profile.offers ? faces.offers : face(profile.seeks);
  if (!faces.offers.empty() && !faces.seeks.empty()) return faces;
  // A face without a text of its own speaks with the summary, or else with the other face.
  std::vector<float> other = face(profile.summary);
  if (other.empty()) other = faces.offers.empty() ? faces.seeks : faces.offers;
  if (other.empty()) other = embedder.embed(profile.title, profile.lang);
  other = scaled(std::move(other), rules.discount);
  if (faces.offers.empty()) faces.offers = other;
  if (faces.seeks.empty()) faces.seeks = std::move(other);
  return faces;
}

Embedding quantise(const Faces& faces, std::string model) {
  Embedding embedding;
  embedding.model = std::move(model);
  embedding.values.resize(faces.offers.size() + faces.seeks.size());
  if (is_zero(faces.offers) && is_zero(faces.seeks)) return embedding;
  float top = 0;
  for (const std::vector<float>* face : {&faces.offers, &faces.seeks})
    for (const float x : *face) top = std::max(top, std::fabs(x));
  embedding.scale = top / 127.0F;
  auto out = embedding.values.begin();
  for (const std::vector<float>* face : {&faces.offers, &faces.seeks})
    for (const float x : *face) *out++ = static_cast<std::int8_t>(std::lround(x / embedding.scale));
  return embedding;
}

void add_fine(Embedding& embedding, const Faces& fine, std::string model) {
  Embedding made = quantise(fine, std::move(model));
  embedding.fine_model = std::move(made.model);
  embedding.fine_scale = made.scale;
  embedding.fine_values = std::move(made.values);
}

void add_passages(Embedding& embedding, const Profile& profile, const Embedder& fine) {
  const FaceTexts texts = face_texts(profile);
  std::vector<std::vector<float>> halves[2];
  const FaceText* faces[] = {&texts.offers, &texts.seeks};
  for (const std::size_t face : {0U, 1U}) {
    if (face == 1 && texts.seeks.text == texts.offers.text) {
      halves[1] = halves[0];
      continue;
    }
    for (const std::string_view passage : passages_of(faces[face]->text, profile.lang))
      halves[face].push_back(scaled(fine.embed(passage, profile.lang), faces[face]->discount));
  }
  embedding.passages.clear();
  for (std::size_t i = 0; i < std::max(halves[0].size(), halves[1].size()); ++i) {
    const std::vector<float> none(fine.dimensions(), 0.0F);
    Faces row;
    row.offers = i < halves[0].size() ? halves[0][i] : none;
    row.seeks = i < halves[1].size() ? halves[1][i] : none;
    Embedding made = quantise(row, {});
    embedding.passages.push_back({made.scale, std::move(made.values)});
  }
}

std::string text_of(const Reference& reference) { return with_title(reference.title, reference.text); }

void add_references(Embedding& embedding, const Profile& profile, const Embedder& fine) {
  embedding.references.clear();
  for (const Reference& reference : profile.references) {
    Faces one;
    one.offers = fine.embed(text_of(reference), profile.lang);
    Embedding made = quantise(one, {});
    embedding.references.push_back({made.scale, std::move(made.values)});
  }
}

Faces dequantise(const Embedding& embedding) {
  Faces faces;
  const auto halves = [](const std::vector<std::int8_t>& values, float scale, std::vector<float>& offers,
                         std::vector<float>& seeks) {
    for (std::size_t i = 0; i < values.size(); ++i)
      (i < values.size() / 2 ? offers : seeks).push_back(static_cast<float>(values[i]) * scale);
  };
  halves(embedding.values, embedding.scale, faces.offers, faces.seeks);
  halves(embedding.fine_values, embedding.fine_scale, faces.fine_offers, faces.fine_seeks);
  for (const Embedding::Row& reference : embedding.references) {
    std::vector<float>& vector = faces.fine_references.emplace_back();
    for (const std::int8_t value : reference.values) vector.push_back(static_cast<float>(value) * reference.scale);
  }
  return faces;
}

namespace {

// u8 length of the model's name, name, f32 scale, u32 components, then one byte a component.
void append_vectors(std::string& bytes, const std::string& model, float scale, const std::vector<std::int8_t>& values) {
  bytes += static_cast<char>(model.size());
  bytes += model;
  const auto count = static_cast<std::uint32_t>(values.size());
  bytes.append(reinterpret_cast<const char*>(&scale), sizeof scale);
  bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size());
}

bool take_vectors(std::string_view& bytes, std::string& model, float& scale, std::vector<std::int8_t>& values) {
  if (bytes.empty()) return false;
  const auto name = static_cast<unsigned char>(bytes[0]);
  std::uint32_t count = 0;
  const std::size_t head = 1 + name + sizeof scale + sizeof count;
  if (bytes.size() < head) return false;
  model = bytes.substr(1, name);
  std::memcpy(&scale, bytes.data() + 1 + name, sizeof scale);
  std::memcpy(&count, bytes.data() + 1 + name + sizeof scale, sizeof count);
  if (bytes.size() - head < count || count % 2 != 0) return false;
  const auto* at = reinterpret_cast<const std::int8_t*>(bytes.data() + head);
  values.assign(at, at + count);
  bytes.remove_prefix(head + count);
  return true;
}

// Format 1 ended with the components and did not count them.
bool take_first_format(std::string_view bytes, Embedding& embedding) {
  if (bytes.empty()) return false;
  const auto name = static_cast<unsigned char>(bytes[0]);
  const std::size_t head = 1 + name + sizeof(float);
  if (bytes.size() < head || (bytes.size() - head) % 2 != 0) return false;
  embedding.model = bytes.substr(1, name);
  std::memcpy(&embedding.scale, bytes.data() + 1 + name, sizeof(float));
  const auto* values = reinterpret_cast<const std::int8_t*>(bytes.data() + head);
  embedding.values.assign(values, values + (bytes.size() - head));
  return true;
}

// u32 number of rows, each as vectors without a name.
void append_rows(std::string& bytes, const std::vector<Embedding::Row>& rows) {
  const auto count = static_cast<std::uint32_t>(rows.size());
  bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
  for (const Embedding::Row& row : rows) append_vectors(bytes, {}, row.scale, row.values);
}

bool take_row(std::string_view& bytes, std::vector<Embedding::Row>& rows) {
  std::string unnamed;
  Embedding::Row row;
  if (!take_vectors(bytes, unnamed, row.scale, row.values)) return false;
  rows.push_back(std::move(row));
  return true;
}

bool take_rows(std::string_view& bytes, std::vector<Embedding::Row>& rows) {
  std::uint32_t count = 0;
  if (bytes.size() < sizeof count) return false;
  std::memcpy(&count, bytes.data(), sizeof count);
  bytes.remove_prefix(sizeof count);
  for (; count > 0; --count)
    if (!take_row(bytes, rows)) return false;
  return true;
}

}  // namespace

// Format byte, the vectors of the first model, those of the second, those of the passages, those of the references.
std::string encode_embedding(const Embedding& embedding) {
  std::string bytes(1, kFormat);
  append_vectors(bytes, embedding.model, embedding.scale, embedding.values);
  append_vectors(bytes, embedding.fine_model, embedding.fine_scale, embedding.fine_values);
  append_rows(bytes, embedding.passages);
  append_rows(bytes, embedding.references);
  return bytes;
}

Result<Embedding> decode_embedding(std::string_view bytes) {
  Embedding embedding;
  bool whole = false;
  const char format = bytes.empty() ? '\0' : bytes[0];
  if (format == 1) {
    whole = take_first_format(bytes.substr(1), embedding);
  } else if (format == 2 || format == kFormat) {
    bytes.remove_prefix(1);
    whole = take_vectors(bytes, embedding.model, embedding.scale, embedding.values) &&
            take_vectors(bytes, embedding.fine_model, embedding.fine_scale, embedding.fine_values);
    while (whole && format == 2 && !bytes.empty()) whole = take_row(bytes, embedding.passages);
    if (format == kFormat)
      whole = whole && take_rows(bytes, embedding.passages) && take_rows(bytes, embedding.references) && bytes.empty();
  }
  if (!whole) return fail(ErrorCode::kCorrupt, "embedding", "the stored bytes do not decode");
  return embedding;
}

}  // namespace counterpart::index
