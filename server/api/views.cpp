#include "server/api/views.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <iterator>
#include <map>

#include "engine/corpus/field.h"
#include "server/service/limits.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kMatch = "/v1/match";

constexpr View kViews[] = {
    {"/desk", "GET", "/v1/desk"},
    {"/search", "POST", kMatch},
    {"/profiles/{id}", "GET", "/v1/profiles/{id}"},
    {"/profiles/{id}/edit", "GET", "/v1/profiles/{id}", "step="},
    {"/profiles/{id}/matches", "POST", "/v1/match?profile={id}"},
    {"/profiles/{id}/advice", "GET", "/v1/profiles/{id}/advice"},
    {"/profiles/{id}/reach", "GET", "/v1/profiles/{id}/reach"},
    {"/profiles/{id}/versions", "GET", "/v1/profiles/{id}/versions"},
    {"/profiles/{id}/versions/{against}..{version}", "GET", "/v1/profiles/{id}/versions/{version}?against={against}"},
    {"/profiles/{id}/versions/{version}", "GET", "/v1/profiles/{id}/versions/{version}"},
    {"/matches/{a}/{b}", "GET", "/v1/explain?a={a}&b={b}"},
    {"/pipeline", "GET", "/v1/cases", "view="},
    {"/cases/{id}", "GET", "/v1/cases/{id}"},
    {"/enquiries/{id}", "GET", "/v1/cases/{id}"},
    {"/reviews", "GET", "/v1/reviews"},
    {"/reviews/{id}", "GET", "/v1/reviews/{id}"},
    {"/drafts", "GET", "/v1/drafts"},
    {"/drafts/{id}", "GET", "/v1/drafts/{id}"},
    {"/standing", "GET", "/v1/standing-queries"},
    {"/alerts", "GET", "/v1/alerts"},
    {"/duplicates", "GET", "/v1/duplicates"},
    {"/programmes", "GET", "/v1/programmes"},
    {"/programmes/{programme}", "GET", "/v1/programmes/{programme}/coverage", "part="},
    {"/countries/{country}", "GET", "/v1/countries/{country}/brief"},
    {"/projects/{id}/portfolio", "GET", "/v1/projects/{id}/portfolio"},
    {"/runs", "GET", "/v1/runs"},
    {"/runs/{id}", "GET", "/v1/runs/{id}/digest", "against=since"},
    {"/reports", "GET", "/v1/reports/response-times", "programme=,count="},
    {"/reports/response-times", "GET", "/v1/reports/response-times"},
    {"/reports/funnel", "GET", "/v1/reports/funnel"},
    {"/admin/access", "GET", "/v1/tokens"},
    {"/admin/sessions", "GET", "/v1/sessions"},
    {"/admin/offices", "GET", "/v1/offices"},
    {"/admin/desks", "GET", "/v1/desks"},
    {"/admin/letters", "GET", "/v1/outbox"},
    {"/admin/suitcases", "GET", "/v1/suitcases"},
    {"/admin/network", "GET", "/v1/network"},
    {"/admin/audit", "GET", "/v1/audit"},
};

// What the query of a search says of the body of a match; every field of a profile is one of its `where`.
enum class As : std::uint8_t { kText, kNumber, kFlag, kList };
struct Asked {
  std::string_view name, member;
  As as = As::kText;
};
constexpr Asked kAsked[] = {{"seek", "text"},
                            {"offer", "offering"},
                            {"profile", "profile"},
                            {"programme", "programme"},
                            {"side", "side"},
                            {"from", "country"},
                            {"limit", "limit", As::kNumber},
                            {"sequence", "sequence", As::kNumber},
                            {"bands", "bands", As::kList},
                            {"facets", "facets", As::kList},
                            {"explain", "explain", As::kFlag},
                            {"exact", "exact", As::kFlag},
                            {"full", "full", As::kFlag},
                            {"diversify", "diversify", As::kFlag}};

using Parts = std::map<std::string, std::string, std::less<>>;

// Fills `parts` with what stands for each {…} of the pattern.
bool matches(std::string_view pattern, std::string_view path, Parts& parts) {
  while (!pattern.empty()) {
    if (pattern.front() != '{') {
      if (path.empty() || pattern.front() != path.front()) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
      continue;
    }
    const std::size_t close = pattern.find('}');
    const std::string name(pattern.substr(1, close - 1));
    pattern.remove_prefix(close + 1);
    const std::string_view next = pattern.substr(0, std::min(pattern.find('{'), pattern.size()));
    const std::size_t end = std::min({path.find('/'), next.empty() ? path.npos : path.find(next), path.size()});
    if (end == 0) return false;
    parts[name] = path.substr(0, end);
    path.remove_prefix(end);
  }
  return path.empty();
}

