#include "server/wire/diligence.h"

#include <string>

#include "engine/base/date.h"
#include "engine/base/nearest.h"
#include "index/base/time.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxReason = 4000;

}  // namespace

json::value write_diligence(const Diligence& stated, std::int32_t today, bool sees_all) {
  if (stated.excluded() && !sees_all) return nullptr;
  json::object out{{"status", engine::name_of(status_on(stated, iso_date(today)))}};
  if (stated.check) {
    const Check& check = *stated.check;
    out["by"] = check.office;
    out["at"] = iso_time(check.at);
    if (!check.until.empty()) out["until"] = check.until;
    if (sees_all && !check.reason.empty()) out["reason"] = check.reason;
    if (sees_all) out["desk"] = check.desk;
  }
  if (stated.listed && sees_all) {
    const ListedAs& listed = *stated.listed;
    out["listed"] = json::object{{"likeness", engine::name_of(listed.likeness)},
                                 {"name", listed.name},
                                 {"source", listed.source},
                                 {"date", listed.date},
                                 {"line", listed.line}};
  }
  return out;
}

Result<Check> read_check(const Request& request) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  Check check;
  bool said = false;
  for (const auto& [key, value] : *object) {
    const std::string_view name = key;
    Status read;
    if (name == "as") {
      const auto status =
          value.is_string() ? parse_word<CheckStatus>(std::string_view(value.as_string())) : std::optional<CheckStatus>();
      if (!status) return fail(ErrorCode::kInvalid, "as", "is no status", "not_checked, checked or excluded");
      check.status = *status;
      said = true;
    } else if (name == "reason") {
      read = into(words_of(value, name, kMaxReason), check.reason);
    } else if (name == "until") {
      read = into(words_of(value, name, 10), check.until);
      if (read && !parse_date(check.until)) read = fail(ErrorCode::kInvalid, "until", "is no day", "as in 2027-11-26");
    } else {
      read = fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "is no member of this call", "see /openapi.json");
    }
    if (!read) return tl::unexpected(std::move(read.error()));
  }
  if (!said) return fail(ErrorCode::kInvalid, "as", "is no status", "not_checked, checked or excluded");
  if (check.status == CheckStatus::kExcluded && check.reason.empty())
    return fail(ErrorCode::kInvalid, "reason", "is required of an exclusion", "say it in a sentence");
  if (check.status != CheckStatus::kChecked && !check.until.empty())
    return fail(ErrorCode::kInvalid, "until", "is asked for of what is checked alone", "leave it out");
  return check;
}

}  // namespace counterpart::server
