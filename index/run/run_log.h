// The working file of a match run: what has been done so far, piece by piece, so that a killed run goes on where it was
// and the next night starts from this one's lists.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "index/layer.h"
#include "index/pairs/all_pairs.h"
#include "index/run/run_chance.h"

namespace counterpart::index {

// Plain values one after the other, in the machine's byte order (little-endian).
class Packer {
 public:
  template <class T>
  void one(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <class T>
  void all(std::span<const T> values) {
    one(static_cast<std::uint64_t>(values.size()));
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes), whole_(bytes.size()) {}
  template <class T>
  T one() {
    T value{};
    take(&value, sizeof value);
    return value;
  }
  template <class T>
  std::vector<T> all() {
    const auto count = one<std::uint64_t>();
    if (count > bytes_.size() / sizeof(T)) failed_ = true;
    std::vector<T> values(failed_ ? 0 : count);
    take(values.data(), values.size() * sizeof(T));
    return values;
  }
  std::size_t at() const { return whole_ - bytes_.size(); }  // bytes taken so far
  bool failed() const { return failed_; }                    // more was asked for than there is

 private:
  void take(void* to, std::size_t size);
  std::string_view bytes_;
  std::size_t whole_;
  bool failed_ = false;
};

// Ranks are places in RunHeader::ids.
struct RankedCandidate {
  std::uint32_t rank = 0;
  float key = 0;
};

// One of a profile's matches. Scores as in PairScore, `value` with hubs corrected where the programme says so.
struct RunEntry {
  std::uint32_t counterpart = 0;  // rank
  std::int32_t value = 0, own = 0, their = 0;
  bool operator==(const RunEntry&) const = default;
};
// The order of lists: the better first, ties by id.
struct BestFirst {
  bool operator()(const RankedCandidate& a, const RankedCandidate& b) const {
    return a.key != b.key ? a.key > b.key : a.rank < b.rank;
  }
  bool operator()(const RunEntry& a, const RunEntry& b) const {
    return a.value != b.value ? a.value > b.value : a.counterpart < b.counterpart;
  }
};

// What all pieces rest on.
struct RunHeader {
  std::string lists_key;   // what candidate lists depend on beside the rows
  std::string result_key;  // what the result depends on beside that: sequence and day
  std::int32_t today = 0;
  std::vector<std::string> ids;             // of those who take part, ascending
  std::vector<std::uint64_t> fingerprints;  // by rank: equal only for an unchanged row
};

enum class RunPiece : std::uint32_t {
  kHeader = 1,
  kChanged = 2,  // candidates of a chunk of changed rows, and whose candidates they become
  kGroup = 3,    // candidates and matches of a group of rows
  kGiven = 4,    // the same by another machine, which may still be found wrong: counts in a run that has come to its end
};

struct CandidateList {
  std::uint32_t rank = 0;
  bool complete = false;                         // nobody else is admissible
  std::vector<RankedCandidate> candidates = {};  // best first
};
struct RankedHit {
  std::uint32_t rank = 0, candidate = 0;  // whose list it belongs to, who is the candidate
  float key = 0;
};
struct ChangedPiece {
  PairWork work;
  std::vector<CandidateList> lists;
  std::vector<RankedHit> hits;
};
struct GroupPiece {
  PairWork work;
  std::vector<CandidateList> lists;
  std::vector<std::vector<RunEntry>> matches;  // as `lists`
  std::vector<std::vector<RunBand>> bands;     // as `matches`
};
std::string pack(const RunHeader& header);
std::string pack(const ChangedPiece& piece);
std::string pack(const GroupPiece& piece);
Result<RunHeader> unpack_header(std::string_view bytes);
Result<ChangedPiece> unpack_changed(std::string_view bytes);
Result<GroupPiece> unpack_group(std::string_view bytes);
// Where the candidates of the lists lie in a packed group.
std::vector<std::uint64_t> candidate_offsets(const std::vector<CandidateList>& lists);

// Appending is safe from any thread.
class RunLog {
 public:
  struct Piece {
    RunPiece kind = RunPiece::kHeader;
    std::uint32_t number = 0;
    std::uint64_t offset = 0;  // of its bytes in the file
    std::string_view bytes;
  };
  // Replaces what is there.
  static Result<std::unique_ptr<RunLog>> create(const std::filesystem::path& file, const RunHeader& header);
  // Visits every whole piece in the order of the file, the header first; a damaged tail is cut off. kNotFound; kCorrupt:
  // not even the header is whole; or what `visit` returns.
  static Result<std::unique_ptr<RunLog>> open(const std::filesystem::path& file,
                                              const std::function<Status(const Piece&)>& visit);
  ~RunLog();
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  // In the system's hands when it returns (survives the end of the process), synced every few seconds. Where the bytes
  // begin in the file.
  Result<std::uint64_t> append(RunPiece kind, std::uint32_t number, std::string_view bytes);
  // `size` bytes from `offset`. kStorage.
  Result<std::string> read(std::uint64_t offset, std::size_t size) const;
  Status sync();

 private:
  RunLog(int descriptor, std::string name, std::uint64_t size) : descriptor_(descriptor), name_(std::move(name)), size_(size) {}

  int descriptor_;
  std::string name_;
  Mutex mutex_;
  std::uint64_t size_ GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point synced_ GUARDED_BY(mutex_){};
};

}  // namespace counterpart::index
