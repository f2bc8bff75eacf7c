// What is said of a hard condition: whose it is, what it asks, what somebody states.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/phrase.h"
#include "engine/corpus/corpus.h"
#include "engine/corpus/field.h"
#include "engine/profile/profile.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// A field, and a word of its closed list; a code stays as it is.
PhraseWord field_word(std::string_view field);
PhraseWord word_of(std::string_view field, std::string_view key);
Values words_of(std::string_view field, const Keys& keys);

// "country is one of LDC, KE".
Phrase in_words(const Condition& condition);
// "`req` country is one of LDC, KE". `who` is a word or a profile in backticks; several conditions are met together.
Phrase in_words_about(PhraseArgument who, const Conditions& conditions);
// What a gate asks, and by which name its conditions go.
Phrase with_label(Phrase condition, const Gate& gate);
// What opens a gate, as its programme says; empty: it says nothing.
Phrase remedy_of(const Gate& gate);

// What `profile` states on a field: "DE (developed, HIC)", or "not stated".
Phrase stated(const Profile& profile, std::string_view field, const Taxonomy& taxonomy);
bool is_unstated(const Phrase& found);

// Whose a condition is: a profile's, by its id, or a programme's, its side's, its gate's.
Phrase owner_profile(std::string_view id);
Phrase owner_programme(const Programme& programme);
Phrase owner_side(const Programme& programme, std::size_t side);
Phrase owner_gate(const Programme& programme, const Gate& gate);
// The same within a sentence: an id in backticks.
PhraseArgument within_sentence(const Phrase& owner);
std::string in_backticks(std::string_view id);

}  // namespace counterpart::engine
