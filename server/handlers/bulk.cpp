#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/profile/profile_json.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/tables/cells.h"
#include "server/tables/profile_table.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kExportBatch = 256;
constexpr std::size_t kMaxErased = 1000;

// All that the caller sees, in id order, each as it is when its turn comes; ids come from the store.
class Exported {
 public:
  Exported(const Call& call, std::vector<std::string> ids) : call_(call), ids_(std::move(ids)) {}

  // nullopt: that was the last.
  std::optional<Profile> next() {
    while (at_ < ids_.size()) {
      Result<StoredProfile> stored = call_.service.get(ids_[at_++]);
      if (!stored && stored.error().code != ErrorCode::kNotFound)  // erased meanwhile is no fault; a damaged one is
        throw std::runtime_error("export");
      if (stored && in_sight(call_.caller, stored->profile, call_.data.taxonomy)) return std::move(stored->profile);
    }
    return std::nullopt;
  }
  void begin_again() { at_ = 0; }

 private:
  Call call_;
  std::vector<std::string> ids_;
  std::size_t at_ = 0;
};

// The same as a table, in the form that is accepted.
Response export_table(const Call& call, std::shared_ptr<Exported> exported, bool workbook) {
  std::size_t references = 0;
  for (auto profile = exported->next(); profile; profile = exported->next())
    references = std::max(references, profile->references.size());
  exported->begin_again();
  const ProfileTable table(references);
  const std::string language = text_of(call.request, "lang");
  std::vector<std::string> header = table.header(call.data.words, language);
  Response response;
  response.content_type = workbook ? kWorkbookMedia : kCsvMedia;
  response.headers.emplace_back("Vary", "Accept");
  if (workbook) {
    Result<std::string> bytes = write_workbook(header,
                                               [&] {
                                                 auto profile = exported->next();
                                                 return profile ? std::optional(table.row(*profile)) : std::nullopt;
                                               },
                                               {.right_to_left = language == "ar"});
    if (!bytes) return problem(bytes.error(), call.request);
    response.body = std::move(*bytes);
    return response;
  }
  response.content_type += "; charset=utf-8; header=present";
  response.stream = [exported, table, header, begun = false](std::string& piece) mutable {
    CsvWriter csv({});
    if (!std::exchange(begun, true)) add_row(csv, Cells(header.begin(), header.end()));
    bool more = true;
    for (std::size_t i = 0; i < kExportBatch && more; ++i) {
      const std::optional<Profile> profile = exported->next();
      more = profile.has_value();
      if (more) add_row(csv, table.row(*profile));
    }
    piece += csv.take();
    return more;
  };
  return response;
}

Response export_profiles(const Call& call) {
  std::vector<std::string> ids;
  if (Status listed = call.data.store.for_each_head([&](std::string_view id, std::uint64_t) {
        ids.emplace_back(id);
        return true;
      });
      !listed)
    return problem(listed.error(), call.request);
  auto exported = std::make_shared<Exported>(call, std::move(ids));
  const std::string wanted = media_of(call.request, "accept");
  if (wanted == kCsvMedia || wanted == kWorkbookMedia) return export_table(call, std::move(exported), wanted == kWorkbookMedia);
  Response response;
  response.content_type = kLines;
  response.stream = [exported](std::string& piece) {
    for (std::size_t i = 0; i < kExportBatch; ++i) {
      const std::optional<Profile> profile = exported->next();
      if (!profile) return false;
      piece += to_json(*profile, Visibility::kPublic) + "\n";
    }
    return true;
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

constexpr Answer kExported[] = {
    {200, kLines, {}, "one PublicProfile a line, in id order"},
    {200,
     kCsvMedia,
     {},
     "where it is accepted: a table that `import` takes, names of members above, or words where `lang` is given"},
    {200, kWorkbookMedia, {}, "where it is accepted: the same"}};
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
