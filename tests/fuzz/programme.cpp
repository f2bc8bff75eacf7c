// A programme's TOML: programmes that hold together, or errors with a place.
#include "engine/programme/programme_reader.h"
#include "tests/fuzz/target.h"
#include "tests/support/taxonomy.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::engine;
  const std::string text(text_of_input(data, size));
  // A file may name itself as its base, or another one that does.
  const SiblingText sibling = [&](const std::string& slug) -> Result<std::string> {
    if (slug == "open") return std::string("name = \"Open\"\n");
    if (slug.size() == 1) return text;
    return fail(ErrorCode::kNotFound, slug, "no such file");
  };
  const ProgrammeCheck check = read_programmes(text, "fuzzed", real_taxonomy(), sibling);
  for (const Error& error : check.errors) must_be_told(error);
  for (const Programme& programme : check.programmes) {
    must(!programme.slug.empty(), "a programme without a slug");
    for (const auto& [a, b] : programme.pairs)
      must(a < programme.sides.size() && b < programme.sides.size(), "a pair of sides that are not there");
    for (const auto& [signal, weight] : programme.weights) must(weight >= 0 && weight <= 1e9, "a weight out of range", signal);
  }
  must(!check.errors.empty() || !check.programmes.empty(), "neither a programme nor an error");
  return 0;
}
