// What a letter says: sentences of the catalogue and facts of its case, in the language of its reader.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/caseload/office_book.h"
#include "index/caseload/outbox.h"
#include "index/casework/case_store.h"
#include "index/draft/own_draft.h"
#include "index/network/records.h"
#include "server/layer.h"
#include "server/post/mail.h"
#include "server/words/words.h"

namespace counterpart::server {

// What of a profile is in letters.
struct Titled {
  std::string title;
  std::string language;  // BCP 47
};

// Where letters get their facts. What it calls must live as long as it.
struct LetterSources {
  const Words& words;
  // Public members. kNotFound: it is not stored (yet).
  std::function<Result<Titled>(const std::string& profile)> title;
  // Which office's own server sent it, and as of when; nothing: it is an own one.
  std::function<Result<std::optional<Origin>>(const std::string& profile)> origin;
  // Private ones: asked of the profile whose owner reads the letter, and of no other.
  std::function<Result<Contact>(const std::string& profile)> contact;
  // The name of a programme, in English; of one that is not there its code.
  std::function<std::string(std::string_view programme)> programme;
  // What an owner without an account writes. kNotFound.
  std::function<Result<OwnDraft>(const std::string& id)> draft;
  std::string site = {};  // by which people reach the server: "https://match.example.org"
};

// Of that store and those programmes, which must outlive it.
LetterSources letter_sources(const Words& words, const Store& store,
                             std::function<std::string(std::string_view programme)> programme);

// A letter with the case that it is about, as it stands now; none: it was erased.
struct LetterNow {
  const StoredLetter& stored;
  std::optional<CaseNow> about;
};

// Is there still something for the reader of the letter to do?
bool waits_for_reader(const LetterNow& letter);

// One message of letters to one reader. It names both sides by the titles of their profiles and has no contact data but its own
// reader's address. `sender`: of Mail, empty: none. kNotFound: the reader has no address, an office without mail, an owner
// without e-mail. Other errors: of `sources`; kInternal: a letter that the catalogue cannot say.
Result<Mail> compose(std::span<const LetterNow> letters, const Offices& offices, const LetterSources& sources,
                     const std::string& sender, std::int64_t now);

}  // namespace counterpart::server
