// libsodium behind the few operations that tokens, private members and the audit log need; included by crypto.cpp alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

inline constexpr std::size_t kKeyBytes = 32;

// `bytes` of the system's random source.
std::string random_bytes(std::size_t bytes);

// Base64 with padding (RFC 4648, section 4), and the URL-safe one without (section 5).
std::string base64(std::string_view bytes);
std::string base64url(std::string_view bytes);

// BLAKE2b, 32 bytes. Of a random secret no slow hash is needed: there is nothing to guess.
std::string digest_of(std::string_view bytes);

// In a time that does not tell where they differ.
bool equal_secrets(std::string_view a, std::string_view b);

// XChaCha20-Poly1305 (IETF) with a fresh random nonce in front. `key`: kKeyBytes. `bound` is not kept, but must be the same
// when it is opened: it ties the sealed bytes to their place.
std::string seal(std::string_view plain, std::string_view bound, std::string_view key);
// nullopt: another key, another `bound`, or changed bytes.
std::optional<std::string> unseal(std::string_view sealed, std::string_view bound, std::string_view key);

// Overwrites what `secret` holds, in a way that no compiler leaves out, and empties it.
void forget(std::string& secret);

}  // namespace counterpart::index
