#include "server/api/api.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "engine/base/nearest.h"
#include "engine/corpus/field.h"
#include "server/access/cost.h"
#include "server/api/foreign.h"
#include "server/api/openapi.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/page_answer.h"
#include "server/tables/headings.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"
#include "server/words/language.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kIgnoredBody = kStrangersBody;  // where none is taken: read all the same, so that the connection goes on

constexpr std::string_view kVerbMark = ":{verb}";

// What stands for the {…} of a pattern.
struct Named {
  std::string id, verb, part;
};

// The {…} part may be anything but a further path segment. A verb is what follows the last colon: an id may have some, too.
bool matches(std::string_view pattern, std::string_view path, Named& named) {
  if (pattern.ends_with(kVerbMark)) {
    const std::size_t colon = path.rfind(':');
    if (colon == path.npos || colon + 1 == path.size() || path.find('/', colon) != path.npos) return false;
    named.verb = path.substr(colon + 1);
    pattern.remove_suffix(kVerbMark.size());
    path = path.substr(0, colon);
  }
  const std::size_t brace = pattern.find('{');
  if (brace == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, brace))) return false;
  std::string_view tail = pattern.substr(pattern.find('}') + 1);  // "/advice"
  if (const std::size_t second = tail.find('{'); second != tail.npos) {
    const std::string_view between = tail.substr(0, second), end = tail.substr(tail.find('}') + 1);
    const std::size_t at = path.find(between, brace);
    if (at == path.npos || !path.ends_with(end) || path.size() <= at + between.size() + end.size()) return false;
    const std::string_view part = path.substr(at + between.size(), path.size() - at - between.size() - end.size());
    // After a colon stands a verb; the page's addresses have none.
    if (part.find_first_of(pattern.starts_with("/v1/") ? "/:" : "/") != part.npos) return false;
    named.part = part;
    path = path.substr(0, at);
    tail = {};
  }
  if (path.size() < brace + tail.size() || !path.ends_with(tail)) return false;
  const std::string_view rest = path.substr(brace, path.size() - brace - tail.size());
  if (rest.empty() || rest.find('/') != std::string_view::npos) return false;
  named.id = rest;
  return true;
}

std::string_view effective(std::string_view method) { return method == "HEAD" ? "GET" : method; }

}  // namespace

// In what form a list is wanted.
enum class Form : std::uint8_t { kAsItIs, kCsv, kWorkbook };

struct Located {
  const Route* route = nullptr;
  Named named;
  Form form = Form::kAsItIs;  // as the end of the path says
  std::size_t ending = 0;     // of the path, characters that say so
  std::string allowed;        // methods of this path, empty: no such path
};