std::string filled(std::string_view pattern, const Parts& parts) {
  std::string out(pattern);
  for (const auto& [name, value] : parts) {
    const std::string mark = "{" + name + "}";
    if (const std::size_t at = out.find(mark); at != out.npos) out.replace(at, mark.size(), value);
  }
  return out;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number <= kMaxSequence ? std::optional(number)
                                                                                            : std::nullopt;
}

json::array listed(const std::string& values, json::array list = {}) {
  for (std::size_t from = 0; from <= values.size();) {
    const std::size_t comma = std::min(values.find(',', from), values.size());
    list.emplace_back(values.substr(from, comma - from));
    from = comma + 1;
  }
  return list;
}

// What is not as it should be stays a text, which the call refuses by its name.
json::value value_of(const std::string& text, As as) {
  if (as == As::kList) return listed(text);
  if (as == As::kFlag && (text == "true" || text == "false")) return text == "true";
  if (as == As::kNumber)
    if (const auto number = number_in(text)) return *number;
  return json::string(text);
}

// The query of a search as the body of a match. Of `page` each has `limit` places; what is empty is not asked for, and beside a
// profile no text is.
std::string body_of_match(const std::multimap<std::string, std::string>& query) {
  json::object body{{"explain", true}}, where;
  const bool of_profile = query.contains("profile");
  for (const auto& [name, value] : query) {
    if (value.empty() || (of_profile && (name == "seek" || name == "offer"))) continue;
    const auto asked = std::ranges::find(kAsked, name, &Asked::name);
    if (asked != std::end(kAsked)) {
      body[asked->member] = value_of(value, asked->as);
    } else if (find_field(name)) {
      json::value& values = where.emplace(name, json::array()).first->value();
      values = listed(value, std::move(values.as_array()));
    } else if (name != "page" && name != "view") {
      body[name] = value;
    }
  }
  if (!where.empty()) body["where"] = std::move(where);
  if (const auto page = query.find("page"); page != query.end()) {
    const json::value* limit = body.if_contains("limit");
    const std::uint64_t* given = limit ? limit->if_uint64() : nullptr;
    const std::uint64_t places = given ? *given : kMatchList.standard.value();
    const auto number = number_in(page->second);
    if (number && *number > 0 && *number <= kMatchList.most)
      body["after"] = (*number - 1) * places;
    else
      body["page"] = page->second;
  }
  return json::serialize(body);
}

// The name that the call has for a parameter of the address; empty: none, for it is of the page alone.
std::string name_in_call(std::string_view names, const std::string& name) {
  for (; !names.empty(); names.remove_prefix(std::min(names.find(',') + 1, names.size()))) {
    const std::string_view one = names.substr(0, std::min(names.find(','), names.size()));
    const std::size_t is = one.find('=');
    if (one.substr(0, is) == name) return std::string(one.substr(is + 1));
    if (names.find(',') == names.npos) break;
  }
  return name;
}

Request call_of(const View& view, const Parts& parts, const Request& asked) {
  Request request = asked;
  request.json = nullptr;
  request.method = view.method;
  request.body.clear();
  request.query.clear();
  for (const auto& [name, value] : asked.query)
    if (const std::string own = name_in_call(view.names, name); !own.empty()) request.query.emplace(own, value);
  std::string_view call = view.call;
  const std::size_t mark = call.find('?');
  for (std::string_view given = mark == call.npos ? std::string_view() : call.substr(mark + 1); !given.empty();) {
    const std::size_t end = std::min(given.find('&'), given.size()), is = given.find('=');
    request.query.emplace(given.substr(0, is), filled(given.substr(is + 1, end - is - 1), parts));
    given.remove_prefix(std::min(end + 1, given.size()));
  }
  request.path = filled(call.substr(0, mark), parts);
  if (view.method == "GET") return request;
  const auto asks = [&](const char* name) { return request.query.contains(name); };
  if (!asks("seek") && !asks("offer") && !asks("profile")) {  // nothing is asked for yet: everybody whom the conditions leave
    request.method = "GET";
    request.path = "/v1/profiles";
    return request;
  }
  const auto language = request.query.find("lang");
  std::multimap<std::string, std::string> rest;
  if (language != request.query.end()) rest.insert(request.query.extract(language));
  request.body = body_of_match(request.query);
  request.query = std::move(rest);
  request.headers["content-type"] = kJson;
  return request;
}

}  // namespace

std::span<const View> views() { return kViews; }

std::optional<ViewCall> call_of_view(const Request& request) {
  if ((request.method != "GET" && request.method != "HEAD") || request.path.starts_with("/v1/")) return std::nullopt;
  for (const FormRow& form : kForms) {
    if (!request.path.ends_with(form.ending)) continue;
    const std::string_view path = std::string_view(request.path).substr(0, request.path.size() - form.ending.size());
    for (const View& view : kViews) {
      Parts parts;
      if (!matches(view.address, path, parts)) continue;
      ViewCall call{call_of(view, parts, request), form.form};
      call.request.headers["accept"] = form.media;
      return call;
    }
  }
  return std::nullopt;
}

}  // namespace counterpart::server
