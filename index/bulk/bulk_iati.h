// What is kept of one IATI activity while it is read, and the project profile it becomes. Versions 2.01 to 2.03, and what
// 1.01 to 1.05 write otherwise: texts directly in title and description, words for codes.
//
// The id is "iati:" and the iati-identifier. One that has other characters than an id may have, or is too long, is written
// with hyphens in their place, cut, and told apart by a digest of the whole; the original is kept among the identifiers.
//
// An activity is open until its end: activity-date 4 (actual end) or else 3 (planned end) becomes valid_until. One that
// is closed, cancelled or suspended (activity-status 4, 5, 6) without an actual end is taken in as valid until 1970-01-01,
// so that it is matched no more, and an earlier, open version of it neither.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_reader.h"
#include "index/layer.h"

namespace counterpart::index {

struct IatiShare {
  std::string vocabulary, code;
  double percentage = 0;  // 0: not stated
};

struct IatiAmount {
  std::string kind;  // budget or transaction type
  std::string currency;
  std::string value;
};

// That reports an activity or takes part in it.
struct IatiOrganisation {
  std::string ref;   // as in GB-COH-01234567; may be empty
  std::string name;  // the first narrative
};

// Contact data (contact-info) is never read.
struct IatiActivity {
  std::uint64_t line = 0;
  std::string default_currency;
  std::string identifier, title, general, objectives;  // the first narrative of each; xml:lang is often wrong: unused
  std::string old_title, old_general, old_objectives;  // directly in the element, as before 2.01
  std::string status;
  std::string actual_start, actual_end, planned_end;  // ISO dates
  std::string implementer_type;                       // organisation type of the participating-org with role 4
  std::vector<IatiShare> countries, transaction_countries;
  std::vector<IatiShare> sectors, transaction_sectors;
  std::vector<IatiShare> tags;
  std::vector<IatiAmount> budgets, planned, commitments;
  std::vector<IatiOrganisation> organisations;
  bool region = false;  // a recipient-region is stated
};

// ---- what both readings of an activity, as a project and as a reference, take out of it

std::string trimmed_text(std::string_view text);

// Without markup and the blanks around; the title is one line.
struct IatiTexts {
  std::string title, general, objectives;
};
IatiTexts texts_of(const IatiActivity& activity);

// Highest percentage first; equal ones in their order in the file. Those of transactions where the activity has none.
std::vector<IatiShare> ranked(const std::vector<IatiShare>& own, const std::vector<IatiShare>& of_transactions);

// ISIC Rev.4 codes of the shares in the vocabularies of the DAC, each once, at most kMaxSectors.
std::vector<std::string> isic_sectors(const std::vector<IatiShare>& shares, const Taxonomy& taxonomy);

// ---- the two readings

// One profile as JSON, still to be checked, or why it cannot become one, with what is to be said of it.
BulkReader::Raw iati_row(const IatiActivity& activity, const Taxonomy& taxonomy);

// An activity that has begun, as something that its organisations did: title, general text and objectives, the first country
// and sector, the year of the actual end or else of the actual start. nullopt: it is cancelled, has not begun, or has no title.
std::optional<Reference> iati_reference(const IatiActivity& activity, const Taxonomy& taxonomy);

// Is `profile` one of the organisations of the activity? By one of its identifiers, scheme and id joined with a hyphen or the
// id alone; by its title or legal name where it states no identifier.
bool took_part(const Profile& profile, const IatiActivity& activity, const Taxonomy& taxonomy);

// Calls `visit` for each activity in turn. The error ends the file, as that of BulkReader::next().
Status visit_iati(std::istream& in, const BulkOptions& options, std::function<void(const IatiActivity&)> visit);

struct AddedReferences {
  std::size_t added = 0, there = 0;  // `there`: the profile had them already
  std::size_t no_room = 0;           // beyond kMaxReferences, the oldest ones
};
// The newest first, behind those that the profile states.
AddedReferences add_to_references(Profile& profile, std::vector<Reference> found);

}  // namespace counterpart::index
