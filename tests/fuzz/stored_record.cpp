// The bytes of a stored profile: what decodes is written to the same profile again; nothing else does harm.
#include "engine/profile/profile_json.h"
#include "index/store/record.h"
#include "index/store/store.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::index;
  const std::string_view bytes = text_of_input(data, size);
  const Result<Record> record = read_record(bytes);
  if (!record) {
    must_be_told(record.error(), false);
    return 0;
  }
  const std::string written = encode_record(record->head, record->public_json);
  const Result<Record> again = read_record(written);
  must(again && again->head.version == record->head.version && again->head.sequence == record->head.sequence &&
           again->head.accepted_at == record->head.accepted_at && again->public_json == record->public_json,
       "a record that changes when written again");
  const Result<StoredProfile> stored = decode_record(bytes, {});
  if (!stored) must(stored.error().code != ErrorCode::kInternal, "damage that is called our fault");
  return 0;
}
