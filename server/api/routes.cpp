#include "server/api/routes.h"

#include <vector>

#include "server/suitcase/suitcase_calls.h"

namespace counterpart::server {

std::span<const Route> routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> rows;
    for (const auto rows_of_file : kRouteFiles) rows.insert(rows.end(), rows_of_file().begin(), rows_of_file().end());
    rows.insert(rows.end(), suitcase_routes().begin(), suitcase_routes().end());
    return rows;
  }();
  return all;
}

}  // namespace counterpart::server
