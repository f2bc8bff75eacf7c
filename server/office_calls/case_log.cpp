#include "server/office_calls/case_log.h"

#include <utility>

#include "engine/base/hex.h"
#include "engine/report/report_table.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "server/access/rights.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::uint8_t kLedByWomen = 1;  // of Traits::women_led

std::string line_of(const ErasedCase& left) {
  json::object line{{"id", left.id}, {"kind", left.kind}};
  if (!left.programme.empty()) line["programme"] = left.programme;
  if (!left.office.empty()) line["office"] = left.office;
  line["erased"] = left.at;
  return json::serialize(line);
}

}  // namespace

CaseLog::CaseLog(const Call& call, Right right)
    : taxonomy_(call.data.taxonomy), corpus_(call.data.corpus()), reader_(call.data.cases.read_all()),
      office_(call.caller.reach(right) == Reach::kAll ? std::string() : call.caller.office), head_(kKeyBytes, '\0') {}

PartyTraits CaseLog::traits_of(std::string_view profile) const {
  const std::optional<Row> row = corpus_->find(profile);
  if (!row) return {};
  const Traits& traits = corpus_->traits(*row);
  return {traits.country == kNoCountry ? std::string() : taxonomy_.countries.entries()[traits.country].code,
          traits.women_led == kLedByWomen};
}

Result<std::optional<LoggedCase>> CaseLog::next() {
  while (true) {
    auto read = reader_->next();
    if (!read) return tl::unexpected(std::move(read.error()));
    if (!*read) return std::optional<LoggedCase>();
    LoggedCase logged;
    if (Case* of = std::get_if<Case>(&**read)) {
      if (!is_reported(of->kind)) continue;
      if (!office_.empty() && of->asking.office != office_ && of->answering.office != office_) continue;
      logged.traits = {traits_of(of->asking.profile), traits_of(of->answering.profile)};
      logged.line = case_line(*of, logged.traits);
      ++cases_;
      acts_ += of->log.size();
      logged.of = std::move(*of);
    } else {
      const ErasedCase& left = std::get<ErasedCase>(**read);
      if (!is_reported(left.kind) || (!office_.empty() && left.office != office_)) continue;
      logged.line = line_of(left);
      ++erased_;
    }
    head_ = digest_of(head_ + logged.line);
    return logged;
  }
}

Result<json::object> CaseLog::told() const {
  const Result<AuditHead> audit = reader_->audit();
  if (!audit) return tl::unexpected(audit.error());
  return json::object{{"cases", cases_},
                      {"acts", acts_},
                      {"erased", erased_},
                      {"head", hex(head_)},
                      {"audit", json::object{{"entries", audit->entries}, {"head", audit->hash}}}};
}

}  // namespace counterpart::server
