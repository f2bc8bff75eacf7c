#include "server/wire/runs.h"

#include <algorithm>
#include <cstdio>

#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// THE table of members of POST /v1/runs that are numbers.
struct NumberMember {
  std::string_view name;
  void (*set)(RematchCall&, std::uint64_t);
};
constexpr NumberMember kNumbers[] = {
    {"candidates", [](RematchCall& c, std::uint64_t n) { c.settings.candidates = n; }},
    {"listed", [](RematchCall& c, std::uint64_t n) { c.settings.listed = n; }},
    {"spare", [](RematchCall& c, std::uint64_t n) { c.settings.spare = n; }},
    {"keep", [](RematchCall& c, std::uint64_t n) { c.keep = n; }},
    {"memory_mib", [](RematchCall& c, std::uint64_t n) { c.settings.memory = n << 20U; }},
    {"threads", [](RematchCall& c, std::uint64_t n) { c.settings.threads.count = static_cast<unsigned>(n); }},
    {"nice", [](RematchCall& c, std::uint64_t n) { c.settings.threads.nice = static_cast<int>(n); }},
    {"workers", [](RematchCall& c, std::uint64_t n) { c.workers = n; }},
};
constexpr Limit kAnyNumber = kRunMemory;  // MatchRuns::start() knows the limit of each

tl::unexpected<Error> wrong(std::string_view member, const char* must) {
  return fail(ErrorCode::kInvalid, std::string(member), std::string("must be ") + must, "see /openapi.json");
}

double score_of(std::int32_t millionths) { return static_cast<double>(millionths) / 1e6; }

void add_name(json::object& out, const ProfileName& name) {
  out["title"] = name.title;
  out["country"] = name.country;
}

std::string why(const MatchChange& change, const Speech& speech) {
  return speech.term("change.cause." + std::string(name_of(change.cause)));
}

json::object write_change(const MatchChange& change, const NameOf& title_of, const Speech& speech) {
  json::object out{{"change", name_of(change.kind)}, {"id", change.counterpart}};
  add_name(out, title_of(change.counterpart));
  if (change.place > 0) out["place"] = change.place, out["score"] = score_of(change.value);
  if (change.place_before > 0) out["place_before"] = change.place_before, out["score_before"] = score_of(change.value_before);
  out["proposed"] = change.proposed;
  if (change.band) out["band"] = name_of(*change.band);
  out["cause"] = name_of(change.cause);
  out["why"] = why(change, speech);
  return out;
}

json::value previous_of(const PublishedRun* before) {
  return before ? json::value(before->manifest().id) : json::value(nullptr);
}

}  // namespace

Result<RematchCall> read_rematch_call(const Request& request) {
  static const Result<json::object> kNothing = json::object();
  const Result<json::object>& object = request.body.empty() ? kNothing : json_body(request);
  if (!object) return tl::unexpected(object.error());
  RematchCall call;
  call.settings.threads.nice = kGivesWay;
  for (const auto& [key, value] : *object) {
    const std::string_view name = key;
    if (name == "programme") {
      if (!value.is_string()) return wrong(name, "the name of a programme");
      call.programme = std::string(value.as_string());
    } else if (name == "full") {
      if (!value.is_bool()) return wrong(name, "true or false");
      call.settings.full = value.as_bool();
    } else {
      const auto* const found = std::ranges::find(kNumbers, name, &NumberMember::name);
      if (found == std::end(kNumbers))
        return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "is no member of a match run", "see /openapi.json");
      const Result<std::uint64_t> number = number_of(value, name, kAnyNumber);
      if (!number) return tl::unexpected(number.error());
      found->set(call, *number);
    }
  }
  return call;
}

json::object write_status(const RunStatus& status) {
  json::object out{{"number", status.number},
                   {"state", status.paused    ? "paused"
                             : status.working ? "working"
                             : status.error   ? "failed"
                                              : "idle"},
                   {"programme", status.programme},
                   {"phase", name_of(status.progress.phase)},
                   {"done", status.progress.done},
                   {"all", status.progress.all},
                   {"seconds", status.seconds},
                   {"published", status.published.empty() ? json::value(nullptr) : json::value(status.published)}};
  if (status.shared) {
    json::array dropped;
    for (const auto& [worker, why] : status.shared->dropped) dropped.emplace_back(worker);
    out["shared"] = json::object{{"workers", status.shared->workers},
                                 {"groups", status.shared->groups},
                                 {"again", status.shared->again},
                                 {"looked_at", status.shared->looked_at},
                                 {"dropped", std::move(dropped)}};
  }
  if (status.error)
    out["error"] =
        json::object{{"place", status.error->place}, {"message", status.error->message}, {"remedy", status.error->remedy}};
  return out;
}

