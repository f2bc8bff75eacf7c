#include "index/segment/bitmaps.h"

#include <roaring/roaring.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <new>
#include <tuple>

namespace counterpart::index {
namespace {

roaring_bitmap_t* checked(roaring_bitmap_t* bits) {
  if (!bits) throw std::bad_alloc();
  return bits;
}

void put_number(std::string& out, std::uint32_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

// Takes a length and so many bytes off the front; false at a short end.
bool take_text(std::string_view& in, std::string_view& text) {
  std::uint32_t length = 0;
  if (in.size() < sizeof length) return false;
  std::memcpy(&length, in.data(), sizeof length);
  in.remove_prefix(sizeof length);
  if (in.size() < length) return false;
  text = in.substr(0, length);
  in.remove_prefix(length);
  return true;
}

}  // namespace

Bitmap::Bitmap() : bits_(checked(roaring_bitmap_create())) {}

Bitmap Bitmap::of(std::span<const std::uint32_t> rows) {
  return Bitmap(checked(roaring_bitmap_of_ptr(rows.size(), rows.data())));
}

Bitmap Bitmap::range(std::uint32_t first, std::uint32_t end) {
  if (first >= end) return Bitmap();
  return Bitmap(checked(roaring_bitmap_from_range(first, end, 1)));
}

Bitmap Bitmap::any_of(std::span<const Bitmap* const> bitmaps) {
  std::vector<const roaring_bitmap_t*> all;
  all.reserve(bitmaps.size());
  for (const Bitmap* bitmap : bitmaps) all.push_back(bitmap->bits_);
  if (all.empty()) return Bitmap();
  if (all.size() == 1) return *bitmaps.front();
  return Bitmap(checked(roaring_bitmap_or_many(all.size(), all.data())));
}

Bitmap::Bitmap(const Bitmap& other) : bits_(checked(roaring_bitmap_copy(other.bits_))) {}
Bitmap::Bitmap(Bitmap&& other) noexcept : bits_(std::exchange(other.bits_, nullptr)) {}
Bitmap& Bitmap::operator=(Bitmap other) noexcept {
  std::swap(bits_, other.bits_);
  return *this;
}
Bitmap::~Bitmap() {
  if (bits_) roaring_bitmap_free(bits_);
}

void Bitmap::add(std::uint32_t row) { roaring_bitmap_add(bits_, row); }
void Bitmap::remove(std::uint32_t row) { roaring_bitmap_remove(bits_, row); }
bool Bitmap::contains(std::uint32_t row) const { return roaring_bitmap_contains(bits_, row); }
std::uint64_t Bitmap::size() const { return roaring_bitmap_get_cardinality(bits_); }
std::uint64_t Bitmap::common(const Bitmap& other) const { return roaring_bitmap_and_cardinality(bits_, other.bits_); }
bool Bitmap::operator==(const Bitmap& other) const { return roaring_bitmap_equals(bits_, other.bits_); }

Bitmap& Bitmap::operator&=(const Bitmap& other) {
  roaring_bitmap_and_inplace(bits_, other.bits_);
  return *this;
}
Bitmap& Bitmap::operator|=(const Bitmap& other) {
  roaring_bitmap_or_inplace(bits_, other.bits_);
  return *this;
}
Bitmap& Bitmap::operator-=(const Bitmap& other) {
  roaring_bitmap_andnot_inplace(bits_, other.bits_);
  return *this;
}

std::vector<std::uint32_t> Bitmap::rows() const {
  std::vector<std::uint32_t> out(size());
  roaring_bitmap_to_uint32_array(bits_, out.data());
  return out;
}

void Bitmap::rows_between(std::uint32_t first, std::uint32_t end, std::vector<std::uint32_t>& out) const {
  roaring_uint32_iterator_t at;
  roaring_init_iterator(bits_, &at);
  if (!roaring_move_uint32_iterator_equalorlarger(&at, first)) return;
  std::uint32_t chunk[64];
  while (true) {
    const std::uint32_t got = roaring_read_uint32_iterator(&at, chunk, 64);
    const std::uint32_t* stop = std::lower_bound(chunk, chunk + got, end);
    out.insert(out.end(), static_cast<const std::uint32_t*>(chunk), stop);
    if (got < 64 || stop != chunk + got) return;
  }
}

void Bitmap::compress() {
  roaring_bitmap_run_optimize(bits_);
  roaring_bitmap_shrink_to_fit(bits_);
}

std::string Bitmap::encode() const {
  std::string bytes(roaring_bitmap_portable_size_in_bytes(bits_), '\0');
  roaring_bitmap_portable_serialize(bits_, bytes.data());
  return bytes;
}

Result<Bitmap> Bitmap::decode(std::string_view bytes) {
  if (roaring_bitmap_t* bits = roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size())) return Bitmap(bits);
  return fail(ErrorCode::kCorrupt, "bitmap", "its bytes do not decode");
}

KeyBitmaps KeyBitmaps::build(const Rows& rows_by_key, std::uint32_t rows) {
  KeyBitmaps table;
  table.rows_ = rows;
  table.entries_.reserve(rows_by_key.size());
  for (const auto& [name, members] : rows_by_key) {
    Bitmap bitmap = Bitmap::of(members);
    bitmap.compress();
    table.entries_.push_back({name.first, name.second, std::move(bitmap), members.size()});
  }
  return table;
}

std::span<const KeyBitmaps::Entry> KeyBitmaps::of_field(std::string_view field) const {
  const auto name = [](const Entry& e) -> std::string_view { return e.field; };
  const auto first = std::ranges::lower_bound(entries_, field, {}, name);
  const auto end =
      std::upper_bound(first, entries_.end(), field, [](std::string_view f, const Entry& e) { return f < e.field; });
  return {first, end};
}

const KeyBitmaps::Entry* KeyBitmaps::find(std::string_view field, std::string_view key) const {
  const auto wanted = std::tie(field, key);
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), wanted, [](const Entry& e, const auto& name) {
    return std::tuple<std::string_view, std::string_view>(e.field, e.key) < name;
  });
  return at != entries_.end() && at->field == field && at->key == key ? &*at : nullptr;
}

