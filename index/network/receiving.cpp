#include "index/network/receiving.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "index/base/crypto.h"
#include "index/base/kill_point.h"
#include "index/base/time.h"
#include "index/network/beside.h"
#include "index/network/intake.h"
#include "index/network/ledger.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

constexpr int kTries = 40;  // of reading what somebody else changes meanwhile
constexpr std::uint64_t kMostEpochs = std::numeric_limits<std::uint64_t>::max() / 2, kMostNumbers = kMostEpochs;

Error missing(const Position& has) {
  return {ErrorCode::kConflict, "bundle", "operations between " + std::to_string(has.sequence) + " and those in it are missing",
          "send the confirmation: the next bundle begins where this office stands"};
}

Error differs() {
  return {ErrorCode::kConflict, "bundle", "its operations are others than those that were received before",
          "send the confirmation: that office then tells everything anew"};
}

Error unlike(std::string what) { return {ErrorCode::kCorrupt, "bundle", std::move(what), "tell the office that sent it"}; }

tl::unexpected<Error> overtaken() {
  return fail(ErrorCode::kConflict, "network", "another bundle is being taken in", "repeat this call");
}

// One bundle beside what is there: what is to be written.
class Plan {
 public:
  Plan(const Receiving& receiving, const Bundle& bundle, OtherOffice office, std::set<std::string> refused)
      : store_(receiving.store), bundle_(bundle), office_(std::move(office)),
        intake_(receiving.store, receiving.taxonomy, receiving.embedder, bundle.from, bundle.head.epoch) {
    intake_.refused = std::move(refused);
  }

  Status make() {
    received_.from = bundle_.from;
    received_.number = bundle_.number;
    received_.confirms = bundle_.confirmed.position.epoch != 0;
    if (Status gone = take_gone(); !gone) return gone;
    if (Status beside = take_beside(); !beside) return beside;
    if (bundle_.part == Bundle::Part::kOperations)
      if (Status taken = take_operations(); !taken) return taken;
    if (bundle_.part == Bundle::Part::kState)
      if (Status taken = take_state(); !taken) return taken;
    if (office_.received.epoch == bundle_.head.epoch)
      if (Status forgotten = intake_.forget_ahead(office_.received.sequence); !forgotten) return forgotten;
    intake_.embed();
    if (office_.received == bundle_.head) set_as_of(bundle_.at);
    office_.heard = std::max(office_.heard, bundle_.number);
    office_.heard_at = now_utc();
    received_.parked = intake_.parked;
    received_.removed = intake_.removed;
    received_.position = office_.received;
    return {};
  }

  // Within the writer: what that office has of ours, and what is kept no longer because of it.
  Status add_edits(std::vector<Database::Edit>& edits) {
    if (Status heard = take_confirmation(edits); !heard) return heard;
    edits.push_back(edit_of(office_));
    std::ranges::copy(intake_.edits, std::back_inserter(edits));
    return {};
  }

  std::vector<Write>& writes() { return intake_.writes; }
  const Received& received() const { return received_; }

 private:
  // The operation is in a piece of the state that is here already.
  bool is_covered(const Operation& operation) const {
    return office_.base.epoch == bundle_.head.epoch && operation.sequence <= office_.base.sequence &&
           operation.profile <= office_.covered;
  }

  Status take_gone() {
    const Position& has = office_.received;
    if (bundle_.head.epoch < has.epoch || bundle_.head.epoch < office_.base.epoch) return {};  // long since replaced
    for (const Operation& operation : bundle_.gone)
      if ((has.epoch != bundle_.head.epoch || operation.sequence > has.sequence) && !is_covered(operation))
        if (Status gone = intake_.go_ahead(operation); !gone) return gone;
    return {};
  }

  // As late as it may come: what it tells of cases has a number of its own.
  Status take_beside() {
    for (const Operation& operation : bundle_.beside)
      if (Status taken = intake_.beside(operation, bundle_.number > office_.heard); !taken) return taken;
    return {};
  }

