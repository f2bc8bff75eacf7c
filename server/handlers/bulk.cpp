#include <algorithm>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/stream.hpp>
#include <stdexcept>

#include "engine/profile/profile_json.h"
#include "index/import/import_row.h"
#include "index/import/import_seen.h"
#include "server/handlers/desks.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/versions.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kImportBatch = 256;         // rows a synced batch, and
constexpr std::size_t kImportBytes = 256 * 1024;  // about so much of them: long texts take their time
constexpr std::size_t kExportBatch = 256;
constexpr std::size_t kMaxErased = 1000;

// The rows of an import, batch by batch; lives as long as its answer is being sent.
class Import {
 public:
  Import(const Call& call, PrivateMembers left_out, Sending sending)
      : call_(call), to_{call.data.refusals, language_of_refusals(call.request)}, left_out_(left_out),
        sending_(std::move(sending)), body_(call.request.body.data(), call.request.body.size()),
        reader_(read_json_lines(body_)) {}

  // Appends the verdicts on the next batch, which is durable then. False: that was the last.
  bool next(std::string& piece) {
    std::vector<Row> rows;
    std::vector<Write> writes;
    for (const std::uint64_t before = read_; !ended_ && rows.size() < kImportBatch && read_ - before < kImportBytes;)
      take_row(rows, writes);
    std::vector<Result<TakenIn>> taken = take_in(call_.service, std::move(writes), sending_);
    auto next_taken = taken.begin();
    for (Row& row : rows) {
      const Result<TakenIn> verdict =
          row.faults.empty() ? std::move(*next_taken++) : Result<TakenIn>(tl::unexpected(row.faults.front()));
      boost::json::object line = write_verdict(row.line, verdict.map([](const TakenIn& one) { return one.written; }), to_);
      if (verdict && verdict->held) {
        line = write_submitted(*verdict->held);
        line["line"] = row.line;
      }
      if (row.faults.size() > 1) line["also"] = write_remarks(std::span(row.faults).subspan(1), to_);
      if (verdict && !row.remarks.empty()) line["remarks"] = write_remarks(row.remarks, to_);
      if (verdict && !row.revelations.empty()) line["reveals"] = write_revelations(row.revelations);
      piece += boost::json::serialize(line) + "\n";
    }
    return !ended_;
  }

 private:
  struct Row {
    std::uint64_t line;
    std::vector<Error> faults, remarks;
    std::vector<Revelation> revelations = {};  // nobody is there to ask: the row is taken in, and the verdict tells
  };

  void take_row(std::vector<Row>& rows, std::vector<Write>& writes) {
    Result<std::optional<BulkReader::Raw>> raw = reader_->next();
    ended_ = !raw || !*raw;
    if (!raw) rows.push_back({line_ + 1, {raw.error()}, {}});  // the body cannot be read on from here
    if (ended_) return;
    line_ = (*raw)->line;
    read_ = (*raw)->bytes_read;
    CheckedRow checked = check_row(std::move(**raw), call_.data.taxonomy);
    rows.push_back({line_, std::move(checked.faults), std::move(checked.remarks)});
    Result<Profile>& profile = checked.profile;
    if (!profile) return;
    if (!profile->id.empty()) {
      if (const auto before = seen_.find(profile->id)) {
        rows.back().faults = {id_given_twice(before->line)};
        return;
      }
      seen_.set(profile->id, RowsMet::row(line_, {}));
    }
    Result<Write> write = putting(call_, Right::kImport, {std::move(*profile), checked.removed, left_out_});
    if (!write) {
      rows.back().faults = {write.error()};
      return;
    }
    rows.back().revelations = revelations_in(write->profile);
    writes.push_back(std::move(*write));
  }

  Call call_;
  RefusalsIn to_;  // who reads the verdicts
  PrivateMembers left_out_;
  Sending sending_;
  boost::iostreams::stream<boost::iostreams::array_source> body_;
  std::unique_ptr<BulkReader> reader_;
  RowsMet seen_;
  std::uint64_t line_ = 0, read_ = 0;  // of the body
  bool ended_ = false;
};

Response import_profiles(const Call& call) {
  const std::string replace = text_of(call.request, "replace_private", "false");
  if (replace != "true" && replace != "false")
    return problem({ErrorCode::kInvalid, "replace_private", "neither true nor false", "leave it out, or say true"},
                   call.request);
  if (replace == "true" && !sees_private(call))
    return problem({ErrorCode::kForbidden, "replace_private", "this caller does not see which private members it would remove",
                    "leave it out, or say `\"contact\": null` in the rows that have none"},
                   call.request);
  const PrivateMembers left_out = replace == "true" ? PrivateMembers::kReplace : PrivateMembers::kKeep;
  const Result<Sending> sending = sending_of(call);
  if (!sending) return problem(sending.error(), call.request);
  Response response;
  response.content_type = "application/x-ndjson";
  response.stream = [import = std::make_shared<Import>(call, left_out, *sending)](std::string& piece) {
    return import->next(piece);
  };
  return response;
}

