#include "index/erasure.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <functional>
#include <set>

#include "engine/profile_json.h"
#include "index/record.h"

namespace counterpart {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 40, kLeast = 24;  // bytes: long enough to be nobody else's by chance
constexpr std::size_t kLeastPrivate = 6;
constexpr std::size_t kChunk = 8 << 20, kOverlap = 512;

// Pieces of a text from its beginning, middle and end.
void add_pieces(const std::string& text, std::vector<std::string>& bytes) {
  if (text.size() < kLeast) return;
  const std::size_t size = std::min(kPiece, text.size());
  for (const std::size_t at : {std::size_t{0}, (text.size() - size) / 2, text.size() - size}) bytes.push_back(text.substr(at, size));
}

struct Seen {
  std::set<std::string> traces, ids;  // top folders or files in which one was found
  std::uint64_t files = 0, bytes = 0;
};

// Folder or file right under the data directory.
std::string top_of(const fs::path& file, const fs::path& directory) {
  return fs::relative(file, directory).begin()->string();
}

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
    for (const Traces& one : traces) {
      if (chunk.find(one.id) != chunk.npos) found.ids.insert(top);
      if (std::ranges::any_of(one.bytes, [&](const std::string& bytes) { return chunk.find(bytes) != chunk.npos; }))
        found.traces.insert(top);
    }
  }
}

}  // namespace

Result<Traces> traces_of(const Store& store, const std::string& id) {
  const Result<StoredProfile> stored = store.get(id, true);
  if (!stored) return tl::unexpected(stored.error());
  const Profile& profile = stored->profile;
  Traces traces{id, {}};
  for (const std::string* text : {&profile.title, &profile.summary, &profile.offers, &profile.seeks})
    add_pieces(*text, traces.bytes);
  const Contact& contact = profile.contact;
  for (const std::string* text : {&contact.person, &contact.email, &contact.phone, &contact.website, &contact.address})
    if (text->size() >= kLeastPrivate) traces.bytes.push_back(*text);
  if (const auto& name = profile.organisation.legal_name; name && name->size() >= kLeastPrivate) traces.bytes.push_back(*name);
  for (const Family family : {Family::kContacts, Family::kKeys}) {
    const auto sealed = store.database().get(family, id);
    if (!sealed) return tl::unexpected(sealed.error());
    if (*sealed) traces.bytes.push_back((*sealed)->substr(0, kOverlap));
  }
  return traces;
}

Result<ErasureReceipt> search_for_traces(const Store& store, std::vector<Traces> traces) {
  // What a remaining profile says as well is that one's.
  const Status walked = store.for_each(false, [&](const StoredProfile& stored, const auto&) {
    const std::string text = to_json(stored.profile, Visibility::kPublic);
    for (Traces& one : traces)
      std::erase_if(one.bytes, [&](const std::string& bytes) { return text.find(bytes) != text.npos; });
    return true;
  });
  if (!walked) return tl::unexpected(walked.error());
  Seen found;
  std::error_code error;
  const fs::path& directory = store.directory();
  for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error)) search_file(at->path(), traces, top_of(at->path(), directory), found);
  if (error) return fail(ErrorCode::kStorage, directory.string(), error.message(), "check the directory's permissions");

  ErasureReceipt receipt;
  for (const Traces& one : traces) receipt.profiles.push_back(one.id);
  receipt.at = iso_time(static_cast<std::uint64_t>(std::time(nullptr)));
  receipt.sequence = store.sequence();
  receipt.files = found.files;
  receipt.bytes = found.bytes;
  const auto place = [&](std::string name, const std::string& folder, std::string detail) {
    const bool left = found.traces.contains(folder) || (folder == "index" && found.ids.contains(folder));
    receipt.complete = receipt.complete && !left;
    receipt.places.push_back({std::move(name), left ? "kept" : "removed", left ? "traces were found in the files" : std::move(detail)});
  };
  place("record, texts and vectors in the store", "store", "every file was rewritten without them");
  place("private members", "store", "their key is destroyed, and the sealed bytes are gone too");
  place("index: vectors, words, title, bitmaps", "index", "written anew without them");
  place("match runs: texts", "runs", "runs hold no text");
  const auto ids_in = [&](const char* folder) { return found.ids.contains(folder); };
  receipt.places.push_back({"match runs: id", ids_in("runs") ? "kept" : "removed",
                            ids_in("runs") ? "the id stands in published runs until newer ones replace them" : "in no run"});
  receipt.places.push_back({"audit log, alerts, mark of the erasure", "kept", "the id alone: that it was erased must be provable, "
                            "and no old version must come back"});
  receipt.places.push_back({"backups made before", "not reached", "they hold the sealed record and its key until they are deleted"});
  return receipt;
}

}  // namespace counterpart
