// Which NATS servers may carry bundles, and which settings make sense.
#include "server/post/network_courier.h"

#include "tests/support/catch.h"

namespace counterpart::server {
namespace {

std::string told(const std::string& version, const std::string& name, const std::string& config) {
  return R"({"server_id":"NXYZ","server_name":")" + name + R"(","version":")" + version + R"(","jetstream":{"config":{)" +
         config + "}}}";
}

std::string why(const Status& refused) { return refused ? "" : refused.error().message; }

}  // namespace

TEST_CASE("network: a NATS server that has lost messages, or may, is refused", "[network]") {
  const std::string synced = R"("sync_interval":120000000000,"sync_always":true)";
  CHECK(check_nats_server(told("2.14.10", "hub", synced)));
  CHECK(check_nats_server(told("2.15.0-preview.1", "hub", synced)));
  CHECK(check_nats_server(told("3.0.0", "hub", synced)));
  CHECK(why(check_nats_server(told("2.9.10", "hub", synced))).find("is of version 2.9.10") == 0);
  CHECK_FALSE(check_nats_server(told("", "hub", synced)));
  CHECK(why(check_nats_server(told("2.14.10", "NXYZ", synced))).find("has no name") == 0);
  CHECK(why(check_nats_server(told("2.14.10", "hub", R"("sync_interval":120000000000)"))) == "does not sync each write");
  CHECK(why(check_nats_server(R"({"version":"2.14.10","server_name":"hub","server_id":"N","jetstream":{}})")) ==
        "has no JetStream");
  // It begins, or is ill: an office starts all the same.
  CHECK(check_nats_server(R"({"version":"2.14.10","server_name":"hub","server_id":"N","jetstream":{}})").error().code ==
        ErrorCode::kUnavailable);
  CHECK_FALSE(check_nats_server("<html>"));
}

TEST_CASE("network: settings of a wire that make no sense are refused before anybody is asked", "[network]") {
  NetworkSettings settings;
  CHECK(check_network_settings(settings));
  settings.nats.url = "nats://127.0.0.1:4222";
  CHECK(check_network_settings(settings).error().place == "--network-monitor");
  for (const char* wrong : {"127.0.0.1:8222", "http://127.0.0.1", "http://:8222", "http://127.0.0.1:port"}) {
    settings.monitor = wrong;
    CHECK(check_network_settings(settings).error().place == "--network-monitor");
  }
  settings.monitor = "http://127.0.0.1:8222";
  CHECK(check_network_settings(settings));
  settings.monitor = "http://127.0.0.1:8222,http://127.0.0.1:8223,http://127.0.0.1:8224";
  CHECK(check_network_settings(settings));
  settings.monitor = "http://127.0.0.1:8222,";
  CHECK(check_network_settings(settings).error().place == "--network-monitor");
  settings.monitor = "http://127.0.0.1:8222";
  settings.nats.replicas = 2;
  CHECK(check_network_settings(settings).error().place == "--network-replicas");
  settings.nats.replicas = 3;
  settings.nats.certificate = "c.pem";
  CHECK(check_network_settings(settings).error().place == "--network-cert");
  settings.nats.key = "k.pem";
  CHECK(check_network_settings(settings).error().place == "--network-ca");
  settings.nats.ca = "ca.pem";
  CHECK(why(check_network_settings(settings)) == "the key `k.pem` is not there");
}

}  // namespace counterpart::server
