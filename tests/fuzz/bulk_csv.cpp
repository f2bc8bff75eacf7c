// A CSV file of profiles, with whatever separator and in whatever encoding.
#include "tests/fuzz/bulk.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::index;
  const std::string bytes(text_of_input(data, size));
  std::istringstream in{bytes};
  read_all(*read_csv(in, real_taxonomy()), size);
  give_back(BulkFormat::kCsv, bytes);
  return 0;
}
