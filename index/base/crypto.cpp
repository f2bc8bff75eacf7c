#include "index/base/crypto.h"

#include <sodium.h>

#include <stdexcept>

#include "index/base/sodium_bytes.h"

namespace counterpart::index {
namespace {

void check(std::string_view key) {
  if (key.size() != kKeyBytes) throw std::logic_error("a key of another length");
}

std::string coded(std::string_view bytes, int variant) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), variant);
  out.pop_back();  // the final zero
  return out;
}

}  // namespace

static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

void prepare_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium has no random source");
}

std::string random_bytes(std::size_t bytes) {
  prepare_sodium();
  std::string out(bytes, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
}

std::string base64(std::string_view bytes) { return coded(bytes, sodium_base64_VARIANT_ORIGINAL); }
std::string base64url(std::string_view bytes) { return coded(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }

std::string digest_of(std::string_view bytes) {
  std::string out(32, '\0');
  crypto_generichash(bytes_of(out), out.size(), bytes_of(bytes), bytes.size(), nullptr, 0);
  return out;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string seal(std::string_view plain, std::string_view bound, std::string_view key) {
  check(key);
  constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  std::string out = random_bytes(kNonce);
  out.resize(kNonce + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(out) + kNonce, nullptr, bytes_of(plain), plain.size(), bytes_of(bound),
                                             bound.size(), nullptr, bytes_of(out), bytes_of(key));
  return out;
}

std::optional<std::string> unseal(std::string_view sealed, std::string_view bound, std::string_view key) {
  check(key);
  constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr std::size_t kMark = crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (sealed.size() < kNonce + kMark) return std::nullopt;
  std::string out(sealed.size() - kNonce - kMark, '\0');
  const auto* const nonce = bytes_of(sealed);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(out), nullptr, nullptr, nonce + kNonce, sealed.size() - kNonce,
                                                 bytes_of(bound), bound.size(), nonce, bytes_of(key)) != 0)
    return std::nullopt;
  return out;
}

void forget(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace counterpart::index
