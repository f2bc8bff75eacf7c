#include "engine/taxonomy/tsv.h"

#include <string>

namespace counterpart::engine {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Status each_tsv_row(std::string_view place, std::string_view text,
                    const std::function<Status(std::size_t line, const Cells& cells)>& row) {
  std::size_t width = 0, number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const Cells cells = split(line, '\t');
    if (width == 0) width = cells.size();
    if (cells.size() != width)
      return fail(ErrorCode::kCorrupt, std::string(place) + ":" + std::to_string(number),
                  "has " + std::to_string(cells.size()) + " cells where the header has " + std::to_string(width));
    if (Status status = row(number, cells); !status) return status;
  }
  return {};
}

}  // namespace counterpart::engine
