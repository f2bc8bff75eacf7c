#include "index/caseload/case_records.h"

#include <algorithm>
#include <utility>

#include "engine/casework/case_json.h"
#include "index/base/codec.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kCountersKey = "casework";  // of Family::kMeta
constexpr char kFormat = 1;                            // of letters and of erased cases
constexpr std::size_t kDigits = 6;

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::kCorrupt, std::move(what), "does not decode", "restore the last backup");
}

std::string key_of(char mark, std::string_view rest) { return std::string(1, mark).append(rest); }

// Bytes are taken off the front; false from the first that is not there on.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : bytes_(bytes) {
    whole_ = !bytes_.empty() && bytes_.front() == kFormat;
    if (whole_) bytes_.remove_prefix(1);
  }
  void take(std::string& text) { whole_ = whole_ && take_text(bytes_, text); }
  template <class Number>
  void take(Number& number) {
    std::uint64_t value = 0;
    whole_ = whole_ && take_varint(bytes_, value);
    number = static_cast<Number>(value);
  }
  std::uint64_t count() {
    std::uint64_t value = 0;
    take(value);
    whole_ = whole_ && value <= bytes_.size();
    return whole_ ? value : 0;
  }
  bool done() const { return whole_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool whole_ = false;
};

template <class Number>
void append_number(std::string& bytes, Number number) {
  append_varint(bytes, static_cast<std::uint64_t>(number));
}

void add_texts(const Said& said, std::vector<std::string>& texts) {
  const Facts& facts = said.facts;
  for (const std::string* text : {&said.note, &facts.missing, &facts.about_us, &facts.plan, &facts.outcome, &facts.know_how})
    if (!text->empty()) texts.push_back(*text);
  for (const Comment& comment : said.facts.comments) texts.push_back(comment.text);
}

// What follows the prefix in each key of cases that has it.
Result<std::vector<std::string>> rest_of(const Database& database, const std::string& prefix) {
  std::vector<std::string> rest;
  const Status walked = walk(database, Family::kCases, prefix, {}, [&](std::string_view id, std::string_view) -> Result<bool> {
    rest.emplace_back(id);
    return true;
  });
  if (!walked) return tl::unexpected(walked.error());
  return rest;
}

}  // namespace

Result<CaseCounters> case_counters(const Database& database, const Database::View* view) {
  const auto bytes = database.get(Family::kMeta, kCountersKey, view);
  if (!bytes) return tl::unexpected(bytes.error());
  CaseCounters counters;
  if (!*bytes) return counters;
  Taker taker(**bytes);
  taker.take(counters.cases);
  taker.take(counters.letters);
  if (!taker.done()) return damaged("the counters of cases");
  return counters;
}

Database::Edit edit_of(const CaseCounters& counters) {
  std::string bytes(1, kFormat);
  append_number(bytes, counters.cases);
  append_number(bytes, counters.letters);
  return {Family::kMeta, std::string(kCountersKey), std::move(bytes)};
}

std::string case_id(std::string_view kind, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(kind.substr(0, 1)) + "-" + std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits;
}

std::string case_key(std::string_view id) { return key_of(kCaseMark, id); }
std::string open_key(std::string_view id) { return key_of(kOpenMark, id); }
std::string erased_key(std::string_view id) { return key_of(kErasedMark, id); }
std::string profile_key(std::string_view profile, std::string_view id) {
  return key_of(kProfileMark, profile).append(1, '\0').append(id);
}
std::string named_key(std::string_view profile, std::string_view id) {
  return key_of(kNamedMark, profile).append(1, '\0').append(id);
}
std::string letter_key(std::uint64_t number) { return key_of(kLetterMark, big_endian(number)); }
std::string queued_key(std::uint64_t number) { return key_of(kQueuedMark, big_endian(number)); }
std::string refused_key(std::uint64_t number) { return key_of(kRefusedMark, big_endian(number)); }
std::string once_key(std::string_view key) { return key_of(kOnceMark, key); }
std::string of_case_key(std::string_view case_id, std::uint64_t number) {
  return key_of(kOfCaseMark, case_id).append(1, '\0').append(big_endian(number));
}

std::string encode_erased(const ErasedCase& erased) {
  std::string bytes(1, kFormat);
  for (const std::string* text : {&erased.kind, &erased.programme, &erased.office, &erased.desk, &erased.profile})
    append_text(bytes, *text);
  append_number(bytes, erased.at);
  return bytes;
}

Result<ErasedCase> decode_erased(std::string_view id, std::string_view bytes) {
  ErasedCase erased;
  erased.id = id;
  Taker taker(bytes);
  for (std::string* text : {&erased.kind, &erased.programme, &erased.office, &erased.desk, &erased.profile}) taker.take(*text);
  taker.take(erased.at);
  if (!taker.done()) return damaged("case " + erased.id + ", which was erased,");
  return erased;
}

std::string encode_letter(const StoredLetter& letter) {
  std::string bytes(1, kFormat);
  const Letter& own = letter.letter;
  for (const std::string* text : {&own.key, &own.letter, &own.case_id, &own.office, &own.desk, &own.profile, &letter.words})
    append_text(bytes, *text);
  append_number(bytes, own.act);
  append_number(bytes, own.arguments.size());
  for (const auto& [name, value] : own.arguments) {
    append_text(bytes, name);
    append_text(bytes, value);
  }
  append_number(bytes, letter.offices.size());
  for (const std::string& office : letter.offices) append_text(bytes, office);
  append_number(bytes, letter.state);
  append_number(bytes, letter.at);
  append_number(bytes, letter.state_since);
  append_number(bytes, letter.tries);
  append_number(bytes, letter.next_try);
  return bytes;
}

