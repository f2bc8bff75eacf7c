// Who did what, when, to which profile: appended in the very batch that did it, each entry chained to the one before by a
// hash (as in Schneier and Kelsey, "Secure Audit Logs to Support Computer Forensics", 1999, without its encryption).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

struct AuditEntry {
  std::uint64_t number = 0;   // from 1 on without a gap; given when it is appended, as are the next two
  std::uint64_t at = 0;       // seconds since 1970
  std::string hash = {};      // of this entry and the hash before it, 64 hexadecimal digits
  std::string who = {};       // id of the token; "local": the command line, "open": nobody was asked
  std::string what = {};      // "put", "erase", "read private", ...
  std::string subject = {};   // id of the profile or token; nothing that a profile says
  std::uint64_t version = 0;  // of the profile afterwards; 0: none
};

struct AuditVerdict {
  std::uint64_t entries = 0;
  std::string head;             // hash of the last one; note it elsewhere: it vouches for all before it
  std::uint64_t broken_at = 0;  // the first entry that does not follow from those before it; 0: all do
  std::string what;             // what is wrong there
};

// append() and finish_append() from one thread at a time, the others from any.
class AuditLog {
 public:
  // Keeps a reference to `database`. kCorrupt: its head does not decode.
  static Result<std::unique_ptr<AuditLog>> open(const Database& database);

  // Adds to `edits` what appends `entries`; finish_append() tells whether they were written.
  void append(std::vector<AuditEntry> entries, std::vector<Database::Edit>& edits);
  void finish_append(bool written);
  Status read_anew();  // its head: entries came by Store::follow()

  // Ascending after `after`, at most `limit`; `subject`: only of this one, empty: all.
  Result<std::vector<AuditEntry>> list(std::uint64_t after, std::size_t limit, std::string_view subject = {}) const;
  // Reads all of it. `seen`: a head that was noted earlier and must be on the chain; empty: none was.
  Result<AuditVerdict> verify(std::string_view seen = {}) const;

 private:
  struct Head {
    std::uint64_t number = 0;
    std::string hash = std::string(32, '\0');
  };
  explicit AuditLog(const Database& database) : database_(database) {}
  static Result<Head> read_head(const Database& database, const Database::View* view);

  const Database& database_;
  Head head_, next_;
};

}  // namespace counterpart::index
