#include "index/store/database_env.h"

namespace counterpart {

rocksdb::Env* database_env() { return nullptr; }

}  // namespace counterpart
