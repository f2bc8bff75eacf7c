// Which language a profile's texts are in.
#pragma once

#include <string>

#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"

namespace counterpart::engine {

// Title, summary, offers and seeks, a line each; private members are never read.
std::string public_text(const Profile& profile);
// Makes `lang` canonical. Where none is given, finds it from the public text, or leaves it empty where that does not tell.
// Whatever is stored, asked or measured goes through here, so that the same text always has the same language.
void determine_language(Profile& profile, const Embedder& embedder);

}  // namespace counterpart::engine
