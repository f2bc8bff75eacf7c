// The manifest of a match run: what is read is written and read again as the same.
#include "index/run/run_archive.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::index;
  const Result<RunManifest> manifest = parse_run_manifest(text_of_input(data, size));
  if (!manifest) {
    must_be_told(manifest.error(), false);
    return 0;
  }
  const std::string written = to_json(*manifest);
  const Result<RunManifest> again = parse_run_manifest(written);
  must(again.has_value(), "a manifest that we wrote and do not read", written);
  must(to_json(*again) == written, "a manifest that changes when written again", written);
  return 0;
}
