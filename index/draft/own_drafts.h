// Drafts of owners without an account, as long as they are at work on them: each is opened by a secret that was told once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/casework/case_store.h"
#include "index/draft/own_draft.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

inline constexpr std::size_t kMaxDraftBytes = 256 * 1024;  // as JSON
inline constexpr std::int64_t kDraftDays = 30;             // after the last save of what was never handed in
inline constexpr std::int64_t kCodeDays = 3;
inline constexpr unsigned kMostConfirmations = 5;           // letters that a draft has sent
inline constexpr std::int64_t kConfirmationPause = 5 * 60;  // seconds between two
inline constexpr std::string_view kDraftSecretPrefix = "cpd_";
// The letter that asks for a confirmation; its `case_id` and its `profile` are the draft's id.
inline constexpr std::string_view kConfirmMail = "confirm_mail";

// Safe from any thread; one for a store. A draft is in no index, list, match or export. It goes with the profile that came of
// it: in the batch that erases that one.
class OwnDrafts {
 public:
  // A commit hook of `store` from then on, to which it keeps a reference. kCorrupt: a record does not decode.
  static Result<std::unique_ptr<OwnDrafts>> open(Store& store);
  ~OwnDrafts();
  Status read_anew();  // what another process has written (Store::follow())

  // How many there may be that were never handed in; 0, as at the beginning: none may be begun.
  void allow(std::size_t most);
  std::size_t waiting() const;  // that were never handed in

  struct Begun {
    OwnDraft draft;
    std::string secret;  // 256 random bits behind kDraftSecretPrefix and the id; kept nowhere
  };
  // All that change one are on disk when they return. `json`: of at most kMaxDraftBytes, else kTooLarge; what it says is for
  // the caller to judge. kForbidden: none may be begun. kUnavailable: there are as many as may be.
  Result<Begun> begin(std::string json, std::string language, std::int64_t now);
  // Whose draft `secret` opens: its id. kUnauthenticated: nobody's; there is no telling whether the id is one.
  Result<std::string> id_of(std::string_view secret) const;
  // kNotFound, here and below.
  Result<OwnDraft> get(std::string_view id) const;
  // `expect`: kConflict, at "version", where that is not the saved one. What is saved already keeps its version.
  Result<OwnDraft> save(const std::string& id, std::string json, std::string language, std::optional<std::uint64_t> expect,
                        std::int64_t now);
  // Notes that this version was handed in: from then on it does not expire.
  Status handed_in(const std::string& id, std::uint64_t version);
  // Queues the letter with a new code in the outbox of `cases`, from `office`; an older code opens nothing any more.
  // kConflict: the address is confirmed already. kTooMany: there was one a moment ago, or kMostConfirmations were.
  Result<OwnDraft> ask_confirmation(const std::string& id, const std::string& address, const std::string& office,
                                    CaseStore& cases, std::int64_t now);
  // kInvalid, at "code": it is not the last one, or its days are over; nothing tells of an id that is none.
  Status confirm(const std::string& id, std::string_view code, std::int64_t now);

  // Removes those whose days are over, their letters too, and rewrites the files that they stood in. How many.
  Result<std::size_t> expire(CaseStore& cases, std::int64_t now);

 private:
  struct Impl;
  explicit OwnDrafts(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