namespace {

// What ends in a verb is no id of the row without one.
Located find_exactly(std::string_view method, std::string_view path) {
  const auto fits = [&](const Route& route) {
    Named named;
    return route.pattern.ends_with(kVerbMark) && matches(route.pattern, path, named);
  };
  const bool of_verb = std::ranges::any_of(routes(), fits);
  Located found;
  for (const Route& route : routes()) {
    Named named;
    if (route.pattern.ends_with(kVerbMark) != of_verb || !matches(route.pattern, path, named)) continue;
    found.allowed.append(route.method).append(route.method == "GET" ? ", HEAD, " : ", ");
    if (route.method == effective(method)) {
      found.route = &route;
      found.named = std::move(named);
    }
  }
  if (!found.allowed.empty()) found.allowed += "OPTIONS";
  return found;
}

struct FormRow {
  Form form;
  std::string_view ending, media;
};
constexpr FormRow kForms[] = {
    {Form::kCsv, ".csv", kCsvMedia}, {Form::kWorkbook, ".xlsx", kWorkbookMedia}, {Form::kAsItIs, ".json", kJson}};

// A path that no route has, but for the end that says in what form its list is wanted.
Located find(std::string_view method, std::string_view path) {
  Located found = find_exactly(method, path);
  if (found.route || !found.allowed.empty()) return found;
  for (const FormRow& row : kForms) {
    if (!path.ends_with(row.ending)) continue;
    found = find_exactly(method, path.substr(0, path.size() - row.ending.size()));
    found.form = row.form;
    found.ending = row.ending.size();
  }
  return found;
}

// By the end of the path, else by what the caller accepts first.
Form form_wanted(const Located& found, const Request& request) {
  if (found.form != Form::kAsItIs) return found.form;
  const auto row = std::ranges::find(kForms, media_of(request, "accept"), &FormRow::media);
  return row != std::end(kForms) ? row->form : Form::kAsItIs;
}

std::optional<Error> wrong_query(const Route& route, const Request& request) {
  std::string known;
  for (const auto& [key, value] : request.query) {
    const std::string& name = key;
    const auto is_named = [&](const Parameter& p) { return p.in == Parameter::In::kQuery && p.name == name; };
    const bool listed = (takes_lang(route) && name == kLang.name) || std::ranges::any_of(route.parameters, is_named);
    if (listed && request.query.count(name) > 1)
      return Error{ErrorCode::kInvalid, name, "given twice", "give each parameter once"};
    // What its schema says is checked here where every call must say the same of it.
    const auto is_set = [&](const Parameter& p) {
      const auto* schema = std::get_if<std::string_view>(&p.schema);
      return is_named(p) && schema && (*schema == kIdSchema || schema->find(R"("minLength":1)") != schema->npos);
    };
    if (value.empty() && std::ranges::any_of(route.parameters, is_set))
      return Error{ErrorCode::kInvalid, name, "empty", "leave it out, or say which"};
    if (listed || (route.filters && find_field(name))) continue;
    for (const Parameter& p : route.parameters)
      if (p.in == Parameter::In::kQuery) known += (known.empty() ? "" : ", ") + std::string(p.name);
    if (route.filters)
      for (const Field& field : fields()) known += ", " + std::string(field.name);
    if (takes_lang(route)) known += (known.empty() ? "" : ", ") + std::string(kLang.name);
    return Error{ErrorCode::kInvalid, name.empty() ? "query" : name.substr(0, 80), "no such query parameter",
                 known.empty() ? "this call takes none" : "there are " + known};
  }
  for (const Parameter& p : route.parameters)
    if (p.required && p.in == Parameter::In::kQuery && !request.query.contains(std::string(p.name)))
      return Error{ErrorCode::kInvalid, std::string(p.name), "missing", std::string(p.help)};
  return std::nullopt;
}

std::optional<Error> wrong_media(const Route& route, const Request& request) {
  if (route.body.media.empty()) return std::nullopt;
  const std::string media = media_of(request, "content-type");
  std::vector<std::string_view> taken{route.body.media};
  taken.insert(taken.end(), route.body.also.begin(), route.body.also.end());
  if (std::ranges::find(taken, media) != taken.end()) return std::nullopt;
  return Error{ErrorCode::kUnsupported, "Content-Type", "not the media type of this call", "send " + joined_with_or(taken)};
}

Response to_route(const Route& route, Named named, Api& api, Service& service, const Request& request, Caller caller) {
  const bool page = !route.documented;  // tells a reader itself what is wrong with an address
  if (!page && !named.id.empty() && !is_id(named.id))
    return problem({ErrorCode::kInvalid, "id", "not an id", "1 to 128 of A-Z a-z 0-9 : . _ -"}, request);
  if (std::optional<Error> wrong = page ? std::nullopt : wrong_query(route, request)) return problem(*wrong, request);
  if (std::optional<Error> wrong = wrong_media(route, request)) return problem(*wrong, request);
  Result<std::string> language =
      takes_lang(route) ? language_of(request, "en") : language_asked({}, header(request, "accept-language"));
  if (!language) return problem(language.error(), request);
  return route.handle({service,
                       service.data(),
                       api.metrics(),
                       api,
                       request,
                       std::move(caller),
                       std::move(named.id),
                       std::move(named.verb),
                       std::move(named.part),
                       {service.data().words, std::move(*language)},
                       route.pattern});
}

std::optional<Response> malformed(const Request& request, bool open) {
  if (!valid_utf8(request.path) ||
      !std::ranges::all_of(request.query, [](const auto& p) { return valid_utf8(p.first) && valid_utf8(p.second); }))
    return problem({ErrorCode::kInvalid, "target", "not UTF-8", "percent-encode UTF-8"}, request);
  if (is_foreign(request, open))
    return problem(403, "foreign-origin", "Not from another site",
                   {{}, {}, "this server answers pages of its own only", "call it by the address it listens on"}, request.id);
  return std::nullopt;
}

// Where no route takes the request.
Response no_route(const Located& found, const Request& request) {
  Response response;
  if (request.method == "OPTIONS" && (request.path == "*" || !found.allowed.empty())) {
    response.status = 204;
  } else if (found.allowed.empty()) {
    if (std::optional<Response> page = page_of_no_view(request)) return std::move(*page);
    return problem(404, "not-found", "Not found", {{}, {}, "no such path", "see /openapi.json"}, request.id);
  } else {
    response = problem(405, "method-not-allowed", "Method not allowed",
                       {{}, {}, "not a method of this path", "use " + found.allowed}, request.id);
  }
  if (!found.allowed.empty()) response.headers.emplace_back("Allow", found.allowed);
  return response;
}

// Counts and logs a request when its answer is complete: with the last piece, or when it is given up.
class RequestRecord {
 public:
  RequestRecord(Metrics& metrics, const Route* route, const Request& request)
      : metrics_(metrics), route_(route), method_(request.method), id_(request.id), client_(request.client) {}
  ~RequestRecord() {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    const auto index = route_ ? static_cast<std::size_t>(route_ - routes().data()) : routes().size();
    metrics_.record(index, status, seconds);
    if (!id_.empty())
      spdlog::info("id={} client={} method={} route={} status={} ms={:.2f}", id_, client_, method_,
                   route_ ? route_->pattern : "none", status, seconds * 1e3);
  }
  RequestRecord(const RequestRecord&) = delete;
  RequestRecord& operator=(const RequestRecord&) = delete;

