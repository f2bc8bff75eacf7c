#include "index/store/database_env.h"

namespace counterpart::index {

rocksdb::Env* database_env() { return nullptr; }

}  // namespace counterpart::index
