// The parts of a workbook (Office Open XML, ECMA-376: XML files in a ZIP archive), unpacked piece by piece within limits.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::uint64_t kMaxPackedWorkbook = 64 << 20;  // bytes of the file
inline constexpr std::uint64_t kMaxUnpackedPart = 1ULL << 30;  // bytes of one part; 20,000 profiles of 100 words are some 30 MB
inline constexpr std::uint64_t kMaxUnpackedRatio = 200;        // of a part over 1 MiB; text of people comes to 5 to 20
inline constexpr std::int64_t kMaxWorkbookParts = 10'000;

// Not thread-safe. Errors are kInvalid or kTooLarge, with the part as their place.
class WorkbookParts {
 public:
  class Part {
   public:
    virtual ~Part() = default;
    // The next bytes, empty at the end; valid until the next call.
    virtual Result<std::string_view> next() = 0;
  };

  // `bytes`: of the whole file.
  static Result<std::unique_ptr<WorkbookParts>> open(std::string bytes);
  ~WorkbookParts();

  // A workbook with other bytes in the parts of these names, each made piece by piece while it is packed; all others are as
  // they were. The makers may read from this.
  using Maker = std::function<Result<std::unique_ptr<Part>>()>;
  Result<std::string> with(const std::map<std::string, Maker>& replaced) const;

  bool contains(const std::string& name) const;
  // Whether there is one whose name begins so.
  bool contains_under(std::string_view folder) const;
  // It must not outlive this. kInvalid: there is no such part.
  Result<std::unique_ptr<Part>> part(const std::string& name);

 private:
  struct Impl;
  explicit WorkbookParts(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
