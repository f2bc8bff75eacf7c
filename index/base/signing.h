// What travels between offices: signed by its sender, sealed for its reader. libsodium behind it; included by signing.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

// Of an office: Ed25519 to sign, X25519 to be written to.
struct PublicKeys {
  std::string sign, seal;  // 32 bytes each
  bool operator==(const PublicKeys&) const = default;
};
struct SecretKeys {
  std::string sign, seal;  // 64 and 32 bytes
};
struct KeyPairs {
  PublicKeys open;
  SecretKeys secret;
};
KeyPairs make_keys();
// Whether `keys` are as long as keys are; a key of another length opens nothing.
bool are_keys(const PublicKeys& keys);

// 64 bytes.
std::string sign(std::string_view text, const SecretKeys& keys);
bool is_signed(std::string_view text, std::string_view signature, const PublicKeys& by);

// Whoever has the secret key of `reader` alone can open it; nothing in it tells who sealed it.
std::string seal_for(std::string_view plain, const PublicKeys& reader);
// nullopt: it was sealed for somebody else, or changed.
std::optional<std::string> unseal_as(std::string_view sealed, const PublicKeys& reader, const SecretKeys& keys);

}  // namespace counterpart::index
