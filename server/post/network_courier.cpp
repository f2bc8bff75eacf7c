#include "server/post/network_courier.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "engine/taxonomy/tsv.h"
#include "index/network/ledger.h"
#include "server/http/http_client.h"
#include "server/post/network_certificates.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::array<unsigned, 2> kOldest{2, 14};
constexpr const char* kNats = "NATS server";
constexpr std::chrono::seconds kPatience{5};  // with a link that swallows everything

tl::unexpected<Error> unfit(std::string what, std::string remedy) {
  return fail(ErrorCode::kInvalid, kNats, std::move(what), std::move(remedy));
}

// The first two numbers of "2.14.10".
std::array<unsigned, 2> version_of(std::string_view text) {
  std::array<unsigned, 2> version{};
  for (unsigned& number : version) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return version;
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// The address and the port of http://ADDRESS:PORT.
Result<ClientRequest> monitor_of(std::string_view monitor) {
  constexpr std::string_view kScheme = "http://";
  ClientRequest request;
  const std::string_view rest = monitor.substr(monitor.starts_with(kScheme) ? kScheme.size() : monitor.size());
  const std::size_t colon = rest.rfind(':');
  const auto port = colon == rest.npos ? std::string_view() : rest.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), request.port);
  if (colon == 0 || port.empty() || error != std::errc{} || end != port.data() + port.size())
    return fail(ErrorCode::kInvalid, "--network-monitor", "`" + std::string(monitor) + "` is no address of a monitor",
                "write http://127.0.0.1:8222, as `http: 127.0.0.1:8222` in the NATS server's configuration opens it");
  request.address = rest.substr(0, colon);
  request.target = "/varz";
  request.patience = kPatience;
  return request;
}

}  // namespace

Status check_network_settings(const NetworkSettings& settings) {
  if (settings.nats.url.empty()) return {};
  if (settings.monitor.empty())
    return fail(ErrorCode::kInvalid, "--network-monitor", "missing: without it nobody sees whether that server may be trusted",
                "give http://ADDRESS:PORT of the NATS server's monitor");
  for (const std::string_view one : split(settings.monitor, ','))
    if (const auto monitor = monitor_of(one); !monitor) return tl::unexpected(monitor.error());
  if (settings.nats.replicas != 1 && settings.nats.replicas != 3)
    return fail(ErrorCode::kInvalid, "--network-replicas", "of two replicas neither knows which is right", "say 1 or 3");
  if (settings.nats.certificate.empty() != settings.nats.key.empty())
    return fail(ErrorCode::kInvalid, "--network-cert", "a certificate needs its key",
                "give --network-cert and --network-key together");
  if (!settings.nats.certificate.empty() && settings.nats.ca.empty())
    return fail(ErrorCode::kInvalid, "--network-ca", "missing: who signed the server's certificate", "give its PEM file");
  if (settings.nats.key.empty()) return {};
  return check_key_file(settings.nats.key, "--network-key");
}

Status check_nats_server(std::string_view told) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(json::string_view(told.data(), told.size()), failed);
  if (failed || !parsed.is_object())
    return unfit("does not tell of itself at its monitor", "give the address of a NATS server's monitor");
  const json::object& facts = parsed.as_object();
  const std::string version = text_in(facts, "version");
  if (version_of(version) < kOldest)
    return unfit("is of version " + version + ", and those before 2.14 have lost acknowledged messages",
                 "run 2.14 or a newer one");
  if (text_in(facts, "server_name").empty() || text_in(facts, "server_name") == text_in(facts, "server_id"))
    return unfit("has no name, and two without one have taken each other's place", "set `server_name` in its configuration");
  const json::value* stream = facts.if_contains("jetstream");
  const json::value* config = stream && stream->is_object() ? stream->as_object().if_contains("config") : nullptr;
  // It loses nothing, for it keeps nothing; or it does not yet: one that is ill or only just begins says the same.
  if (!config || !config->is_object())
    return fail(ErrorCode::kUnavailable, kNats, "has no JetStream",
                "set `jetstream` in its configuration; where it is set, that server's log says why it does not work");
  const json::value* always = config->as_object().if_contains("sync_always");
  if (!always || !always->is_bool() || !always->as_bool())
    return unfit("does not sync each write", "set `sync_interval: always` under `jetstream` in its configuration");
  return {};
}

Status ask_nats_servers(const std::string& monitors) {
  std::optional<Error> away;
  bool any = false;
  for (const std::string_view monitor : split(monitors, ',')) {
    const Result<ClientRequest> request = monitor_of(monitor);
    if (!request) return tl::unexpected(request.error());
    const Result<ClientAnswer> answer = http_request(*request);
    if (!answer) {
      away = answer.error();
      continue;
    }
    if (answer->status != 200)
      return unfit("does not tell of itself at its monitor", "give the address of a NATS server's monitor");
    const Status fit = check_nats_server(answer->body);
    if (!fit && fit.error().code != ErrorCode::kUnavailable) return fit;
    if (!fit) away = fit.error();
    any = any || fit;
  }
  if (!any && away) return tl::unexpected(*away);
  return {};
}

Result<std::unique_ptr<Courier>> start_courier(const Receiving& receiving, const NetworkSettings& settings) {
  const auto open = [&store = receiving.store, settings]() -> Result<std::unique_ptr<Mailbox>> {
    const Result<OfficeCard> self = own_card(store);
    if (!self) return tl::unexpected(self.error());
    if (Status fit = ask_nats_servers(settings.monitor); !fit) return tl::unexpected(fit.error());
    return open_nats(settings.nats, self->office);
  };
  if (const Result<std::unique_ptr<Mailbox>> tried = open(); !tried && tried.error().code == ErrorCode::kInvalid)
    return tl::unexpected(tried.error());
  return std::make_unique<Courier>(receiving, open, [](const std::string& what) {
    if (what.empty())
      spdlog::info("network: bundles go again");
    else
      spdlog::warn("network: {}; it is tried again", what);
  });
}

}  // namespace counterpart::server
