#include "server/service/condition.h"

#include "engine/corpus/field.h"

namespace counterpart::server {

Result<Condition> requested_condition(std::string_view name, std::span<const std::string> values, const Taxonomy& taxonomy) {
  const Field* field = find_field(name);
  if (!field) {
    std::string known;
    for (const Field& row : fields()) known += (known.empty() ? "" : ", ") + std::string(row.name);
    return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such field", "fields are " + known);
  }
  Condition condition{std::string(name), {}, false, Condition::Owner::kRequest};
  for (const std::string& value : values) {
    Result<std::string> parsed = field->parse(value, taxonomy);
    if (!parsed) return fail(ErrorCode::kInvalid, std::string(name), parsed.error().message, parsed.error().remedy);
    condition.any_of.push_back(std::move(*parsed));
  }
  if (condition.any_of.empty())
    return fail(ErrorCode::kInvalid, std::string(name), "no value is given", std::string(field->help));
  return condition;
}

}  // namespace counterpart::server
