// What every use of libsodium begins with; for crypto.cpp and signing.cpp alone.
#pragma once

#include <string>
#include <string_view>

namespace counterpart::index {

// Before anything that draws or seals (crypto.cpp). Throws where there is no random source.
void prepare_sodium();

inline unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
inline const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace counterpart::index