  Status take_operations() {
    Position& has = office_.received;
    if (bundle_.start.epoch < has.epoch) {
      received_.repeated = bundle_.operations.size();
      return {};
    }
    if (bundle_.start.epoch != has.epoch || bundle_.start.sequence > has.sequence) {
      received_.trouble = missing(has);
      return {};
    }
    // All is compared before anything is taken in.
    Position at = bundle_.start;
    std::size_t first = bundle_.operations.size();
    bool same = at.sequence != has.sequence || at == has;
    for (std::size_t i = 0; i < bundle_.operations.size(); ++i) {
      const Operation& operation = bundle_.operations[i];
      if (operation.sequence != at.sequence + 1) {
        received_.trouble = unlike("its operations are not in order");
        return {};
      }
      at = after(at, operation);
      if (operation.sequence == has.sequence) same = at == has;
      if (operation.sequence == has.sequence + 1) first = i;
    }
    if (!same) {
      received_.trouble = differs();
      return {};
    }
    for (std::size_t i = first; i < bundle_.operations.size(); ++i)
      if (Status taken = intake_.take(bundle_.operations[i]); !taken) return taken;
    received_.repeated = first;
    received_.operations = bundle_.operations.size() - first;
    if (received_.operations == 0) return {};
    has = at;
    set_as_of(bundle_.operations.back().at);
    return {};
  }

  // The newest bundle counts even where it says less: that office's clock was wrong before.
  void set_as_of(std::uint64_t at) { office_.as_of = bundle_.number > office_.heard ? at : std::max(office_.as_of, at); }

  // Whether this piece is the one that is to come; sets the place that it begins at.
  bool follows_in_state() {
    const Position &base = bundle_.start, &has = office_.received;
    const bool old = base.epoch < has.epoch || (base.epoch == has.epoch && base.sequence <= has.sequence);
    const bool older =
        base.epoch < office_.base.epoch || (base.epoch == office_.base.epoch && base.sequence < office_.base.sequence);
    if (old || older) {
      received_.repeated = bundle_.operations.size();
      return false;
    }
    if (bundle_.covered.empty()) return true;
    if (office_.base == base && bundle_.covered == office_.covered) return true;
    if (office_.base == base && !bundle_.covers.empty() && bundle_.covers <= office_.covered)
      received_.repeated = bundle_.operations.size();
    else
      received_.trouble = Error{ErrorCode::kConflict, "bundle", "the piece of that office's state before this one is missing",
                                "hand the bundles in by their numbers, or send the confirmation: everything is told anew"};
    return false;
  }

  bool is_within(const std::string& profile) const {
    return profile > bundle_.covered && (bundle_.covers.empty() || profile <= bundle_.covers);
  }

  Status take_state() {
    if (!follows_in_state()) return {};
    std::set<std::string, std::less<>> told;
    for (const Operation& operation : bundle_.operations) {
      if (!is_within(operation.profile)) {
        received_.trouble = unlike("its profiles are not those that it says");
        return {};
      }
      told.insert(operation.profile);
    }
    for (const Operation& operation : bundle_.operations)
      if (Status taken = intake_.take(operation, bundle_.start.sequence); !taken) return taken;
    if (Status gone = remove_untold(told); !gone) return gone;
    received_.operations = bundle_.operations.size();
    if (!bundle_.covers.empty()) {
      office_.base = bundle_.start;
      office_.covered = bundle_.covers;
      return {};
    }
    office_.received = bundle_.start;
    office_.base = {};
    office_.covered.clear();
    return {};
  }

