// A CSV file of profiles, with whatever separator and in whatever encoding.
#include "tests/fuzz/bulk.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::index;
  std::istringstream in{std::string(text_of_input(data, size))};
  read_all(*read_csv(in, real_taxonomy()), size);
  return 0;
}