void KeyBitmaps::narrow(const Condition& condition, Bitmap& rows) const {
  std::vector<const Bitmap*> holders;
  for (const std::string& key : condition.any_of) {
    const Entry* entry = find(condition.field, key);
    if (!entry) continue;
    if (entry->size == rows_) {  // everybody has it: most demands are "*"
      if (condition.negated) rows = Bitmap();
      return;
    }
    holders.push_back(&entry->rows);
  }
  if (condition.negated) {
    for (const Bitmap* holder : holders) rows -= *holder;
  } else if (holders.size() == 1) {
    rows &= *holders.front();
  } else {
    rows &= Bitmap::any_of(holders);
  }
}

Bitmap KeyBitmaps::matching(const Filter& filter) const {
  Bitmap rows = Bitmap::range(0, rows_);
  for (const Condition& condition : filter.all) narrow(condition, rows);
  if (filter.either.empty()) return rows;
  // Groups mostly have the same conditions, and those of many keys take long: each is looked up once.
  std::deque<std::pair<const Condition*, Bitmap>> known;
  const auto passing = [&](const Condition& wanted) -> const Bitmap& {
    for (const auto& [condition, passed] : known)
      if (condition->field == wanted.field && condition->any_of == wanted.any_of && condition->negated == wanted.negated)
        return passed;
    Bitmap& passed = known.emplace_back(&wanted, Bitmap::range(0, rows_)).second;
    narrow(wanted, passed);
    return passed;
  };
  Bitmap either;
  for (const Conditions& group : filter.either) {
    Bitmap passed = rows;
    for (const Condition& condition : group) passed &= passing(condition);
    either |= passed;
  }
  return either;
}

std::string KeyBitmaps::encode() const {
  std::string out;
  for (const Entry& entry : entries_) {
    put_text(out, entry.field);
    put_text(out, entry.key);
    put_text(out, entry.rows.encode());
  }
  return out;
}

Result<KeyBitmaps> KeyBitmaps::decode(std::string_view bytes, std::uint32_t rows) {
  KeyBitmaps table;
  table.rows_ = rows;
  while (!bytes.empty()) {
    std::string_view field, key, bits;
    if (!take_text(bytes, field) || !take_text(bytes, key) || !take_text(bytes, bits))
      return fail(ErrorCode::kCorrupt, "bitmaps", "the table ends early");
    Result<Bitmap> bitmap = Bitmap::decode(bits);
    if (!bitmap) return tl::unexpected(bitmap.error());
    const std::uint64_t size = bitmap->size();
    table.entries_.push_back({std::string(field), std::string(key), std::move(*bitmap), size});
  }
  return table;
}

}  // namespace counterpart::index
