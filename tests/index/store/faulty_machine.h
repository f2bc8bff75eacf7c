// A store on a file system that fails and loses what was not synced. For the programs that try it out.
#pragma once

#include <rocksdb/env.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>

#include "index/store/store.h"
#include "tests/index/store/fault_file_system.h"

namespace counterpart::index {

// What the databases lie on.
struct Machine {
  std::shared_ptr<FaultFileSystem> files = std::make_shared<FaultFileSystem>(1);
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(files);

  Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& data) const {
    return Store::open(data, {}, env.get());
  }
};

inline FaultOdds draw_odds(std::mt19937& random) {
  const auto one_of = [&](std::uint32_t often) {
    const std::uint32_t choice = static_cast<std::uint32_t>(random()) % 3;
    return choice == 0 ? 0U : choice == 1 ? often : 1000U;
  };
  return {one_of(32), one_of(128), one_of(128)};
}

}  // namespace counterpart::index
