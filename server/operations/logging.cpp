#include "server/operations/logging.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>

namespace counterpart::server {
namespace {

// The message as a JSON string.
class Quoted : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    const std::string text =
        boost::json::serialize(boost::json::string(boost::json::string_view(message.payload.data(), message.payload.size())));
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<Quoted>(); }
};

}  // namespace

Status start_log(const std::string& level, const std::string& format) {
  constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
  if (std::ranges::find(kLevels, level) == std::end(kLevels))
    return fail(ErrorCode::kInvalid, "--log-level", "`" + level + "` is no level", "give debug, info, warn or error");
  if (format != "text" && format != "json")
    return fail(ErrorCode::kInvalid, "--log-format", "`" + format + "` is no format", "give text or json");
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<Quoted>('*');
  formatter->set_pattern(format == "json" ? R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%*})"
                                          : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
  spdlog::set_formatter(std::move(formatter));
  spdlog::set_level(spdlog::level::from_str(level));
  return {};
}

}  // namespace counterpart::server
