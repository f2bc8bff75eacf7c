// On which file system databases lie. A test program that defines database_env() anew has them on one of its own: the linker
// then leaves out index/store/database_env.cpp.
#pragma once

namespace rocksdb {
class Env;
}

namespace counterpart {

// nullptr: the machine's. Must outlive every database.
rocksdb::Env* database_env();

}  // namespace counterpart
