#include "engine/casework/letters.h"

#include <algorithm>

namespace counterpart::engine {
namespace {

// Adds a letter, unless its reader has it already.
void add(std::vector<Letter>& letters, Letter letter) {
  const bool there = std::ranges::any_of(letters, [&](const Letter& other) {
    return other.letter == letter.letter && other.desk == letter.desk && other.profile == letter.profile;
  });
  if (!there) letters.push_back(std::move(letter));
}

// Where time passed, who reads a letter is no part of its key: it goes once, whoever is away by now.
void give_key(Letter& letter, std::string_view occasion, std::string_view reader) {
  letter.key = letter.case_id + "/" + std::to_string(letter.act) + "/" + std::string(occasion) + "/" + letter.letter;
  if (!reader.empty()) (letter.key += "/") += reader;
}

}  // namespace

std::vector<Letter> LetterWriter::of_act(const Act& act, bool first_key, const Standing& standing) const {
  std::vector<Letter> letters;
  for (const LetterRow& row : work_.table.letters) {
    if ((row.kind != of_.kind && row.kind != "*") || row.verb != act.verb || row.first_key != first_key) continue;
    Letter letter = begin(row.letter);
    address(letter, row.reader, act.side);
    if (act.by == By::kDesk && letter.desk == act.desk) continue;
    if (!act.said.reason.empty()) letter.arguments.emplace_back("reason", act.said.reason);
    if (const OpenItem* open = std::get_if<OpenItem>(&standing))
      letter.arguments.emplace_back("due", std::to_string(open->task.due.at));
    give_key(letter, act.verb, letter.desk.empty() ? "owner " + letter.profile : letter.desk);
    add(letters, std::move(letter));
  }
  return letters;
}

Letter LetterWriter::reminder(const ReminderRow& row, std::int64_t due) const {
  Letter letter = begin(row.letter);
  address(letter, row.reader, Side::kAsking);
  letter.arguments.emplace_back("due", std::to_string(due));
  give_key(letter, std::to_string(row.days_before) + "_days_before", letter.desk.empty() ? "owner" : "desk");
  return letter;
}

std::vector<Letter> LetterWriter::moved(Step to_step, Side side, const Responsible& from, const Responsible& to,
                                        const Due& due) const {
  const Responsible other_side = follower(of_, progress_, other(side), work_, at_);
  std::vector<Letter> letters;
  std::vector<std::string> told;
  for (const MoveRow& row : work_.table.moves) {
    const Responsible& reader = row.told == Told::kNewOwner ? to : row.told == Told::kLastOwner ? from : other_side;
    if (std::ranges::find(told, reader.desk) != told.end()) continue;
    told.push_back(reader.desk);
    Letter letter = begin(row.letter);
    address(letter, reader);
    letter.arguments.emplace_back("step", name_of(to_step));
    letter.arguments.emplace_back("due", std::to_string(due.at));
    give_key(letter, std::string(name_of(side)) + "_" + std::string(name_of(to_step)), {});
    letters.push_back(std::move(letter));
  }
  return letters;
}

Letter LetterWriter::begin(std::string_view letter) const {
  Letter begun;
  begun.letter = letter;
  begun.case_id = of_.id;
  begun.act = number_;
  begun.arguments = {{"kind", of_.kind},
                     {"programme", of_.programme},
                     {"from", of_.asking.profile},
                     {"to", of_.answering.profile},
                     {"state", std::string(progress_.state->state)}};
  return begun;
}

void LetterWriter::address(Letter& letter, Reader reader, Side acting) const {
  const auto desk_of = [&](Side side) { address(letter, follower(of_, progress_, side, work_, at_)); };
  switch (reader) {
    case Reader::kAskingDesk: return desk_of(Side::kAsking);
    case Reader::kAnsweringDesk: return desk_of(Side::kAnswering);
    case Reader::kOwnDesk: return desk_of(acting);
    case Reader::kOtherDesk: return desk_of(other(acting));
    case Reader::kAskingOwner: letter.profile = of_.asking.profile; return;
    case Reader::kAnsweringOwner: letter.profile = of_.answering.profile; return;
  }
}

void LetterWriter::address(Letter& letter, const Responsible& reader) const {
  letter.desk = reader.desk;
  letter.office = reader.office;
}

Result<std::vector<Letter>> letters_of_last(const Case& of, const Casework& work) {
  bool two_keys = false;
  const auto watch = [&](const Act&, const ActRow& row, const Progress&) { two_keys = row.two_keys; };
  const Result<Progress> progress = progress_of(of, work.table, watch);
  if (!progress) return tl::unexpected(progress.error());
  if (of.log.empty()) return std::vector<Letter>();
  const Act& act = of.log.back();
  const Result<Standing> standing = standing_of(of, work, act.at);
  if (!standing) return tl::unexpected(standing.error());
  const bool first_key = two_keys && std::ranges::count(progress->keys, 0U) == 1;
  return LetterWriter(of, *progress, work, act.number, act.at).of_act(act, first_key, *standing);
}

}  // namespace counterpart::engine
