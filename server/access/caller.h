// Who asks, and which profiles are within reach.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"
#include "server/access/rights.h"
#include "server/layer.h"

namespace counterpart::server {

struct Caller {
  TokenRole role = TokenRole::kReader;
  std::string name = {};                   // the token's id; for the audit log
  std::string office = {};                 // an officer's
  std::string desk = {};                   // an officer's: with which it acts; empty: it reads its office's work alone
  std::string country = {};                // a focal point's, ISO 3166-1 alpha-2
  std::vector<std::string> profiles = {};  // an owner's
  std::vector<std::uint64_t> lives = {};   // of each of these the one that is meant (Store::life), 0 where none is named
  Conditions filter = {};                  // every profile that this caller reads or writes meets all of these
  bool known = true;                       // false: nobody asked who it is: neither private members nor tokens
  bool has_draft = false;                  // let in by the secret of a draft, that of `profiles`; `role` means nothing
  bool limited = true;                     // has a budget of requests
  std::string session = {};                // let in by the cookie of this one (server/access/sessions.h); empty: by a secret

  Reach reach(Right right) const;

  // The command line over a directory that nobody serves: whoever can open it can read it all.
  static Caller local();
  // Whoever reaches a server that asks for no token: everything but private members.
  static Caller open();
  // Whoever has the secret of that draft.
  static Caller of_draft(std::string id);
};

// Is it one of the caller's own: of its office, or named by its token and not erased since? `life`: as Store::life() says.
bool is_own(const Caller& caller, std::string_view id, std::string_view office, std::uint64_t life);
// Does the token's filter leave it in sight?
bool in_sight(const Caller& caller, const Profile& profile, const Taxonomy& taxonomy);
// Both the right's reach and the filter.
bool may(const Caller& caller, Right right, const Profile& profile, std::uint64_t life, const Taxonomy& taxonomy);

// kForbidden; `place` is the member or parameter that named what is out of reach.
Error out_of_reach(const Caller& caller, Right right, std::string place = {});

}  // namespace counterpart::server
