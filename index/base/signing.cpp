#include "index/base/signing.h"

#include <sodium.h>

#include <stdexcept>

#include "index/base/sodium_bytes.h"

namespace counterpart::index {

KeyPairs make_keys() {
  prepare_sodium();
  KeyPairs keys;
  keys.open.sign.resize(crypto_sign_PUBLICKEYBYTES);
  keys.secret.sign.resize(crypto_sign_SECRETKEYBYTES);
  keys.open.seal.resize(crypto_box_PUBLICKEYBYTES);
  keys.secret.seal.resize(crypto_box_SECRETKEYBYTES);
  crypto_sign_keypair(bytes_of(keys.open.sign), bytes_of(keys.secret.sign));
  crypto_box_keypair(bytes_of(keys.open.seal), bytes_of(keys.secret.seal));
  return keys;
}

bool are_keys(const PublicKeys& keys) {
  return keys.sign.size() == crypto_sign_PUBLICKEYBYTES && keys.seal.size() == crypto_box_PUBLICKEYBYTES;
}

std::string sign(std::string_view text, const SecretKeys& keys) {
  if (keys.sign.size() != crypto_sign_SECRETKEYBYTES) throw std::logic_error("a key of another length");
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(text), text.size(), bytes_of(keys.sign));
  return signature;
}

bool is_signed(std::string_view text, std::string_view signature, const PublicKeys& by) {
  return are_keys(by) && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(bytes_of(signature), bytes_of(text), text.size(), bytes_of(by.sign)) == 0;
}

std::string seal_for(std::string_view plain, const PublicKeys& reader) {
  prepare_sodium();
  if (!are_keys(reader)) throw std::logic_error("a key of another length");
  std::string sealed(crypto_box_SEALBYTES + plain.size(), '\0');
  if (crypto_box_seal(bytes_of(sealed), bytes_of(plain), plain.size(), bytes_of(reader.seal)) != 0)
    throw std::runtime_error("this key can seal nothing");
  return sealed;
}

std::optional<std::string> unseal_as(std::string_view sealed, const PublicKeys& reader, const SecretKeys& keys) {
  if (sealed.size() < crypto_box_SEALBYTES || !are_keys(reader) || keys.seal.size() != crypto_box_SECRETKEYBYTES)
    return std::nullopt;
  std::string plain(sealed.size() - crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal_open(bytes_of(plain), bytes_of(sealed), sealed.size(), bytes_of(reader.seal), bytes_of(keys.seal)) != 0)
    return std::nullopt;
  return plain;
}

}  // namespace counterpart::index
