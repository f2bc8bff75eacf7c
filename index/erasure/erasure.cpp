#include "index/erasure/erasure.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <set>

#include "engine/profile/profile_json.h"
#include "index/base/time.h"
#include "index/caseload/case_records.h"
#include "index/draft/own_draft.h"
#include "index/run/run_archive.h"
#include "index/store/aliases.h"
#include "index/store/versions.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 40, kLeast = 24;  // bytes: long enough to be nobody else's by chance
constexpr std::size_t kLeastPrivate = 6;
constexpr std::size_t kChunk = 8 << 20, kOverlap = 512;

// Pieces of a text from its beginning, middle and end, as it is and as JSON has it.
void add_pieces(const std::string& text, std::vector<std::string>& bytes) {
  if (text.size() < kLeast) return;
  const std::string quoted = boost::json::serialize(boost::json::string(text));
  const std::set<std::string> forms{text, quoted.substr(1, quoted.size() - 2)};
  for (const std::string& form : forms) {
    const std::size_t size = std::min(kPiece, form.size());
    for (const std::size_t at : {std::size_t{0}, (form.size() - size) / 2, form.size() - size})
      bytes.push_back(form.substr(at, size));
  }
}

struct Seen {
  std::set<std::string> tops;  // top folders or files in which a trace was found
  std::uint64_t files = 0, bytes = 0;
};

// Folder or file right under the data directory.
std::string top_of(const fs::path& file, const fs::path& directory) { return fs::relative(file, directory).begin()->string(); }

void search_file(const fs::path& file, const std::vector<Traces>& traces, const std::string& top, Seen& found) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return;  // removed meanwhile, which is what was wanted
  ++found.files;
  std::string chunk;
  while (in) {
    const std::size_t kept = std::min(chunk.size(), kOverlap);
    chunk.erase(0, chunk.size() - kept);
    chunk.resize(kept + kChunk);
    in.read(chunk.data() + kept, kChunk);
    chunk.resize(kept + static_cast<std::size_t>(in.gcount()));
    found.bytes += static_cast<std::uint64_t>(in.gcount());
    for (const Traces& one : traces)
      if (std::ranges::any_of(one.bytes, [&](const std::string& bytes) { return chunk.find(bytes) != chunk.npos; }))
        found.tops.insert(top);
  }
}

// The store's lock is this process's, and the system takes it away when any descriptor of the file is closed (POSIX, fcntl):
// it is never opened here, and it is empty.
constexpr std::string_view kLockFile = "LOCK";

Result<Seen> search_files(const fs::path& directory, const std::vector<Traces>& traces) {
  Seen found;
  std::error_code error;
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->path().filename() != kLockFile && at->is_regular_file(error))
      search_file(at->path(), traces, top_of(at->path(), directory), found);
  if (error) return fail(ErrorCode::kStorage, directory.string(), error.message(), "check the directory's permissions");
  return found;
}

// What a record that stays says as well is that one's. True: a record of `family` says one of the traces.
Result<bool> leave_out_kept(const Database& database, Family family, std::vector<Traces>& traces) {
  bool any = false;
  Database::Cursor records(database, family);
  for (records.first(); records.valid(); records.next())
    for (Traces& one : traces)
      any =
          std::erase_if(one.bytes,
                        [&](const std::string& bytes) { return records.value().find(bytes) != std::string_view::npos; }) > 0 ||
          any;
  if (Status walked = records.status(); !walked) return tl::unexpected(walked.error());
  return any;
}

// Is one of `ids` in a published run? Runs name profiles by id alone.
bool in_runs(const fs::path& data, const std::vector<Traces>& traces) {
  std::error_code ignored;
  for (fs::directory_iterator at(data / "runs", ignored), end; !ignored && at != end; at.increment(ignored)) {
    const RunArchive archive(at->path());
    for (const RunManifest& run : archive.list())
      if (const auto opened = archive.open(run.id))
        if (std::ranges::any_of(traces, [&](const Traces& one) { return (*opened)->find(one.id).has_value(); })) return true;
  }
  return false;
}

}  // namespace

