#include "server/post/deliver.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/cycles/life_cycles.h"
#include "index/casework/case_erasing.h"
#include "index/draft/own_drafts.h"
#include "server/post/letter_facts.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kLettersARound = 500;  // so that those of one reader's day are rarely parted
constexpr std::size_t kMostInDigest = 20;    // their numbers are in the name of one file

// Also one that was erased while it left is not left behind.
Status clear_spool(CaseStore& cases) {
  return cases.spool_is_stale() ? cases.clear_spool().map([](const auto&) {}) : Status();
}

class Round {
 public:
  Round(CaseStore& cases, Transport& transport, const LetterSources& sources, std::int64_t now)
      : cases_(cases), transport_(transport), sources_(sources), now_(now), offices_(cases.offices()) {}

  std::vector<Delivery> deliver(const std::vector<StoredLetter>& letters) {
    for (const StoredLetter& letter : letters) sort(letter);
    for (const auto& [reader, digest] : digests_)
      for (std::size_t begin = 0; begin < digest.size(); begin += kMostInDigest)
        send(std::span(digest).subspan(begin, std::min(kMostInDigest, digest.size() - begin)));
    return std::move(done_);
  }

 private:
  void sort(const StoredLetter& stored) {
    if (transport_.has_left(stored.number)) return note(stored, {});
    Result<CaseNow> about = cases_.get(stored.letter.case_id, now_);
    const bool of_case = stored.letter.letter != kEndedByErasure && stored.letter.letter != kConfirmMail;
    if (!about && (about.error().code != ErrorCode::kNotFound || of_case))
      return note(stored, {Delivery::Outcome::kFailed, describe(about.error())});
    LetterNow letter{stored, about ? std::optional(std::move(*about)) : std::nullopt};
    const Pace pace = life_cycles().pace_of(stored.letter.letter);
    if (pace == Pace::kAtOnce) return send({&letter, 1});
    if (pace == Pace::kInHours && !waits_for_reader(letter))
      return note(stored, {Delivery::Outcome::kSent, "there was nothing more to remind of"});
    const std::string& office = own_office(letter, offices_->directory).id;
    const Result<std::int64_t> turn =
        pace == Pace::kDaily ? offices_->clock->opening_after(office, stored.at) : offices_->clock->working_from(office, now_);
    if (turn && *turn > now_)
      return done_.push_back({.number = stored.number, .outcome = Delivery::Outcome::kLater, .later = *turn});
    digests_[stored.letter.desk.empty() ? "owner " + stored.letter.profile : stored.letter.desk].push_back(std::move(letter));
  }

  void send(std::span<const LetterNow> letters) {
    Carried carried;
    const Result<Mail> mail = compose(letters, *offices_, sources_, transport_.sender(), now_);
    if (mail) {
      Outgoing outgoing{{}, mail->sender ? mail->sender->address : mail->from.address, mail->to.address, message_of(*mail)};
      for (const LetterNow& letter : letters) outgoing.letters.push_back(letter.stored.number);
      carried = transport_.carry(outgoing);
    } else {
      const ErrorCode code = mail.error().code;
      const bool for_good = code == ErrorCode::kNotFound || code == ErrorCode::kInvalid;
      carried = {for_good ? Delivery::Outcome::kRefused : Delivery::Outcome::kFailed, describe(mail.error())};
    }
    for (const LetterNow& letter : letters) note(letter.stored, carried);
  }

  void note(const StoredLetter& letter, const Carried& carried) {
    done_.push_back({.number = letter.number, .outcome = carried.outcome, .words = carried.words});
  }

  CaseStore& cases_;
  Transport& transport_;
  const LetterSources& sources_;
  std::int64_t now_;
  std::shared_ptr<const Offices> offices_;
  std::map<std::string, std::vector<LetterNow>> digests_;  // by reader
  std::vector<Delivery> done_;
};

}  // namespace

Result<std::int64_t> deliver_queued(CaseStore& cases, Transport& transport, const LetterSources& sources, std::int64_t now) {
  if (Status cleared = clear_spool(cases); !cleared) return tl::unexpected(std::move(cleared.error()));
  const Result<std::vector<StoredLetter>> letters = cases.letters_to_send(now, kLettersARound);
  if (!letters) return tl::unexpected(letters.error());
  if (letters->empty()) return cases.next_letter();
  const std::vector<Delivery> done = Round(cases, transport, sources, now).deliver(*letters);
  if (const Status noted = cases.delivered(done, now); !noted) return tl::unexpected(noted.error());
  if (Status cleared = clear_spool(cases); !cleared) return tl::unexpected(std::move(cleared.error()));
  return std::max(now, cases.next_letter());
}

}  // namespace counterpart::server
