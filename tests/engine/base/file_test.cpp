#include "engine/base/file.h"

#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::engine;

TEST_CASE("file: all bytes are read, whatever they are", "[file]") {
  const TempFolder folder;
  const std::string bytes = std::string(100'000, 'a') + '\0' + "\r\n";
  std::ofstream(folder.path() / "some", std::ios::binary) << bytes;
  CHECK(read_file(folder.path() / "some").value() == bytes);
  std::ofstream(folder.path() / "empty");
  CHECK(read_file(folder.path() / "empty").value().empty());
}

TEST_CASE("file: one that is absent and one that cannot be read are told apart", "[file]") {
  const TempFolder folder;
  CHECK(read_file(folder.path() / "none").error().code == ErrorCode::kNotFound);
  CHECK(read_file(folder.path() / "none" / "below").error().code == ErrorCode::kNotFound);
  CHECK(read_file(folder.path()).error().code == ErrorCode::kStorage);
}
