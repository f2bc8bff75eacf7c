// Which letters an act or the passing of time causes, from the table's rows.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/casework/standing.h"

namespace counterpart::engine {

// Of one case as it stands after the act `number`. Nobody gets the same letter twice.
class LetterWriter {
 public:
  // All are borrowed. Readers are those of the time `at`.
  LetterWriter(const Case& of, const Progress& progress, const Casework& work, unsigned number, std::int64_t at)
      : of_(of), progress_(progress), work_(work), number_(number), at_(at) {}

  // `first_key`: the act's other key is not turned yet. Whoever acted gets none.
  std::vector<Letter> of_act(const Act& act, bool first_key, const Standing& standing) const;
  Letter reminder(const ReminderRow& row, std::int64_t due) const;
  // The task of `side` has moved from one desk to another: both are told, and the other side.
  std::vector<Letter> moved(Step to_step, Side side, const Responsible& from, const Responsible& to, const Due& due) const;

 private:
  Letter begin(std::string_view letter) const;
  void address(Letter& letter, Reader reader, Side acting) const;
  void address(Letter& letter, const Responsible& reader) const;

  const Case& of_;
  const Progress& progress_;
  const Casework& work_;
  unsigned number_;
  std::int64_t at_;
};

// The letters that the last act of a log has caused, whoever did it and wherever. Errors: of standing_of().
Result<std::vector<Letter>> letters_of_last(const Case& of, const Casework& work);

}  // namespace counterpart::engine
