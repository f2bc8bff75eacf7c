// What `serve` is given, for `config` as well, which checks and shows it.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "server/access/budget.h"
#include "server/layer.h"
#include "server/post/network_courier.h"
#include "server/post/smtp.h"
#include "server/replica/owner_link.h"

namespace counterpart::server {

struct ServeArguments {
  std::string listen = "127.0.0.1:8080";
  bool open_local = false;
  double budget = BudgetOptions{}.per_second;
  std::string tls_certificate, tls_key;  // PEM files
  std::vector<std::string> trusted_proxies;
  std::size_t drafts = 0;                         // without an account that may wait to be handed in; 0: none may be begun
  unsigned session_hours = 12, session_days = 7;  // as SessionRules
  std::string public_url;                         // by which people outside reach this server; empty: as it listens
  SmtpSettings smtp;                              // without a URL letters go to the spool
  NetworkSettings network;                        // without a URL bundles are handed over by hand
  FollowSettings follow;                          // without a URL this server is an owner's
  bool accept_loss = false;                       // of what a fenced directory never handed over
  std::string log_level = "info", log_format = "text";
};

void add_serve_options(CLI::App& app, ServeArguments& arguments);

// All that is seen of them without opening anything but the certificate. kInvalid.
Status check_serve(const ServeArguments& arguments);

}  // namespace counterpart::server
