// JSON Lines: one profile a line.
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/profile_json.h"
#include "index/bulk_input.h"
#include "index/importer.h"

namespace counterpart {
namespace {

class LinesReader : public BulkReader {
 public:
  explicit LinesReader(std::istream& in) : input_(in) {}

  Result<std::optional<Raw>> next() override {
    for (;;) {
      if (rest_.empty() && !ended_) {
        const auto bytes = input_.next();
        if (!bytes) return tl::unexpected(bytes.error());
        rest_ = *bytes;
        ended_ = rest_.empty();
      }
      const std::size_t end = rest_.find('\n');
      append(rest_.substr(0, end));
      if (end == std::string_view::npos) {
        rest_ = {};
        if (!ended_) continue;
        if (line_.empty() && !too_long_) return std::nullopt;
      } else {
        rest_.remove_prefix(end + 1);
      }
      ++number_;
      if (auto raw = finish_line()) return raw;
    }
  }

 private:
  // An over-long line is not kept, only its end is looked for.
  void append(std::string_view part) {
    if (line_.size() + part.size() > kMaxProfileBytes + 1) too_long_ = true;  // 1: a carriage return
    if (!too_long_) line_.append(part);
  }

  std::optional<Raw> finish_line() {
    Raw raw;
    raw.line = number_;
    raw.bytes_read = input_.bytes_read() - rest_.size();
    raw.json = std::exchange(line_, {});
    if (raw.json.ends_with('\r')) raw.json.pop_back();
    if (std::exchange(too_long_, false) || raw.json.size() > kMaxProfileBytes) {
      raw.json.clear();
      raw.refused = Error{ErrorCode::kTooLarge, "line", "is longer than 1 MiB", "shorten its texts; one profile a line"};
      return raw;
    }
    if (raw.json.find_first_not_of(" \t\r") == std::string::npos) return std::nullopt;
    return raw;
  }

  BulkInput input_;
  std::string_view rest_;
  std::string line_;
  bool too_long_ = false;
  bool ended_ = false;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<BulkReader> read_json_lines(std::istream& in) { return std::make_unique<LinesReader>(in); }

}  // namespace counterpart
