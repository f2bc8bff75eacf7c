// The corpus's own space: fine vectors as they tell this corpus's texts apart. What many of its texts have in common (they
// are all projects, say, or all of one trade) fills a few directions of the vectors and drowns the rest; here each direction is
// divided by the square root of the deviation along it, so that these count for less.
//
// Softly whitened (Su et al. 2021, "Whitening Sentence Representations"): x' = unit(A (x - m)), A = L^(-1/4) V^T, of the
// covariance C' = V L V^T shrunk towards a ball, for whole whitening and whole means lose on known pairs. Pairs of all
// languages are compared in it, so that a list of several has one scale: between languages it finds as much as vectors as they
// are (known translations: .97 of the first places both), while plain cosines beside those of the space lose a quarter of
// the right answers where texts of three languages stand in one list.
//
// With the space goes what its texts tell of sectors (index/space/sector_model.h): one epoch, one file, one name.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/model/int8_matrix.h"
#include "index/segment/segment.h"
#include "index/space/sector_model.h"

namespace counterpart::index {

// Immutable; safe from any thread.
class CorpusSpace {
 public:
  static constexpr std::size_t kLeastVectors = 200;

  // Of unit vectors, one behind the other, made by the model `fine`; they are a sample of `all`. kUnavailable: fewer than
  // kLeastVectors. The same vectors, the same space on one machine.
  static Result<std::shared_ptr<const CorpusSpace>> of(std::span<const float> vectors, std::size_t dimensions, std::string fine,
                                                       std::uint64_t all);
  // The bytes of encode(). kCorrupt: these are none.
  static Result<std::shared_ptr<const CorpusSpace>> decode(std::string_view bytes);
  std::string encode() const;
  // The same space, telling sectors by this model.
  std::shared_ptr<const CorpusSpace> with(SectorModel sectors) const;

  const std::string& fine_model() const { return fine_; }
  // The epoch's name: of the vectors that it was made of and what it makes of them; "9f3ac210".
  const std::string& name() const { return name_; }
  std::uint64_t made_of() const { return made_of_; }  // vectors, or a sample of so many

  SeenRows see(const Segment& segment) const;
  // The same to the last bit as the row of a segment with this query's vectors, and as a reference's.
  Query see(const Query& query) const;
  Query see_reference(const Query& reference) const;
  // What it offers and what it seeks in one, of unit length; empty: there is nothing in it. `seen`: by see().
  std::vector<float> whole(const Query& seen) const;
  // By the model of sectors: the same as see() tells of a row with this query's vectors that states no sector.
  SectorGuess guess(const Query& seen) const { return sectors_.guess(whole(seen)); }
  const SectorModel& sectors() const { return sectors_; }

 private:
  CorpusSpace(std::string fine, std::uint64_t made_of, std::vector<float> mean, std::vector<float> matrix);

  void give_name();
  // Faces and references, `dimensions` codes each, seen one by one; each keeps the length it had.
  std::vector<std::vector<float>> see_halves(std::span<const std::int8_t> codes) const;
  // The same of `count` halves, so many at once as is quick: of each in order its codes from `codes_of`, what is seen to `use`.
  void see_all(std::size_t count, const std::function<const std::int8_t*(std::size_t)>& codes_of,
               const std::function<void(std::size_t, std::vector<float>&&)>& use) const;
  void see_faces(const Segment& segment, SeenRows& made) const;
  void see_references(const Segment& segment, SeenRows& made) const;

  std::string fine_, name_;
  std::uint64_t made_of_ = 0;
  std::vector<float> mean_;    // m
  std::vector<float> matrix_;  // A, [input][output]
  std::vector<float> shift_;   // A m
  Int8Matrix product_;         // A again
  SectorModel sectors_;
};

}  // namespace counterpart::index
