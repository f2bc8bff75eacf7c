// On which file system databases lie. A test program that defines database_env() anew has them on one of its own: the linker
// then leaves out index/store/database_env.cpp.
#pragma once

#include "index/layer.h"

namespace rocksdb {
class Env;
}

namespace counterpart::index {

// nullptr: the machine's. Must outlive every database.
rocksdb::Env* database_env();

}  // namespace counterpart::index
