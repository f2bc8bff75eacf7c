#include "server/client/import_report.h"

#include <cstdio>
#include <iostream>

#include "server/client/terminal.h"

namespace counterpart::server {

namespace json = boost::json;

namespace {

json::object write_fault(const Error& error) {
  return {{"member", error.place}, {"message", error.message}, {"remedy", error.remedy}};
}

// One entry a row: its first fault, and the others in `also`.
void note(const std::string& file, std::uint64_t line, std::span<const Error> errors, json::array& list) {
  if (list.size() >= 1'000 || errors.empty()) return;
  json::object row = write_fault(errors.front());
  row["file"] = file;
  row["line"] = line;
  if (errors.size() > 1) {
    json::array& also = (row["also"] = json::array()).as_array();
    for (const Error& error : errors.subspan(1)) also.push_back(write_fault(error));
  }
  list.push_back(std::move(row));
}

}  // namespace

void ImportReport::refused(std::uint64_t line, std::span<const Error> errors) {
  verdicts.refused(line, errors);
  const std::vector<Error> faults = told_.say(errors);
  if (json_) return note(file_, line, faults, refusals_);
  for (const Error& fault : faults) std::cerr << file_ << ":" << line << ": " << describe(fault) << "\n";
}

void ImportReport::remarked(std::uint64_t line, std::span<const Error> errors) {
  verdicts.remarked(line, errors);
  const std::vector<Error> remarks = told_.say(errors);
  if (json_) return note(file_, line, remarks, remarks_);
  for (const Error& one : remarks)
    std::cerr << file_ << ":" << line << ": " << (one.place == kOfFile ? "" : "taken in, but ") << describe(one) << "\n";
}

void ImportReport::failed(const Error& error) {
  ++failed_files;
  report(told_.say(error));
}

int ImportReport::print(bool dry_run) const {
  if (json_) {
    json::object out{{"accepted", sum.accepted},   {"created", sum.created},       {"replaced", sum.replaced},
                     {"unchanged", sum.unchanged}, {"refused", sum.refused},       {"remarked", sum.remarked},
                     {"revealing", sum.revealing}, {"failed_files", failed_files}, {"dry_run", dry_run},
                     {"refusals", refusals_},      {"remarks", remarks_},          {"interrupted", interrupted()}};
    out["held"] = sum.held;
    if (duplicates) out["possible_duplicates"] = *duplicates;
    if (!given_back.empty()) out["verdicts"] = given_back;
    std::cout << json::serialize(out) << "\n";
  } else {
    std::printf("%s: %s accepted (%s new, %s replaced, %s unchanged), %s refused, %s of %s files failed\n",
                dry_run         ? "dry run, nothing written"
                : interrupted() ? "interrupted"
                                : "done",
                grouped(sum.accepted).c_str(), grouped(sum.created).c_str(), grouped(sum.replaced).c_str(),
                grouped(sum.unchanged).c_str(), grouped(sum.refused).c_str(), grouped(failed_files).c_str(),
                grouped(files).c_str());
    if (sum.held > 0)
      std::printf("%s are held back until they are reviewed; see `counterpart review list --open`\n",
                  grouped(sum.held).c_str());
    if (sum.remarked > 0) std::printf("%s were taken in with a remark; see above\n", grouped(sum.remarked).c_str());
    if (sum.revealing > 0)
      std::printf("%s have contact data in a text that everybody may read; look at them\n", grouped(sum.revealing).c_str());
    if (duplicates.value_or(0) > 0)
      std::printf("%s possible duplicates; see `counterpart duplicates`\n", grouped(*duplicates).c_str());
    if (!given_back.empty())
      std::printf("the table with the verdict on each row is %s; mend it there, and import that\n", given_back.c_str());
  }
  return sum.refused == 0 && failed_files == 0 ? kDone : kRefused;
}

void add(const ImportProgress& from, ImportProgress& to) {
  to.accepted += from.accepted;
  to.created += from.created;
  to.replaced += from.replaced;
  to.unchanged += from.unchanged;
  to.held += from.held;
  to.refused += from.refused;
  to.remarked += from.remarked;
  to.revealing += from.revealing;
}

}  // namespace counterpart::server
