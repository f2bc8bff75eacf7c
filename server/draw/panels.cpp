#include "server/draw/panels.h"

#include <algorithm>
#include <limits>

#include "engine/base/nearest.h"
#include "server/wire/absence.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxTopic = 500;
constexpr std::size_t kMaxSlug = 64;

Result<std::vector<std::string>> topics_of(const json::value& value) {
  if (!value.is_array()) return fail(ErrorCode::kInvalid, "topics", "not a list", "give a list of texts");
  if (value.as_array().size() > kPanelTopics.most)
    return fail(ErrorCode::kInvalid, "topics", "too many topics", "at most " + std::to_string(kPanelTopics.most));
  std::vector<std::string> topics;
  for (const json::value& entry : value.as_array()) {
    Result<std::string> topic = words_of(entry, "topics." + std::to_string(topics.size()), kMaxTopic);
    if (!topic) return tl::unexpected(topic.error());
    topics.push_back(std::move(*topic));
  }
  return topics;
}

Result<std::string> level_of(const json::value& value) {
  Result<std::string> level = words_of(value, "level", kMaxSlug);
  if (!level || std::ranges::find(kPanelLevels, *level) != std::end(kPanelLevels)) return level;
  return fail(ErrorCode::kInvalid, "level", "`" + *level + "` is no level of consultation",
              "give " + joined_with_or(kPanelLevels));
}

Status take_member(std::string_view name, const json::value& value, const Taxonomy& taxonomy, PanelCall& call) {
  if (name == "programme") return into(words_of(value, "programme", kMaxSlug), call.programme);
  if (name == "seed") return into(number_of(value, name, kPanelSeed), call.seed);
  if (name == "seats") return into(number_of(value, name, kPanelSeats), call.seats);
  if (name == "level") return into(level_of(value), call.level);
  if (name == "topics") return into(topics_of(value), call.topics);
  if (name == "where") return into(read_where(value, taxonomy), call.where);
  if (name == "nominated") return into(flag_of(value, name), call.nominated);
  if (name == "certificate") return into(flag_of(value, name), call.certificate);
  return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member",
              "members are programme, seed, seats, level, topics, where, nominated, certificate");
}

json::array authored(const std::vector<std::string>& texts, const Speech& speech) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(speech.authored(text));
  return out;
}

json::array write_seats(const std::vector<PanelSeat>& seats, const Speech& speech) {
  json::array out;
  for (const PanelSeat& seat : seats) {
    json::array alternates;
    for (const PanelAlternate& one : seat.alternates)
      alternates.push_back(json::object{
          {"id", one.id}, {"title", one.title}, {"country", one.country}, {"merit", one.merit}, {"alike", one.alike}});
    json::object one{{"id", seat.id},
                     {"title", seat.title},
                     {"country", seat.country},
                     {"constituency", seat.constituency},
                     {"regions", strings(seat.regions)},
                     {"topics", authored(seat.topics, speech)},
                     {"serves", strings(seat.serves)},
                     {"merit", seat.merit},
                     {"draw", seat.draw},
                     {"alternates", std::move(alternates)}};
    if (!seat.no_alternate.empty()) one["no_alternate"] = speech.say(seat.no_alternate);
    out.push_back(std::move(one));
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

Result<PanelCall> read_panel_call(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  PanelCall call;
  for (const auto& [name, value] : *object)
    if (Status taken = take_member(std::string_view(name.data(), name.size()), value, taxonomy, call); !taken)
      return tl::unexpected(taken.error());
  if (call.nominated && call.programme.empty())
    return fail(ErrorCode::kInvalid, "programme", "is required", "the programme that they are nominated for");
  return call;
}

json::object write_panel(const PanelAnswer& answer, const Speech& speech) {
  const Panel& panel = answer.panel;
  json::array coverage, relaxations;
  for (const TopicCoverage& one : panel.coverage)
    coverage.push_back(json::object{
        {"topic", speech.authored(one.topic)}, {"asked", one.asked}, {"got", one.got}, {"candidates", one.candidates}});
  for (const PanelRelaxation& one : panel.relaxations)
    relaxations.push_back(json::object{{"rule", speech.say(one.rule)},
                                       {"place", one.place},
                                       {"asked", one.asked},
                                       {"met", one.met},
                                       {"message", speech.say(one.message)}});
  const std::string_view status = name_of(panel.status);
  json::object out{{"programme", answer.programme},
                   {"name", speech.authored(answer.name)},
                   {"level", panel.level},
                   {"seed", panel.seed},
                   {"status", status},
                   {"seats_asked", answer.seats_asked},
                   {"candidates", answer.candidates},
                   {"seats", write_seats(panel.seats, speech)},
                   {"quotas", write_quotas(panel.quotas)},
                   {"coverage", std::move(coverage)},
                   {"relaxations", std::move(relaxations)},
                   {"relaxation_proven", panel.relaxation_proven},
                   {"merit", panel.merit},
                   {"gap", panel.gap},
                   {"proven_optimal", panel.proven_optimal},
                   {"seats_without_alternate", panel.seats_without_alternate},
                   {"sequence", answer.sequence}};
  if (!answer.removed.empty()) out["removed"] = write_removed(answer.removed, speech);
  return out;
}

}  // namespace counterpart::server
