// A CSV file of profiles.
#include "tests/fuzz/bulk.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart;
  std::istringstream in{std::string(text_of_input(data, size))};
  read_all(*read_csv(in), size);
  return 0;
}
