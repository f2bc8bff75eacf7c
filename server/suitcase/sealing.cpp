#include "server/suitcase/sealing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "index/base/crypto.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";  // 32: five bits each
constexpr std::size_t kWord = 4, kWords = 5;
constexpr int kNonce = 12, kTag = 16, kHash = 32;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int size_of(std::string_view text) { return static_cast<int>(text.size()); }

// What cannot fail but for want of memory.
void must(bool done) {
  if (!done) throw std::runtime_error("the cryptographic library refuses");
}

}  // namespace

std::string new_passphrase() {
  std::string phrase;
  for (const char random : random_bytes(kWord * kWords)) {
    if (phrase.size() % (kWord + 1) == kWord) phrase += '-';
    phrase += kLetters[static_cast<unsigned char>(random) % kLetters.size()];
  }
  return phrase;
}

std::string as_typed(std::string_view passphrase) {
  std::string out;
  for (char c : passphrase) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == 'o') c = '0';
    if (c == 'i' || c == 'l') c = '1';
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

std::string stretched(std::string_view passphrase, std::string_view salt) {
  const std::string typed = as_typed(passphrase);
  std::string key(kKeyBytes, '\0');
  must(PKCS5_PBKDF2_HMAC(typed.data(), size_of(typed), bytes_of(salt), size_of(salt), kRounds, EVP_sha256(), size_of(key),
                         bytes_of(key)) == 1);
  return key;
}

std::string seal_gcm(std::string_view plain, std::string_view bound, std::string_view key) {
  std::string out = random_bytes(kNonce);
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int done = 0;
  must(cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(out)) == 1);
  must(EVP_EncryptUpdate(cipher.get(), nullptr, &done, bytes_of(bound), size_of(bound)) == 1);
  out.resize(kNonce + plain.size() + kTag);
  must(EVP_EncryptUpdate(cipher.get(), bytes_of(out) + kNonce, &done, bytes_of(plain), size_of(plain)) == 1);
  must(EVP_EncryptFinal_ex(cipher.get(), bytes_of(out) + kNonce + done, &done) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, bytes_of(out) + kNonce + plain.size()) == 1);
  return out;
}

std::optional<std::string> unseal_gcm(std::string_view sealed, std::string_view bound, std::string_view key) {
  if (sealed.size() < kNonce + kTag) return std::nullopt;
  const std::string_view nonce = sealed.substr(0, kNonce), inner = sealed.substr(kNonce, sealed.size() - kNonce - kTag);
  std::string tag(sealed.substr(sealed.size() - kTag)), out(inner.size(), '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  int done = 0;
  must(cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)) == 1);
  must(EVP_DecryptUpdate(cipher.get(), nullptr, &done, bytes_of(bound), size_of(bound)) == 1);
  must(EVP_DecryptUpdate(cipher.get(), bytes_of(out), &done, bytes_of(inner), size_of(inner)) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(cipher.get(), bytes_of(out) + out.size(), &done) != 1) return std::nullopt;
  return out;
}

std::string signature_of(std::string_view text, std::string_view key) {
  std::string out(kHash, '\0');
  unsigned length = kHash;
  must(HMAC(EVP_sha256(), key.data(), size_of(key), bytes_of(text), text.size(), bytes_of(out), &length) != nullptr);
  return out;
}

std::string sha256_of(std::string_view text) {
  std::string out(kHash, '\0');
  unsigned length = kHash;
  must(EVP_Digest(text.data(), text.size(), bytes_of(out), &length, EVP_sha256(), nullptr) == 1);
  return out;
}

std::optional<std::string> base64_decoded(std::string_view text) {
  const std::size_t body = std::min(text.find('='), text.size()), padding = text.size() - body;
  if (text.size() % 4 != 0 || padding > 2 || text.find_first_not_of('=', body) != text.npos) return std::nullopt;
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  if (!std::ranges::all_of(text.substr(0, body), is_digit)) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  if (!text.empty() && EVP_DecodeBlock(bytes_of(out), bytes_of(text), size_of(text)) < 0) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

}  // namespace counterpart::server
