#include "index/import/importer.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/barrier.h"
#include "engine/profile/profile_json.h"
#include "index/base/kill_point.h"
#include "index/bulk/bulk_reader.h"
#include "index/import/import_pipeline.h"
#include "index/import/import_row.h"
#include "index/import/import_seen.h"
#include "index/store/store.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kBatchRows = 256;
constexpr auto kProgressEvery = std::chrono::milliseconds(250);

// A fault of the store or the program, not of the row: the import ends with it.
bool ends_import(ErrorCode code) {
  return code == ErrorCode::kStorage || code == ErrorCode::kCorrupt || code == ErrorCode::kUnavailable ||
         code == ErrorCode::kInternal || code == ErrorCode::kUnsupported;
}

// Writes rows in file order.
class Importer {
 public:
  Importer(Store& store, const Embedder& embedder, const ImportOptions& options, ImportProgress& progress)
      : store_(store), embedder_(embedder), options_(options), progress_(progress),
        rehearsed_(options.rehearsed ? *options.rehearsed : own_rehearsed_) {}

  Status add(std::vector<ReadyRow> rows) {
    for (auto& row : rows) {
      if (row.write) look_for_id(row);
      // One row an id in a batch: only then is what was compared with still what is stored.
      if (row.write && !options_.dry_run && ids_.contains(row.write->profile.id))
        if (auto flushed = flush(); !flushed) return flushed;
      if (row.write) ids_.insert(row.write->profile.id);
      batch_.push_back(std::move(row));
    }
    return {};
  }

  std::size_t waiting() const { return batch_.size(); }

  Status flush() {
    auto batch = std::exchange(batch_, {});
    ids_.clear();
    std::vector<Write> writes;
    for (auto& row : batch) {
      if (row.write && !options_.dry_run && options_.hold_back && !row.stored_equal) row.held = hold_back(*row.write);
      if (row.write && !options_.dry_run && !row.held) writes.push_back(std::move(*row.write));
    }
    kill_point("import: rows ready, not written");
    auto verdicts = store_.write(writes);
    kill_point("import: rows written, not told");
    std::size_t next = 0;
    for (auto& row : batch) {
      if (!row.write) {
        refuse(row.line, row.faults.empty() ? std::vector<Error>{row.write.error()} : row.faults);
        std::erase_if(row.remarks, [](const Error& remark) { return remark.place != kOfFile; });
        tell(row, {});
      } else if (options_.dry_run) {
        rehearse(row);
      } else if (row.held) {
        if (auto counted = account_for_held(row); !counted) return counted;
      } else {
        const std::size_t at = next++;
        if (auto counted = account_for(row, writes[at], verdicts[at]); !counted) return counted;
      }
    }
    return {};
  }

 private:
  // Of rows with one id the first counts: which of them is right nobody can tell but who made the file. Rows without an id
  // that are the same in all their members are one profile, and do no harm.
  void look_for_id(ReadyRow& row) {
    const std::string& id = row.write->profile.id;
    const auto now = RowsMet::row(row.line, to_json(row.write->profile, Visibility::kWithPrivate));
    const auto before = seen_.find(id);
    if (!before) return seen_.set(id, now);
    if (!row.own_id && before->content == now.content) return;
    Error fault = id_given_twice(before->line);
    if (!row.own_id)
      fault.message = "is made of the public members, and they are those of line " + std::to_string(before->line);
    row.write = tl::unexpected(std::move(fault));
    row.faults.clear();
  }

  std::optional<Result<bool>> hold_back(const Write& write) {
    Write held = write;
    held.expect_version.reset();
    held.embedding.reset();
    return options_.hold_back(held, false);
  }

  Status account_for_held(const ReadyRow& row) {
    const Result<bool>& held = *row.held;
    if (held && *held) {
      ++progress_.accepted;
      ++progress_.held;
      if (row.revealing) ++progress_.revealing;
      if (!row.remarks.empty()) ++progress_.remarked;
      tell(row, "held");
    } else if (held) {
      count(false, true, row);
    } else {
      if (ends_import(held.error().code)) return tl::unexpected(held.error());
      refuse(row.line, {held.error()});
    }
    return {};
  }

  void rehearse(const ReadyRow& row) {
    if (options_.hold_back && !row.stored_equal && options_.hold_back(*row.write, true)) {
      ++progress_.accepted;
      ++progress_.held;
      return tell(row, "held");
    }
    const std::string& id = row.write->profile.id;
    const auto now = RowsMet::row(row.line, to_json(row.write->profile, Visibility::kWithPrivate));
    if (const auto before = rehearsed_.find(id))
      count(false, before->content == now.content, row);
    else
      count(!row.stored_before, row.stored_equal, row);
    rehearsed_.set(id, now);
  }