namespace {

void add_profile(const Profile& profile, std::vector<std::string>& bytes) {
  for (const std::string* text : {&profile.title, &profile.summary, &profile.offers, &profile.seeks}) add_pieces(*text, bytes);
  for (const Reference& reference : profile.references) {
    add_pieces(reference.title, bytes);
    add_pieces(reference.text, bytes);
  }
  const Contact& contact = profile.contact;
  for (const std::string* text : {&contact.person, &contact.email, &contact.phone, &contact.website, &contact.address})
    if (text->size() >= kLeastPrivate) bytes.push_back(*text);
  if (const auto& name = profile.organisation.legal_name; name && name->size() >= kLeastPrivate) bytes.push_back(*name);
}

// Every text of what its owner wrote, whether it could become a profile or not.
void add_texts(const boost::json::value& value, std::vector<std::string>& bytes) {
  if (const auto* text = value.if_string()) add_pieces(std::string(*text), bytes);
  if (const auto* list = value.if_array())
    for (const boost::json::value& entry : *list) add_texts(entry, bytes);
  if (const auto* object = value.if_object())
    for (const auto& [name, member] : *object) add_texts(member, bytes);
}

void add_draft(const KeptDraft& kept, std::vector<std::string>& bytes) {
  const OwnDraft& draft = kept.draft;
  bytes.push_back(kept.hash);
  boost::system::error_code failed;
  const boost::json::value value = boost::json::parse(draft.json, failed);
  if (!failed) add_texts(value, bytes);
  if (const Result<Profile> profile = decode_profile(draft.json)) add_profile(*profile, bytes);
  for (const std::string* text : {&draft.confirmed, &draft.code, &draft.code_for})
    if (text->size() >= kLeastPrivate) bytes.push_back(*text);
}

// What it said before, and what is proposed that it say next.
Status add_versions(const Store& store, const std::string& id, const StoredProfile* stored, std::vector<std::string>& bytes) {
  const Result<std::optional<Proposal>> proposal = read_proposal(store, id, true);
  if (!proposal) return tl::unexpected(proposal.error());
  if (*proposal) add_profile((*proposal)->profile, bytes);
  const Result<Diligence> diligence = read_diligence(store.database(), id);
  if (!diligence) return tl::unexpected(diligence.error());
  if (diligence->check) add_pieces(diligence->check->reason, bytes);
  const Result<std::optional<Alias>> alias = read_alias(store.database(), id, store.vault());
  if (!alias) return tl::unexpected(alias.error());
  const Result<std::optional<KeptDraft>> draft = read_own_draft(store, id);
  if (!draft) return tl::unexpected(draft.error());
  if (*draft) add_draft(**draft, bytes);
  if (!stored && !*alias) return {};
  if (*alias)
    for (const Body* body : {&(*alias)->own, &(*alias)->before, &(*alias)->merged}) {
      const Result<Profile> profile = decode_profile(body->public_json, body->private_json);
      if (!profile) return tl::unexpected(profile.error());
      add_profile(*profile, bytes);
    }
  const Result<std::vector<ProfileVersion>> versions = versions_of(store, id, true);
  if (!versions) return versions.error().code == ErrorCode::kNotFound ? Status() : tl::unexpected(versions.error());
  for (const ProfileVersion& version : *versions) {
    const Result<Profile> profile = decode_profile(version.public_json);
    if (!profile) return tl::unexpected(profile.error());
    add_profile(*profile, bytes);
  }
  return {};
}

}  // namespace

