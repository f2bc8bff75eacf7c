// Where cases and letters stand in the database, and as which bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "index/caseload/outbox.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// What is left of a case when a profile of it was erased: nothing that anybody wrote.
struct ErasedCase {
  std::string id, kind, programme;
  std::string office, desk, profile;  // of the side that is still there; empty: none is
  std::int64_t at = 0;                // when it was erased, seconds since 1970
};

// The numbers given last.
struct CaseCounters {
  std::uint64_t cases = 0, letters = 0;
};
// kCorrupt.
Result<CaseCounters> case_counters(const Database& database, const Database::View* view = nullptr);
Database::Edit edit_of(const CaseCounters& counters);

// "i-000123" of the 123rd case, an interest: no two cases have the same number, of whichever kind they are.
std::string case_id(std::string_view kind, std::uint64_t number);

// Keys of Family::kCases.
inline constexpr char kCaseMark = 'c', kOpenMark = 'o', kProfileMark = 'p', kErasedMark = 'x', kNamedMark = 'n';
inline constexpr char kRepeatMark = 'r', kRepeatTimeMark = 't', kBulkMark = 'b';  // see remembered.h
std::string case_key(std::string_view id);
std::string open_key(std::string_view id);
std::string profile_key(std::string_view profile, std::string_view id);
std::string named_key(std::string_view profile, std::string_view id);
std::string erased_key(std::string_view id);
// Keys of Family::kLetters.
inline constexpr char kLetterMark = 'l', kQueuedMark = 'q', kRefusedMark = 'r', kOnceMark = 'k', kOfCaseMark = 'c';
std::string letter_key(std::uint64_t number);
std::string queued_key(std::uint64_t number);
std::string refused_key(std::uint64_t number);
std::string once_key(std::string_view key);
std::string of_case_key(std::string_view case_id, std::uint64_t number);

std::string encode_erased(const ErasedCase& erased);
// kCorrupt.
Result<ErasedCase> decode_erased(std::string_view id, std::string_view bytes);
// All but its number, which is its key.
std::string encode_letter(const StoredLetter& letter);
// kCorrupt.
Result<StoredLetter> decode_letter(std::uint64_t number, std::string_view bytes);

// kNotFound: no such case.
Result<Case> read_case(const Database& database, std::string_view id);
// Cases, tombstones too, that `profile` is or was a side of, by id.
Result<std::vector<std::string>> cases_of(const Database& database, std::string_view profile);
// Cases in which an act named `profile`, by id.
Result<std::vector<std::string>> cases_naming(const Database& database, std::string_view profile);
// kNotFound.
Result<StoredLetter> read_letter(const Database& database, std::uint64_t number);
Result<std::vector<std::uint64_t>> letters_of(const Database& database, std::string_view case_id);

// Everything that somebody wrote into the cases of `profile`: to be looked for when they are gone.
Result<std::vector<std::string>> texts_of_cases(const Database& database, std::string_view profile);

// Adds what stores a case with its marks; an open one is among the open ones.
void add_case(const Case& given, bool open, std::vector<Database::Edit>& edits);
// The letter as it is now; `fresh`: with what finds it by its key and its case.
void add_letter(const StoredLetter& letter, bool fresh, std::vector<Database::Edit>& edits);
// Adds what removes a letter with all its marks.
void remove_letter(const StoredLetter& letter, std::vector<Database::Edit>& edits);

// Visits the entries whose keys begin with `prefix`, from `prefix` + `after` on (that one left out); `rest` is what follows the
// prefix. Ends where `visit` says false, or fails.
Status walk(const Database& database, Family family, std::string_view prefix, std::string_view after,
            const std::function<Result<bool>(std::string_view rest, std::string_view value)>& visit,
            const Database::View* view = nullptr);

}  // namespace counterpart::index
