// The words of a profile: cut by ICU, stemmed by Xapian in the language of the text, counted by face.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"
#include "index/layer.h"

namespace counterpart::index {

// Folded stems in order. Chinese is cut by ICU's dictionary; what stands between words is dropped, and so are single
// letters. `language` is BCP 47; one without a stemmer keeps its words as they are.
std::vector<std::string> stems_of(std::string_view text, std::string_view language);

// Title and text of each face; a face without a text of its own speaks with the summary, and not, as its vector does, with
// the other face: the words of what is sought say nothing of what is offered. Private members are never read. Safe from
// any thread.
Words words_of(const Profile& profile);
// The words of each reference, as of an offer, in the profile's order and language.
std::vector<Words> words_of_references(const Profile& profile);
// Both of them, as a seeker has them.
void add_words(Faces& faces, const Profile& profile);
// The words of one bare text, in both faces.
Words words_of_text(std::string_view text, std::string_view language);

// The different words of a text whose language is not known, the first `most`: each as the UN languages stem it.
std::vector<AlternativeWords> alternative_words(std::string_view text, std::size_t most);

}  // namespace counterpart::index
