// What a call costs: of its token's budget, and of a worker's time before it is let to one.
#pragma once

#include <cstddef>
#include <string_view>

#include "server/access/rights.h"
#include "server/layer.h"

namespace counterpart::server {

// About how many pieces a text model cuts `text` into, JSON or plain: a word of four letters is one, and so is a sign, a
// digit's group or a character of a script that writes without blanks. Of more than a mebibyte, judged by the first.
std::size_t pieces_in(std::string_view text);

// In units (see Grant): the row of `right`, for a call with `text` in it.
double cost_of(Right right, std::string_view text);

// What a match adds by the list it asks for: each place of a varied one is chosen among all that are left, and each of an
// explained one is a record read.
constexpr double cost_of_list(double places, bool varied, bool explained) {
  return places * ((varied ? 0.7 : 0) + (explained ? 0.1 : 0));
}

}  // namespace counterpart::server
