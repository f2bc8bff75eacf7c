#include "server/suitcase/suitcases.h"

#include <boost/json.hpp>

#include "engine/base/hex.h"
#include "index/base/crypto.h"
#include "index/store/database.h"
#include "index/store/vault.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// "suitcase ID", beside the records of tokens; behind it "suitcase ID OPERATION" of each that was done.
constexpr std::string_view kKeys = "suitcase ";
constexpr std::size_t kIdBytes = 6;

std::string key_of(std::string_view id) { return std::string(kKeys) + std::string(id); }
std::string key_of(std::string_view id, std::string_view operation) { return key_of(id) + " " + std::string(operation); }

std::string encode(const Suitcase& one) {
  return json::serialize(json::object{{"who", one.who},
                                      {"office", one.office},
                                      {"desk", one.desk},
                                      {"made", one.made},
                                      {"until", one.until},
                                      {"returned", one.returned},
                                      {"revoked", one.revoked}});
}

tl::unexpected<Error> damaged(std::string_view key) {
  return fail(ErrorCode::kCorrupt, std::string(key), "its record does not decode", "restore the last backup");
}

tl::unexpected<Error> no_such() {
  return fail(ErrorCode::kNotFound, "id", "there is no such suitcase", "GET /v1/suitcases lists those that there are");
}

Result<Suitcase> decode(std::string_view id, std::string_view bytes) try {
  const json::value record = json::parse(json::string_view(bytes.data(), bytes.size()));
  const auto text = [&](const char* name) { return std::string(record.at(name).as_string()); };
  const auto number = [&](const char* name) { return record.at(name).to_number<std::int64_t>(); };
  return Suitcase{std::string(id), text("who"),     text("office"),     text("desk"),
                  number("made"),  number("until"), number("returned"), number("revoked")};
} catch (const std::exception&) {
  return damaged(key_of(id));
}

// What ended so long ago that nobody asks for it.
Status forget_old(Store& store, std::int64_t now, std::vector<Database::Edit>& edits) {
  const Result<std::vector<Suitcase>> all = list_suitcases(store, {});
  if (!all) return tl::unexpected(all.error());
  for (const Suitcase& one : *all) {
    if (one.until + kForgotten > now) continue;
    Database::Cursor records(store.database(), Family::kTokens);
    for (records.seek(key_of(one.id)); records.valid() && records.key().starts_with(key_of(one.id)); records.next())
      edits.push_back({Family::kTokens, std::string(records.key()), std::nullopt});
    if (Status walked = records.status(); !walked) return walked;
    if (Status gone = store.vault().seal(edits, key_of(one.id), {}, false); !gone) return gone;
  }
  return {};
}

}  // namespace

Result<Suitcase> make_suitcase(Store& store, Suitcase suitcase, const SuitcaseKeys& keys) {
  std::vector<Database::Edit> edits;
  if (Status old = forget_old(store, suitcase.made, edits); !old) return tl::unexpected(std::move(old.error()));
  suitcase.id = hex(random_bytes(kIdBytes));
  edits.push_back({Family::kTokens, key_of(suitcase.id), encode(suitcase)});
  if (Status sealed = store.vault().seal(edits, key_of(suitcase.id), keys.seals + keys.signs, true); !sealed)
    return tl::unexpected(std::move(sealed.error()));
  const Status written =
      store.write_audited(std::move(edits), {.who = suitcase.who, .what = "suitcase make", .subject = suitcase.id});
  if (!written) return tl::unexpected(written.error());
  return suitcase;
}

Result<Suitcase> find_suitcase(const Store& store, std::string_view id) {
  const auto record = store.database().get(Family::kTokens, key_of(id));
  if (!record) return tl::unexpected(record.error());
  if (!*record || id.find(' ') != id.npos) return no_such();
  return decode(id, **record);
}

Result<SuitcaseKeys> keys_of_suitcase(const Store& store, const Suitcase& suitcase) {
  const std::string key = key_of(suitcase.id);
  const auto sealed = store.database().get(Family::kContacts, key);
  if (!sealed) return tl::unexpected(sealed.error());
  if (!*sealed) return no_such();
  const Result<std::string> plain = store.vault().unseal(key, **sealed);
  if (!plain) return tl::unexpected(plain.error());
  if (plain->size() != 2 * kKeyBytes) return damaged(key);
  return SuitcaseKeys{plain->substr(0, kKeyBytes), plain->substr(kKeyBytes)};
}

Result<std::vector<Suitcase>> list_suitcases(const Store& store, std::string_view office) {
  std::vector<Suitcase> all;
  Database::Cursor records(store.database(), Family::kTokens);
  for (records.seek(kKeys); records.valid() && records.key().starts_with(kKeys); records.next()) {
    const std::string_view name = records.key().substr(kKeys.size());
    if (const std::size_t space = name.find(' '); space != name.npos) {
      if (!all.empty() && all.back().id == name.substr(0, space)) ++all.back().done;
      continue;
    }
    Result<Suitcase> one = decode(name, records.value());
    if (!one) return tl::unexpected(std::move(one.error()));
    all.push_back(std::move(*one));
  }
  if (Status walked = records.status(); !walked) return tl::unexpected(std::move(walked.error()));
  std::erase_if(all, [&](const Suitcase& one) { return !office.empty() && one.office != office; });
  return all;
}

Status revoke_suitcase(Store& store, const std::string& id, const std::string& who, std::int64_t now) {
  return store.run_exclusively([&](Database&) -> Status {
    Result<Suitcase> suitcase = find_suitcase(store, id);
    if (!suitcase) return tl::unexpected(std::move(suitcase.error()));
    if (suitcase->revoked > 0) return {};
    suitcase->revoked = now;
    std::vector<Database::Edit> edits{{Family::kTokens, key_of(id), encode(*suitcase)}};
    if (Status gone = store.vault().seal(edits, key_of(id), {}, false); !gone) return gone;
    return store.write_in_task(std::move(edits), {{.who = who, .what = "suitcase revoke", .subject = id}});
  });
}

Status note_return(Store& store, const std::string& id, const std::string& who, std::int64_t now) {
  return store.run_exclusively([&](Database&) -> Status {
    Result<Suitcase> suitcase = find_suitcase(store, id);
    if (!suitcase) return tl::unexpected(std::move(suitcase.error()));
    suitcase->returned = now;
    return store.write_in_task({{Family::kTokens, key_of(id), encode(*suitcase)}},
                               {{.who = who, .what = "suitcase return", .subject = id}});
  });
}

Result<std::optional<DoneOperation>> done_before(const Store& store, const std::string& suitcase,
                                                 const std::string& operation) {
  const std::string key = key_of(suitcase, operation);
  const auto record = store.database().get(Family::kTokens, key);
  if (!record) return tl::unexpected(record.error());
  if (!*record) return std::optional<DoneOperation>();
  try {
    const json::value value = json::parse(**record);
    return DoneOperation{value.at("at").to_number<std::int64_t>(), value.at("given_up").as_bool()};
  } catch (const std::exception&) {
    return damaged(key);
  }
}

Status note_done(Store& store, const std::string& suitcase, const std::string& operation, const DoneOperation& done) {
  const std::string record = json::serialize(json::object{{"at", done.at}, {"given_up", done.given_up}});
  return store.run_exclusively([&](Database& database) {
    return database.write({{Family::kTokens, key_of(suitcase, operation), record}});
  });
}

}  // namespace counterpart::server
