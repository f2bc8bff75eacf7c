#include "server/suitcase/sealing.h"

#include "engine/base/hex.h"
#include "index/base/crypto.h"
#include "tests/support/catch.h"

namespace counterpart::server {

TEST_CASE("sealing: what the standards give as examples comes out", "[suitcase]") {
  // RFC 4231, 4.3; FIPS 180-4's "abc"; RFC 4648, 10.
  CHECK(hex(signature_of("what do ya want for nothing?", "Jefe")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(sha256_of("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (const auto& [plain, coded] : {std::pair{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}}) {
    CHECK(base64(plain) == coded);
    CHECK(base64_decoded(coded) == plain);
  }
  for (const char* wrong : {"Z", "Zg=", "Zg===", "Z g=", "=Zg=", "Zg==Zg==", "Zm9_"}) CHECK(!base64_decoded(wrong));
}

TEST_CASE("sealing: it opens by its key, bound to its place and unchanged, and not otherwise", "[suitcase]") {
  const std::string key(32, 'k'), plain = "what a desk takes along";
  const std::string sealed = seal_gcm(plain, "header", key);
  CHECK(sealed.find("desk") == sealed.npos);
  CHECK(unseal_gcm(sealed, "header", key) == plain);
  CHECK(unseal_gcm(seal_gcm("", "", key), "", key) == "");
  CHECK(sealed != seal_gcm(plain, "header", key));
  CHECK(!unseal_gcm(sealed, "another header", key));
  CHECK(!unseal_gcm(sealed, "header", std::string(32, 'l')));
  CHECK(!unseal_gcm(sealed.substr(0, 27), "header", key));
  for (const std::size_t at : {std::size_t{0}, std::size_t{12}, sealed.size() - 1}) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(!unseal_gcm(changed, "header", key));
  }
}

TEST_CASE("sealing: a passphrase is typed as people type", "[suitcase]") {
  const std::string phrase = new_passphrase();
  CHECK(phrase.size() == 24);
  CHECK(as_typed(phrase).size() == 20);
  CHECK(new_passphrase() != phrase);
  CHECK(as_typed("AB1o-Li 0") == as_typed("ab10 1-1o"));
  CHECK(stretched("ab-10", "salt and salt so") == stretched("ABlo", "salt and salt so"));
  CHECK(stretched("ab-10", "salt and salt so") != stretched("ab-10", "salt and salt sp"));
}

}  // namespace counterpart::server