json::value write_manifest(const RunManifest& manifest) { return json::parse(to_json(manifest)); }

json::object write_run_matches(const PublishedRun& run, const PublishedRun* before, const RunListCall& call,
                               const NameOf& name_of, const Speech& speech) {
  json::array matches, changes;
  std::uint64_t weak = 0;
  bool somebody = false;
  if (const std::optional<std::uint32_t> rank = run.find(call.id)) {
    const auto entries = run.matches(*rank);
    const auto flags = run.flags(*rank);
    for (std::size_t i = 0; i < entries.size() && i < call.limit; ++i) {
      const std::optional<Band> band = band_in(flags[i]);
      somebody |= band != Band::kWeak;
      if (band == Band::kWeak && !call.weak) {
        ++weak;
        continue;
      }
      const std::string_view other = run.id(entries[i].counterpart);
      if (call.hides && call.hides(other)) continue;
      json::object match{{"place", i + 1}, {"id", other}};
      add_name(match, name_of(other));
      match["score"] = score_of(entries[i].value);
      match["own_score"] = score_of(entries[i].own);
      match["their_score"] = score_of(entries[i].their);
      match["proposed"] = (flags[i] & kProposed) != 0;
      if (band) match["band"] = engine::name_of(*band);
      matches.push_back(std::move(match));
    }
  }
  if (before)
    for (const MatchChange& change : changes_of(run, *before, call.id))
      if (!call.hides || !call.hides(change.counterpart)) changes.push_back(write_change(change, name_of, speech));
  return {{"profile", call.id},
          {"run", run.manifest().id},
          {"programme", run.manifest().programme},
          {"finished", run.manifest().finished},
          {"sequence", run.manifest().sequence},
          {"matches", std::move(matches)},
          {"fit", somebody ? "some" : "nobody"},
          {"weak", weak},
          {"previous", previous_of(before)},
          {"changes", std::move(changes)}};
}

json::object write_digest(const PublishedRun& run, const PublishedRun* before, std::string_view office, const Digest& digest,
                          const NameOf& name_of, const Speech& speech) {
  json::array profiles;
  for (const ProfileChanges& profile : digest.profiles) {
    json::object out{{"id", profile.id}};
    add_name(out, name_of(profile.id));
    json::array changes;
    for (const MatchChange& change : profile.changes) changes.push_back(write_change(change, name_of, speech));
    out["changes"] = std::move(changes);
    if (profile.more > 0) out["more"] = profile.more;
    profiles.push_back(std::move(out));
  }
  return {{"run", run.manifest().id},
          {"previous", previous_of(before)},
          {"programme", run.manifest().programme},
          {"finished", run.manifest().finished},
          {"office", office},
          {"total", digest.total},
          {"profiles", std::move(profiles)}};
}

std::string write_digest_csv(const json::array& profiles, CsvStyle style, const Speech& speech) {
  CsvWriter csv(style);
  const auto column = [&](std::string_view name) { return speech.term("digest.column." + std::string(name)); };
  csv.row({column("profile"), column("title"), column("change"), column("counterpart"), column("counterpart_title"),
           column("country"), column("place"), column("place_before"), column("score"), column("score_before"),
           column("proposed"), column("why"), column("band"), column("counterpart_office"), column("as_of")});
  const auto text = [](const json::value& of, std::string_view name) {
    const json::value* found = of.as_object().if_contains(name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
  };
  const auto number = [](const json::value& of, std::string_view name) {
    const json::value* found = of.as_object().if_contains(name);
    return found ? std::to_string(found->to_number<std::uint64_t>()) : std::string();
  };
  const auto score = [](const json::value& of, std::string_view name) {
    const json::value* found = of.as_object().if_contains(name);
    if (!found) return std::string();
    char digits[16];
    std::snprintf(digits, sizeof digits, "%.6f", found->to_number<double>());
    return std::string(digits);
  };
  for (const json::value& profile : profiles) {
    for (const json::value& change : profile.at("changes").as_array()) {
      const std::string band = text(change, "band");
      const json::value* origin = change.as_object().if_contains("received_from");
      csv.row({text(profile, "id"), text(profile, "title"), speech.term("change.kind." + text(change, "change")),
               text(change, "id"), text(change, "title"), text(change, "country"), number(change, "place"),
               number(change, "place_before"), score(change, "score"), score(change, "score_before"),
               speech.term(change.at("proposed").as_bool() ? "flag.true" : "flag.false"), text(change, "why"),
               band.empty() ? band : speech.term("band." + band), origin ? text(*origin, "name") : std::string(),
               origin ? text(*origin, "as_of") : std::string()});
    }
  }
  return csv.take();
}

}  // namespace counterpart::server