Result<Traces> traces_of(const Store& store, const std::string& id, const StoredProfile* stored) {
  Traces traces{id, {}};
  if (stored) add_profile(stored->profile, traces.bytes);
  if (Status added = add_versions(store, id, stored, traces.bytes); !added) return tl::unexpected(added.error());
  const Result<std::vector<std::string>> said = texts_of_cases(store.database(), id);
  if (!said) return tl::unexpected(said.error());
  for (const std::string& text : *said) add_pieces(text, traces.bytes);
  for (const Family family : {Family::kContacts, Family::kKeys})
    for (const std::string& key : {id, proposal_vault_key(id), alias_vault_key(id), own_draft_vault_key(id)}) {
      const auto sealed = store.database().get(family, key);
      if (!sealed) return tl::unexpected(sealed.error());
      if (*sealed) traces.bytes.push_back((*sealed)->substr(0, kOverlap));
    }
  std::ranges::sort(traces.bytes);
  traces.bytes.erase(std::unique(traces.bytes.begin(), traces.bytes.end()), traces.bytes.end());
  return traces;
}

Result<ErasureReceipt> search_for_traces(const Store& store, std::vector<Traces> traces,
                                         const std::function<bool(const std::string&)>& indexed) {
  const Database& database = store.database();
  std::string saying;  // records that say the same, and stay
  for (const auto& [family, name] :
       {std::pair{Family::kProfiles, ""}, std::pair{Family::kStandingQueries, "standing queries"},
        std::pair{Family::kTokens, "labels of tokens"}, std::pair{Family::kCases, "other cases"},
        std::pair{Family::kVersions, "versions and drafts of others"}, std::pair{Family::kMeta, "the list of exclusions"}}) {
    const Result<bool> says = leave_out_kept(database, family, traces);
    if (!says) return tl::unexpected(says.error());
    if (*says && *name) saying += (saying.empty() ? "" : ", ") + std::string(name);
  }
  const Result<Seen> found = search_files(store.directory(), traces);
  if (!found) return tl::unexpected(found.error());

  ErasureReceipt receipt;
  for (const Traces& one : traces) receipt.profiles.push_back(one.id);
  receipt.at = iso_time(now_utc());
  receipt.sequence = store.sequence();
  receipt.files = found->files;
  receipt.bytes = found->bytes;
  const auto place = [&](std::string name, bool left, std::string detail) {
    receipt.complete = receipt.complete && !left;
    receipt.places.push_back({std::move(name), left ? "kept" : "removed", left ? kTracesFound : std::move(detail)});
  };
  const auto in = [&](const char* top) { return found->tops.contains(top); };
  // One that was taken in anew under the same id is indexed rightly.
  const bool has_row = std::ranges::any_of(traces, [&](const Traces& one) { return indexed(one.id) && !store.get(one.id); });
  place("record, texts and vectors in the store", in("store"), "every file was rewritten without them");
  place("cases that it was a side of, and letters about them", in("store"), "that they ended is left, without a word of them");
  place("earlier versions and drafts", in("store"), "removed with it, for good");
  if (traces.size() > 1) place("aliases that it was merged under", in("store"), "removed with it: they are one and the same");
  place("private members", in("store"), "their key is destroyed, and the sealed bytes are gone too");
  place("index: vectors, words, title, bitmaps", in("index") || has_row, "written anew without them");
  place("match runs: texts", in("runs"), "runs hold no text");
  for (const std::string& top : found->tops)
    if (top != "store" && top != "index" && top != "runs") place("`" + top + "` in the data directory", true, {});
  const bool runs = in_runs(store.directory(), traces);
  receipt.places.push_back({"match runs: id", runs ? "kept" : "removed",
                            runs ? "the id stands in published runs until newer ones replace them" : "in no run"});
  if (!saying.empty())
    receipt.places.push_back({saying, "kept", "words of it stand there too, as somebody wrote them; they were left"});
  receipt.places.push_back({"audit log, alerts, marks of the erasure", "kept",
                            "the id alone: that it was erased must be provable, "
                            "and no old version must come back"});
  receipt.places.push_back(
      {"backups made before", "not reached", "they hold the sealed record and its key until they are deleted"});
  return receipt;
}

}  // namespace counterpart::index
