#include "index/standing/standing_tester.h"

#include <utility>

#include "engine/base/patience.h"
#include "engine/base/threads.h"
#include "engine/profile/profile_json.h"
#include "index/standing/standing_marks.h"
#include "index/store/checks.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kWalk = 1024;  // profiles that are tested at once, on all cores

// A profile as it stands in one view, still as bytes.
struct Subject : MarkedProfile {
  std::string record, vectors;
};

}  // namespace

Result<TestedProfile> StandingTester::test(const StandingTable& against, const RecordHead& head, std::string_view public_json,
                                           std::string_view vectors, std::int32_t day) const {
  TestedProfile tested{.usable = false, .head = head};
  if (vectors.empty()) return tested;
  const Result<Embedding> embedding = decode_embedding(vectors);
  if (!embedding) return tl::unexpected(embedding.error());
  tested.usable = embedding->model == model_;
  if (!tested.usable) return tested;
  Result<std::vector<StandingFit>> fits = against.fits(
      *embedding, [&]() -> Result<Profile> { return decode_profile(public_json); }, day);
  if (!fits) return tl::unexpected(fits.error());
  tested.fits = std::move(*fits);
  return tested;
}

Result<std::optional<TestedProfile>> StandingTester::test_stored(const StandingTable& against, const std::string& id,
                                                                 std::int32_t day) const {
  const auto bytes = database_.get(Family::kProfiles, id);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  const Result<Record> record = read_record(**bytes);
  if (!record) return tl::unexpected(record.error());
  const auto vectors = database_.get(Family::kEmbeddings, id);
  if (!vectors) return tl::unexpected(vectors.error());
  Result<TestedProfile> tested =
      test(against, record->head, record->public_json, *vectors ? std::string_view(**vectors) : std::string_view(), day);
  if (!tested) return tl::unexpected(tested.error());
  return std::optional<TestedProfile>(std::move(*tested));
}

Status StandingTester::walk(const StandingTable& against, std::int32_t day,
                            const std::function<void(const MarkedProfile&, const TestedProfile&)>& visit,
                            std::vector<std::string>* gone) const {
  const Database::View view(database_);
  Database::Cursor records(database_, Family::kProfiles, &view), vectors(database_, Family::kEmbeddings, &view);
  MarkCursor marks(database_, &view);
  const auto is_gone = [&] {
    if (gone && (gone->empty() || gone->back() != marks.profile())) gone->emplace_back(marks.profile());
  };
  vectors.first();
  const auto excluded = excluded_ids(database_);
  if (!excluded) return tl::unexpected(excluded.error());
  for (records.first(); records.valid();) {
    if (Patience::over()) return given_up();
    std::vector<Subject> subjects;
    for (; records.valid() && subjects.size() < kWalk; records.next()) {
      const std::string_view id = records.key();
      if (excluded->contains(id)) continue;
      Subject& subject = subjects.emplace_back();
      subject.id = id;
      subject.record = records.value();
      while (vectors.valid() && vectors.key() < id) vectors.next();
      if (vectors.valid() && vectors.key() == id) subject.vectors = vectors.value();
      for (; marks.valid() && marks.profile() < id; marks.next()) is_gone();
      for (; marks.valid() && marks.profile() == id; marks.next()) subject.marks.push_back(marks.query());
    }
    std::vector<Result<TestedProfile>> tested(subjects.size());
    on_all_cores(subjects.size(), [&](std::size_t i) {
      const Result<Record> record = read_record(subjects[i].record);
      if (record)
        tested[i] = test(against, record->head, record->public_json, subjects[i].vectors, day);
      else
        tested[i] = tl::unexpected(record.error());
    });
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      if (!tested[i]) return tl::unexpected(tested[i].error());
      visit(subjects[i], *tested[i]);
    }
  }
  for (; marks.valid(); marks.next()) is_gone();
  for (const Database::Cursor* cursor : {&records, &vectors})
    if (Status walked = cursor->status(); !walked) return walked;
  return marks.status();
}

}  // namespace counterpart::index
