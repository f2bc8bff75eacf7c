// A whole file as text, and what to say of a disk that fails.
#pragma once

#include <filesystem>
#include <string>

#include "engine/base/result.h"

namespace counterpart::engine {

// kStorage, with the file's name and what the system says.
tl::unexpected<Error> disk_error(const std::filesystem::path& file, int number);

// All bytes of a small file. kNotFound: it is absent. kStorage: it is there and cannot be read.
Result<std::string> read_file(const std::filesystem::path& file);

}  // namespace counterpart::engine
