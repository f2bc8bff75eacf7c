// A workbook of profiles: as an archive, and as the XML of a sheet in one that is right, which a fuzzer finds no way into.
#include <array>

#include "tests/fuzz/bulk.h"
#include "tests/index/bulk/zipped.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::index;
  const std::string bytes(text_of_input(data, size));
  const bool archive = bytes.starts_with("PK");
  std::istringstream in(archive ? bytes : workbook_of({{"xl/worksheets/sheet1.xml", bytes}}));
  read_all(*read_workbook(in, real_taxonomy()), archive ? size : in.str().size());
  give_back(BulkFormat::kWorkbook, in.str());
  return 0;
}
