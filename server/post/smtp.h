// Letters handed to a mail server by SMTP: where an administrator has named one. The only connection outwards that there is.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "server/layer.h"
#include "server/post/transport.h"

namespace counterpart::server {

struct SmtpSettings {
  std::string url;                      // "smtp://mail.example.org:587", or smtps://
  std::string user;                     // empty: the server asks for none
  std::filesystem::path password_file;  // its first line; of a user
  std::string mail_from;                // the address that hands letters in; empty: each office's own
};

// Without a user the connection is encrypted where the server can; with one it always is, for a password goes over it.
class Smtp final : public Transport {
 public:
  // kInvalid: no such URL or address ("smtp_url", "mail_from"), a user without a password file. Errors of read_file().
  static Result<std::unique_ptr<Smtp>> open(const SmtpSettings& settings);
  ~Smtp() override;

  // Never known: a server that took a letter and could not say so gets it again, with the same Message-ID.
  bool has_left(std::uint64_t) override { return false; }
  // kRefused: the server said 5xx of this letter. kFailed: it said 4xx, does not let the user in, or cannot be reached.
  Carried carry(const Outgoing& mail) override;
  std::string sender() const override;

 private:
  struct Impl;  // keeps libcurl out of this header
  explicit Smtp(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::server
