// A profile's two faces as stored: int8 components with one scale, and the model that made them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"
#include "index/layer.h"

namespace counterpart::index {

// `values` holds the offers half, then the seeks half, `dimensions` each; component = value * scale. Rounding adds at
// most about 0.0005 to a cosine of 512 dimensions, so this is the vector: there is no finer one behind it, and every
// comparison is integer arithmetic, the same on every machine.
struct Embedding {
  std::string model;
  float scale = 0;
  std::vector<std::int8_t> values;
  // The same of the second, slower text model; empty until they have been made in the background.
  std::string fine_model = {};
  float fine_scale = 0;
  std::vector<std::int8_t> fine_values = {};
  // Of long texts also the fine vectors of each passage: row i holds the i-th passage of the offers text and the i-th of
  // the seeks text, zeros where one has fewer. Empty: both texts are short.
  struct Row {
    float scale = 0;
    std::vector<std::int8_t> values;
    bool operator==(const Row&) const = default;
  };
  std::vector<Row> passages = {};
  // The fine vector of each reference, in the profile's order; a row is one half long. Empty: none, or not made yet.
  std::vector<Row> references = {};
};

// How a face that has no text of its own is filled: from the profile's other words, times `discount`.
struct FaceRules {
  float discount = kStandIn;
};

// offers = "offers" text, else summary (and title), discounted; seeks likewise. `title` is put before either text.
// Private members are never read.
Faces embed_faces(const Profile& profile, const Embedder& embedder, const FaceRules& rules = {});

// The texts of the two faces as embed_faces() takes them, and how much each counts.
struct FaceText {
  std::string text;
  float discount = 1;
};
struct FaceTexts {
  FaceText offers, seeks;
};
FaceTexts face_texts(const Profile& profile, const FaceRules& rules = {});

// What is embedded of a reference, and cut into words: title and text.
std::string text_of(const Reference& reference);

// Fills Embedding::passages, by the model of the fine part; cut as passages_of() cuts.
void add_passages(Embedding& embedding, const Profile& profile, const Embedder& fine);
// Fills Embedding::references, by the model of the fine part.
void add_references(Embedding& embedding, const Profile& profile, const Embedder& fine);

Embedding quantise(const Faces& faces, std::string model);
// Fills the fine part of `embedding` with faces made by the second model.
void add_fine(Embedding& embedding, const Faces& fine, std::string model);
// Both models' vectors; words stay empty.
Faces dequantise(const Embedding& embedding);

// Bytes of the embeddings column family and of snapshot files; little-endian, checksummed by their container.
std::string encode_embedding(const Embedding& embedding);
Result<Embedding> decode_embedding(std::string_view bytes);

}  // namespace counterpart::index
