// Who may be whose counterpart under one programme, for all rows of a snapshot at once: rows with equal demands and equal
// answers to demands form a class, and conditions are tested between classes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/programme/programme.h"
#include "index/layer.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

// Positions first .. end - 1.
struct PositionRange {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
  bool operator==(const PositionRange&) const = default;
};

// The rows that take part, each at a position of its own: live, valid on `today`, members of the programme and on one of
// its sides. Rows of one class stand together, classes that are alike near each other. Immutable; safe from any thread;
// keeps nothing of the snapshot.
class Admission {
 public:
  Admission(const Snapshot& snapshot, const Programme& programme, std::int32_t today);

  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }
  Row row(std::uint32_t position) const { return rows_[position]; }
  // The order of ids, for ties: the smaller, the earlier.
  std::uint32_t rank(std::uint32_t position) const { return ranks_[position]; }
  std::uint32_t position(std::uint32_t rank) const { return positions_[rank]; }

  std::uint32_t classes() const { return static_cast<std::uint32_t>(members_.size()); }
  std::uint32_t class_of(std::uint32_t position) const;
  PositionRange members(std::uint32_t of) const { return members_[of]; }
  // Who may be a counterpart of the class's members, ascending; equal to what filter_for() lets through, but for the
  // member itself, which may stand in its own list. Symmetric.
  std::vector<PositionRange> admitted(std::uint32_t of) const;

 private:
  using Classes = std::vector<std::uint64_t>;  // a bit a class

  // One condition that both sides of a pair may state: `of` have the key themselves, `demand` ask for it.
  struct Key {
    Classes of;
    Classes demand;
  };
  struct Demand {
    std::vector<Key> keys;
    Classes anything;  // ask nothing
  };
  std::size_t words() const { return (members_.size() + 63) / 64; }
  void narrow(const Demand& demand, std::uint32_t of, Classes& passing) const;
  void exclude(std::uint32_t of, Classes& passing) const;
  void oppose(std::uint32_t of, Classes& passing) const;

  std::vector<Row> rows_;
  std::vector<std::uint32_t> ranks_, positions_;
  std::vector<PositionRange> members_;  // by class
  std::vector<Demand> demands_;         // by field that somebody demands something of
  std::vector<Key> excluded_;           // countries that somebody excludes; `demand` are those who do
  std::vector<Classes> sides_;          // who stands on each
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
};

}  // namespace counterpart::index
