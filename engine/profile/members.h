// THE table of members: what a profile is made of. JSON, the stored record, the checks, what stays private, the columns of a
// CSV file, the OpenAPI document, the advice to owners and the search for contact data in texts all follow it.
//
// To add a member: a field in its struct (profile.h) and a row in members.cpp. A row that asks owners for it (`asked`) needs a
// sentence in datasets/taxonomy/advice.tsv too. To filter or score by it is another matter: corpus/field.cpp,
// score/signals.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace boost::json {
class value;
}

namespace counterpart::engine {

class JsonOut;
struct Rules;
struct ValueKind;

// How much an owner is asked to state a member, by kind of profile; 0: not asked. See advice.h.
struct Asked {
  double company = 0, project = 0, expert = 0;
  bool (*whom)(const Profile&) = nullptr;  // nullptr: everybody
};

struct MemberNotes {
  bool required = false;
  std::string_view remedy = {};  // where a required member is missing
  bool is_private = false;       // for its owner and the offices alone; of a kind whose errors quote no value
  Asked asked = {};
  std::string_view help = {};  // one line for the OpenAPI document; of a list: what each entry is
};

// One row.
struct Member {
  std::string_view name;
  const ValueKind* kind = nullptr;
  const void* (*field)(const void* object) = nullptr;  // of the struct that the row's table describes
  MemberNotes notes = {};
};

// What a value may look like.
enum class Form : std::uint8_t {
  kLine,  // free text on one line
  kText,  // free text
  kEmail,
  kId,
  kSlug,
  kParticipation,
  kDate,
  kLanguage,
  kCountry,
  kCountryOrGroup,
  kCode,  // of a list of the taxonomy
  kWord,  // of a closed vocabulary
  kInteger,
  kAmount,
  kFlag,
  kObject,  // with members of its own
};

// How people write the codes of a list in a cell of a spreadsheet.
enum class Spelling : std::uint8_t {
  kAsIs,
  kInWords,   // "Circular economy" is circular_economy
  kInDigits,  // a comma between two digits parts no codes: 9,4 is target 9.4
};

// A kind of value as those see it who describe values and hold none.
struct ValueShape {
  Form form = Form::kLine;
  std::size_t max_entries = 0;                   // of a list of such values; 0: no list
  std::size_t max_length = 0;                    // of a text, in code points
  std::int64_t least = 0, most = 0;              // of a number
  bool above_least = false;                      // `least` itself is too little
  std::optional<std::int64_t> otherwise = {};    // of an integer: what holds where it is not stated
  std::span<const std::string_view> words = {};  // of kWord
  CodeList Taxonomy::*codes = nullptr;           // of kCode
  Spelling spelling = Spelling::kAsIs;           // of kCode
  std::string_view object = {};                  // of kObject: its name; empty: it has none
  std::span<const Member> members = {};          // of kObject
  bool is_list() const { return max_entries > 0; }
};

// What can be done with a field of one kind; value_kinds.h has them all. A field is passed by its address.
struct ValueKind {
  ValueShape shape;
  Status (*read)(const boost::json::value&, void* field, const Rules&);
  void (*write)(const void* field, JsonOut&);  // an object without members to write writes nothing
  bool (*stated)(const void* field);
  void (*assign)(void* field, const void* from);
  const void* (*value)(const void* field);  // the bare value, as the shape tells; nullptr: the field holds none
};

// The rows of Profile itself, in the order in which they are written.
std::span<const Member> profile_members();

// A member at any depth, with all that stands above it.
struct MemberPath {
  std::string name;                // "organisation.languages"
  std::vector<const Member*> way;  // from Profile's row to its own
  const Member& row() const { return *way.back(); }
  const ValueShape& shape() const { return row().kind->shape; }
  // Its field; nullptr: what should hold it is not there.
  const void* field_in(const Profile& profile) const;
  bool stated_in(const Profile& profile) const;
  // The value in the field, of the type that its shape tells: a std::string of a text. nullptr: there is none.
  const void* value_in(const Profile& profile) const;
  bool is_private() const;  // itself, or what holds it
};

// All members, objects before what they hold. Entries of lists have no path.
std::span<const MemberPath> all_members();

// What is left is what everybody may see.
void remove_private(Profile& profile);

// What `given` leaves out and nobody said to be none is as `stored` has it. A private object is one thing: where a contact is
// given, no part of the stored one stands beside it.
void keep_private(Profile& given, const PrivateRemoved& removed, const Profile& stored);

}  // namespace counterpart::engine
