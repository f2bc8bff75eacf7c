#include "server/wire_panels.h"

#include <algorithm>
#include <limits>

#include "server/wire.h"

namespace counterpart {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxTopic = 500;
constexpr std::size_t kMaxSlug = 64;

json::array strings(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

// A whole number of JSON, 3 or 3.0.
Result<std::uint64_t> whole(const json::value& value, std::string_view member, std::uint64_t least, std::uint64_t most) {
  boost::system::error_code error;
  const std::uint64_t number = value.is_number() ? value.to_number<std::uint64_t>(error) : 0;
  if (value.is_number() && !error && number >= least && number <= most) return number;
  return fail(ErrorCode::kInvalid, std::string(member), "out of range",
              "give a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

Result<std::string> line(const json::value& value, const std::string& place, std::size_t most) {
  if (!value.is_string()) return fail(ErrorCode::kInvalid, place, "not a string", "give a string");
  std::string text(value.as_string());
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return fail(ErrorCode::kInvalid, place, "empty", "leave it out, or say something");
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  if (static_cast<std::size_t>(std::ranges::count_if(text, starts_character)) > most)
    return fail(ErrorCode::kInvalid, place, "too long", "at most " + std::to_string(most) + " characters");
  return text;
}

Result<std::vector<std::string>> topics_of(const json::value& value) {
  if (!value.is_array()) return fail(ErrorCode::kInvalid, "topics", "not a list", "give a list of texts");
  if (value.as_array().size() > kMaxPanelTopics)
    return fail(ErrorCode::kInvalid, "topics", "too many topics", "at most " + std::to_string(kMaxPanelTopics));
  std::vector<std::string> topics;
  for (const json::value& entry : value.as_array()) {
    Result<std::string> topic = line(entry, "topics." + std::to_string(topics.size()), kMaxTopic);
    if (!topic) return tl::unexpected(topic.error());
    topics.push_back(std::move(*topic));
  }
  return topics;
}

Result<std::string> level_of(const json::value& value) {
  Result<std::string> level = line(value, "level", kMaxSlug);
  if (!level || std::ranges::find(kPanelLevels, *level) != std::end(kPanelLevels)) return level;
  return fail(ErrorCode::kInvalid, "level", "`" + *level + "` is no level of consultation",
              "give global, regional, interregional or sectoral");
}

Status take_member(std::string_view name, const json::value& value, const Service& service, PanelCall& call) {
  const auto into = [](auto result, auto& target) -> Status {
    if (!result) return tl::unexpected(result.error());
    target = std::move(*result);
    return {};
  };
  if (name == "programme") return into(line(value, "programme", kMaxSlug), call.programme);
  if (name == "seed") return into(whole(value, name, 0, kMaxPanelSeed), call.seed);
  if (name == "seats") return into(whole(value, name, 1, kMaxPanelSeats), call.seats);
  if (name == "level") return into(level_of(value), call.level);
  if (name == "topics") return into(topics_of(value), call.topics);
  if (name == "where") return into(read_where(value, service), call.where);
  return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member",
              "members are programme, seed, seats, level, topics, where");
}

json::array write_seats(const std::vector<PanelSeat>& seats) {
  json::array out;
  for (const PanelSeat& seat : seats) {
    json::array alternates;
    for (const PanelAlternate& one : seat.alternates)
      alternates.push_back(
          json::object{{"id", one.id}, {"title", one.title}, {"country", one.country}, {"merit", one.merit}});
    out.push_back(json::object{{"id", seat.id},
                               {"title", seat.title},
                               {"country", seat.country},
                               {"constituency", seat.constituency},
                               {"regions", strings(seat.regions)},
                               {"topics", strings(seat.topics)},
                               {"serves", strings(seat.serves)},
                               {"merit", seat.merit},
                               {"draw", seat.draw},
                               {"alternates", std::move(alternates)}});
  }
  return out;
}

json::array write_quotas(const std::vector<QuotaTotal>& quotas) {
  json::array out;
  for (const QuotaTotal& quota : quotas) {
    json::object one{{"group", quota.group}, {"got", quota.got}, {"candidates", quota.candidates}, {"place", quota.place}};
    if (quota.at_least) one["at_least"] = *quota.at_least;
    if (quota.at_most) one["at_most"] = *quota.at_most;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Result<PanelCall> read_panel_call(std::string_view body, const Service& service) {
  const Result<json::object> object = parse_object(body);
  if (!object) return tl::unexpected(object.error());
  PanelCall call;
  for (const auto& [name, value] : *object)
    if (Status taken = take_member(std::string_view(name.data(), name.size()), value, service, call); !taken)
      return tl::unexpected(taken.error());
  return call;
}

json::object write_panel(const PanelAnswer& answer) {
  const Panel& panel = answer.panel;
  json::array coverage, relaxations;
  for (const TopicCoverage& one : panel.coverage)
    coverage.push_back(
        json::object{{"topic", one.topic}, {"asked", one.asked}, {"got", one.got}, {"candidates", one.candidates}});
  for (const PanelRelaxation& one : panel.relaxations)
    relaxations.push_back(json::object{
        {"rule", one.rule}, {"place", one.place}, {"asked", one.asked}, {"met", one.met}, {"message", one.message}});
  const std::string_view status = name_of(panel.status);
  return {{"programme", answer.programme},
          {"name", answer.name},
          {"level", panel.level},
          {"seed", panel.seed},
          {"status", status},
          {"seats_asked", answer.seats_asked},
          {"candidates", answer.candidates},
          {"seats", write_seats(panel.seats)},
          {"quotas", write_quotas(panel.quotas)},
          {"coverage", std::move(coverage)},
          {"relaxations", std::move(relaxations)},
          {"relaxation_proven", panel.relaxation_proven},
          {"merit", panel.merit},
          {"gap", panel.gap},
          {"proven_optimal", panel.proven_optimal},
          {"seats_without_alternate", panel.seats_without_alternate},
          {"sequence", answer.sequence}};
}

}  // namespace counterpart
