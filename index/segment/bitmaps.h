// Compressed sets of rows, and the table of those sets by (field, key).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "index/layer.h"

struct roaring_bitmap_s;

namespace counterpart::index {

// A set of row numbers. Safe to read from several threads.
class Bitmap {
 public:
  Bitmap();
  // `rows` ascending, each once.
  static Bitmap of(std::span<const std::uint32_t> rows);
  static Bitmap range(std::uint32_t first, std::uint32_t end);
  // The union; `bitmaps` may be empty.
  static Bitmap any_of(std::span<const Bitmap* const> bitmaps);
  Bitmap(const Bitmap& other);
  Bitmap(Bitmap&& other) noexcept;
  Bitmap& operator=(Bitmap other) noexcept;
  ~Bitmap();

  void add(std::uint32_t row);
  void remove(std::uint32_t row);
  bool contains(std::uint32_t row) const;
  std::uint64_t size() const;
  std::uint64_t common(const Bitmap& other) const;  // size of the intersection
  Bitmap& operator&=(const Bitmap& other);
  Bitmap& operator|=(const Bitmap& other);
  Bitmap& operator-=(const Bitmap& other);
  bool operator==(const Bitmap& other) const;
  std::vector<std::uint32_t> rows() const;
  // Those in first .. end - 1, ascending, appended to `out`.
  void rows_between(std::uint32_t first, std::uint32_t end, std::vector<std::uint32_t>& out) const;

  void compress();
  // The portable format of the Roaring specification.
  std::string encode() const;
  static Result<Bitmap> decode(std::string_view bytes);

 private:
  explicit Bitmap(roaring_bitmap_s* bits) : bits_(bits) {}
  roaring_bitmap_s* bits_;
};

// Which rows have which key of which field. Immutable once built; safe from any thread.
class KeyBitmaps {
 public:
  // `rows_by_key` holds ascending rows; `rows` is how many the segment has.
  using Rows = std::map<std::pair<std::string, std::string>, std::vector<std::uint32_t>>;
  static KeyBitmaps build(const Rows& rows_by_key, std::uint32_t rows);

  struct Entry {
    std::string field;
    std::string key;
    Bitmap rows;
    std::uint64_t size = 0;
  };
  std::span<const Entry> entries() const { return entries_; }  // by field, then key
  std::span<const Entry> of_field(std::string_view field) const;
  const Entry* find(std::string_view field, std::string_view key) const;

  // The rows of first .. rows - 1 that pass; an unknown field or key is nobody's.
  Bitmap matching(const Filter& filter) const;

  std::string encode() const;
  static Result<KeyBitmaps> decode(std::string_view bytes, std::uint32_t rows);

 private:
  void narrow(const Condition& condition, Bitmap& rows) const;
  std::vector<Entry> entries_;
  std::uint32_t rows_ = 0;
};

}  // namespace counterpart::index
