#include "index/draft/own_drafts.h"

#include <atomic>
#include <map>
#include <utility>
#include <vector>

#include "engine/base/hex.h"
#include "engine/base/thread_safety.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/store/commit_hook.h"
#include "index/store/store_records.h"
#include "index/store/versions.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kIdBytes = 16, kSecretBytes = 32, kCodeBytes = 16;

tl::unexpected<Error> absent() { return fail(ErrorCode::kNotFound, "id", "there is no such draft"); }

tl::unexpected<Error> opens_nothing() {
  return fail(ErrorCode::kUnauthenticated, "Authorization",
              "this secret opens no draft: it is unknown, or what it opened is gone",
              "send `Authorization: Bearer SECRET` with the secret that was shown when the draft was begun");
}

Status check_size(std::string_view json) {
  if (json.size() <= kMaxDraftBytes) return {};
  return fail(ErrorCode::kTooLarge, {}, "the draft has " + std::to_string(json.size()) + " bytes",
              "at most " + std::to_string(kMaxDraftBytes));
}

}  // namespace

struct OwnDrafts::Impl final : CommitHook {
  explicit Impl(Store& the_store) : store(the_store), database(the_store.database()) {}

  Status load() {
    const MutexLock lock(mutex);
    waiting.clear();
    Database::Cursor records(database, Family::kVersions);
    const std::string prefix = own_draft_key({});
    for (records.seek(prefix); records.valid() && records.key().starts_with(prefix); records.next()) {
      const Result<std::optional<KeptDraft>> kept = read_draft_head(database, records.key().substr(prefix.size()));
      if (!kept) return tl::unexpected(kept.error());
      if (*kept) note((*kept)->draft);
    }
    return records.status();
  }

  void note(const OwnDraft& draft) REQUIRES(mutex) {
    if (draft.handed_in > 0)
      waiting.erase(draft.id);
    else
      waiting[draft.id] = draft.saved;
  }

  // One read, changed and written by itself.
  Result<OwnDraft> change(const std::string& id, const std::function<Status(OwnDraft& draft)>& by) {
    OwnDraft after;
    const Status done = store.run_exclusively([&](Database& written) -> Status {
      std::vector<Database::Edit> edits;
      if (Status changed = change_in(id, by, after, edits); !changed) return changed;
      return edits.empty() ? Status() : written.write(edits);
    });
    if (!done) return tl::unexpected(done.error());
    const MutexLock lock(mutex);
    note(after);
    return after;
  }

  // Within a task of the store. What is left as it was is not written.
  Status change_in(const std::string& id, const std::function<Status(OwnDraft& draft)>& by, OwnDraft& after,
                   std::vector<Database::Edit>& edits) {
    Result<std::optional<KeptDraft>> kept = read_own_draft(store, id);
    if (!kept) return tl::unexpected(std::move(kept.error()));
    if (!*kept) return absent();
    const OwnDraft before = (*kept)->draft;
    if (Status changed = by((*kept)->draft); !changed) return changed;
    after = (*kept)->draft;
    return after == before ? Status() : add_own_draft(edits, **kept, store.vault());
  }

  // A draft goes with its profile.
  Status before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) override {
    going.clear();
    for (const auto& [id, state] : group.states()) {
      if (!state.erased) continue;
      const auto there = database.get(Family::kVersions, own_draft_key(id));
      if (!there) return tl::unexpected(there.error());
      if (!*there) continue;
      if (Status gone = remove_own_draft(edits, id, store.vault()); !gone) return gone;
      going.push_back(id);
    }
    return {};
  }
  void after_commit(bool written) override {
    const std::vector<std::string> gone = std::exchange(going, {});
    if (!written) return;
    const MutexLock lock(mutex);
    for (const std::string& id : gone) waiting.erase(id);
  }

  Store& store;
  const Database& database;
  std::vector<std::string> going;       // of whoever writes: in the batch under way
  std::atomic<bool> to_rewrite{false};  // what expired may still stand in files
  mutable Mutex mutex;
  std::size_t most GUARDED_BY(mutex) = 0;
  std::map<std::string, std::int64_t> waiting GUARDED_BY(mutex);  // never handed in: when it was saved last
};