  int status = 500;  // what the listener answers if the handler throws

 private:
  Metrics& metrics_;
  const Route* route_;
  std::string method_, id_, client_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

bool needs_no_token(const Route& route) { return route.right == Right::kOpen || route.right == Right::kBegin; }

Response over_budget(std::chrono::milliseconds wait, std::string message, const Request& request) {
  const auto seconds = std::to_string((wait.count() + 999) / 1000);
  Response response = problem({ErrorCode::kTooMany, {}, std::move(message), "come again in " + seconds + " s"}, request);
  response.headers.emplace_back("Retry-After", seconds);
  return response;
}

std::vector<std::string> route_names() {
  std::vector<std::string> names;
  for (const Route& route : routes()) names.push_back(std::string(route.method) + " " + std::string(route.pattern));
  return names;
}

}  // namespace

const Route* find_route(std::string_view method, std::string_view path) { return find_exactly(method, path).route; }

std::size_t Api::body_limit(std::string_view method, std::string_view path) {
  const Located found = find(method, path);
  return found.route && found.route->body.limit > 0 ? found.route->body.limit : kIgnoredBody;
}

Api::Api(Service& service, Caller caller)
    : service_(service), admit_([caller = std::move(caller)](const Request&) -> Result<Caller> { return caller; }), open_(true),
      budgets_({}), metrics_(route_names()) {}

Api::Api(Service& service, const Authenticator& authenticator, BudgetOptions budget)
    : service_(service), admit_([&authenticator](const Request& request) { return authenticator.admit(request); }),
      open_(authenticator.is_open()), budgets_(budget), metrics_(route_names()) {}

double Api::cost_of(const Request& request) {
  const Located found = find(request.method, request.path);
  if (!found.route) return 0;
  const auto words = request.query.find("q");
  const double cost = server::cost_of(found.route->right, words == request.query.end() ? request.body : words->second);
  return found.route->body.cost ? cost + found.route->body.cost(request) : cost;
}

bool Api::welcomes(const Request& head) const {
  const Located found = find(head.method, head.path);
  return !found.route || needs_no_token(*found.route) || !barred(*found.route, admit_(head));
}

std::optional<Error> Api::barred(const Route& route, const Result<Caller>& caller) const {
  if (!caller) return caller.error();
  if (caller->reach(route.right) == Reach::kNone) return out_of_reach(*caller, route.right);
  if (!grant_of(route.right).filtered && !caller->filter.empty())
    return Error{ErrorCode::kForbidden,
                 {},
                 "this call looks at all profiles, and this token has a filter",
                 "ask the administrator for a token without one"};
  return std::nullopt;
}

std::optional<Response> Api::refuse(const Route& route, const Result<Caller>& caller, const Request& request) {
  if (const std::optional<Error> bar = barred(route, caller)) return problem(*bar, request);
  if (!caller->limited) return std::nullopt;
  const auto wait = budgets_.take(caller->name, cost_of(request));
  if (wait.count() == 0) return std::nullopt;
  return over_budget(wait, "this token has asked for too much in too short a time", request);
}

std::optional<Response> Api::of_address(const Request& request) {
  const auto wait = begun_.take(network_of(request.client), 1);
  if (wait.count() == 0) return std::nullopt;
  return over_budget(wait, "too many drafts were begun from this address", request);
}

HttpFigures Api::listener() const {
  const HttpServer* const server = server_;
  return server ? server->figures() : HttpFigures{};
}

const std::string& Api::openapi() const {
  std::call_once(described_, [this] { openapi_ = openapi_of(service_.data().taxonomy); });
  return openapi_;
}

const BulkWords& Api::table_words() const {
  std::call_once(worded_, [this] { table_words_.emplace(bulk_words(service_.data().words, service_.data().taxonomy)); });
  return *table_words_;
}

const Tables& Api::tables() const {
  std::call_once(tabled_, [this] { tables_.emplace(openapi()); });
  return *tables_;
}

Response Api::dispatch(const Located& found, const Request& request) {
  if (std::optional<Response> wrong = malformed(request, open_)) return std::move(*wrong);
  if (!found.route) return no_route(found, request);
  if (found.route->right == Right::kBegin)
    if (std::optional<Response> refused = of_address(request)) return std::move(*refused);
  if (needs_no_token(*found.route)) return to_route(*found.route, found.named, *this, service_, request, Caller{});
  Result<Caller> caller = admit_(request);
  if (std::optional<Response> refused = refuse(*found.route, caller, request)) return std::move(*refused);
  return to_route(*found.route, found.named, *this, service_, request, std::move(*caller));
}

void Api::put_into_language(Response& response, const Request& request) const {
  server::put_into_language(response, request, service_.data().refusals);
}

Response Api::in_form(const Located& found, Response response, const Request& request) const {
  const Form form = form_wanted(found, request);
  if (form == Form::kAsItIs || response.status != 200) return response;
  const FormRow& row = *std::ranges::find(kForms, form, &FormRow::form);
  if (response.content_type.starts_with(row.media)) return response;  // its handler saw to it
  const TableShape* shape = found.route ? tables().of(*found.route) : nullptr;
  if (!shape || response.stream || response.content_type != kJson) {
    if (found.form == Form::kAsItIs) return response;  // it was merely preferred
    return problem({ErrorCode::kUnsupported, "path", "this answer is no list", "ask for it without the ending, as JSON"},
                   request);
  }
  Table table = table_of(boost::json::parse(response.body).as_object(), *shape);
  const std::string language = takes_lang(*found.route) ? text_of(request, kLang.name.data()) : std::string();
  put_into_words(table, service_.data().words, language);
  Result<std::string> written = form == Form::kCsv ? to_csv(table) : to_workbook(table);
  if (!written) return problem(written.error(), request);
  Response out{.status = 200, .content_type = std::string(row.media), .headers = {}, .body = std::move(*written), .stream = {}};
  if (form == Form::kCsv) out.content_type += "; charset=utf-8; header=present";
  out.headers.emplace_back("Vary", "Accept");
  return out;
}

Response Api::answer(const Request& request) {
  const Located found = find(request.method, request.path);
  auto record = std::make_shared<RequestRecord>(metrics_, found.route, request);
  std::shared_ptr<Request> without;  // the ending of its path; a handler may look at that
  if (found.ending > 0) {
    without = std::make_shared<Request>(request);
    without->path.resize(request.path.size() - found.ending);
    without->headers["accept"] = std::ranges::find(kForms, found.form, &FormRow::form)->media;
  }
  Response response = in_form(found, dispatch(found, without ? *without : request), request);
  put_into_language(response, request);
  record->status = response.status;
  const auto has = [&](std::string_view name) {
    return std::ranges::count(response.headers, name, &decltype(response.headers)::value_type::first) > 0;
  };
  if (!has("Cache-Control")) {  // the page's files say it themselves
    response.headers.emplace_back("Cache-Control", has("ETag") ? "no-cache" : "no-store");
    if (has("ETag")) response.headers.emplace_back("Vary", "Accept-Language");
  }
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (response.stream)
    response.stream = [record, without, next = std::move(response.stream)](std::string& piece) { return next(piece); };
  return response;
}

}  // namespace counterpart::server
