// The network of offices over HTTP: who may do what, and how what was received is told of.
#include <filesystem>

#include "index/network/ledger.h"
#include "tests/index/network/office.h"
#include "tests/server/access/guarded_site.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

const std::string kBytes = "application/octet-stream";

// A site that is the office lagos, and another office, rome; they know each other.
struct NetworkSite {
  NetworkSite() : ledger(site.service->data().store), rome(folder.path() / "rome", "rome") {
    const Response joined = site.as("admin", "PUT", "/v1/network", R"({"office":"lagos","name":"Lagos office"})");
    REQUIRE(joined.status == 200);
    card = read_card(body_of(joined).at("own").at("card").as_string()).value();
    REQUIRE(add_office(*rome.store, card, "test"));
    const std::string other = write_card(rome.card, own_keys(*rome.store).value());
    const Response added = site.as("admin", "POST", "/v1/network/offices", json::serialize(json::object{{"card", other}}));
    REQUIRE(added.status == 200);
    CHECK(body_of(added).at("fingerprint").as_string() == json::string_view(fingerprint_of(rome.card)));
  }
  Response hand_over() {
    Response last;
    for (const std::string& sealed : rome.bundles_for("lagos"))
      last = site.as("admin", "POST", "/v1/network/bundles:receive", sealed, kBytes);
    return last;
  }
  GuardedSite site;
  Ledger ledger;
  TempFolder folder;
  TestOffice rome;
  OfficeCard card;
};

}  // namespace

TEST_CASE("network: what was received is told of with its office and as of when, and written by nobody", "[routes][network]") {
  NetworkSite net;
  REQUIRE(net.rome.write(index::TestOffice::put("r1", "solar pumps")));
  const json::object taken = body_of(net.hand_over());
  CHECK(taken.at("operations") == 1);
  CHECK(taken.at("whole") == true);
  const json::object got = body_of(net.site.as("reader", "GET", "/v1/profiles/r1"));
  CHECK(got.at("received_from").at("office") == "rome");
  CHECK(got.at("received_from").at("name") == "Office of rome");
  CHECK(got.at("received_from").as_object().contains("as_of"));
  CHECK_FALSE(body_of(net.site.as("reader", "GET", "/v1/profiles/own")).contains("received_from"));
  check_problem(net.site.as("admin", "PUT", "/v1/profiles/r1", json::serialize(got)), 403, "r1");
  check_problem(net.site.as("admin", "DELETE", "/v1/profiles/r1"), 403, "");
  check_problem(net.site.as("admin", "POST", "/v1/erasures", R"({"profiles":["r1"]})"), 403, "r1");
  const json::object others = body_of(net.site.as("reader", "GET", "/v1/me")).at("network").as_object();
  REQUIRE(others.size() == 1);
  CHECK(others.at("rome").at("as_of") == got.at("received_from").at("as_of"));
  const std::string figures = net.site.as("reader", "GET", "/metrics").body;
  CHECK(figures.find("counterpart_network_parked{office=\"rome\"} 0\n") != std::string::npos);
  const json::object network = body_of(net.site.as("reader", "GET", "/v1/network"));
  CHECK(network.at("offices").as_array().front().at("profiles") == 1);
}

TEST_CASE("network: panels, duplicates and their tables say whom another office's server sent", "[routes][network]") {
  NetworkSite net;
  REQUIRE(net.rome.write(index::TestOffice::put("a", "solar pumps")));
  CHECK(net.hand_over().status == 200);
  const json::value from = body_of(net.site.as("reader", "GET", "/v1/profiles/a")).at("received_from");
  // The service that is a map seats `a`, with the alternate `b`, and takes these two for one.
  const json::object seat = body_of(net.site.as("reader", "POST", "/v1/panels", "{}")).at("seats").at(0).as_object();
  CHECK(seat.at("received_from") == from);
  CHECK_FALSE(seat.at("alternates").at(0).as_object().contains("received_from"));
  json::object pair = body_of(net.site.as("reader", "GET", "/v1/duplicates")).at("pairs").at(0).as_object();
  CHECK(pair.at("keep_received_from") == from);
  CHECK_FALSE(pair.contains("erase_received_from"));
  const Response table = net.site.as("reader", "GET", "/v1/duplicates.csv");
  CHECK(table.body.find("keep_received_from.name") != std::string::npos);
  CHECK(table.body.find("Office of rome") != std::string::npos);
}

TEST_CASE("network: bundles go both ways over HTTP, and an erasure waits for its confirmation", "[routes][network]") {
  NetworkSite net;
  const auto send = [&] {
    const Response made = net.site.as("admin", "POST", "/v1/network/bundles", R"({"to":"rome"})");
    REQUIRE(made.status == 200);
    return next_bundle(net.site.service->data().store, "rome", {}).value().bytes;
  };
  REQUIRE(net.rome.receive(send()));
  CHECK(net.rome.received_of("lagos").size() == 2);
  const Response erased = net.site.as("admin", "POST", "/v1/erasures", R"({"profiles":["own"]})");
  CHECK(erased.status == 202);
  CHECK(body_of(erased).at("complete") == false);
  CHECK(erased.body.find("offices have not confirmed yet: rome") != std::string::npos);
  REQUIRE(net.rome.receive(send()));
  REQUIRE(net.hand_over().status == 200);
  const Response done = net.site.as("admin", "POST", "/v1/erasures", R"({"profiles":["own"]})");
  CHECK(done.status == 200);
  CHECK(done.body.find(R"({"place":"office rome","verdict":"removed")") != std::string::npos);
  CHECK(net.rome.received_of("lagos").size() == 1);
}

TEST_CASE("network: calls that say it wrongly are refused by the member's name", "[routes][network]") {
  NetworkSite net;
  GuardedSite alone;
  check_problem(alone.as("admin", "POST", "/v1/network/bundles", R"({"to":"rome"})"), 404, "network");
  CHECK(body_of(alone.as("admin", "GET", "/v1/network")).at("joined") == false);
  const auto refused = [&](const std::string& method, const std::string& path, const std::string& body, int status,
                           std::string_view member) {
    check_problem(net.site.as("admin", method, path, body), status, member);
  };
  refused("PUT", "/v1/network", "{}", 400, "office");
  refused("PUT", "/v1/network", R"({"office":"Rome"})", 400, "office");
  refused("PUT", "/v1/network", R"({"office":"oslo"})", 409, "office");
  refused("PUT", "/v1/network", R"({"office":"lagos","other":1})", 400, "other");
  refused("POST", "/v1/network/offices", R"({"card":"none"})", 400, "card");
  refused("POST", "/v1/network/bundles", R"({"to":"oslo"})", 404, "to");
  refused("POST", "/v1/network/bundles", R"({"to":"rome","from":"zz"})", 400, "from");
  refused("DELETE", "/v1/network/offices/oslo", {}, 404, "office");
  check_problem(net.site.as("admin", "POST", "/v1/network/bundles:receive", "none", kBytes), 400, "bundle");
  CHECK(net.site.as("admin", "POST", "/v1/network/bundles:receive", "{}").status == 415);
  CHECK(net.site.as("admin", "DELETE", "/v1/network/offices/rome").status == 204);
}

}  // namespace counterpart::server