  // What was received of this office and is not in its state any more.
  Status remove_untold(const std::set<std::string, std::less<>>& told) {
    std::vector<std::string> absent;
    Status walked = for_each_origin(store_.database(), bundle_.covered, [&](std::string_view id, std::string_view office) {
      if (!is_within(std::string(id))) return false;
      if (office == bundle_.from && !told.contains(id)) absent.emplace_back(id);
      return true;
    });
    if (!walked) return walked;
    const Result<std::vector<NoteOf>> parked = read_notes(store_.database(), Note::kParked, bundle_.from);
    if (!parked) return tl::unexpected(parked.error());
    for (const NoteOf& note : *parked)
      if (is_within(note.profile) && !told.contains(note.profile)) absent.push_back(note.profile);
    for (const std::string& id : absent)
      if (Status gone = intake_.remove_absent(id); !gone) return gone;
    return {};
  }

  // Has that office something of ours that we have not, or other than we have it?
  Result<bool> knows_other(const Position& has, const Position& head) const {
    if (has.epoch != head.epoch) return has.epoch > head.epoch;
    if (has.sequence > head.sequence) return true;
    if (has.sequence == head.sequence) return has != head;
    if (has.sequence == 0) return has != first_of(head.epoch);
    return position_at(store_.database(), has.sequence).map([&](const std::optional<Position>& own) {
      return own && *own != has;
    });
  }

  Status take_confirmation(std::vector<Database::Edit>& edits) {
    const Confirmation &told = bundle_.confirmed, &known = office_.confirmed;
    if (told.position.epoch > kMostEpochs || told.answers > kMostNumbers) return {};
    // Numbers that were given out before this directory was restored are not given out again.
    office_.exported = std::max(office_.exported, told.answers);
    received_.astray = told.answers < known.answers || (told.answers == known.answers && told.at < known.at);
    if (received_.astray) return {};  // an older one
    received_.astray = told.position.epoch == known.position.epoch && told.position.sequence < known.position.sequence;
    const Result<std::optional<Position>> head = read_network_head(store_.database());
    if (!head) return tl::unexpected(head.error());
    if (!*head) return {};
    const Result<bool> other = knows_other(told.position, **head);
    if (!other) return tl::unexpected(other.error());
    office_.confirmed = told;
    if (*other) {
      // This directory was restored from an older copy: the others take what it has now for the whole.
      edits.push_back(edit_of_head(first_of(std::max(told.position.epoch, (*head)->epoch) + 1)));
      return for_each_operation(store_.database(), 0, nullptr, [&](const KeptOperation& kept) {
        edits.push_back(edit_removing_operation(kept.operation.sequence));
        return true;
      });
    }
    Result<std::vector<OtherOffice>> offices = read_offices(store_.database());
    if (!offices) return tl::unexpected(offices.error());
    for (OtherOffice& one : *offices)
      if (one.card.office == office_.card.office) one = office_;
    return forget_confirmed(store_.database(), **head, *offices, edits);
  }

  const Store& store_;
  const Bundle& bundle_;
  OtherOffice office_;
  Intake intake_;
  Received received_;
};

// Which of `writes` the error is about, because the id belongs to somebody else; empty: none.
std::string refused_id(const Error& error, const std::vector<Write>& writes) {
  if (error.code != ErrorCode::kConflict && error.code != ErrorCode::kForbidden) return {};
  const auto found = std::ranges::find(writes, error.place, [](const Write& write) { return write.profile.id; });
  return found == writes.end() ? std::string() : error.place;
}

