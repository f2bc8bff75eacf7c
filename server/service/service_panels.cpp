#include "server/service/service_panels.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "engine/allocation/panel_rows.h"
#include "engine/base/patience.h"
#include "engine/profile/advice.h"
#include "engine/profile/organisation.h"
#include "engine/programme/eligibility.h"
#include "engine/taxonomy/names.h"

namespace counterpart::server {

namespace {

std::string text(std::size_t number) { return std::to_string(number); }

// A programme's place without its folder, which is nobody's business over HTTP.
std::string file_and_line(const std::string& place) { return std::filesystem::path(place).filename().string(); }

PanelRules rules_of(const Programme& programme, const PanelCall& call) {
  const PanelSettings& settings = *programme.panel;
  PanelRules rules;
  rules.seats = call.seats.value_or(settings.seats);
  for (const QuotaRule& quota : programme.quotas)
    rules.quotas.push_back({.group = quota.group,
                            .at_least = quota.at_least,
                            .at_most = quota.at_most,
                            .share_at_least = quota.share_at_least,
                            .share_at_most = quota.share_at_most,
                            .place = file_and_line(quota.place)});
  rules.per_country_at_most = settings.per_country_at_most;
  rules.per_organisation_at_most = settings.per_organisation_at_most;
  rules.topics = call.topics.value_or(settings.topics);
  rules.experts_per_topic_at_least = rules.topics.empty() ? 0 : settings.experts_per_topic_at_least;
  rules.alternates_per_seat = settings.alternates_per_seat;
  if (!settings.level.empty()) rules.level = settings.level;
  if (!call.level.empty()) rules.level = call.level;
  rules.seed = call.seed;
  return rules;
}

std::int64_t number(std::size_t count) { return static_cast<std::int64_t>(count); }

Phrase limit_of(std::string_view key, std::size_t count, const Quota& quota) {
  return {std::string(key), {{"n", number(count)}, {"subject", nested({"panel.group", {{"name", quota.group}}})}}};
}

// `why` tells of `rule`.
PanelRelaxation gave_way(Phrase rule, std::string place, std::size_t asked, std::size_t met, Phrase why) {
  why.arguments.emplace_back("rule", nested(rule));
  return {std::move(rule), std::move(place), asked, met, std::move(why)};
}

Phrase no_more(std::size_t seats) { return {"panel.no_more_seats", {{"seats", number(seats)}}}; }

// Makes `rules` such that a panel of its size can be asked for them.
void fit_to_seats(PanelRules& rules, std::vector<PanelRelaxation>& relaxations) {
  const std::vector<PanelRow> rows = panel_rows({}, rules);
  for (std::size_t i = 0; i < rules.quotas.size(); ++i) {
    Quota& quota = rules.quotas[i];
    std::size_t least = rows[i].at_least;
    if (least > rules.seats) {
      relaxations.push_back(
          gave_way(limit_of("panel.at_least", least, quota), quota.place, least, rules.seats, no_more(rules.seats)));
      least = rules.seats;
      quota.at_least = least;
    }
    if (least > rows[i].at_most) {
      relaxations.push_back(gave_way(limit_of("panel.at_most", rows[i].at_most, quota), quota.place, rows[i].at_most, least,
                                     {"panel.excludes", {{"least", number(least)}, {"seats", number(rules.seats)}}}));
      quota.share_at_most.reset();
      quota.at_most = least;
    }
  }
  if (rules.experts_per_topic_at_least > rules.seats) {
    const std::size_t asked = rules.experts_per_topic_at_least;
    relaxations.push_back(gave_way({"panel.experts", {{"n", number(asked)}}}, "experts_per_topic_at_least", asked, rules.seats,
                                   no_more(rules.seats)));
    rules.experts_per_topic_at_least = rules.seats;
  }
}

Panel nobody_stands(const PanelRules& rules) {
  Panel panel;
  panel.level = rules.level;
  panel.seed = rules.seed;
  panel.proven_optimal = true;
  const std::vector<PanelRow> rows = panel_rows({}, rules);
  for (std::size_t i = 0; i < rules.quotas.size(); ++i) {
    QuotaTotal total{.group = rules.quotas[i].group, .place = rules.quotas[i].place, .at_least = {}, .at_most = {}};
    if (rows[i].at_least > 0) total.at_least = rows[i].at_least;
    if (rows[i].at_most < rules.seats) total.at_most = rows[i].at_most;
    panel.quotas.push_back(std::move(total));
  }
  for (const std::string& topic : rules.topics)
    panel.coverage.push_back({.topic = topic, .asked = rules.experts_per_topic_at_least});
  return panel;
}

Result<std::vector<PanelCandidate>> candidates_of(const PanelSources& sources, const Programme& programme,
                                                  const PanelCall& call, const PanelRules& rules, std::int32_t today) {
  std::vector<std::vector<float>> topics;
  for (const std::string& topic : rules.topics) topics.push_back(sources.embedder.embed(topic, {}));
  const Filter filter = filter_for({Profile{}, true}, programme, call.where, sources.taxonomy);
  std::vector<PanelCandidate> candidates;
  for (const std::string& id : sources.corpus.list(filter, {}, sources.corpus.size())) {
    if (Patience::over()) return given_up();
    if (call.nominated && !call.nominees.contains(id)) continue;
    const std::optional<Row> row = sources.corpus.find(id);
    if (!row || sources.corpus.traits(*row).valid_until < today) continue;
    const Result<Profile> profile = sources.profile(id);
    if (!profile && profile.error().code == ErrorCode::kNotFound) continue;
    if (!profile) return tl::unexpected(profile.error());
    if (candidates.size() == kMaxPanelCandidates)
      return fail(ErrorCode::kTooLarge, "where", "more than " + text(kMaxPanelCandidates) + " profiles may stand",
                  "narrow down who may, by `where`");
    PanelCandidate candidate{.id = id,
                             .title = profile->title,
                             .country = profile->country,
                             .organisation = organisation_key(*profile, sources.taxonomy.legal_forms),
                             .groups = panel_groups(*profile, sources.taxonomy),
                             .merit = 0,
                             .topics = {}};
    const Faces faces = topics.empty() ? Faces{} : sources.corpus.faces(*row);
    for (const std::vector<float>& topic : topics) candidate.topics.push_back(topic_relevance(faces.offers, topic));
    candidate.merit =
        topics.empty() ? completeness(*profile) : static_cast<double>(*std::ranges::max_element(candidate.topics));
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

// What two of one organisation have in common, without its name, which may be private.
void number_organisations(std::vector<PanelCandidate>& candidates) {
  std::map<std::string, std::size_t> numbers;
  for (PanelCandidate& candidate : candidates)
    if (!candidate.organisation.empty())
      candidate.organisation = text(numbers.try_emplace(candidate.organisation, numbers.size() + 1).first->second);
}

void round_relevance(std::vector<PanelCandidate>& candidates, const PanelRules& rules) {
  for (PanelCandidate& candidate : candidates) {
    candidate.merit = std::round(candidate.merit * 1e6) / 1e6;
    for (float& topic : candidate.topics) topic = static_cast<double>(topic) >= rules.topic_relevance ? 1.0F : 0.0F;
  }
}

}  // namespace

float topic_relevance(std::span<const float> face, std::span<const float> topic) {
  double dot = 0, length = 0, other = 0;
  for (std::size_t i = 0; i < std::min(face.size(), topic.size()); ++i) {
    const double a = static_cast<double>(face[i]), b = static_cast<double>(topic[i]);
    dot += a * b;
    length += a * a;
    other += b * b;
  }
  if (length <= 0 || other <= 0) return 0;
  return static_cast<float>(std::clamp(dot / std::sqrt(length * other) * 0.5 / kCoversTopic, 0.0, 1.0));
}

Result<PanelAnswer> compose_panel(const PanelSources& sources, const Programme& programme, const PanelCall& call,
                                  std::int32_t today) {
  if (!programme.panel)
    return fail(ErrorCode::kInvalid, "programme", "`" + programme.slug + "` composes no panel",
                "name a programme whose output is a panel, or leave it out");
  PanelRules rules = rules_of(programme, call);
  Result<std::vector<PanelCandidate>> candidates = candidates_of(sources, programme, call, rules, today);
  if (!candidates) return tl::unexpected(candidates.error());
  number_organisations(*candidates);
  round_relevance(*candidates, rules);
  PanelAnswer answer{.panel = {},
                     .programme = programme.slug,
                     .name = programme.name,
                     .seats_asked = rules.seats,
                     .candidates = candidates->size(),
                     .sequence = sources.corpus.sequence()};

  std::vector<PanelRelaxation> relaxations;
  if (candidates->size() < rules.seats)
    relaxations.push_back(gave_way({"panel.seats", {{"n", number(rules.seats)}}},
                                   call.seats ? "seats" : file_and_line(programme.place), rules.seats, candidates->size(),
                                   candidates->empty() ? Phrase{"panel.nobody_stands", {{"programme", programme.slug}}}
                                                       : Phrase{"panel.few_stand", {{"n", number(candidates->size())}}}));
  if (!candidates->empty()) rules.seats = std::min(rules.seats, candidates->size());
  fit_to_seats(rules, relaxations);
  if (candidates->empty()) {
    answer.panel = nobody_stands(rules);
    answer.removed =
        absence_of({sources.corpus, sources.taxonomy, programme, {Profile{}, true}, {}, call.where, today}).removed;
  } else {
    Result<Panel> panel = convene(*candidates, rules);
    if (!panel) return tl::unexpected(panel.error());
    answer.panel = std::move(*panel);
  }
  if (!relaxations.empty()) answer.panel.status = PanelStatus::kRelaxed;
  answer.panel.relaxations.insert(answer.panel.relaxations.begin(), relaxations.begin(), relaxations.end());
  answer.rules = std::move(rules);
  answer.stood = std::move(*candidates);
  return answer;
}

}  // namespace counterpart::server
