#include "server/api/located.h"

#include <algorithm>
#include <iterator>

#include "server/api/routes.h"
#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kVerbMark = ":{verb}";

// The {…} part may be anything but a further path segment. A verb is what follows the last colon: an id may have some, too.
bool matches(std::string_view pattern, std::string_view path, PathNames& named) {
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

// What ends in a verb is no id of the row without one.
Located find_exactly(std::string_view method, std::string_view path) {
  const auto fits = [&](const Route& route) {
    PathNames named;
    return route.pattern.ends_with(kVerbMark) && matches(route.pattern, path, named);
  };
  const bool of_verb = std::ranges::any_of(routes(), fits);
  Located found;
  for (const Route& route : routes()) {
    PathNames named;
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

}  // namespace

const FormRow& row_of(Form form) { return *std::ranges::find(kForms, form, &FormRow::form); }

const Route* find_route(std::string_view method, std::string_view path) { return find_exactly(method, path).route; }

Located locate(std::string_view method, std::string_view path) {
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

Form form_wanted(const Located& found, const Request& request) {
  if (found.form != Form::kAsItIs) return found.form;
  const auto row = std::ranges::find(kForms, media_of(request, "accept"), &FormRow::media);
  return row != std::end(kForms) ? row->form : Form::kAsItIs;
}

}  // namespace counterpart::server
