// Many profiles in at once: lines of JSON, CSV, or a workbook; verdicts line by line, or beside the rows of the table itself.
#include <algorithm>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/stream.hpp>
#include <stdexcept>

#include "engine/base/nearest.h"
#include "index/import/import_row.h"
#include "index/import/import_seen.h"
#include "server/handlers/desks.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/tables/given_back.h"
#include "server/tables/template.h"
#include "server/wire/arguments.h"
#include "server/wire/versions.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kImportBatch = 256;         // rows a synced batch, and
constexpr std::size_t kImportBytes = 256 * 1024;  // about so much of them: long texts take their time

struct MediaRow {
  std::string_view media;
  BulkFormat format;
};
constexpr MediaRow kMedia[] = {
    {kLines, BulkFormat::kJsonLines}, {kCsvMedia, BulkFormat::kCsv}, {kWorkbookMedia, BulkFormat::kWorkbook}};
constexpr std::string_view kTables[] = {kCsvMedia, kWorkbookMedia};

// What the rows come in, and how they are read.
struct Sent {
  MediaRow media;
  bool given_back = false;  // the verdicts stand in the table itself
  BulkOptions options = {};
};

// Empty: it is not said, or UTF-8, which a byte order mark may tell better.
std::string charset_of(const Request& request) {
  static constexpr std::string_view kParameter = "charset=";
  const auto type = request.headers.find("content-type");
  const std::string field = type == request.headers.end() ? std::string() : lower_case(type->second);
  const std::size_t at = field.find(kParameter);
  if (at == field.npos) return {};
  std::string charset = field.substr(at + kParameter.size(), field.find(';', at) - at - kParameter.size());
  std::erase_if(charset, [](char c) { return c == '"' || c == ' '; });
  return charset == "utf-8" ? std::string() : charset;
}

Result<Sent> sent_by(const Call& call) {
  const auto row = std::ranges::find(kMedia, media_of(call.request, "content-type"), &MediaRow::media);
  Sent sent{.media = row == std::end(kMedia) ? kMedia[0] : *row};
  if (is_table(sent.media.format)) sent.options.words = &call.server.table_words();
  sent.options.encoding = charset_of(call.request);
  const std::string wanted = media_of(call.request, "accept");
  if (std::ranges::find(kTables, wanted) == std::end(kTables)) return sent;
  if (wanted != sent.media.media)
    return fail(ErrorCode::kUnsupported, "Accept", "a table is given back in the form in which it came",
                "accept " + std::string(sent.media.media));
  sent.given_back = true;
  return sent;
}

// The rows of a body, from their beginning. It borrows the request.
struct Rows {
  Rows(const Call& call, const Sent& sent)
      : in(call.request.body.data(), call.request.body.size()),
        reader(read_bulk(sent.media.format, in, call.data.taxonomy, sent.options)) {}
  boost::iostreams::stream<boost::iostreams::array_source> in;
  std::unique_ptr<BulkReader> reader;
};

// The rows of an import, batch by batch; lives as long as its answer is being sent.
class Import {
 public:
  Import(const Call& call, PrivateMembers left_out, Sending sending, Sent sent)
      : call_(call), to_{call.data.refusals, language_of_refusals(call.request)}, left_out_(left_out),
        sending_(std::move(sending)), sent_(std::move(sent)), rows_(call_, sent_) {}

  // What keeps a table from being read, before any of its rows is taken in: to the end where it is to be given back.
  Status look_through() {
    if (!is_table(sent_.media.format)) return {};
    Rows rows(call_, sent_);
    for (;;) {
      const Result<std::optional<BulkReader::Raw>> row = rows.reader->next();
      if (!row) return tl::unexpected(row.error());
      if (*row && sent_.given_back) continue;
      if (!rows.reader->sent())
        return fail(ErrorCode::kInvalid, "line 1", "there are no rows", "send a table with its names of columns");
      table_ = *rows.reader->sent();
      return {};
    }
  }

  // Appends the verdicts on the next batch, which is durable then; or at the end the table with all of them. False: that was
  // the last.
  bool next(std::string& piece) {
    std::vector<Row> rows;
    std::vector<Write> writes;
    for (const std::uint64_t before = read_; !ended_ && rows.size() < kImportBatch && read_ - before < kImportBytes;)
      take_row(rows, writes);
    std::vector<Result<TakenIn>> taken = take_in(call_.service, std::move(writes), sending_);
    auto next_taken = taken.begin();
    for (const Row& row : rows) {
      const Result<TakenIn> verdict =
          row.faults.empty() ? std::move(*next_taken++) : Result<TakenIn>(tl::unexpected(row.faults.front()));
      if (sent_.given_back)
        note(row, verdict);
      else
        piece += boost::json::serialize(line_of(row, verdict)) + "\n";
    }
    if (ended_ && sent_.given_back) piece = given_back();
    return !ended_;
  }

 private:
  struct Row {
    std::uint64_t line;
    std::vector<Error> faults, remarks;
    std::vector<Revelation> revelations = {};  // nobody is there to ask: the row is taken in, and the verdict tells
  };