  Status account_for(const ReadyRow& row, Write& write, Result<Written>& verdict) {
    // Somebody changed it since it was compared: it is not equal any more.
    if (!verdict && verdict.error().code == ErrorCode::kConflict && row.stored_equal) {
      if (auto embedded = embed_row(write, embedder_); !embedded) return embedded;
      verdict = store_.write({&write, 1}).front();
    }
    if (verdict) {
      count(verdict->created, verdict->unchanged, row);
    } else {
      if (ends_import(verdict.error().code)) return tl::unexpected(verdict.error());
      refuse(row.line, {verdict.error()});
    }
    return {};
  }

  void count(bool created, bool unchanged, const ReadyRow& row) {
    ++progress_.accepted;
    if (row.revealing) ++progress_.revealing;
    ++(unchanged ? progress_.unchanged : created ? progress_.created : progress_.replaced);
    if (!row.remarks.empty()) ++progress_.remarked;
    tell(row, unchanged ? "unchanged" : created ? "created" : "replaced");
  }

  void tell(const ReadyRow& row, std::string_view status) {
    if (options_.on_taken && !status.empty()) options_.on_taken(row.line, status);
    if (options_.on_remark && !row.remarks.empty()) options_.on_remark(row.line, row.remarks);
  }

  void refuse(std::uint64_t line, const std::vector<Error>& faults) {
    ++progress_.refused;
    if (options_.on_refused) options_.on_refused(line, faults);
  }

  Store& store_;
  const Embedder& embedder_;
  const ImportOptions& options_;
  ImportProgress& progress_;
  std::vector<ReadyRow> batch_;
  std::set<std::string> ids_;
  RowsMet seen_, own_rehearsed_;
  RowsMet& rehearsed_;  // of a dry run
};

Status import_rows(ImportPipeline& rows, Importer& importer, const ImportOptions& options, ImportProgress& progress) {
  auto shown = std::chrono::steady_clock::now();
  for (;;) {
    if (options.cancelled && options.cancelled()) return importer.flush();
    auto chunk = rows.next();
    const bool end = !chunk || *chunk == nullptr;
    if (!end) {
      progress.bytes_read = std::max(progress.bytes_read, (*chunk)->bytes_read);
      if (auto added = importer.add(std::move((*chunk)->rows)); !added) return added;
    }
    // What is ready goes to disk at once, unless more is ready to go with it.
    if (end || importer.waiting() >= kBatchRows || !rows.ready())
      if (auto flushed = importer.flush(); !flushed) return flushed;
    if (!chunk && options.cancelled && options.cancelled()) return {};  // it was stopped, and that is its error
    if (!chunk) return tl::unexpected(chunk.error());
    if (end) return {};
    const auto now = std::chrono::steady_clock::now();
    if (options.on_progress && now - shown >= kProgressEvery) {
      options.on_progress(progress);
      shown = now;
    }
  }
}

}  // namespace

Result<ImportProgress> import_file(const std::filesystem::path& file, Store& store, const Taxonomy& taxonomy,
                                   const Embedder& embedder, const ImportOptions& options, ImportProgress* progress) {
  ImportProgress own;
  ImportProgress& seen = progress != nullptr ? *progress : own;
  seen = {};
  try {
    auto reader = open_bulk(file, taxonomy, {.encoding = options.encoding, .stop = options.cancelled, .words = options.words});
    if (!reader) return tl::unexpected(reader.error());
    std::error_code unknown;
    const auto bytes = std::filesystem::file_size(file, unknown);
    if (!unknown) seen.bytes_total = bytes;
    const unsigned threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    Importer importer(store, embedder, options, seen);
    ImportPipeline rows(**reader, threads, [&](BulkReader::Raw raw) {
      ReadyRow row = make_ready(std::move(raw), store, taxonomy, embedder, !options.dry_run,
                                options.replace_private ? PrivateMembers::kReplace : PrivateMembers::kKeep);
      if (row.write) row.write->who = options.who;
      return row;
    });
    auto done = import_rows(rows, importer, options, seen);
    if (options.on_progress) options.on_progress(seen);
    if (options.on_table && (*reader)->sent()) options.on_table(*(*reader)->sent());
    if (done) return seen;
    Error error = std::move(done.error());
    error.place = file.filename().string() + (error.place.empty() ? "" : ", " + error.place);
    return tl::unexpected(std::move(error));
  } catch (...) {
    return tl::unexpected(caught(file.filename().string()));
  }
}

}  // namespace counterpart::index
