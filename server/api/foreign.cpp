#include "server/api/foreign.h"

#include <string>

namespace counterpart::server {

bool is_foreign(const Request& request, bool open) {
  const auto host = request.headers.find("host");
  if (host == request.headers.end()) return false;
  if (const auto origin = request.headers.find("origin"); origin != request.headers.end())
    if (origin->second != "http://" + host->second && origin->second != "https://" + host->second) return true;
  if (!open) return false;
  const std::size_t bracket = host->second.find(']');
  const std::size_t colon = host->second.find(':', bracket == std::string::npos ? 0 : bracket);
  const std::string name = host->second.substr(0, colon);
  return name != "localhost" && name != "[::1]" &&
         !(name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos);
}

}  // namespace counterpart::server
