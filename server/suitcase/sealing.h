// The cryptography of suitcases and of the answers that come back, by the means that a browser has as well (WebCrypto).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "server/layer.h"

namespace counterpart::server {

inline constexpr int kRounds = 600'000;  // of PBKDF2; it guards a passphrase that nobody can guess anyway
inline constexpr std::size_t kSaltBytes = 16;

// Twenty letters and digits in groups of four, 100 bits, none that is read as another one.
std::string new_passphrase();
// Of what somebody typed that which counts: without what stands between, in small letters, o as 0, i and l as 1.
std::string as_typed(std::string_view passphrase);

// PBKDF2-HMAC-SHA256: a key of kKeyBytes.
std::string stretched(std::string_view passphrase, std::string_view salt);

// AES-256-GCM: a fresh nonce of 12 bytes, the sealed bytes, a tag of 16. `bound` is not in it, but must be the same when it is
// opened.
std::string seal_gcm(std::string_view plain, std::string_view bound, std::string_view key);
// nullopt: another key, another `bound`, or changed bytes.
std::optional<std::string> unseal_gcm(std::string_view sealed, std::string_view bound, std::string_view key);

// HMAC-SHA256.
std::string signature_of(std::string_view text, std::string_view key);
std::string sha256_of(std::string_view text);

// Of index's base64(). nullopt: it is none.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace counterpart::server
