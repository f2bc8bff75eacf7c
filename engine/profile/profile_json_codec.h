// The walk from JSON to a struct and back along a table of members, and what the kinds of values need for it.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/profile/members.h"
#include "engine/profile/profile_check.h"

namespace counterpart::engine {

inline constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53

// JSON text as it grows.
class JsonOut {
 public:
  enum class Part : std::uint8_t { kPublic, kAll, kPrivateOnly };
  explicit JsonOut(Part wanted) : part(wanted) {}

  void text(std::string_view value);
  void integer(std::int64_t value);
  void number(double value);  // the shortest digits that give the same double
  void boolean(bool value) { out += value ? "true" : "false"; }

  std::string out;
  const Part part;
};

// "must be a text, not a list".
tl::unexpected<Error> wrong_shape(std::string_view wanted, const boost::json::value& value);

// What was found before a value was read, so that what it adds gets its name.
class MemberFindings {
 public:
  explicit MemberFindings(Findings* findings)
      : findings_(findings), faults_(findings ? findings->faults.size() : 0),
        remarks_(findings ? findings->remarks.size() : 0) {}

  bool faults_since() const { return findings_ && findings_->faults.size() > faults_; }
  // Is something said of this member already?
  bool told(std::string_view place) const;
  // A fault of what holds the members.
  Status add(Error fault) const;
  // Puts `name` before all places that were added since. Where findings are gathered a fault joins them, and reading goes
  // on; otherwise it comes back.
  Status settle(Status status, std::string_view name) const;

 private:
  Findings* findings_;
  std::size_t faults_, remarks_;
};

// Members may come in any order; nothing of `object` but what is named changes. A required one that is missing is a fault.
Status read_members(std::span<const Member> members, const boost::json::value& value, void* object, const Rules& rules);
// The first member at any depth that no row has; the place is its path.
std::optional<Error> first_unknown(std::span<const Member> members, const boost::json::value& value);
// Writes nothing, not even braces, where there is no member to write.
void write_members(std::span<const Member> members, const void* object, JsonOut& json);

}  // namespace counterpart::engine