Result<StoredLetter> decode_letter(std::uint64_t number, std::string_view bytes) {
  StoredLetter letter;
  letter.number = number;
  Letter& own = letter.letter;
  Taker taker(bytes);
  for (std::string* text : {&own.key, &own.letter, &own.case_id, &own.office, &own.desk, &own.profile, &letter.words})
    taker.take(*text);
  taker.take(own.act);
  own.arguments.resize(taker.count());
  for (auto& [name, value] : own.arguments) {
    taker.take(name);
    taker.take(value);
  }
  letter.offices.resize(taker.count());
  for (std::string& office : letter.offices) taker.take(office);
  taker.take(letter.state);
  taker.take(letter.at);
  taker.take(letter.state_since);
  taker.take(letter.tries);
  taker.take(letter.next_try);
  if (!taker.done() || letter.state > LetterState::kRefused) return damaged("letter " + std::to_string(number));
  return letter;
}

Result<Case> read_case(const Database& database, std::string_view id) {
  const auto bytes = database.get(Family::kCases, case_key(id));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return fail(ErrorCode::kNotFound, "case", "there is no case `" + std::string(id.substr(0, 80)) + "`");
  return decode_case(**bytes);
}

Result<std::vector<std::string>> cases_of(const Database& database, std::string_view profile) {
  return rest_of(database, profile_key(profile, {}));
}
Result<std::vector<std::string>> cases_naming(const Database& database, std::string_view profile) {
  return rest_of(database, named_key(profile, {}));
}

Result<StoredLetter> read_letter(const Database& database, std::uint64_t number) {
  const auto bytes = database.get(Family::kLetters, letter_key(number));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return fail(ErrorCode::kNotFound, "letter", "there is no letter " + std::to_string(number));
  return decode_letter(number, **bytes);
}

Result<std::vector<std::uint64_t>> letters_of(const Database& database, std::string_view case_id) {
  std::vector<std::uint64_t> numbers;
  const std::string prefix = key_of(kOfCaseMark, case_id).append(1, '\0');
  const Status walked =
      walk(database, Family::kLetters, prefix, {}, [&](std::string_view rest, std::string_view) -> Result<bool> {
        if (!parse_big_endian(rest, numbers.emplace_back())) return damaged("the number of a letter");
        return true;
      });
  if (!walked) return tl::unexpected(walked.error());
  return numbers;
}

Result<std::vector<std::string>> texts_of_cases(const Database& database, std::string_view profile) {
  const Result<std::vector<std::string>> ids = cases_of(database, profile);
  if (!ids) return tl::unexpected(ids.error());
  std::vector<std::string> texts;
  for (const std::string& id : *ids) {
    const Result<Case> found = read_case(database, id);
    if (!found && found.error().code == ErrorCode::kNotFound) continue;
    if (!found) return tl::unexpected(found.error());
    for (const Act& act : found->log) add_texts(act.said, texts);
  }
  return texts;
}

void add_case(const Case& given, bool open, std::vector<Database::Edit>& edits) {
  edits.push_back({Family::kCases, case_key(given.id), encode_case(given)});
  edits.push_back({Family::kCases, open_key(given.id), open ? std::optional<std::string>(std::string()) : std::nullopt});
  for (const Side side : kSides)
    edits.push_back({Family::kCases, profile_key(given.party(side).profile, given.id), std::string()});
  for (const Act& act : given.log)
    for (const std::string& profile : named_profiles(act.said.facts))
      edits.push_back({Family::kCases, named_key(profile, given.id), std::string()});
}

void add_letter(const StoredLetter& letter, bool fresh, std::vector<Database::Edit>& edits) {
  edits.push_back({Family::kLetters, letter_key(letter.number), encode_letter(letter)});
  for (const auto& [key, state] : {std::pair(queued_key(letter.number), LetterState::kQueued),
                                   std::pair(refused_key(letter.number), LetterState::kRefused)})
    edits.push_back({Family::kLetters, key, letter.state == state ? std::optional<std::string>(std::string()) : std::nullopt});
  if (!fresh) return;
  edits.push_back({Family::kLetters, once_key(letter.letter.key), big_endian(letter.number)});
  edits.push_back({Family::kLetters, of_case_key(letter.letter.case_id, letter.number), std::string()});
}

void remove_letter(const StoredLetter& letter, std::vector<Database::Edit>& edits) {
  for (const std::string& key : {letter_key(letter.number), queued_key(letter.number), refused_key(letter.number),
                                 once_key(letter.letter.key), of_case_key(letter.letter.case_id, letter.number)})
    edits.push_back({Family::kLetters, key, {}});
}

Status walk(const Database& database, Family family, std::string_view prefix, std::string_view after,
            const std::function<Result<bool>(std::string_view, std::string_view)>& visit, const Database::View* view) {
  const std::string from = std::string(prefix).append(after);
  Database::Cursor cursor(database, family, view);
  for (cursor.seek(from); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    if (!after.empty() && cursor.key() == from) continue;
    const Result<bool> more = visit(cursor.key().substr(prefix.size()), cursor.value());
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
  }
  return cursor.status();
}

}  // namespace counterpart::index
