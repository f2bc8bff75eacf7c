#include "engine/corpus/corpus.h"

namespace counterpart::engine {

std::uint64_t count_others(const Corpus& corpus, const Filter& filter, std::int32_t today, std::string_view self) {
  const std::uint64_t all = corpus.count(filter, today);
  const std::optional<Row> own = self.empty() ? std::nullopt : corpus.find(self);
  return own && corpus.passing(filter, today, {&*own, 1}).front() ? all - 1 : all;
}

}  // namespace counterpart::engine
