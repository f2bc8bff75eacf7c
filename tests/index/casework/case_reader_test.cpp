// All cases at one moment, for reports.
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

struct Read {
  std::vector<std::string> cases, erased;
  std::size_t acts = 0;
  bool operator==(const Read&) const = default;
};

Read read_all(CaseReader& reader) {
  Read read;
  while (true) {
    const auto one = reader.next().value();
    if (!one) return read;
    if (const Case* of = std::get_if<Case>(&*one)) {
      read.cases.push_back(of->id);
      read.acts += of->log.size();
    } else {
      read.erased.push_back(std::get<ErasedCase>(*one).id);
    }
  }
}

}  // namespace

TEST_CASE("case reader: it reads one moment, whatever is done meanwhile, and names the audit log of that moment",
          "[casework]") {
  Casebook book;
  CHECK(read_all(*book.cases->read_all()) == Read{});
  const std::string kept = book.send("sn:dairy", "sa:works");
  const std::string gone = book.send("sn:solar", "sa:fund");
  const std::unique_ptr<CaseReader> before = book.cases->read_all();
  const AuditHead head = before->audit().value();
  REQUIRE(book.act(kept, "omar", "accept"));
  book.erase("sn:solar");
  CHECK(read_all(*before) == Read{{kept, gone}, {}, 2});
  CHECK(before->audit().value().entries == head.entries);

  const std::unique_ptr<CaseReader> after = book.cases->read_all();
  const Read now = read_all(*after);
  CHECK(now.cases.size() == 2);  // and the introduction
  CHECK(now.erased == std::vector<std::string>{gone});
  CHECK(after->audit().value().entries > head.entries);
  CHECK(after->audit().value().hash == book.store->audit().verify(head.hash).value().head);
  CHECK(book.store->audit().verify(head.hash).value().broken_at == 0);
}

}  // namespace counterpart::index
