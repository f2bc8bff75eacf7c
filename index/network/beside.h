// Work between offices, which goes to one other office alone: what each has to say of the cases that both share, and when an
// office works, by which the other one counts its days.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/network/receiving.h"
#include "index/network/records.h"
#include "index/store/store.h"

namespace counterpart::index {

// What is to be told of shared cases becomes operations of this office, in the order of the marks. Those that are for somebody
// else have no payload: a reader learns that there is a case of somebody, and nothing more.
Status tell_cases(Store& store);

// What `reader` is told of its cases with this office, by the operation that tells it; `all`: of every one, by nothing.
class CaseMail {
 public:
  // All are borrowed.
  CaseMail(const Store& store, const OtherOffice& reader, const std::string& self)
      : store_(store), reader_(reader), self_(self) {}

  // Empty: it is for another office, or a later one says more.
  Result<std::string> payload(std::uint64_t epoch, std::uint64_t sequence);
  // Of the cases whose own profile is beyond `covered` up to `covers` (empty: to the end), as operations of a whole state.
  Result<std::vector<Operation>> of_state(const std::string& covered, const std::string& covers);
  // Of those of one such piece, how many bytes that is.
  Result<std::size_t> bytes_of_state(const std::string& covered, const std::string& covers);
  // When this office works; nothing: it has no offices yet.
  Result<std::vector<Operation>> facts() const;

 private:
  Status load();
  Result<std::string> message(const SharedCase& of) const;
  // The cases of own profiles beyond `covered` up to `covers`, as above.
  std::pair<std::size_t, std::size_t> piece(const std::string& covered, const std::string& covers) const;

  const Store& store_;
  const OtherOffice& reader_;
  const std::string& self_;
  bool loaded_ = false;
  std::map<std::pair<std::uint64_t, std::uint64_t>, SharedCase> told_;
  std::vector<SharedCase> cases_;                // by their own profile
  std::map<std::string, std::string> payloads_;  // that were made to be counted, by the cases' ids at both
};

// Does what bundles left to do with cases; what must wait is tried again at the next call, and its note says why.
Status take_beside(const Receiving& receiving);

// Is anything here of cases with that office, or anything that stands in for it?
Result<bool> has_cases_with(const Store& store, const std::string& office);

// Nothing of an office that is not known any more stands in for it, and nothing is told to it.
Status forget_cases_with(Store& store, CaseStore& cases, const std::string& office, std::int64_t now);

}  // namespace counterpart::index
