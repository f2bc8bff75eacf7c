#include <utility>

#include "engine/casework/case_json.h"
#include "index/casework/case_store_impl.h"

namespace counterpart::index {

struct CaseReader::Impl {
  explicit Impl(const Database& the_database)
      : database(the_database), view(the_database), cursor(the_database, Family::kCases, &view) {
    cursor.seek(case_key({}));
  }

  const Database& database;
  const Database::View view;
  Database::Cursor cursor;
  bool erased = false;  // those that are there are read
};

CaseReader::CaseReader(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
CaseReader::~CaseReader() = default;

Result<std::optional<std::variant<Case, ErasedCase>>> CaseReader::next() {
  using Read = std::optional<std::variant<Case, ErasedCase>>;
  Database::Cursor& cursor = impl_->cursor;
  if (!impl_->erased && !(cursor.valid() && cursor.key().front() == kCaseMark)) {
    if (Status read = cursor.status(); !read) return tl::unexpected(std::move(read.error()));
    cursor.seek(erased_key({}));
    impl_->erased = true;
  }
  if (!cursor.valid() || cursor.key().front() != (impl_->erased ? kErasedMark : kCaseMark)) {
    if (Status read = cursor.status(); !read) return tl::unexpected(std::move(read.error()));
    return Read();
  }
  Result<Read> found = Read();
  if (impl_->erased)
    found = decode_erased(cursor.key().substr(1), cursor.value()).map([](ErasedCase left) { return Read(std::move(left)); });
  else
    found = decode_case(cursor.value()).map([](Case given) { return Read(std::move(given)); });
  if (found) cursor.next();
  return found;
}

Result<AuditHead> CaseReader::audit() const { return audit_head(impl_->database, &impl_->view); }

const Limits& CaseStore::limits() const { return impl_->limits; }
std::unique_ptr<CaseReader> CaseStore::read_all() const { return std::make_unique<CaseReader>(impl_->database); }

}  // namespace counterpart::index
