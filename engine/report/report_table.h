// What reports count, as rows: which acts answer which limit, and which states are which stage of the way from a first question
// to a plant that runs. The life cycles themselves are in engine/cycles/introductions.cpp; the rows here name what is there.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace counterpart::engine {

// Cases of that kind wait for an answer while that limit runs, and this act is one. Asking back is none: it stops the clock
// until the other side has replied. A kind has one limit.
struct AnswerRow {
  std::string_view kind, limit, verb;
};
std::span<const AnswerRow> answer_rows();
std::string_view answered_limit(std::string_view kind);  // empty: nothing is answered there
bool is_answer(std::string_view kind, std::string_view verb);

// A case has reached a stage when it came into this state for the first time. The first kind opens the others, which name it as
// their origin.
struct StageRow {
  std::string_view stage, kind, state;
};
std::span<const StageRow> stage_rows();
std::span<const std::string_view> stages();  // first to last
inline constexpr std::size_t kStages = 8;

// Do reports read cases of that kind?
bool is_reported(std::string_view kind);

}  // namespace counterpart::engine
