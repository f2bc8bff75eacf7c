#include "server/client/remote_import.h"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <utility>
#include <vector>

#include "index/import/import_row.h"
#include "index/import/import_seen.h"
#include "server/client/terminal.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

class Sender {
 public:
  Sender(const RemoteImport& import, ImportReport& report) : import_(import), report_(report) {}

  Status run(BulkReader& reader, std::uint64_t bytes_total) {
    ProgressBar bar(std::filesystem::path(import_.file).filename().string());
    while (!interrupted()) {
      Result<std::optional<BulkReader::Raw>> row = reader.next();
      if (interrupted()) break;  // what was not sent was not acknowledged
      if (!row) {
        if (Status sent = send(); !sent) return sent;
        return tl::unexpected(row.error());
      }
      if (import_.given_back && language_.empty() && reader.sent()) language_ = reader.sent()->language;
      if (!*row) break;
      std::vector<Error>& remarks = (*row)->remarks;
      const auto of_file =
          std::partition(remarks.begin(), remarks.end(), [](const Error& one) { return one.place != kOfFile; });
      if (of_file != remarks.end()) report_.remarked((*row)->line, {of_file, remarks.end()});
      remarks.erase(of_file, remarks.end());
      if (refused_here(**row)) continue;
      lines_.push_back({(*row)->line, std::move((*row)->remarks)});
      body_ += (*row)->json + "\n";
      bar.update(report_.sum.accepted + report_.sum.refused, (*row)->bytes_read, bytes_total);
      if (lines_.size() >= 512 || body_.size() > (4U << 20U))
        if (Status sent = send(); !sent) return sent;
    }
    return interrupted() ? Status() : send();
  }

 private:
  // What the server cannot see: the file's own form, and ids in parts that were sent before.
  bool refused_here(const BulkReader::Raw& row) {
    std::vector<Error> faults;
    if (row.refused || !row.faults.empty()) {
      faults = check_row(row, import_.taxonomy).faults;
    } else if (const std::string id = id_of(row.json); !id.empty()) {
      if (const auto before = seen_.find(id))
        faults.push_back(id_given_twice(before->line));
      else
        seen_.set(id, RowsMet::row(row.line, {}));
    }
    if (faults.empty()) return false;
    ++report_.sum.refused;
    report_.refused(row.line, faults);
    return true;
  }

  static std::string id_of(const std::string& row) {
    boost::system::error_code failed;
    const json::value value = json::parse(row, failed);
    const json::value* id = failed || !value.is_object() ? nullptr : value.as_object().if_contains("id");
    return id && id->is_string() ? std::string(id->as_string()) : std::string();
  }

  Status send() {
    if (lines_.empty()) return {};
    const CallHeaders headers = language_.empty() ? CallHeaders() : CallHeaders{{"accept-language", language_}};
    const Result<std::string> answer = import_.backend.call("POST", import_.target, body_, "application/x-ndjson", {}, headers);
    if (!answer) return tl::unexpected(answer.error());
    std::size_t at = 0, row = 0;
    for (; at < answer->size() && row < lines_.size(); ++row) {
      const std::size_t end = std::min(answer->find('\n', at), answer->size());
      judge(std::move(lines_[row]), std::string_view(*answer).substr(at, end - at));
      at = end + 1;
    }
    if (row < lines_.size())
      return fail(ErrorCode::kUnavailable, import_.file + ":" + std::to_string(lines_[row].number),
                  "the server gave no verdict on this row and those after it", "run the import again: it resumes");
    lines_.clear();
    body_.clear();
    return {};
  }

  struct Line {
    std::uint64_t number;
    std::vector<Error> remarks;
  };

  // Appends those of a verdict's member.
  static void add_errors(const json::value& verdict, std::string_view member, std::vector<Error>& errors) {
    const json::value* list = verdict.is_object() ? verdict.as_object().if_contains(member) : nullptr;
    if (!list || !list->is_array()) return;
    for (const json::value& one : list->as_array()) {
      const auto text = [&](std::string_view key) {
        const json::value* found = one.is_object() ? one.as_object().if_contains(key) : nullptr;
        return found && found->is_string() ? std::string(found->as_string()) : std::string{};
      };
      errors.push_back({ErrorCode::kInvalid, text("member"), text("detail"), text("remedy")});
    }
  }

  void judge(Line line, std::string_view verdict_text) {
    boost::system::error_code failed;
    const json::value verdict = json::parse(verdict_text, failed);
    const auto text = [&](std::string_view key) {
      const json::value* found = failed || !verdict.is_object() ? nullptr : verdict.as_object().if_contains(key);
      return found && found->is_string() ? std::string(found->as_string()) : std::string{};
    };
    const std::string status = text("status");
    ImportProgress& sum = report_.sum;
    if (!failed && verdict.is_object() && verdict.as_object().contains("reveals")) ++sum.revealing;
    const std::pair<std::string_view, std::uint64_t*> taken[] = {
        {"created", &sum.created}, {"replaced", &sum.replaced}, {"unchanged", &sum.unchanged}, {"held", &sum.held}};
    const auto found = std::ranges::find(taken, status, &std::pair<std::string_view, std::uint64_t*>::first);
    if (found != std::end(taken)) {
      ++sum.accepted, ++*found->second;
      report_.taken(line.number, status);
    } else {
      ++sum.refused;
      std::vector<Error> faults{{ErrorCode::kInvalid, text("member"), text("detail"), text("remedy")}};
      add_errors(verdict, "also", faults);
      return report_.refused(line.number, faults);
    }
    add_errors(verdict, "remarks", line.remarks);
    if (line.remarks.empty()) return;
    ++sum.remarked;
    report_.remarked(line.number, line.remarks);
  }

  const RemoteImport& import_;
  ImportReport& report_;
  std::string language_ = import_.language;
  RowsMet seen_;
  std::vector<Line> lines_;
  std::string body_;
};

}  // namespace

Status import_remotely(const RemoteImport& import, BulkReader& reader, std::uint64_t bytes_total, ImportReport& report) {
  return Sender(import, report).run(reader, bytes_total);
}

}  // namespace counterpart::server
