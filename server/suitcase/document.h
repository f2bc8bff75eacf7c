// The file that a suitcase is: one page with its script and style inside, which asks nobody for anything, and what is sealed.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "server/layer.h"
#include "server/words/speech.h"

namespace counterpart::server {

// What codes are called in that language: {countries, terms, case_terms}, for the contents.
boost::json::value names_within(const std::string& language);

// `header` is readable without the passphrase, and bound to what is sealed: nobody can change it unnoticed. `contents` is read
// with the passphrase alone. Sealing takes some tenths of a second.
std::string suitcase_document(boost::json::object header, const boost::json::object& contents, std::string_view passphrase,
                              const std::string& language);

}  // namespace counterpart::server
