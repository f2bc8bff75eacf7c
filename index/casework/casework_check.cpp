#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <utility>

#include "engine/casework/case_json.h"
#include "engine/casework/standing.h"
#include "index/base/codec.h"
#include "index/caseload/case_records.h"
#include "index/casework/case_store_impl.h"

namespace counterpart::index {
namespace {

std::uint64_t number_in(std::string_view id) {
  std::uint64_t number = 0;
  const std::size_t from = std::min(id.find('-') + 1, id.size());
  std::from_chars(id.data() + from, id.data() + id.size(), number);
  return number;
}

class Checker {
 public:
  Checker(const Database& database, const Casework& work, std::int64_t now, VerifyReport report)
      : database_(database), view_(database), work_(work), now_(now), report_(std::move(report)) {}

  Result<VerifyReport> run() {
    const Result<CaseCounters> counters = case_counters(database_, &view_);
    if (!counters) return tl::unexpected(counters.error());
    counters_ = *counters;
    for (const auto step :
         {&Checker::check_cases, &Checker::check_marks, &Checker::check_letters, &Checker::check_letter_marks})
      if (Status walked = (this->*step)(); !walked) return tl::unexpected(walked.error());
    return std::move(report_);
  }

 private:
  template <class Visit>
  Status each(Family family, char mark, const Visit& visit) {
    return walk(
        database_, family, std::string(1, mark), {},
        [&](std::string_view rest, std::string_view value) -> Result<bool> {
          visit(rest, value);
          return true;
        },
        &view_);
  }

  Status check_cases() {
    Status walked = each(Family::kCases, kCaseMark,
                         [&](std::string_view id, std::string_view bytes) { check_case(std::string(id), bytes); });
    if (!walked) return walked;
    return each(Family::kCases, kErasedMark, [&](std::string_view id, std::string_view bytes) {
      if (cases_.contains(std::string(id))) report_.differs("case `" + std::string(id) + "` was erased, but is there");
      if (const Result<ErasedCase> erased = decode_erased(id, bytes); !erased)
        report_.differs(erased.error().place + " does not decode");
      else if (!erased->profile.empty())
        sides_.insert(profile_key(erased->profile, erased->id));
      erased_.insert(std::string(id));
    });
  }

  void check_case(const std::string& id, std::string_view bytes) {
    const std::string name = "case `" + id + "`";
    cases_.insert(id);
    const Result<Case> of = decode_case(bytes);
    if (!of) return report_.differs(name + " does not decode");
    if (of->id != id) report_.differs(name + " says that it is `" + of->id + "`");
    if (number_in(id) > counters_.cases) report_.differs(name + " has a number not yet given");
    for (const Side side : kSides) sides_.insert(profile_key(of->party(side).profile, id));
    for (const Act& act : of->log)
      for (const std::string& profile : named_profiles(act.said.facts)) sides_.insert(named_key(profile, id));
    const Result<Standing> standing = standing_of(*of, work_, now_);
    if (!standing) return report_.differs(name + " does not stand: " + describe(standing.error()));
    if (std::holds_alternative<OpenItem>(*standing)) open_.insert(id);
  }

  Status check_marks() {
    std::set<std::string> marked;
    Status walked =
        each(Family::kCases, kOpenMark, [&](std::string_view id, std::string_view) { marked.insert(std::string(id)); });
    if (!walked) return walked;
    for (const std::string& id : open_)
      if (!marked.contains(id)) report_.differs("case `" + id + "` is open, but not among the open ones");
    for (const std::string& id : marked)
      if (!open_.contains(id)) report_.differs("case `" + id + "` is among the open ones, but not open");
    std::set<std::string> named;
    for (const char mark : {kProfileMark, kNamedMark}) {
      walked =
          each(Family::kCases, mark, [&](std::string_view rest, std::string_view) { named.insert(mark + std::string(rest)); });
      if (!walked) return walked;
    }
    for (const std::string& key : sides_)
      if (!named.contains(key)) report_.differs("a case is not found by its profile");
    for (const std::string& key : named)
      if (!sides_.contains(key)) report_.differs("a profile is marked with a case that it is no side of");
    return {};
  }

  Status check_letters() {
    return each(Family::kLetters, kLetterMark, [&](std::string_view key, std::string_view bytes) {
      std::uint64_t number = 0;
      if (!parse_big_endian(key, number)) return report_.differs("the number of a letter does not decode");
      const std::string name = "letter " + std::to_string(number);
      const Result<StoredLetter> letter = decode_letter(number, bytes);
      if (!letter) return report_.differs(name + " does not decode");
      if (number > counters_.letters) report_.differs(name + " has a number not yet given");
      const std::string& id = letter->letter.case_id;
      const bool of_draft = letter->letter.profile == id;
      if (!of_draft && !cases_.contains(id) && !erased_.contains(id))
        report_.differs(name + " is about case `" + id + "`, which is not there");
      if (!marks_.insert(once_key(letter->letter.key)).second) report_.differs(name + " is written twice");
      marks_.insert(of_case_key(id, number));
      if (letter->state == LetterState::kQueued) marks_.insert(queued_key(number));
      if (letter->state == LetterState::kRefused) marks_.insert(refused_key(number));
    });
  }

  // Every mark of a letter is that of one which is there, and the other way round.
  Status check_letter_marks() {
    std::set<std::string> found;
    for (const char mark : {kQueuedMark, kRefusedMark, kOnceMark, kOfCaseMark}) {
      Status walked = each(Family::kLetters, mark,
                           [&](std::string_view rest, std::string_view) { found.insert(mark + std::string(rest)); });
      if (!walked) return walked;
    }
    for (const std::string& mark : marks_)
      if (!found.contains(mark)) report_.differs("a letter lacks its mark");
    for (const std::string& mark : found)
      if (!marks_.contains(mark)) report_.differs("a mark is of a letter that is not there");
    return {};
  }

  const Database& database_;
  Database::View view_;
  const Casework& work_;
  std::int64_t now_;
  CaseCounters counters_;
  std::set<std::string> cases_, open_, erased_, sides_, marks_;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> check_casework(const Database& database, const Casework& work, std::int64_t now, VerifyReport report) {
  return Checker(database, work, now, std::move(report)).run();
}

}  // namespace counterpart::index
