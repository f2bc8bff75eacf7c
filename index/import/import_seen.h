// Which ids the rows of a file have had so far, and with what content.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_hash.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// 40 bytes an id, whatever its length. Not thread-safe.
class RowsMet {
 public:
  struct Row {
    std::uint64_t line = 0;
    boost::uuids::uuid content{};
    bool operator==(const Row&) const = default;
  };
  static Row row(std::uint64_t line, std::string_view content) { return {line, digest(content)}; }

  // The row that had `id` before.
  std::optional<Row> find(std::string_view id) const {
    const auto found = rows_.find(digest(id));
    return found == rows_.end() ? std::nullopt : std::optional(found->second);
  }
  void set(std::string_view id, const Row& row) { rows_.insert_or_assign(digest(id), row); }

 private:
  static boost::uuids::uuid digest(std::string_view text) {
    return boost::uuids::name_generator_sha1(boost::uuids::ns::oid())(text.data(), text.size());
  }
  boost::unordered_flat_map<boost::uuids::uuid, Row, boost::hash<boost::uuids::uuid>> rows_;
};

// Of a row whose id another row of the same file had.
inline Error id_given_twice(std::uint64_t line) {
  return {ErrorCode::kInvalid, "id", "is that of line " + std::to_string(line) + ", too",
          "keep one of the two, or give it another id"};
}

}  // namespace counterpart::index
