// What imports and checks tell of rows.
#include "server/wire/wire.h"

namespace counterpart::server {

namespace json = boost::json;

json::array write_remarks(std::span<const Error> remarks) {
  json::array out;
  for (const Error& remark : remarks) {
    const Error error = without_internals(remark);
    json::object one{{"detail", whole_characters(error.message)}};
    if (!error.place.empty()) one["member"] = whole_characters(error.place);
    if (!error.remedy.empty()) one["remedy"] = whole_characters(error.remedy);
    out.push_back(std::move(one));
  }
  return out;
}

json::object write_verdict(std::uint64_t line, const Result<Written>& written) {
  json::object out{{"line", line}};
  if (written) {
    for (auto& [name, value] : write_written(*written)) out[name] = value;
    return out;
  }
  const Error error = without_internals(written.error());
  out["status"] = "refused";
  out["type"] = problem_type(kind_of(error.code).type);
  if (!error.place.empty()) out["member"] = whole_characters(error.place);
  out["detail"] = whole_characters(error.message);
  if (!error.remedy.empty()) out["remedy"] = whole_characters(error.remedy);
  return out;
}

}  // namespace counterpart::server
