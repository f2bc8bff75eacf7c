#include "index/network/network_check.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "index/caseload/case_records.h"
#include "index/caseload/shared_cases.h"
#include "index/network/records.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

// From the first one that is kept up to the head.
Status check_operations(const Database& database, const Position& head, VerifyReport& report) {
  std::optional<Position> at;
  const Status walked = for_each_operation(database, 0, nullptr, [&](const KeptOperation& kept) {
    const std::string name = "operation " + std::to_string(kept.operation.sequence) + " for the other offices";
    if (at && kept.operation.sequence != at->sequence + 1)
      report.differs(name + " follows on " + std::to_string(at->sequence));
    else if (at && kept.position != after(*at, kept.operation))
      report.differs(name + " has another hash");
    at = kept.position;
    return true;
  });
  if (!walked) return walked;
  if (at && *at != head) report.differs("the last operation for the other offices is not the one that is told of");
  return {};
}

Status check_received(const Database& database, VerifyReport& report) {
  const Result<std::vector<OtherOffice>> offices = read_offices(database);
  if (!offices) return tl::unexpected(offices.error());
  std::set<std::string, std::less<>> known;
  for (const OtherOffice& office : *offices) known.insert(office.card.office);
  Status read;
  const Status walked = for_each_origin(database, {}, [&](std::string_view id, std::string_view office) {
    const auto profile = database.get(Family::kProfiles, id);
    if (!profile) read = tl::unexpected(profile.error());
    if (profile && !*profile) report.differs(std::string(id) + " is marked as received and is not there");
    if (!known.contains(office))
      report.differs(std::string(id) + " was received from `" + std::string(office) + "`, an office that is not known");
    return read.has_value();
  });
  return walked ? read : walked;
}

// A case that is shared and not erased is there, and has the acts that its home has confirmed.
Status check_cases(const Database& database, VerifyReport& report) {
  const Result<std::vector<OtherOffice>> offices = read_offices(database);
  if (!offices) return tl::unexpected(offices.error());
  for (const OtherOffice& office : *offices) {
    const Result<std::vector<SharedCase>> shared = shared_with(database, office.card.office);
    if (!shared) return tl::unexpected(shared.error());
    for (const SharedCase& one : *shared) {
      if (one.gone || one.case_id.empty()) continue;
      const Result<Case> of = read_case(database, one.case_id);
      if (!of)
        report.differs("case `" + one.case_id + "` is shared with `" + one.office + "` and is not there");
      else if (!one.home && of->log.size() < one.confirmed)
        report.differs("case `" + one.case_id + "` lacks acts that `" + one.office + "` has told");
    }
  }
  return {};
}

}  // namespace

Result<VerifyReport> check_network(const Database& database, VerifyReport report) {
  const Result<std::optional<Position>> head = read_network_head(database);
  if (!head) return tl::unexpected(head.error());
  if (*head)
    if (Status checked = check_operations(database, **head, report); !checked) return tl::unexpected(checked.error());
  if (Status checked = check_received(database, report); !checked) return tl::unexpected(checked.error());
  if (Status checked = check_cases(database, report); !checked) return tl::unexpected(checked.error());
  return report;
}

}  // namespace counterpart::index
