#include "index/import/import_row.h"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <utility>

#include "engine/base/barrier.h"
#include "engine/base/date.h"
#include "engine/corpus/profile_language.h"
#include "engine/profile/identity.h"
#include "engine/profile/members.h"
#include "engine/profile/profile_check.h"
#include "engine/profile/profile_json.h"
#include "engine/profile/traits.h"
#include "index/base/time.h"

namespace counterpart::index {
namespace {

// Compares with what is stored; a store that fails here fails again, and is reported, when the row is written.
void compare(ReadyRow& row, const Store& store, const Embedder& embedder) {
  Profile profile = row.write->profile;
  const auto stored = store.get(profile.id, true);
  if (!stored) return;
  row.stored_before = true;
  if (row.write->private_members != PrivateMembers::kReplace) {
    keep_private(profile, row.write->removed, stored->profile);
    row.revealing = !revelations_in(profile).empty();
  }
  if (to_json(stored->profile, Visibility::kWithPrivate) != to_json(profile, Visibility::kWithPrivate)) return;
  const auto embedding = store.embedding(profile.id);
  if (!embedding || !*embedding || (*embedding)->model != embedder.model()) return;
  row.stored_equal = true;
  row.write->expect_version = stored->version;
}

// `sectors` is told of, and so is `sectors[1]`.
bool is_reported(std::string_view place, const std::vector<Error>& faults) {
  return std::ranges::any_of(faults, [&](const Error& fault) {
    return place.starts_with(fault.place) &&
           (place.size() == fault.place.size() || place[fault.place.size()] == '[' || place[fault.place.size()] == '.');
  });
}

void remark_on_the_past(const Profile& profile, std::vector<Error>& remarks) {
  const auto day = parse_date(profile.valid_until);
  if (!day || is_reported("valid_until", remarks)) return;
  if (*day < today_utc())
    remarks.push_back(
        {ErrorCode::kInvalid, "valid_until", profile.valid_until + " is past", "it is kept, but matched no more"});
}

}  // namespace

CheckedRow check_row(BulkReader::Raw raw, const Taxonomy& taxonomy) {
  if (raw.refused) return {tl::unexpected(*raw.refused), {*raw.refused}};
  Findings findings;
  PrivateRemoved removed;
  CheckedRow row{parse_profile(raw.json, taxonomy, findings, &removed), std::move(raw.faults), std::move(raw.remarks), removed};
  const std::size_t of_reader = row.faults.size();
  if (!row.profile && findings.faults.empty()) findings.faults.push_back(row.profile.error());
  for (Error& fault : findings.faults)
    if (!is_reported(fault.place, {row.faults.begin(), row.faults.begin() + static_cast<std::ptrdiff_t>(of_reader)}))
      row.faults.push_back(std::move(fault));
  std::ranges::move(findings.remarks, std::back_inserter(row.remarks));
  if (row.faults.empty())
    remark_on_the_past(*row.profile, row.remarks);
  else
    row.profile = tl::unexpected(row.faults.front());
  return row;
}

std::string id_of_content(const Profile& profile) {
  Profile content = profile;
  content.id.clear();
  const boost::uuids::name_generator_sha1 generator(boost::uuids::ns::oid());
  std::string id = "p-";
  for (const char c : boost::uuids::to_string(generator(to_json(content, Visibility::kPublic))))
    if (c != '-') id.push_back(c);
  return id;
}

Status embed_row(Write& write, const Embedder& embedder) {
  return guarded({}, [&]() -> Status {
    write.expect_version.reset();
    write.embedding = quantise(embed_faces(write.profile, embedder), embedder.model());
    return {};
  });
}

ReadyRow make_ready(BulkReader::Raw raw, const Store& store, const Taxonomy& taxonomy, const Embedder& embedder, bool embed,
                    PrivateMembers private_members) {
  ReadyRow row{raw.line, Write{}};
  try {
    CheckedRow checked = check_row(std::move(raw), taxonomy);
    row.faults = std::move(checked.faults);
    row.remarks = std::move(checked.remarks);
    row.write->private_members = private_members;
    row.write->removed = checked.removed;
    Result<Profile>& profile = checked.profile;
    if (!profile) {
      row.write = tl::unexpected(std::move(profile.error()));
      return row;
    }
    row.own_id = !profile->id.empty();
    if (!row.own_id) profile->id = id_of_content(*profile);  // before detection, which may get better
    determine_language(*profile, embedder);
    row.revealing = !revelations_in(*profile).empty();
    row.write->profile = std::move(*profile);
    compare(row, store, embedder);
    if (embed && !row.stored_equal)
      if (auto embedded = embed_row(*row.write, embedder); !embedded) row.write = tl::unexpected(embedded.error());
  } catch (...) {
    row.write = tl::unexpected(caught({}));
  }
  return row;
}

}  // namespace counterpart::index
