#include "engine/report/report_table.h"

#include <algorithm>
#include <iterator>

namespace counterpart::engine {
namespace {

constexpr AnswerRow kAnswers[] = {
    {"interest", "answer", "accept"},
    {"interest", "answer", "decline"},
};

constexpr std::string_view kStageNames[] = {"sent",     "answered",    "accepted",  "introduced",
                                            "promoted", "negotiation", "concluded", "operational"};
static_assert(std::size(kStageNames) == kStages);

constexpr StageRow kStageRows[] = {
    {"sent", "interest", "sent"},
    {"answered", "interest", "accepted"},
    {"answered", "interest", "declined"},
    {"accepted", "interest", "accepted"},
    {"introduced", "introduction", "released"},
    {"promoted", "introduction", "promoted"},
    {"negotiation", "introduction", "negotiation"},
    {"concluded", "introduction", "concluded"},
    {"operational", "introduction", "operational"},
};

}  // namespace

std::span<const AnswerRow> answer_rows() { return kAnswers; }

std::string_view answered_limit(std::string_view kind) {
  const auto found = std::ranges::find(kAnswers, kind, &AnswerRow::kind);
  return found != std::end(kAnswers) ? found->limit : std::string_view();
}

bool is_answer(std::string_view kind, std::string_view verb) {
  return std::ranges::any_of(kAnswers, [&](const AnswerRow& row) { return row.kind == kind && row.verb == verb; });
}

std::span<const StageRow> stage_rows() { return kStageRows; }
std::span<const std::string_view> stages() { return kStageNames; }

bool is_reported(std::string_view kind) {
  return !answered_limit(kind).empty() || std::ranges::find(kStageRows, kind, &StageRow::kind) != std::end(kStageRows);
}

}  // namespace counterpart::engine