OwnDrafts::OwnDrafts(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Status OwnDrafts::read_anew() { return impl_->load(); }
OwnDrafts::~OwnDrafts() { impl_->store.remove_commit_hook(*impl_); }

Result<std::unique_ptr<OwnDrafts>> OwnDrafts::open(Store& store) {
  auto impl = std::make_unique<Impl>(store);
  if (Status loaded = impl->load(); !loaded) return tl::unexpected(std::move(loaded.error()));
  store.add_commit_hook(*impl);
  return std::unique_ptr<OwnDrafts>(new OwnDrafts(std::move(impl)));
}

void OwnDrafts::allow(std::size_t most) {
  const MutexLock lock(impl_->mutex);
  impl_->most = most;
}

std::size_t OwnDrafts::waiting() const {
  const MutexLock lock(impl_->mutex);
  return impl_->waiting.size();
}

Result<OwnDrafts::Begun> OwnDrafts::begin(std::string json, std::string language, std::int64_t now) {
  Impl& own = *impl_;
  if (Status fits = check_size(json); !fits) return tl::unexpected(std::move(fits.error()));
  OwnDraft draft{.id = "p-" + hex(random_bytes(kIdBytes)), .version = 1, .begun = now, .saved = now};
  draft.language = std::move(language);
  draft.json = std::move(json);
  {
    // Its place is taken before it is written, so that there are never more than may be.
    const MutexLock lock(own.mutex);
    if (own.most == 0)
      return fail(ErrorCode::kForbidden, {}, "this server takes no drafts without an account",
                  "ask an office of the network to take your profile in");
    if (own.waiting.size() >= own.most)
      return fail(ErrorCode::kUnavailable, {}, "as many drafts are begun as this server takes",
                  "come again tomorrow, or ask an office of the network to take your profile in");
    own.note(draft);
  }
  std::string secret = std::string(kDraftSecretPrefix) + draft.id + "_" + base64url(random_bytes(kSecretBytes));
  std::vector<Database::Edit> edits;
  Status written = add_own_draft(edits, {draft, digest_of(secret)}, own.store.vault());
  if (written)
    written = own.store.write_audited(std::move(edits), {.who = "draft", .what = "begin draft", .subject = draft.id});
  if (written) return Begun{std::move(draft), std::move(secret)};
  const MutexLock lock(own.mutex);
  own.waiting.erase(draft.id);
  return tl::unexpected(std::move(written.error()));
}

Result<std::string> OwnDrafts::id_of(std::string_view secret) const {
  constexpr std::size_t kFrom = kDraftSecretPrefix.size();
  const std::size_t end = secret.starts_with(kDraftSecretPrefix) ? secret.find('_', kFrom) : secret.npos;
  if (end == secret.npos || secret.size() > 200) return opens_nothing();
  std::string id(secret.substr(kFrom, end - kFrom));
  const std::string hash = digest_of(secret);
  const Result<std::optional<KeptDraft>> kept = read_draft_head(impl_->database, id);
  if (!kept) return tl::unexpected(kept.error());
  if (!*kept || !equal_secrets((*kept)->hash, hash)) return opens_nothing();
  return id;
}

Result<OwnDraft> OwnDrafts::get(std::string_view id) const {
  Result<std::optional<KeptDraft>> kept = read_own_draft(impl_->store, id);
  if (!kept) return tl::unexpected(std::move(kept.error()));
  if (!*kept) return absent();
  return std::move((*kept)->draft);
}

Result<OwnDraft> OwnDrafts::save(const std::string& id, std::string json, std::string language,
                                 std::optional<std::uint64_t> expect, std::int64_t now) {
  if (Status fits = check_size(json); !fits) return tl::unexpected(std::move(fits.error()));
  return impl_->change(id, [&](OwnDraft& draft) -> Status {
    if (expect && *expect != draft.version)
      return fail(ErrorCode::kConflict, "version", "it was saved from elsewhere meanwhile",
                  "read it again, and put both together");
    if (draft.json == json) return {};
    draft.json = std::move(json);
    draft.language = std::move(language);
    draft.saved = now;
    ++draft.version;
    return {};
  });
}

Status OwnDrafts::handed_in(const std::string& id, std::uint64_t version) {
  return impl_
      ->change(id,
               [&](OwnDraft& draft) -> Status {
                 draft.handed_in = version;
                 return {};
               })
      .map([](const OwnDraft&) {});
}

Result<OwnDraft> OwnDrafts::ask_confirmation(const std::string& id, const std::string& address, const std::string& office,
                                             CaseStore& cases, std::int64_t now) {
  const auto ask = [&](OwnDraft& draft) -> Status {
    if (draft.confirmed == address) return fail(ErrorCode::kConflict, "contact.email", "it is confirmed already");
    if (draft.letters >= kMostConfirmations || (draft.letters > 0 && now < draft.last_letter + kConfirmationPause))
      return fail(ErrorCode::kTooMany, "contact.email", "a letter was sent to confirm it, and no more are sent now",
                  "look into the mailbox; where nothing comes in five minutes, ask once more");
    draft.code = base64url(random_bytes(kCodeBytes));
    draft.code_for = address;
    draft.code_until = now + kCodeDays * kDay;
    draft.last_letter = now;
    ++draft.letters;
    return {};
  };
  // Its key needs the count of letters, which nobody else changes.
  const Result<OwnDraft> before = get(id);
  if (!before) return before;
  Letter letter;
  letter.letter = kConfirmMail;
  letter.case_id = letter.profile = id;
  letter.office = office;
  letter.key = id + "/" + std::string(kConfirmMail) + "/" + std::to_string(before->letters + 1);
  OwnDraft after;
  const Status queued = cases.write_letter(std::move(letter), now, [&](std::vector<Database::Edit>& edits) -> Status {
    if (Status asked = impl_->change_in(id, ask, after, edits); !asked) return asked;
    if (after.letters == before->letters + 1) return {};
    return fail(ErrorCode::kConflict, "contact.email", "another call asks for it at the same moment", "look into the mailbox");
  });
  if (!queued) return tl::unexpected(queued.error());
  return after;
}

Status OwnDrafts::confirm(const std::string& id, std::string_view code, std::int64_t now) {
  const Result<OwnDraft> done = impl_->change(id, [&](OwnDraft& draft) -> Status {
    const bool right = !draft.code.empty() && now < draft.code_until && equal_secrets(digest_of(draft.code), digest_of(code));
    if (!right) return absent();
    draft.confirmed = std::exchange(draft.code_for, {});
    draft.code.clear();
    draft.code_until = 0;
    return {};
  });
  if (done) return {};
  if (done.error().code != ErrorCode::kNotFound) return tl::unexpected(done.error());
  return fail(ErrorCode::kInvalid, "code",
              "this code confirms nothing: it was used, replaced by a later one, or its days are over",
              "ask for a new letter from the draft");
}

Result<std::size_t> OwnDrafts::expire(CaseStore& cases, std::int64_t now) {
  Impl& own = *impl_;
  std::vector<std::string> old;
  {
    const MutexLock lock(own.mutex);
    for (const auto& [id, saved] : own.waiting)
      if (saved + kDraftDays * kDay <= now) old.push_back(id);
  }
  std::size_t gone = 0;
  for (const std::string& id : old) {
    bool goes = false;
    const Status removed = cases.remove_letters(id, [&](std::vector<Database::Edit>& edits) -> Status {
      const Result<std::optional<KeptDraft>> kept = read_draft_head(own.database, id);
      if (!kept) return tl::unexpected(kept.error());
      // It may have been saved since, or handed in by a call that ended before it could say so.
      const bool stays = !*kept || (*kept)->draft.saved + kDraftDays * kDay > now || is_proposed(own.database, id) ||
                         own.store.get(id).has_value();
      if (stays) return fail(ErrorCode::kInternal, "draft", "is in use");
      goes = true;
      return remove_own_draft(edits, id, own.store.vault());
    });
    if (!removed && goes) return tl::unexpected(removed.error());
    if (!removed) continue;
    const MutexLock lock(own.mutex);
    own.waiting.erase(id);
    ++gone;
  }
  if (gone > 0) own.to_rewrite = true;
  if (own.to_rewrite.exchange(false))
    if (Status rewritten = own.store.purge({Family::kVersions, Family::kContacts, Family::kKeys, Family::kLetters});
        !rewritten) {
      own.to_rewrite = true;
      return tl::unexpected(std::move(rewritten.error()));
    }
  return gone;
}

}  // namespace counterpart::index
