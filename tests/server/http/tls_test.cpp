// TLS: answered over it and only over it, and a certificate changed under a running server.
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <ctime>
#include <fstream>

#include "server/http/http_client.h"
#include "server/http/http_message.h"
#include "server/http/http_server.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

namespace net = boost::asio;
using tcp = net::ip::tcp;

// A self-signed certificate of this serial number and its key, as cert.pem and key.pem.
void write_certificate(const std::filesystem::path& folder, long serial) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  REQUIRE(X509_sign(certificate, key, EVP_sha256()) > 0);
  std::FILE* file = std::fopen((folder / "cert.pem").c_str(), "w");
  REQUIRE(PEM_write_X509(file, certificate) == 1);
  std::fclose(file);
  file = std::fopen((folder / "key.pem").c_str(), "w");
  REQUIRE(PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

// Of the certificate that a new connection is shown.
long serial_at(std::uint16_t port) {
  net::io_context io;
  net::ssl::context context(net::ssl::context::tls_client);
  net::ssl::stream<tcp::socket> stream(io, context);
  stream.next_layer().connect({net::ip::make_address("127.0.0.1"), port});
  stream.handshake(net::ssl::stream_base::client);
  X509* shown = SSL_get1_peer_certificate(stream.native_handle());
  const long serial = ASN1_INTEGER_get(X509_get_serialNumber(shown));
  X509_free(shown);
  return serial;
}

struct TlsSite {
  TempFolder folder;
  std::unique_ptr<HttpServer> server;
  TlsSite() {
    write_certificate(folder.path(), 1);
    HttpOptions options;
    options.port = 0;
    options.tls_certificate = folder.path() / "cert.pem";
    options.tls_key = folder.path() / "key.pem";
    const auto answer = [](const Request& request) {
      Response response;
      response.body = request.body + "!";
      return response;
    };
    server = HttpServer::start(options, answer, [](auto, auto) { return std::size_t{8} << 20U; }).value();
  }
  Result<ClientAnswer> ask(bool tls, const std::string& body = {}) const {
    return http_request({.address = "127.0.0.1", .port = server->port(), .method = "POST", .body = body, .tls = tls});
  }
};

}  // namespace

TEST_CASE("tls: a request is answered over TLS, a large one too, and none without", "[tls]") {
  const TlsSite site;
  CHECK(site.ask(true, "a").value().body == "a!");
  const std::string large(3'000'000, 'x');
  CHECK(site.ask(true, large).value().body == large + "!");
  CHECK(site.ask(true, std::string(std::size_t{9} << 20U, 'x')).value().status == 413);
  CHECK_FALSE(site.ask(false, "a"));
  CHECK(site.ask(true, "b").value().body == "b!");
}

TEST_CASE("tls: a certificate that was renewed is shown from then on, a broken one is not", "[tls]") {
  const TlsSite site;
  CHECK(serial_at(site.server->port()) == 1);
  write_certificate(site.folder.path(), 2);
  CHECK(serial_at(site.server->port()) == 2);
  std::ofstream(site.folder.path() / "cert.pem") << "not a certificate";
  CHECK(serial_at(site.server->port()) == 2);
  write_certificate(site.folder.path(), 3);
  CHECK(serial_at(site.server->port()) == 3);
}

TEST_CASE("tls: it is told when the certificate runs out", "[tls]") {
  const TlsSite site;  // its certificate holds for an hour
  const std::int64_t left = site.server->figures().certificate_ends - std::time(nullptr);
  CHECK(left > 3000);
  CHECK(left <= 3600);
}

TEST_CASE("tls: a certificate that cannot be used is refused by name before the port opens", "[tls]") {
  TempFolder folder, other;
  write_certificate(folder.path(), 1);
  write_certificate(other.path(), 1);
  HttpOptions options;
  options.port = 0;
  options.tls_certificate = folder.path() / "cert.pem";
  const auto start = [&] {
    return HttpServer::start(
        options, [](const Request&) { return Response{}; }, [](auto, auto) { return std::size_t{0}; });
  };
  options.tls_key = other.path() / "key.pem";  // of another certificate
  CHECK(start().error().place == options.tls_key.string());
  options.tls_key = folder.path() / "absent.pem";
  CHECK(start().error().place == options.tls_key.string());
}

TEST_CASE("clients: X-Forwarded-For is believed of trusted proxies alone, from its end", "[tls]") {
  const auto client = [](const std::string& peer, const std::string& field, const std::vector<std::string>& trusted) {
    Request request{};
    if (!field.empty()) request.headers["x-forwarded-for"] = field;
    return client_of(request, net::ip::make_address(peer), trusted);
  };
  CHECK(client("10.0.0.9", "1.2.3.4", {}) == "10.0.0.9");
  CHECK(client("10.0.0.9", "1.2.3.4", {"10.0.0.1"}) == "10.0.0.9");
  CHECK(client("10.0.0.1", "1.2.3.4", {"10.0.0.1"}) == "1.2.3.4");
  CHECK(client("10.0.0.1", "6.6.6.6, 1.2.3.4", {"10.0.0.1"}) == "1.2.3.4");
  CHECK(client("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", {"10.0.0.1", "10.0.0.2"}) == "1.2.3.4");
  CHECK(client("10.0.0.1", "6.6.6.6, nonsense", {"10.0.0.1"}) == "10.0.0.1");
  CHECK(client("10.0.0.1", "", {"10.0.0.1"}) == "10.0.0.1");
}

}  // namespace counterpart::server
