#include "server/replica/owner_link.h"

#include <charconv>
#include <fstream>
#include <string_view>
#include <utility>

#include "server/http/problem.h"

namespace counterpart::server {
namespace {

constexpr std::chrono::seconds kPatience{10}, kConnectPatience{2};

// Address and port of http:// or https://.
Result<ClientRequest> target_of(const FollowSettings& settings) {
  constexpr std::string_view kPlain = "http://", kTls = "https://";
  std::string_view rest = settings.url;
  ClientRequest to;
  to.tls = rest.starts_with(kTls);
  const bool known = to.tls || rest.starts_with(kPlain);
  rest.remove_prefix(!known ? rest.size() : to.tls ? kTls.size() : kPlain.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  const auto port = colon == rest.npos ? std::string_view() : rest.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), to.port);
  if (colon == 0 || port.empty() || error != std::errc{} || end != port.data() + port.size())
    return fail(ErrorCode::kInvalid, "--follow", "`" + settings.url + "` is no address of a server",
                "write https://NAME:PORT, or http://127.0.0.1:PORT on one machine");
  to.address = rest.substr(0, colon);
  if (to.address.size() > 2 && to.address.front() == '[') to.address = to.address.substr(1, to.address.size() - 2);
  if (to.address == "localhost") to.address = "127.0.0.1";
  return to;
}

}  // namespace

std::optional<boost::json::object> object_in(const ClientAnswer& answer) {
  boost::system::error_code error;
  boost::json::value told = boost::json::parse(answer.body, error);
  return error || !told.is_object() ? std::nullopt : std::optional(std::move(told.as_object()));
}

Status check_follow_settings(const FollowSettings& settings) {
  if (settings.url.empty()) {
    if (settings.stands_by)
      return fail(ErrorCode::kInvalid, "--stand-by", "for whom is not said", "give --follow URL of the owner's server");
    return {};
  }
  const Result<ClientRequest> to = target_of(settings);
  if (!to) return tl::unexpected(to.error());
  const bool here = to->address == "::1" || to->address.starts_with("127.");
  if (!here && !to->tls)
    return fail(ErrorCode::kInvalid, "--follow",
                "`" + settings.url + "` is another machine, and a token would go there in the clear",
                "use https://, with --follow-ca");
  if (!here && settings.certificates.empty())
    return fail(ErrorCode::kInvalid, "--follow-ca", "missing: who signed the owner's certificate", "give its PEM file");
  if (settings.token_file.empty())
    return fail(ErrorCode::kInvalid, "--follow-token-file", "missing: the owner lets nobody follow it without a token",
                "make one there by `counterpart token create --role admin`, and name the file that it is in");
  return {};
}

Result<OwnerLink> OwnerLink::open(const FollowSettings& settings) {
  if (Status fit = check_follow_settings(settings); !fit) return tl::unexpected(fit.error());
  Result<ClientRequest> to = target_of(settings);
  if (!to) return tl::unexpected(to.error());
  std::ifstream file(settings.token_file);
  if (!std::getline(file, to->token) || to->token.empty())
    return fail(ErrorCode::kInvalid, "--follow-token-file", "`" + settings.token_file + "` cannot be read, or is empty",
                "let this user read it; its first line is the token");
  to->certificates = settings.certificates;
  to->patience = kPatience;
  OwnerLink link;
  link.url_ = settings.url;
  link.to_ = std::move(*to);
  return link;
}

Result<ClientAnswer> OwnerLink::call(ClientRequest request, bool as_itself, bool* connected) const {
  request.address = to_.address;
  request.port = to_.port;
  request.tls = to_.tls;
  request.certificates = to_.certificates;
  if (request.patience.count() == 0) request.patience = to_.patience;
  if (as_itself) request.token = to_.token;
  request.connect_patience = kConnectPatience;
  Result<ClientAnswer> answer = http_request(request, connected);
  state_->answers = answer.has_value();
  if (answer) state_->answered = std::chrono::steady_clock::now().time_since_epoch().count();
  return answer;
}

std::chrono::milliseconds OwnerLink::silent_for() const {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch() -
                                                               Clock::duration(state_->answered.load()));
}

Result<ClientAnswer> OwnerLink::ask(ClientRequest request) const {
  Result<ClientAnswer> answer = call(std::move(request), true);
  if (!answer || answer->status / 100 == 2) return answer;
  return tl::unexpected(error_of_problem(answer->status, answer->body));
}

}  // namespace counterpart::server
