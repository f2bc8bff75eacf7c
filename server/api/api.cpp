#include "server/api/api.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>

#include "engine/base/nearest.h"
#include "engine/corpus/field.h"
#include "server/access/cost.h"
#include "server/api/located.h"
#include "server/api/openapi.h"
#include "server/api/page_answer.h"
#include "server/api/views.h"
#include "server/handlers/entity_tags.h"
#include "server/http/compression.h"
#include "server/tables/headings.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"
#include "server/words/language.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kIgnoredBody = kStrangersBody;  // where none is taken: read all the same, so that the connection goes on

// A web page of another site must not reach this server through its visitor's browser: neither by a form or script
// (Origin) nor by a name of its own that resolves to this machine (Host).
// Where a token is asked for, no browser sends it by itself, and a cookie to nobody but the name that set it: then this
// machine's name does not matter.
bool is_foreign(const Request& request, bool open) {
  const auto host = request.headers.find("host");
  if (host == request.headers.end()) return false;
  if (const auto origin = request.headers.find("origin"); origin != request.headers.end())
    if (origin->second != "http://" + host->second && origin->second != "https://" + host->second) return true;
  if (!open) return false;
  const std::size_t bracket = host->second.find(']');
  const std::size_t colon = host->second.find(':', bracket == std::string::npos ? 0 : bracket);
  const std::string name = host->second.substr(0, colon);
  return name != "localhost" && name != "[::1]" &&
         !(name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos);
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

Response to_route(const Route& route, PathNames named, Api& api, Service& service, const Request& request, Caller caller) {
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

bool needs_no_token(const Route& route) {
  return route.right == Right::kOpen || route.right == Right::kBegin || route.right == Right::kSignIn;
}

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

std::size_t Api::body_limit(std::string_view method, std::string_view path) {
  const Located found = locate(method, path);
  return found.route && found.route->body.limit > 0 ? found.route->body.limit : kIgnoredBody;
}

Api::Api(Service& service, Caller caller)
    : service_(service), admit_([caller = std::move(caller)](const Request&) -> Result<Caller> { return caller; }), open_(true),
      budgets_({}), metrics_(route_names()) {}

Api::Api(Service& service, const Authenticator& authenticator, BudgetOptions budget)
    : service_(service), admit_([&authenticator](const Request& request) { return authenticator.admit(request); }),
      open_(authenticator.is_open()), budgets_(budget), metrics_(route_names()) {}

double Api::cost_of(const Request& request) {
  if (const std::optional<ViewCall> view = call_of_view(request)) return cost_of(view->request);
  const Located found = locate(request.method, request.path);
  if (!found.route) return 0;
  const auto words = request.query.find("q");
  const double cost = server::cost_of(found.route->right, words == request.query.end() ? request.body : words->second);
  return found.route->body.cost ? cost + found.route->body.cost(request) : cost;
}

bool Api::welcomes(const Request& head) const {
  const Located found = locate(head.method, head.path);
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

std::optional<Response> Api::of_address(Right right, const Request& request) {
  if (right != Right::kBegin && right != Right::kSignIn) return std::nullopt;
  const bool begins = right == Right::kBegin;
  const auto wait = (begins ? begun_ : signed_in_).take(network_of(request.client), 1);
  if (wait.count() == 0) return std::nullopt;
  if (begins) return over_budget(wait, "too many drafts were begun from this address", request);
  return over_budget(wait, "too many have signed in from this address", request);
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

Response Api::dispatch(const Located& found, const Request& request, const Request& sent) {
  if (std::optional<Response> wrong = malformed(request, open_)) return std::move(*wrong);
  if (!found.route) return no_route(found, request);
  if (std::optional<Response> refused = of_address(found.route->right, request)) return std::move(*refused);
  if (needs_no_token(*found.route)) return to_route(*found.route, found.named, *this, service_, request, Caller{});
  Result<Caller> caller = admit_(sent);  // a view's address changes nothing, whatever its call is made by
  if (std::optional<Response> refused = refuse(*found.route, caller, request)) return std::move(*refused);
  if (!caller->session.empty()) service_.data().sessions.touch(caller->session);
  return to_route(*found.route, found.named, *this, service_, request, std::move(*caller));
}

void Api::put_into_language(Response& response, const Request& request) const {
  server::put_into_language(response, request, service_.data().refusals);
}

Response Api::in_form(const Located& found, Response response, const Request& request) const {
  const Form form = form_wanted(found, request);
  if (form == Form::kAsItIs || response.status != 200) return response;
  const FormRow& row = row_of(form);
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

namespace {

constexpr const char* kConditions[] = {"if-match", "if-none-match"};

bool names_compressed(const Request& request) {
  return std::ranges::any_of(kConditions, [&](const char* field) {
    const auto found = request.headers.find(field);
    return found != request.headers.end() && tags_of_versions(found->second) != found->second;
  });
}

// A request as routes and handlers take it, where that is not as it was sent.
struct Taken {
  Located found;
  std::shared_ptr<Request> request;  // nullptr: as it was sent
};

Taken take(const Request& sent) {
  Taken taken;
  if (std::optional<ViewCall> view = call_of_view(sent)) {
    taken.request = std::make_shared<Request>(std::move(view->request));
    taken.found = locate(taken.request->method, taken.request->path);
    taken.found.form = view->form;
  } else {
    taken.found = locate(sent.method, sent.path);
  }
  const bool compressed = names_compressed(sent);
  if (!taken.request && (taken.found.ending > 0 || compressed)) taken.request = std::make_shared<Request>(sent);
  if (taken.found.ending > 0) {  // a handler may look at the path
    taken.request->path.resize(sent.path.size() - taken.found.ending);
    taken.request->headers["accept"] = row_of(taken.found.form).media;
  }
  if (compressed)
    for (const char* field : kConditions)
      if (const auto found = taken.request->headers.find(field); found != taken.request->headers.end())
        found->second = tags_of_versions(found->second);
  return taken;
}

}  // namespace

Response Api::answer(const Request& sent) {
  const auto [found, own] = take(sent);
  const Request& request = own ? *own : sent;
  auto record = std::make_shared<RequestRecord>(metrics_, found.route, sent);
  Response response = in_form(found, dispatch(found, request, sent), request);
  put_into_language(response, request);
  record->status = response.status;
  const auto etag = std::ranges::find(response.headers, "ETag", &std::pair<std::string, std::string>::first);
  const bool has_etag = etag != response.headers.end();
  const bool cached = std::ranges::count(response.headers, "Cache-Control", &std::pair<std::string, std::string>::first) > 0;
  if (!cached) {  // the page's files say it themselves
    if (has_etag && response.status == 304 && names_compressed(sent)) etag->second = tag_of_compressed(etag->second);
    response.headers.emplace_back("Cache-Control", has_etag ? "private, no-cache" : "no-store");
    if (has_etag) response.headers.emplace_back("Vary", "Accept-Language, Cookie");  // a cookie is who asks
  }
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  compress(response, sent);
  if (response.stream)
    response.stream = [record, own = own, next = std::move(response.stream)](std::string& piece) { return next(piece); };
  return response;
}

}  // namespace counterpart::server
