// What imports and checks tell of rows.
#include "server/wire/wire.h"

namespace counterpart::server {

namespace json = boost::json;

namespace {

void add_error(json::object& out, const Error& given, const RefusalsIn& reader) {
  Error error = without_internals(given);
  const bool said = reader.say(error);
  if (!error.place.empty()) out["member"] = whole_characters(error.place);
  out["detail"] = whole_characters(error.message);
  if (!error.remedy.empty()) out["remedy"] = whole_characters(error.remedy);
  if (!said) out["detail_language"] = "en";
}

}  // namespace

json::array write_remarks(std::span<const Error> remarks, const RefusalsIn& reader) {
  json::array out;
  for (const Error& remark : remarks) add_error(out.emplace_back(json::object()).as_object(), remark, reader);
  return out;
}

json::object write_verdict(std::uint64_t line, const Result<Written>& written, const RefusalsIn& reader) {
  json::object out = written ? write_written(*written) : write_refusal(written.error(), reader);
  out["line"] = line;
  return out;
}

json::object write_refusal(const Error& error, const RefusalsIn& reader) {
  json::object out{{"status", "refused"}};
  out["type"] = problem_type(kind_of(error.code).type);
  add_error(out, error, reader);
  return out;
}

}  // namespace counterpart::server
