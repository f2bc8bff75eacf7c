// Free text that would tell who somebody is before both sides' offices agreed: an e-mail address, a telephone number, a web
// address, the private legal name or a private contact itself. A finding is a question to the owner, never a verdict.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/profile/profile.h"

namespace counterpart::engine {

struct Revelation {
  std::string member;      // "title", "summary", "offers", "seeks", "references[3].text"
  std::size_t offset = 0;  // Unicode code points from the member's beginning
  std::size_t length = 0;  // the same
  std::string_view kind;   // "email", "phone", "url", "legal_name" or "contact"
};

// By member, then by place; overlapping ones are told once. Safe from any thread.
std::vector<Revelation> revelations_in(const Profile& profile);

}  // namespace counterpart::engine