// In id order, each profile as it is when its turn comes; ids come from the store.
Response export_profiles(const Call& call) {
  Response response;
  response.content_type = "application/x-ndjson";
  auto ids = std::make_shared<std::vector<std::string>>();
  if (Status listed = call.data.store.for_each_head([&](std::string_view id, std::uint64_t) {
        ids->emplace_back(id);
        return true;
      });
      !listed)
    return problem(listed.error(), call.request);
  response.stream = [ids, call, at = std::size_t{0}](std::string& piece) mutable {
    for (const std::size_t end = std::min(at + kExportBatch, ids->size()); at < end; ++at)
      if (const Result<StoredProfile> stored = call.service.get((*ids)[at])) {
        if (in_sight(call.caller, stored->profile, call.data.taxonomy))
          piece += to_json(stored->profile, Visibility::kPublic) + "\n";
      } else if (stored.error().code != ErrorCode::kNotFound) {  // erased meanwhile is no fault; a damaged one is
        throw std::runtime_error("export");
      }
    return at < ids->size();
  };
  return response;
}

// The ids of an erasure, each once and ascending.
Result<std::vector<std::string>> read_erasure(const Call& call) {
  const Result<boost::json::object>& body = json_body(call.request);
  if (!body) return tl::unexpected(body.error());
  const auto wrong = [] {
    return fail(ErrorCode::kInvalid, "profiles", "not a list of ids", R"(write {"profiles": ["ID", ...]}, at most 1,000)");
  };
  const boost::json::value* list = body->if_contains("profiles");
  if (body->size() != 1 || !list || !list->is_array() || list->as_array().empty() || list->as_array().size() > kMaxErased)
    return wrong();
  std::vector<std::string> ids;
  for (const boost::json::value& id : list->as_array()) {
    if (!id.is_string() || id.as_string().empty() || id.as_string().size() > 128) return wrong();
    ids.emplace_back(id.as_string());
  }
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Response erase_for_good(const Call& call) {
  const Result<std::vector<std::string>> ids = read_erasure(call);
  if (!ids) return problem(ids.error(), call.request);
  std::vector<Erasures::Asked> asked;
  for (const std::string& id : *ids) {
    Result<Write> write = erasing(call, id, "profiles");
    if (!write && write.error().code != ErrorCode::kNotFound) return problem(write.error(), call.request);
    asked.push_back({id, write ? std::optional(std::move(*write)) : std::nullopt});
  }
  const auto may_repeat = [&](const ErasedProfile& erased, const std::string& who) {
    return may_repeat_erasure(call, erased.id, erased.office, erased.life, who);
  };
  return receipt_response(call, call.data.erasures.erase(asked, may_repeat, call.caller.name));
}

constexpr Parameter kImporting[] = {
    kSentAs,
    kSentBy,
    {"replace_private", R"({"type":"string","enum":["true","false"],"default":"false"})",
     "true: a row without contact or legal name removes those that are stored; else it keeps them, as a public export taken in "
     "again must. Only for callers who see private members"},
    {"lang", R"({"type":"string","enum":"@un_languages"})", "of the verdicts; without it that of Accept-Language, else en"}};

constexpr Answer kVerdicts[] = {{200, kLines, {}, "one ImportVerdict a line, in order, each when its row is on disk"}};
constexpr Answer kExported[] = {{200, kLines, {}, "one PublicProfile a line, in id order"}};
constexpr Answer kErasedForGood[] = {
    {200, kJson, "ErasureReceipt", "nothing is left: each place and its verdict; a repeated call gives the same receipt"},
    {202, kJson, "ErasureReceipt",
     "the profiles are gone, but not yet from all files: `pending` says why; it goes on by itself, and a repeated call goes "
     "on"},
    {404, {}, {}, "no such profile; nothing was erased"},
    {507,
     {},
     {},
     "the disk refused; with `pending` the profiles are gone all the same and a repeated call goes on, without it nothing was "
     "changed"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/profiles:import",
     import_profiles,
     Right::kImport,
     "Take many profiles in, one a line; private members that are left out are kept, null removes them",
     kImporting,
     kVerdicts,
     {64 * kMiB, kLines}},
    {"GET", "/v1/profiles:export", export_profiles, Right::kExport, "All profiles' public members", {}, kExported},
    {"POST",
     "/v1/erasures",
     erase_for_good,
     Right::kErase,
     "Remove profiles and every trace of them, with a receipt",
     {},
     kErasedForGood,
     {256 * 1024, kJson, "ErasureRequest"}}};

}  // namespace

std::span<const Route> bulk_routes() { return kRoutes; }

}  // namespace counterpart::server
