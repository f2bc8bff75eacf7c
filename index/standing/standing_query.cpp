#include "index/standing/standing_query.h"

#include <charconv>
#include <cstring>
#include <utility>

#include "index/base/codec.h"

namespace counterpart::index {
namespace {

constexpr char kFormat = 1;
constexpr char kAlertFormat = 2;  // 1 had the profile's title and country in it

tl::unexpected<Error> damaged(const char* what) {
  return fail(ErrorCode::kCorrupt, "standing", std::string(what) + " does not decode", "restore the last backup");
}

void append_double(std::string& bytes, double value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

bool take_double(std::string_view& bytes, double& value) {
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return true;
}

void append_conditions(std::string& bytes, const Conditions& conditions) {
  append_varint(bytes, conditions.size());
  for (const Condition& condition : conditions) {
    append_text(bytes, condition.field);
    append_varint(bytes, condition.any_of.size());
    for (const std::string& value : condition.any_of) append_text(bytes, value);
  }
}

bool take_conditions(std::string_view& bytes, Conditions& conditions) {
  std::uint64_t count = 0;
  if (!take_varint(bytes, count) || count > bytes.size()) return false;
  for (; count > 0; --count) {
    Condition condition;
    std::uint64_t values = 0;
    if (!take_text(bytes, condition.field) || !take_varint(bytes, values) || values > bytes.size()) return false;
    condition.any_of.resize(static_cast<std::size_t>(values));
    for (std::string& value : condition.any_of)
      if (!take_text(bytes, value)) return false;
    conditions.push_back(std::move(condition));
  }
  return true;
}

}  // namespace

std::string standing_id(std::uint64_t number) { return "q" + std::to_string(number); }

std::optional<std::uint64_t> standing_number(std::string_view id) {
  std::uint64_t number = 0;
  if (id.size() < 2 || id[0] != 'q' || id[1] == '0') return std::nullopt;
  const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  return number;
}

std::uint64_t number_of(const StandingQuery& query) { return standing_number(query.id).value_or(0); }

std::string encode_standing(const StandingQuery& query, const Embedding& vectors) {
  std::string bytes(1, kFormat);
  for (const std::string* text : {&query.text, &query.offering, &query.programme, &query.office}) append_text(bytes, *text);
  append_double(bytes, query.minimum);
  append_varint(bytes, query.created);
  append_conditions(bytes, query.where);
  return bytes + encode_embedding(vectors);
}

Result<StoredStanding> decode_standing(std::uint64_t number, std::string_view bytes) {
  if (bytes.empty() || bytes[0] < 1) return damaged("a standing query");
  if (bytes[0] > kFormat)
    return fail(ErrorCode::kUnsupported, "standing", "a standing query was written by a newer program",
                "use the newer program");
  bytes.remove_prefix(1);
  StoredStanding stored;
  StandingQuery& query = stored.query;
  query.id = standing_id(number);
  for (std::string* text : {&query.text, &query.offering, &query.programme, &query.office})
    if (!take_text(bytes, *text)) return damaged("a standing query");
  if (!take_double(bytes, query.minimum) || !take_varint(bytes, query.created) || !take_conditions(bytes, query.where))
    return damaged("a standing query");
  Result<Embedding> vectors = decode_embedding(bytes);
  if (!vectors) return tl::unexpected(vectors.error());
  stored.vectors = std::move(*vectors);
  return stored;
}

std::string encode_alert(const Alert& alert) {
  std::string bytes(1, kAlertFormat);
  for (const std::uint64_t value : {standing_number(alert.query).value_or(0), alert.version, alert.sequence, alert.at})
    append_varint(bytes, value);
  append_text(bytes, alert.profile);
  if (alert.score) append_double(bytes, *alert.score);
  return bytes;
}

Result<Alert> decode_alert(std::uint64_t number, std::string_view bytes) {
  if (bytes.empty() || bytes[0] < 1 || bytes[0] > kAlertFormat) return damaged("an alert");
  const bool first_format = bytes[0] == 1;
  bytes.remove_prefix(1);
  Alert alert;
  alert.number = number;
  std::uint64_t query = 0;
  for (std::uint64_t* value : {&query, &alert.version, &alert.sequence, &alert.at})
    if (!take_varint(bytes, *value)) return damaged("an alert");
  alert.query = standing_id(query);
  if (!take_text(bytes, alert.profile)) return damaged("an alert");
  std::string unused;
  if (first_format && !(take_text(bytes, unused) && take_text(bytes, unused))) return damaged("an alert");
  double score = 0;
  if (bytes.empty()) return alert;
  if (!take_double(bytes, score) || !bytes.empty()) return damaged("an alert");
  alert.score = score;
  return alert;
}

}  // namespace counterpart::index
