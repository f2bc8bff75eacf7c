#include "index/embedding.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace counterpart {
namespace {

constexpr char kFormat = 1;

bool is_zero(const std::vector<float>& vector) {
  return std::ranges::all_of(vector, [](float x) { return x == 0; });
}

std::vector<float> scaled(std::vector<float> vector, float factor) {
  for (float& x : vector) x *= factor;
  return vector;
}

std::string with_title(const std::string& title, const std::string& text) {
  return title.empty() || text.starts_with(title) ? text : title + "\n" + text;
}

}  // namespace

Faces embed_faces(const Profile& profile, const Embedder& embedder, const FaceRules& rules) {
  const auto face = [&](const std::string& text) -> std::vector<float> {
    if (text.empty()) return {};
    return embedder.embed(with_title(profile.title, text), profile.lang);
  };
  Faces faces{face(profile.offers), face(profile.seeks)};
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
  Embedding embedding{std::move(model), 0, std::vector<std::int8_t>(faces.offers.size() + faces.seeks.size())};
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

Faces dequantise(const Embedding& embedding) {
  Faces faces;
  const std::size_t half = embedding.values.size() / 2;
  for (std::size_t i = 0; i < embedding.values.size(); ++i)
    (i < half ? faces.offers : faces.seeks).push_back(static_cast<float>(embedding.values[i]) * embedding.scale);
  return faces;
}

// Format byte, u8 length of the model's name, name, f32 scale, then one byte a component.
std::string encode_embedding(const Embedding& embedding) {
  std::string bytes(1, kFormat);
  bytes += static_cast<char>(embedding.model.size());
  bytes += embedding.model;
  char scale[sizeof(float)];
  std::memcpy(scale, &embedding.scale, sizeof scale);
  bytes.append(scale, sizeof scale);
  bytes.append(reinterpret_cast<const char*>(embedding.values.data()), embedding.values.size());
  return bytes;
}

Result<Embedding> decode_embedding(std::string_view bytes) {
  const auto corrupt = [] { return fail(ErrorCode::kCorrupt, "embedding", "the stored bytes do not decode"); };
  if (bytes.size() < 2 || bytes[0] != kFormat) return corrupt();
  const auto name = static_cast<unsigned char>(bytes[1]);
  const std::size_t head = 2 + name + sizeof(float);
  if (bytes.size() < head || (bytes.size() - head) % 2 != 0) return corrupt();
  Embedding embedding{std::string(bytes.substr(2, name)), 0, {}};
  std::memcpy(&embedding.scale, bytes.data() + 2 + name, sizeof(float));
  const auto* values = reinterpret_cast<const std::int8_t*>(bytes.data() + head);
  embedding.values.assign(values, values + (bytes.size() - head));
  return embedding;
}

}  // namespace counterpart
