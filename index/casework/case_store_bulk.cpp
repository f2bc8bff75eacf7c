// One act on many cases, and its undoing.
#include <utility>

#include "index/caseload/remembered.h"
#include "index/casework/case_store_impl.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kBulkKind = "bulk";  // the ids of operations begin with its first letter

// Whose desk had the case of the side before its act `number`.
Result<std::string> desk_before(Case of, unsigned number, const LifeCycles& table) {
  const Side side = of.log[number - 1].side;
  of.log.resize(number - 1);
  const Result<Progress> before = progress_of(of, table);
  if (!before) return tl::unexpected(before.error());
  return before->desks[index_of(side)];
}

// What puts the owner of a row's case back.
Result<ActRequest> putting_back(const BulkRow& row, const Database& database, const BulkCall& by, const LifeCycles& table) {
  if (row.act == 0) return fail(ErrorCode::kConflict, "case", "nothing was done to this one", "");
  const Result<Case> of = read_case(database, row.case_id);
  if (!of) return tl::unexpected(of.error());
  if (of->log.size() != row.act)
    return fail(ErrorCode::kConflict, "case", "something has happened since: `" + of->log.back().verb + "`",
                "look at the case, and hand it over by itself if it still should go back");
  const ActRow* done = nullptr;
  for (const ActRow& act : table.acts)
    if (act.verb == of->log.back().verb && (act.kind == of->kind || act.kind == "*")) done = done ? done : &act;
  if (!done || done->hands == Hands::kStays)
    return fail(ErrorCode::kConflict, "case", "`" + of->log.back().verb + "` changes no owner, so there is nothing to put back",
                "");
  const Result<std::string> before = desk_before(*of, row.act, table);
  if (!before) return tl::unexpected(before.error());
  ActRequest request{.case_id = row.case_id, .desk = by.desk, .last = row.act, .who = by.who};
  request.verb = before->empty() ? "put_back" : "hand_over";
  request.said.facts.desk = *before;
  return request;
}

}  // namespace

Result<BulkDone> CaseStore::act_in_bulk(std::span<const ActRequest> requests, const BulkCall& call, std::int64_t now) {
  Impl& own = *impl_;
  BulkDone answer;
  const Status done = own.store.run_exclusively([&](Database& database) -> Status {
    if (call.repeat) {
      const Result<std::optional<Repeat>> before = find_repeat(database, *call.repeat);
      if (!before) return tl::unexpected(before.error());
      if (*before) {
        answer.repeated = true;
        Result<Bulk> bulk = read_bulk(database, (*before)->made);
        if (!bulk) return tl::unexpected(std::move(bulk.error()));
        answer.bulk = std::move(*bulk);
        return {};
      }
    }
    return own.act_all(requests, now, [&](CasePlan& plan, std::vector<Result<Acted>>& verdicts) -> Status {
      if (!plan.effects().empty())
        return fail(ErrorCode::kInvalid, "verb", "changes profiles, which is done to one at a time",
                    "act on each case by itself");
      Bulk& bulk = answer.bulk;
      bulk = {
          .id = plan.next_id(kBulkKind), .verb = call.verb, .desk = call.desk, .office = call.office, .at = now, .rows = {}};
      for (std::size_t i = 0; i < requests.size(); ++i) {
        BulkRow row{.case_id = requests[i].case_id};
        if (verdicts[i])
          row.act = static_cast<unsigned>(verdicts[i]->after.log.size());
        else
          row.refused = verdicts[i].error();
        bulk.rows.push_back(std::move(row));
      }
      add_bulk(bulk, plan.also());
      if (call.repeat) plan.remember(*call.repeat, bulk.id, now);
      answer.verdicts = verdicts;
      return drop_old_bulks(database, now, plan.also());
    });
  });
  if (!done) return tl::unexpected(done.error());
  return answer;
}

Result<BulkDone> CaseStore::undo(std::string_view id, const BulkCall& by, std::int64_t now) {
  Impl& own = *impl_;
  BulkDone answer;
  const Status done = own.store.run_exclusively([&](Database& database) -> Status {
    Result<Bulk> bulk = read_bulk(database, id);
    if (!bulk) return tl::unexpected(std::move(bulk.error()));
    if (bulk->office != by.office)
      return fail(ErrorCode::kNotFound, "id", "there is no such operation of your office", "its answer has its id");
    if (bulk->undone > 0) return fail(ErrorCode::kConflict, "id", "this operation was undone already", "it can be done anew");
    std::vector<ActRequest> requests;
    std::vector<Result<Acted>> refused;
    std::vector<bool> asked;
    for (const BulkRow& row : bulk->rows) {
      Result<ActRequest> request = putting_back(row, database, by, own.table);
      asked.push_back(request.has_value());
      if (request)
        requests.push_back(std::move(*request));
      else
        refused.push_back(tl::unexpected(request.error()));
    }
    bulk->undone = now;
    answer.bulk = std::move(*bulk);
    return own.act_all(requests, now, [&](CasePlan& plan, std::vector<Result<Acted>>& verdicts) -> Status {
      add_bulk(answer.bulk, plan.also());
      auto next_done = verdicts.begin();
      auto next_refused = refused.begin();
      for (const bool was_asked : asked) answer.verdicts.push_back(was_asked ? *next_done++ : *next_refused++);
      return {};
    });
  });
  if (!done) return tl::unexpected(done.error());
  return answer;
}

Result<Bulk> CaseStore::bulk(std::string_view id) const { return read_bulk(impl_->database, id); }

}  // namespace counterpart::index
