#include "server/wire/standing.h"

#include <algorithm>

#include "index/base/time.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxSlug = 64;  // characters

// As an office stands in profiles.
Result<std::string> office_of(const json::value& value) {
  Result<std::string> office = words_of(value, "office", kMaxSlug);
  if (!office) return office;
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto is_inside = [&](char c) { return is_plain(c) || c == '_' || c == '-'; };
  if (is_plain(office->front()) && std::ranges::all_of(*office, is_inside)) return office;
  return fail(ErrorCode::kInvalid, "office", "not the name of an office", "write it in a-z 0-9 _ -, as profiles do");
}

Result<double> minimum_of(const json::value& value) {
  const double number = value.is_number() ? value.to_number<double>() : 2;
  if (number >= -1 && number <= 1) return number;
  return fail(ErrorCode::kInvalid, "minimum", "not a text similarity", "give a number from -1 to 1");
}

Result<Band> band_of(const json::value& value) {
  const std::optional<Band> band = value.is_string() ? find_band(std::string_view(value.as_string())) : std::nullopt;
  if (band && *band != Band::kWeak) return *band;
  return fail(ErrorCode::kInvalid, "band", "no band that is told of", "give strong, good or possible");
}

Status take_member(std::string_view name, const json::value& value, const Taxonomy& taxonomy, StandingCall& call) {
  StandingQuery& query = call.query;
  if (name == "band") return into(band_of(value), call.from);
  if (name == "text") return into(words_of(value, name, kMaxText), query.text);
  if (name == "offering") return into(words_of(value, name, kMaxText), query.offering);
  if (name == "programme") return into(words_of(value, name, kMaxSlug), query.programme);
  if (name == "where") return into(read_where(value, taxonomy), query.where);
  if (name == "minimum") return into(minimum_of(value), query.minimum);
  if (name == "office") return into(office_of(value), query.office);
  return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member",
              "members are text, offering, programme, where, minimum, band, office");
}

}  // namespace

Result<StandingCall> read_standing_call(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  StandingCall call;
  for (const auto& [name, value] : *object)
    if (Status taken = take_member(std::string_view(name.data(), name.size()), value, taxonomy, call); !taken)
      return tl::unexpected(taken.error());
  if (object->contains("minimum")) {
    if (object->contains("band")) return fail(ErrorCode::kInvalid, "band", "a minimum is given as well", "give one of the two");
    call.from.reset();
  }
  return call;
}

json::object write_standing_query(const StandingQuery& query) {
  json::object where;
  for (const Condition& condition : query.where)
    where[condition.field] = json::array(condition.any_of.begin(), condition.any_of.end());
  json::object out{{"id", query.id}};
  if (!query.text.empty()) out["text"] = query.text;
  if (!query.offering.empty()) out["offering"] = query.offering;
  out["programme"] = query.programme;
  out["where"] = std::move(where);
  out["minimum"] = query.minimum;
  if (!query.office.empty()) out["office"] = query.office;
  out["created"] = query.created;
  return out;
}

json::object write_alert(const Alert& alert) {
  json::object out{{"number", alert.number},   {"query", alert.query},       {"profile", alert.profile},
                   {"version", alert.version}, {"sequence", alert.sequence}, {"title", alert.title},
                   {"country", alert.country}, {"at", iso_time(alert.at)}};
  if (alert.score) out["score"] = *alert.score;
  return out;
}

}  // namespace counterpart::server
