// Certificates of the wire: what the hub's authority signs, for whom, and that keys stay where they are.
#include "server/post/network_certificates.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "engine/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;

struct Closing {
  void operator()(X509* one) const { X509_free(one); }
  void operator()(X509_STORE* one) const { X509_STORE_free(one); }
  void operator()(X509_STORE_CTX* one) const { X509_STORE_CTX_free(one); }
};

std::unique_ptr<X509, Closing> read_certificate(const fs::path& file) {
  std::FILE* opened = std::fopen(file.c_str(), "r");
  REQUIRE(opened);
  X509* certificate = PEM_read_X509(opened, nullptr, nullptr, nullptr);
  std::fclose(opened);
  return std::unique_ptr<X509, Closing>(certificate);
}

// Whether who trusts the authority takes it for a server, or a client.
bool is_good(const MadeCertificate& made, int purpose) {
  const std::unique_ptr<X509_STORE, Closing> trusted(X509_STORE_new());
  const auto authority = read_certificate(made.authority), own = read_certificate(made.certificate);
  X509_STORE_add_cert(trusted.get(), authority.get());
  const std::unique_ptr<X509_STORE_CTX, Closing> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), trusted.get(), own.get(), nullptr);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  return X509_verify_cert(context.get()) == 1;
}

bool is_for(const MadeCertificate& made, const char* host) {
  return X509_check_host(read_certificate(made.certificate).get(), host, 0, 0, nullptr) == 1;
}
bool is_for_address(const MadeCertificate& made, const char* address) {
  return X509_check_ip_asc(read_certificate(made.certificate).get(), address, 0) == 1;
}

bool is_for_its_owner_alone(const fs::path& file) { return fs::status(file).permissions() == fs::perms(0600); }

std::string why(const Result<MadeCertificate>& refused) { return refused ? "" : refused.error().message; }

}  // namespace

TEST_CASE("certificates: a node is a server and a client, an office a client alone", "[certificates]") {
  const TempFolder folder;
  const auto node = make_certificate({folder.path(), "hub-1", {"hub1.example.org", "192.0.2.7", "2001:db8::7"}});
  REQUIRE(node);
  CHECK(node->new_authority);
  CHECK(is_good(*node, X509_PURPOSE_SSL_SERVER));
  CHECK(is_good(*node, X509_PURPOSE_SSL_CLIENT));
  CHECK(is_for(*node, "hub1.example.org"));
  CHECK_FALSE(is_for(*node, "hub2.example.org"));
  CHECK(is_for_address(*node, "192.0.2.7"));
  CHECK(is_for_address(*node, "2001:db8::7"));
  const auto office = make_certificate({folder.path(), "lagos"});
  REQUIRE(office);
  CHECK_FALSE(office->new_authority);
  CHECK(is_good(*office, X509_PURPOSE_SSL_CLIENT));
  CHECK_FALSE(is_good(*office, X509_PURPOSE_SSL_SERVER));  // or it could say to be the hub
  const auto elsewhere = make_certificate({folder.path() / "another", "lagos"});
  REQUIRE(elsewhere);
  CHECK_FALSE(is_good({.authority = node->authority, .certificate = elsewhere->certificate, .key = {}, .hosts = {}},
                      X509_PURPOSE_SSL_CLIENT));
}

TEST_CASE("certificates: keys are for their owners alone, and never written over", "[certificates]") {
  const TempFolder folder;
  const auto first = make_certificate({folder.path(), "hub-1", {"hub1.example.org", "192.0.2.7"}});
  REQUIRE(first);
  const fs::path authority_key = folder.path() / "hub-ca.key";
  CHECK(is_for_its_owner_alone(first->key));
  CHECK(is_for_its_owner_alone(authority_key));
  const std::string key = read_file(first->key.string()).value(), certificate = read_file(first->certificate.string()).value();
  const auto renewed = make_certificate({.folder = folder.path(), .name = "hub-1", .days = 3});
  REQUIRE(renewed);
  CHECK(renewed->renewed);
  CHECK(renewed->hosts == std::vector<std::string>{"hub1.example.org", "192.0.2.7"});
  CHECK(is_good(*renewed, X509_PURPOSE_SSL_SERVER));
  CHECK(is_for(*renewed, "hub1.example.org"));
  CHECK(renewed->until < first->until);
  CHECK(read_file(renewed->key.string()).value() == key);
  CHECK(read_file(renewed->certificate.string()).value() != certificate);
  fs::permissions(authority_key, fs::perms::others_read, fs::perm_options::add);
  CHECK(why(make_certificate({folder.path(), "rome"})).find("everybody on this machine may read the key") == 0);
  CHECK_FALSE(fs::exists(folder.path() / "rome.pem"));
}

TEST_CASE("certificates: what belongs to nothing is refused", "[certificates]") {
  const TempFolder folder;
  for (const char* name : {"", ".", "..", "a/b", "../rome", "hub-ca", "ro me", "é"})
    CHECK(make_certificate({folder.path(), name}).error().place == "--name");
  for (const char* host : {"", "a b", "-a", "a,DNS:b", "http://hub", "hub:4222"})
    CHECK(make_certificate({folder.path(), "hub-1", {host}}).error().place == "--host");
  CHECK(fs::is_empty(folder.path()));
  REQUIRE(make_certificate({folder.path(), "hub-1"}));
  const TempFolder other;
  REQUIRE(make_certificate({other.path(), "hub-1"}));
  fs::copy_file(other.path() / "hub-ca.key", folder.path() / "hub-ca.key", fs::copy_options::overwrite_existing);
  CHECK(why(make_certificate({folder.path(), "rome"})) == "its key is another one than that beside it");
  fs::remove(folder.path() / "hub-ca.key");
  CHECK(why(make_certificate({folder.path(), "rome"})) == "the authority's key is not here");
  std::ofstream(folder.path() / "hub-ca.key") << "no key\n";
  fs::permissions(folder.path() / "hub-ca.key", fs::perms(0600));
  CHECK(why(make_certificate({folder.path(), "rome"})) == "is no PEM file of what it should hold");
}

}  // namespace counterpart::server
