// An erasure as it stands in the store, from the batch that erases to the receipt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/erasure/erasure.h"
#include "index/layer.h"

namespace counterpart::index {

struct ErasedProfile {
  std::string id;
  std::string office;                       // that answered for it; empty: none did, or nobody knows
  std::uint64_t life = 0;                   // that ended, as Store::life() counts
  std::vector<std::uint64_t> letters = {};  // about it that had been sent: spooled, or mailed
};

struct ErasureJob {
  enum class Stage : std::uint8_t {
    kPending,  // erased, but what it said may still stand in files; its traces lie sealed beside this record
    kClosing,  // nothing was left; the traces are gone, but for their sealed bytes in files
    kDone,
  };
  std::uint64_t number = 0;  // from 1 on
  Stage stage = Stage::kPending;
  std::string who;  // asked for it, as in the audit log
  std::vector<ErasedProfile> profiles;
  std::optional<ErasureReceipt> receipt;  // from kClosing on
};

std::string encode_job(const ErasureJob& job);
// kCorrupt.
Result<ErasureJob> decode_job(std::uint64_t number, std::string_view bytes);

std::string encode_traces(const std::vector<Traces>& traces);
// kCorrupt.
Result<std::vector<Traces>> decode_traces(std::string_view bytes);

}  // namespace counterpart::index
