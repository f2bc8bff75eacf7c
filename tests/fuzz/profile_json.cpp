// One profile as JSON: what is read is written and read again as the same; what is refused is told why.
#include "engine/profile/profile_json.h"

#include "tests/fuzz/target.h"
#include "tests/support/taxonomy.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::engine;
  const std::string_view text = text_of_input(data, size);
  const Result<Profile> profile = parse_profile(text, real_taxonomy());
  if (!profile) {
    must_be_told(profile.error(), false);
    return 0;
  }
  const std::string written = to_json(*profile, Visibility::kWithPrivate);
  const Result<Profile> again = parse_profile(written, real_taxonomy());
  must(again.has_value(), "a profile that we wrote and do not read", written);
  must(to_json(*again, Visibility::kWithPrivate) == written, "a profile that changes when written again", written);
  const std::string open = to_json(*profile, Visibility::kPublic), closed = private_json(*profile);
  const Result<Profile> stored = decode_profile(open, closed);
  must(stored.has_value(), "a stored profile that does not decode", open + closed);
  must(to_json(*stored, Visibility::kWithPrivate) == written, "a profile that the store changes", written);
  return 0;
}
