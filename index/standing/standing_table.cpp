#include "index/standing/standing_table.h"

#include <algorithm>
#include <utility>

#include "engine/base/date.h"
#include "engine/corpus/field.h"
#include "engine/profile/traits.h"
#include "engine/programme/eligibility.h"
#include "index/vector/kernel.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kBlock = 256;  // queries that are copied at most when one is added or removed

std::string joined(std::string_view field, std::string_view key) { return std::string(field).append("\n").append(key); }

bool valid_on(const Profile& profile, std::int32_t today) {
  const Result<std::int32_t> last = parse_date(profile.valid_until);
  return !last || *last >= today;  // as Traits::valid_until
}

}  // namespace

StandingTable::StandingTable(const Taxonomy& taxonomy, const Programmes& programmes, std::size_t dimensions)
    : taxonomy_(&taxonomy), programmes_(&programmes), dimensions_(dimensions), half_(padded_half(dimensions)) {}

StandingTable::Entry StandingTable::entry_of(StandingQuery query, float scale) const {
  Entry entry;
  entry.scale = scale;
  if (const auto programme = programmes_->find(query.programme); programme != programmes_->end()) {
    const Filter filter = filter_for({Profile{}, true}, programme->second, query.where, *taxonomy_);
    const auto tests = [](const Conditions& conditions) {
      Tests made;
      for (const Condition& condition : conditions) {
        Test& test = made.emplace_back(Test{{}, condition.negated});
        for (const std::string& key : condition.any_of) test.any_of.push_back(joined(condition.field, key));
      }
      return made;
    };
    entry.possible = true;
    entry.all = tests(filter.all);
    for (const Conditions& group : filter.either) entry.either.push_back(tests(group));
  }
  entry.query = std::move(query);
  return entry;
}

StandingTable::Block& StandingTable::own(std::shared_ptr<Block>& block) {
  if (block.use_count() > 1) block = std::make_shared<Block>(*block);
  return *block;
}

void StandingTable::add(StandingQuery query, const Embedding& vectors) {
  if (blocks_.empty() || blocks_.back()->entries.size() == kBlock) blocks_.push_back(std::make_shared<Block>());
  Block& block = own(blocks_.back());
  block.entries.push_back(entry_of(std::move(query), vectors.scale));
  const std::size_t start = block.values.size(), given = vectors.values.size() / 2;
  block.values.resize(start + 2 * half_);
  for (const std::size_t face : {0U, 1U})
    std::copy_n(vectors.values.begin() + static_cast<std::ptrdiff_t>(face * given), std::min(dimensions_, given),
                block.values.begin() + static_cast<std::ptrdiff_t>(start + face * half_));
  ++size_;
}

void StandingTable::remove(std::uint64_t number) {
  for (auto at = blocks_.begin(); at != blocks_.end(); ++at) {
    const auto& entries = (*at)->entries;
    const auto found = std::ranges::find(entries, number, [](const Entry& e) { return number_of(e.query); });
    if (found == entries.end()) continue;
    const std::ptrdiff_t place = found - entries.begin(), row = static_cast<std::ptrdiff_t>(2 * half_);
    Block& block = own(*at);
    block.entries.erase(block.entries.begin() + place);
    block.values.erase(block.values.begin() + place * row, block.values.begin() + (place + 1) * row);
    if (block.entries.empty()) blocks_.erase(at);
    --size_;
    return;
  }
}

const StandingQuery* StandingTable::find(std::uint64_t number) const {
  const StandingQuery* found = nullptr;
  if (number == 0) return found;
  for_each(number - 1, [&](const StandingQuery& query) {
    if (number_of(query) == number) found = &query;
    return false;
  });
  return found;
}

void StandingTable::for_each(std::uint64_t number, const std::function<bool(const StandingQuery&)>& visit) const {
  for (const auto& block : blocks_) {
    if (number_of(block->entries.back().query) <= number) continue;
    for (const Entry& entry : block->entries)
      if (number_of(entry.query) > number && !visit(entry.query)) return;
  }
}

// Nothing where the query has no text: its conditions alone decide.
std::optional<double> StandingTable::score(const Entry& entry, double forward, double backward) {
  const bool text = !entry.query.text.empty(), offering = !entry.query.offering.empty();
  if (text && offering) return (forward + backward) / 2;
  if (text) return forward;
  if (offering) return backward;
  return std::nullopt;
}

bool StandingTable::passes(const Entry& entry, const ProfileKeys& keys) {
  const auto holds = [&](const Test& test) {
    return std::ranges::any_of(test.any_of, [&](const std::string& key) { return keys.contains(key); }) != test.negated;
  };
  const auto hold = [&](const Tests& tests) { return std::ranges::all_of(tests, holds); };
  return hold(entry.all) && (entry.either.empty() || std::ranges::any_of(entry.either, hold));
}

Result<std::vector<StandingFit>> StandingTable::fits(const Embedding& vectors, const std::function<Result<Profile>()>& profile,
                                                     std::int32_t today) const {
  std::vector<StandingFit> found;
  if (vectors.values.size() != 2 * dimensions_) return found;
  QueryVector own(2 * half_);
  for (const std::size_t face : {0U, 1U})
    for (std::size_t i = 0; i < dimensions_; ++i) own[face * half_ + i] = vectors.values[face * dimensions_ + i];
  std::optional<ProfileKeys> keys;
  std::vector<HalfDots> dots(kBlock);
  for (const auto& block : blocks_) {
    const std::size_t count = block->entries.size();
    dot_range(own, {block->values.data(), half_}, 0, count, dots.data());
    for (std::size_t i = 0; i < count; ++i) {
      const Entry& entry = block->entries[i];
      const double unit = static_cast<double>(entry.scale) * static_cast<double>(vectors.scale);
      const std::optional<double> near = score(entry, dots[i].forward * unit, dots[i].backward * unit);
      if (!entry.possible || (near && *near < entry.query.minimum)) continue;
      if (!keys) {
        const Result<Profile> asked = profile();
        if (!asked) return tl::unexpected(asked.error());
        if (!valid_on(*asked, today)) return found;  // nothing was found before this
        keys.emplace();
        for (const IndexedKey& key : indexed_keys(*asked, *taxonomy_)) keys->insert(joined(key.field, key.key));
      }
      if (passes(entry, *keys)) found.push_back({number_of(entry.query), near});
    }
  }
  return found;
}

}  // namespace counterpart::index
