// Where each known counterpart stands under each method: what comparisons of methods, pair by pair, are made from.
//
// Tab-separated, with a header: set, query, method, ranks. `ranks` are the tie-aware ranks of the query's relevant candidates,
// in the order in which the pair file names them, with commas between.
#pragma once

#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

class RankFile {
 public:
  // Empty `file`: nothing is written anywhere. What stands there already is replaced.
  explicit RankFile(std::string file);
  void add(std::string_view set, std::string_view query, std::string_view method, std::span<const double> scores,
           std::span<const std::size_t> relevant);
  // kStorage: not all of it could be written.
  Status close();

 private:
  std::string file_;
  std::ofstream out_;
};

}  // namespace counterpart::server
