#include "index/casework/case_erasing.h"

#include <optional>
#include <utility>

#include "engine/casework/case_json.h"
#include "engine/casework/standing.h"
#include "index/caseload/shared_cases.h"

namespace counterpart::index {
namespace {

class Eraser {
 public:
  Eraser(const std::set<std::string>& profiles, const Database& database, const Casework& work, const CaseCounters& counters,
         std::int64_t now, std::vector<Database::Edit>& edits)
      : profiles_(profiles), database_(database), work_(work), now_(now), edits_(edits) {
    erased_.counters = counters;
  }

  Result<ErasedCases> run() {
    std::set<std::string> ids;
    for (const std::string& profile : profiles_) {
      const Result<std::vector<std::string>> found = cases_of(database_, profile);
      if (!found) return tl::unexpected(found.error());
      for (const std::string& id : *found) {
        edits_.push_back({Family::kCases, profile_key(profile, id), {}});
        ids.insert(id);
      }
      // Of the time when it was a draft, about no case.
      if (Status gone = erase_letters(profile); !gone) return tl::unexpected(gone.error());
    }
    for (const std::string& id : ids)
      if (Status gone = erase(id); !gone) return tl::unexpected(gone.error());
    if (Status forgotten = forget_named(ids); !forgotten) return tl::unexpected(forgotten.error());
    if (!erased_.told.empty()) edits_.push_back(edit_of(erased_.counters));
    return std::move(erased_);
  }

 private:
  // Cases of others, in which an act named one of the profiles, go on without its name.
  Status forget_named(const std::set<std::string>& gone) {
    std::set<std::string> ids;
    for (const std::string& profile : profiles_) {
      const Result<std::vector<std::string>> naming = cases_naming(database_, profile);
      if (!naming) return tl::unexpected(naming.error());
      for (const std::string& id : *naming) {
        edits_.push_back({Family::kCases, named_key(profile, id), {}});
        if (!gone.contains(id)) ids.insert(id);
      }
    }
    for (const std::string& id : ids) {
      Result<Case> of = read_case(database_, id);
      if (!of && of.error().code == ErrorCode::kNotFound) continue;  // it was erased before
      if (!of) return tl::unexpected(of.error());
      for (Act& act : of->log) forget_profiles(profiles_, act.said.facts);
      edits_.push_back({Family::kCases, case_key(id), encode_case(*of)});
      erased_.changed.push_back(std::move(*of));
    }
    return {};
  }

  Status erase(const std::string& id) {
    const Result<Case> of = read_case(database_, id);
    if (!of && of.error().code == ErrorCode::kNotFound) return forget_other_side(id);
    ErasedCase left;
    left.id = id;
    left.at = now_;
    if (of) {
      left.kind = of->kind;
      left.programme = of->programme;
      for (const Act& act : of->log)
        for (const std::string& profile : named_profiles(act.said.facts))
          edits_.push_back({Family::kCases, named_key(profile, id), {}});
      leave_side(*of, left);
    }
    erased_.cases.push_back(id);
    edits_.push_back({Family::kCases, case_key(id), {}});
    edits_.push_back({Family::kCases, open_key(id), {}});
    edits_.push_back({Family::kCases, erased_key(id), encode_erased(left)});
    return erase_letters(id);
  }

  // Both sides' profiles are erased now.
  Status forget_other_side(const std::string& id) {
    const auto bytes = database_.get(Family::kCases, erased_key(id));
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return {};
    Result<ErasedCase> left = decode_erased(id, **bytes);
    if (!left) return tl::unexpected(left.error());
    left->office.clear();
    left->desk.clear();
    left->profile.clear();
    edits_.push_back({Family::kCases, erased_key(id), encode_erased(*left)});
    return erase_letters(id);
  }

  void leave_side(const Case& of, ErasedCase& left) {
    for (const Side side : kSides) {
      const Party& party = of.party(side);
      if (profiles_.contains(party.profile)) continue;
      left.office = party.office;
      left.profile = party.profile;
      const Result<Progress> progress = progress_of(of, work_.table);
      if (!progress || work_.directory.offices().empty()) continue;
      const Responsible reader = follower(of, *progress, side, work_, now_);
      left.desk = reader.desk;
      if (progress->state && is_open(*progress->state)) tell(left, reader);
    }
  }

  void tell(const ErasedCase& left, const Responsible& reader) {
    // What stands for another office of the network reads nothing here: it learns of it at its own server.
    if (const auto stand_in = read_stand_in(database_, reader.office); stand_in && *stand_in) return;
    StoredLetter stored;
    stored.number = ++erased_.counters.letters;
    stored.offices = {left.office};
    if (reader.office != left.office) stored.offices.push_back(reader.office);
    stored.at = stored.state_since = stored.next_try = now_;
    Letter& letter = stored.letter;
    letter.letter = kEndedByErasure;
    letter.case_id = left.id;
    letter.office = reader.office;
    letter.desk = reader.desk;
    letter.arguments = {{"kind", left.kind}, {"programme", left.programme}, {"profile", left.profile}};
    letter.key = left.id + "/" + std::string(kEndedByErasure) + "/" + letter.desk;
    erased_.told.push_back(std::move(stored));
  }

  Status erase_letters(const std::string& id) {
    const Result<std::vector<std::uint64_t>> numbers = letters_of(database_, id);
    if (!numbers) return tl::unexpected(numbers.error());
    for (const std::uint64_t number : *numbers) {
      const Result<StoredLetter> letter = read_letter(database_, number);
      if (!letter) return tl::unexpected(letter.error());
      remove_letter(*letter, edits_);
      erased_.letters.push_back(number);
    }
    for (const StoredLetter& letter : erased_.told)
      if (letter.letter.case_id == id) add_letter(letter, true, edits_);
    return {};
  }

  const std::set<std::string>& profiles_;
  const Database& database_;
  const Casework& work_;
  std::int64_t now_;
  std::vector<Database::Edit>& edits_;
  ErasedCases erased_;
};

}  // namespace

Result<ErasedCases> erase_cases_of(const std::set<std::string>& profiles, const Database& database, const Casework& work,
                                   const CaseCounters& counters, std::int64_t now, std::vector<Database::Edit>& edits) {
  return Eraser(profiles, database, work, counters, now, edits).run();
}

}  // namespace counterpart::index
