// The server's certificate and key, read again when their files change.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "server/layer.h"

namespace counterpart::server {

// Safe from any thread.
class TlsCertificate {
 public:
  // PEM: a chain, the server's own certificate first, and its key. TLS 1.2 at least. kInvalid: not readable, or the two do
  // not belong together.
  static Result<std::unique_ptr<TlsCertificate>> open(std::filesystem::path chain, std::filesystem::path key);

  // What a new connection takes. Looks at the files and takes what is new there; while that cannot be used, the old one
  // goes on, and the log says so once.
  std::shared_ptr<boost::asio::ssl::context> current();
  // When that certificate runs out, in seconds since 1970-01-01.
  std::int64_t expires() const;

 private:
  struct Stamp {
    std::filesystem::file_time_type chain, key;
    bool operator==(const Stamp&) const = default;
  };
  TlsCertificate(std::filesystem::path chain, std::filesystem::path key) : chain_(std::move(chain)), key_(std::move(key)) {}
  Result<std::shared_ptr<boost::asio::ssl::context>> load() const;
  Stamp stamp() const;

  std::filesystem::path chain_, key_;
  mutable Mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_ GUARDED_BY(mutex_);
  Stamp loaded_ GUARDED_BY(mutex_){};
};

}  // namespace counterpart::server
