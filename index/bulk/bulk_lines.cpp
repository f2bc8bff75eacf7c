// JSON Lines: one profile a line.
#include <optional>
#include <string>
#include <utility>

#include "engine/profile/profile_json.h"
#include "index/bulk/bulk_input.h"
#include "index/bulk/bulk_reader.h"

namespace counterpart::index {
namespace {

class LinesReader : public BulkReader {
 public:
  LinesReader(std::istream& in, const BulkOptions& options) : input_(in, options.stop), encoding_(options.encoding) {}

  Result<std::optional<Raw>> next() override {
    if (!encoding_.empty())
      if (Status decoded = input_.decode(std::exchange(encoding_, {})); !decoded) return tl::unexpected(decoded.error());
    for (;;) {
      auto line = lines_.next();
      if (!line) return tl::unexpected(line.error());
      if (!*line) return std::nullopt;
      const auto first = (*line)->text.find_first_not_of(" \t");
      if (!(*line)->too_long && first == std::string::npos) continue;
      if (!std::exchange(began_, true) && first != std::string::npos && (*line)->text[first] == '[')
        return fail(ErrorCode::kUnsupported, "line " + std::to_string((*line)->number),
                    "begins a JSON list, where there is one profile a line",
                    "take out the [ ], and the commas between profiles");
      return raw_of(std::move(**line));
    }
  }

 private:
  Raw raw_of(BulkLine line) const {
    Raw raw;
    raw.line = line.number;
    raw.bytes_read = lines_.bytes_read();
    if (line.too_long) {
      raw.refused = Error{ErrorCode::kTooLarge, "line", "is longer than 1 MiB", "shorten its texts; one profile a line"};
      return raw;
    }
    raw.json = std::move(line.text);
    // JSON has no control characters but those between values; within a text they are traces of bad software.
    std::size_t controls = 0;
    for (char& c : raw.json) {
      if (static_cast<unsigned char>(c) >= 0x20) continue;
      controls += c != '\t';
      c = ' ';
    }
    if (controls > 0)
      raw.remarks.push_back({ErrorCode::kInvalid, "line", std::to_string(controls) + " control characters were read as blanks",
                             "look whether the texts are right"});
    return raw;
  }

  BulkInput input_;
  BulkLines lines_{input_};
  std::string encoding_;
  bool began_ = false;
};

}  // namespace

std::unique_ptr<BulkReader> read_json_lines(std::istream& in, const BulkOptions& options) {
  return std::make_unique<LinesReader>(in, options);
}

}  // namespace counterpart::index
