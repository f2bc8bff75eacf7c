#include "index/vector/training.h"

#include <faiss/Clustering.h>
#include <faiss/IndexFlat.h>
#include <faiss/VectorTransform.h>
#include <omp.h>

#include "engine/base/barrier.h"

namespace counterpart::index {
namespace {

constexpr int kRounds = 10;
constexpr int kSeed = 1986;

}  // namespace

Result<std::vector<float>> cluster(std::span<const float> sample, std::size_t dimensions, std::size_t count) {
  omp_set_num_threads(1);  // of this thread: the other core serves meanwhile
  return guarded("clustering", [&]() -> Result<std::vector<float>> {
    faiss::ClusteringParameters parameters;
    parameters.niter = kRounds;
    parameters.seed = kSeed;
    parameters.min_points_per_centroid = 1;
    parameters.max_points_per_centroid = 1 << 20;  // the caller has sampled
    faiss::Clustering clustering(static_cast<int>(dimensions), static_cast<int>(count), parameters);
    faiss::IndexFlatL2 assigner(static_cast<faiss::Index::idx_t>(dimensions));
    clustering.train(static_cast<faiss::Index::idx_t>(sample.size() / dimensions), sample.data(), assigner);
    return std::move(clustering.centroids);
  });
}

Result<Directions> directions(std::span<const float> sample, std::size_t dimensions) {
  omp_set_num_threads(1);  // of this thread, as above
  return guarded("principal directions", [&]() -> Result<Directions> {
    faiss::PCAMatrix found(static_cast<int>(dimensions), static_cast<int>(dimensions));
    found.max_points_per_d = static_cast<std::size_t>(1) << 20U;  // the caller has sampled
    found.train(static_cast<faiss::Index::idx_t>(sample.size() / dimensions), sample.data());
    return Directions{std::move(found.mean), std::move(found.eigenvalues), std::move(found.PCAMat)};
  });
}

}  // namespace counterpart::index
