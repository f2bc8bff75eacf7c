// Which language a profile's texts are in: one way to write its tag, and one way to find it.
#pragma once

#include <string>
#include <string_view>

#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"

namespace counterpart {

// The tag as BCP 47 prefers it: FR, fre and fra are fr, zh-hant is zh-Hant, cmn is zh. What is no tag stays as it is.
std::string canonical_language(std::string_view tag);
// The language alone: "zh" of zh-Hant-TW, "no" of nb. Empty: none is named ("", "und").
std::string primary_language(std::string_view tag);

// Title, summary, offers and seeks, a line each; private members are never read.
std::string public_text(const Profile& profile);
// Makes `lang` canonical, or finds it from the public text where none is given; empty where that does not tell. Whatever is
// stored, asked or measured goes through here, so that the same text always has the same language.
void settle_language(Profile& profile, const Embedder& embedder);

}  // namespace counterpart