Result<Received> take_in(const Receiving& receiving, const Bundle& bundle) {
  Store& store = receiving.store;
  std::set<std::string> refused;
  for (int i = 0; i < kTries;) {
    const Result<std::string> before = office_bytes(store.database(), bundle.from);
    if (!before) return tl::unexpected(before.error());
    Result<std::optional<OtherOffice>> office = read_office(store.database(), bundle.from);
    if (!office) return tl::unexpected(office.error());
    if (!*office) return overtaken();
    Plan plan(receiving, bundle, std::move(**office), refused);
    if (Status made = plan.make(); !made) return tl::unexpected(made.error());
    bool stale = false;
    const auto written =
        store.write_together(plan.writes(), [&](std::vector<Database::Edit>& edits, std::vector<AuditEntry>&) -> Status {
          const Result<std::string> now = office_bytes(store.database(), bundle.from);
          if (!now) return tl::unexpected(now.error());
          stale = *now != *before;
          if (stale) return overtaken();
          if (Status added = plan.add_edits(edits); !added) return added;
          kill_point("network: a bundle in a batch that is not written");
          return {};
        });
    if (written) {
      kill_point("network: a bundle taken in, nobody told");
      return plan.received();
    }
    const std::string id = refused_id(written.error(), plan.writes());
    if (id.empty() && !stale) return tl::unexpected(written.error());
    if (id.empty() || !refused.insert(id).second) ++i;
  }
  return overtaken();
}

}  // namespace

Result<Received> receive(const Receiving& receiving, std::string_view sealed) {
  const Store& store = receiving.store;
  const Result<OfficeCard> self = own_card(store);
  if (!self) return tl::unexpected(self.error());
  const Result<Envelope> envelope = read_envelope(sealed);
  if (!envelope) return tl::unexpected(envelope.error());
  const Result<std::optional<OtherOffice>> sender = read_office(store.database(), envelope->from);
  if (!sender) return tl::unexpected(sender.error());
  if (!*sender)
    return fail(ErrorCode::kForbidden, "bundle",
                "is of the office `" + envelope->from.substr(0, 64) + "`, which is not known here",
                "`counterpart network add CARD` makes it known");
  Result<SecretKeys> keys = own_keys(store);
  if (!keys) return tl::unexpected(keys.error());
  const Result<Bundle> bundle = open_bundle(sealed, *self, *keys, (*sender)->card);
  for (std::string* key : {&keys->sign, &keys->seal}) forget(*key);
  if (!bundle) return tl::unexpected(bundle.error());
  if (Result<std::size_t> retried = retry_parked(receiving); !retried) return tl::unexpected(retried.error());
  Result<Received> received = take_in(receiving, *bundle);
  if (!received) return received;
  // First, so that what is left of cases goes from the files as well.
  const Status done = take_beside(receiving);
  (void)finish_erasures(receiving);  // what is left of it is in no confirmation until it is done
  if (!done) return tl::unexpected(done.error());
  return received;
}

Result<std::size_t> retry_parked(const Receiving& receiving) {
  Store& store = receiving.store;
  std::size_t taken = 0;
  const Result<std::vector<OtherOffice>> offices = read_offices(store.database());
  if (!offices) return tl::unexpected(offices.error());
  for (const OtherOffice& office : *offices) {
    const std::string& id = office.card.office;
    const Result<std::string> before = office_bytes(store.database(), id);
    if (!before) return tl::unexpected(before.error());
    const Result<std::vector<NoteOf>> notes = read_notes(store.database(), Note::kParked, id);
    if (!notes) return tl::unexpected(notes.error());
    Intake intake(store, receiving.taxonomy, receiving.embedder, id, office.received.epoch);
    std::size_t now = 0;
    for (const NoteOf& note : *notes) {
      const Result<bool> in = intake.take_parked(note);
      if (!in) return tl::unexpected(in.error());
      now += *in ? 1 : 0;
    }
    if (now == 0) continue;
    intake.embed();
    const auto written =
        store.write_together(intake.writes, [&](std::vector<Database::Edit>& edits, std::vector<AuditEntry>&) -> Status {
          const Result<std::string> still = office_bytes(store.database(), id);
          if (!still) return tl::unexpected(still.error());
          if (*still != *before) return overtaken();
          std::ranges::copy(intake.edits, std::back_inserter(edits));
          return {};
        });
    if (written) taken += now;
    // Another time, where somebody was quicker.
    if (!written && written.error().code != ErrorCode::kConflict && written.error().code != ErrorCode::kForbidden)
      return tl::unexpected(written.error());
  }
  return taken;
}

}  // namespace counterpart::index
