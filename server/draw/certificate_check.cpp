#include "server/draw/certificate_check.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "server/draw/certificate.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

DrawVerdict::Line line(bool holds, std::string key, std::optional<std::int64_t> number = {}) {
  DrawVerdict::Line found{holds, {std::move(key), {{"holds", std::string(holds ? "yes" : "no")}}}};
  if (number) found.finding.arguments.emplace_back("n", *number);
  return found;
}

// The hash that the certificate states for one of its members.
DrawVerdict::Line check_hash(const json::object& certificate, const char* member, const char* key, std::size_t count) {
  const json::value* hashes = certificate.if_contains("hashes");
  const json::value* stated = hashes && hashes->is_object() ? hashes->as_object().if_contains(member) : nullptr;
  const json::value* value = certificate.if_contains(member);
  const bool holds = stated && value && stated->is_string() && stated->as_string() == hash_of(*value);
  return line(holds, key, static_cast<std::int64_t>(count));
}

// (seat, number of draw) and (seat, alternate), as the result says them: what a draw decides.
using Drawn = std::set<std::pair<std::string, std::string>>;

std::string text_in(const json::value& object, std::string_view name) {
  const json::value* found = object.is_object() ? object.as_object().if_contains(name) : nullptr;
  return found && found->is_string() ? std::string(found->as_string()) : found ? json::serialize(*found) : std::string();
}

const json::array& list_in(const json::object& object, std::string_view name) {
  static const json::array kNone;
  const json::value* found = object.if_contains(name);
  return found && found->is_array() ? found->as_array() : kNone;
}

const json::array& seats_of(const json::object& certificate) {
  static const json::array kNone;
  const json::value* result = certificate.if_contains("result");
  return result && result->is_object() ? list_in(result->as_object(), "seats") : kNone;
}

Drawn drawn_of(const json::array& seats) {
  Drawn drawn;
  for (const json::value& seat : seats) {
    const std::string id = text_in(seat, "id");
    drawn.emplace(id, std::string());
    if (!seat.is_object()) continue;
    for (const json::value& one : list_in(seat.as_object(), "alternates")) drawn.emplace(id, text_in(one, "id"));
  }
  return drawn;
}

std::size_t wrong_numbers(const json::array& seats, std::uint64_t seed) {
  return static_cast<std::size_t>(std::ranges::count_if(seats, [&](const json::value& seat) {
    const auto number = static_cast<std::uint64_t>(std::ldexp(panel_draw(seed, text_in(seat, "id")), 53));
    return text_in(seat, "draw") != std::to_string(number);
  }));
}

std::size_t differences(const Drawn& a, const Drawn& b) {
  std::vector<std::pair<std::string, std::string>> differing;
  std::ranges::set_symmetric_difference(a, b, std::back_inserter(differing));
  return differing.size();
}

}  // namespace

bool DrawVerdict::holds() const { return std::ranges::all_of(lines, &Line::holds); }

Result<DrawVerdict> check_certificate(const json::object& certificate) {
  const Result<Draw> draw = read_draw(certificate);
  if (!draw) return tl::unexpected(draw.error());
  const json::array& seats = seats_of(certificate);
  Panel again;
  if (!draw->candidates.empty()) {
    Result<Panel> panel = convene(draw->candidates, draw->rules);
    if (!panel) return tl::unexpected(panel.error());
    again = std::move(*panel);
  }
  const json::object result = write_draw_result(again);
  const std::size_t wrong = wrong_numbers(seats, draw->rules.seed);
  const std::size_t differing = differences(drawn_of(seats), drawn_of(result.at("seats").as_array()));
  DrawVerdict verdict;
  verdict.lines = {check_hash(certificate, "candidates", "draw.candidates", draw->candidates.size()),
                   check_hash(certificate, "rules", "draw.rules", draw->rules.quotas.size()),
                   check_hash(certificate, "result", "draw.result", seats.size()),
                   line(text_in(certificate, "certificate_hash") == certificate_hash(certificate), "draw.whole"),
                   line(wrong == 0, "draw.numbers", static_cast<std::int64_t>(wrong)),
                   line(differing == 0, "draw.panel", static_cast<std::int64_t>(differing))};
  return verdict;
}

json::object write_draw_verdict(const DrawVerdict& verdict, const Speech& speech) {
  json::array findings;
  for (const DrawVerdict::Line& one : verdict.lines)
    findings.push_back(json::object{{"holds", one.holds}, {"finding", speech.say(one.finding)}});
  return {{"holds", verdict.holds()}, {"findings", std::move(findings)}};
}

}  // namespace counterpart::server
