// What stands at the head of a column, in each language: the words under `column` of the catalogue, the one place for tables
// that come in, tables that leave, and the template between the two.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "index/bulk/bulk_words.h"
#include "server/layer.h"
#include "server/words/words.h"

namespace counterpart::server {

// "Organisation – Size" of `organisation.size`, "Reference 1 – Title" of `references[0].title`. A part of a name that the
// catalogue has no word for stands as it is.
std::string heading_of(std::string_view name, const Words& words, std::string_view language);

// What the keys begin with under which the catalogue has the words of the contract's closed lists, and of languages.
std::span<const std::string_view> closed_lists();

// What members and codes are called in all six languages, for the readers of tables: headings as heading_of() has them, words
// of the closed lists, titles of sectors, technologies, themes and groups of countries.
BulkWords bulk_words(const Words& words, const Taxonomy& taxonomy);

}  // namespace counterpart::server