  boost::json::object line_of(const Row& row, const Result<TakenIn>& verdict) const {
    boost::json::object line = write_verdict(row.line, verdict.map([](const TakenIn& one) { return one.written; }), to_);
    if (verdict && verdict->held) {
      line = write_submitted(*verdict->held);
      line["line"] = row.line;
    }
    if (row.faults.size() > 1) line["also"] = write_remarks(std::span(row.faults).subspan(1), to_);
    if (verdict && !row.remarks.empty()) line["remarks"] = write_remarks(row.remarks, to_);
    if (verdict && !row.revelations.empty()) line["reveals"] = write_revelations(row.revelations);
    return line;
  }

  void note(const Row& row, const Result<TakenIn>& verdict) {
    const std::vector<Error> faults = verdict              ? std::vector<Error>()
                                      : row.faults.empty() ? std::vector{verdict.error()}
                                                           : row.faults;
    if (!faults.empty()) return verdicts_.refused(row.line, faults);
    const boost::json::object told = verdict->held ? write_submitted(*verdict->held) : write_written(verdict->written);
    verdicts_.taken(row.line, std::string_view(told.at("status").as_string()));
    verdicts_.remarked(row.line, row.remarks);
  }

  // In whose language was asked for in so many words; else in that of the table.
  std::string given_back() const {
    const bool asked = call_.request.query.contains("lang") || call_.request.headers.contains("accept-language");
    const Result<std::string> table = verdicts_.written(sent_.media.format, call_.request.body, table_,
                                                        {call_.data.words, call_.data.refusals, call_.data.taxonomy},
                                                        asked ? to_.language : "", sent_.options);
    if (!table) throw std::runtime_error("import");  // it was read to its end before: a fault of ours, and the answer is cut
    return *table;
  }

  void take_row(std::vector<Row>& rows, std::vector<Write>& writes) {
    Result<std::optional<BulkReader::Raw>> raw = rows_.reader->next();
    ended_ = !raw || !*raw;
    if (!raw) rows.push_back({line_ + 1, {raw.error()}, {}});  // the body cannot be read on from here
    if (ended_) return;
    line_ = (*raw)->line;
    read_ += (*raw)->json.size();
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
  Sent sent_;
  Rows rows_;
  SentTable table_;
  GivenBack verdicts_;
  RowsMet seen_;
  std::uint64_t line_ = 0, read_ = 0;  // bytes of profiles
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
  const Result<Sent> sent = sent_by(call);
  if (!sent) return problem(sent.error(), call.request);
  auto import = std::make_shared<Import>(call, left_out, *sending, *sent);
  if (const Status readable = import->look_through(); !readable) return problem(readable.error(), call.request);
  Response response;
  response.content_type = sent->given_back ? sent->media.media : kLines;
  if (sent->given_back)
    response.headers.emplace_back("Content-Disposition", std::string("attachment; filename=\"verdicts.") +
                                                             (sent->media.format == BulkFormat::kCsv ? "csv\"" : "xlsx\""));
  response.headers.emplace_back("Vary", "Accept");
  response.stream = [import](std::string& piece) { return import->next(piece); };
  return response;
}

Response template_of_profiles(const Call& call) {
  Result<std::string> bytes =
      profile_template(call.data.words, call.data.taxonomy, call.server.table_words(), call.speech.language);
  if (!bytes) return problem(bytes.error(), call.request);
  Response response;
  response.content_type = kWorkbookMedia;
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"profiles-" + call.speech.language + ".xlsx\"");
  response.body = std::move(*bytes);
  return response;
}

constexpr Parameter kImporting[] = {
    kSentAs,
    kSentBy,
    {"replace_private", R"({"type":"string","enum":["true","false"],"default":"false"})",
     "true: a row without contact or legal name removes those that are stored; else it keeps them, as a public export taken in "
     "again must. Only for callers who see private members"},
    {"lang", R"({"type":"string","enum":"@un_languages"})",
     "of the verdicts; without it that of Accept-Language, else that of the headings of a table that is given back, else en"}};

constexpr Answer kVerdicts[] = {
    {200, kLines, {}, "one ImportVerdict a line, in order, each when its row is on disk"},
    {200,
     kWorkbookMedia,
     {},
     "of a workbook, where it is accepted: the same with two columns more, the verdict on each row and "
     "all that is to be mended in it; sent again, they are passed over"},
    {200, kCsvMedia, {}, "of CSV, where it is accepted: the same"}};

constexpr Answer kTemplate[] = {
    {200, kWorkbookMedia, {}, "a sheet to fill in, headings and lists to choose from in the language that is asked for"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/profiles:template", template_of_profiles, Right::kLook, "The workbook that an office fills in", {}, kTemplate},
    {"POST",
     "/v1/profiles:import",
     import_profiles,
     Right::kImport,
     "Take many profiles in, one a line or a row; private members that are left out are kept, null removes them",
     kImporting,
     kVerdicts,
     {64 * kMiB, kLines, {}, nullptr, kTables}}};

}  // namespace

std::span<const Route> import_routes() { return kRoutes; }

}  // namespace counterpart::server
