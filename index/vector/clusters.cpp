#include "index/vector/clusters.h"

#include <faiss/Clustering.h>
#include <faiss/IndexFlat.h>
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

}  // namespace counterpart::index
