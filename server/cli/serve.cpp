// serve: opens the directory, announces the address to the other verbs, answers until it is stopped.
#include "server/cli/serve.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <iostream>
#include <optional>
#include <thread>
#include <utility>

#include "index/base/crypto.h"
#include "server/access/authenticator.h"
#include "server/api/api.h"
#include "server/api/startup_handler.h"
#include "server/cli/verb.h"
#include "server/http/http_server.h"
#include "server/http/tls.h"
#include "server/operations/logging.h"
#include "server/operations/settings.h"
#include "server/post/case_worker.h"
#include "server/post/deliver.h"
#include "server/post/spool.h"
#include "server/replica/copying.h"
#include "server/replica/following.h"
#include "server/replica/hand_on.h"
#include "server/replica/run_worker.h"
#include "server/service/cases.h"

namespace counterpart::server {
namespace {

constexpr std::int64_t kLookAgain = 5;  // seconds, with letters that may not leave now
constexpr std::chrono::seconds kHeldPatience{60};
constexpr auto kMostSessionDays = static_cast<unsigned>(kLongestSession / kSecondsOfDay);

// ADDRESS:PORT, the address in [] for IPv6. Without TLS and tokens loopback alone is allowed: whoever listens on another
// wire would read both.
Result<HttpOptions> listener_of(const ServeArguments& arguments) {
  const std::string& listen = arguments.listen;
  const std::size_t colon = listen.rfind(':');
  HttpOptions options;
  if (colon != std::string::npos) {
    options.address = listen.substr(0, colon);
    const auto [end, error] = std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), options.port);
    if (error != std::errc{} || end != listen.data() + listen.size() || colon + 1 == listen.size())
      return fail(ErrorCode::kInvalid, "--listen", "`" + listen + "` has no port", "write 127.0.0.1:8080");
  } else {
    return fail(ErrorCode::kInvalid, "--listen", "`" + listen + "` has no port", "write 127.0.0.1:8080");
  }
  if (options.address.size() > 2 && options.address.front() == '[')
    options.address = options.address.substr(1, options.address.size() - 2);
  if (options.address == "localhost") options.address = "127.0.0.1";
  if (arguments.tls_certificate.empty() != arguments.tls_key.empty())
    return fail(ErrorCode::kInvalid, "--tls-cert", "a certificate needs its key", "give --tls-cert and --tls-key together");
  options.tls_certificate = arguments.tls_certificate;
  options.tls_key = arguments.tls_key;
  options.trusted_proxies = arguments.trusted_proxies;
  const bool loopback = options.address == "::1" || options.address.starts_with("127.");
  if (!loopback && arguments.open_local)
    return fail(ErrorCode::kInvalid, "--listen", "`" + options.address + "` is no loopback address",
                "with --open-local only this machine may ask: use 127.0.0.1 or [::1]");
  if (!loopback && options.tls_certificate.empty())
    return fail(ErrorCode::kInvalid, "--listen", "`" + options.address + "` is no loopback address",
                "give --tls-cert and --tls-key, or let only this machine ask: 127.0.0.1 or [::1]");
  return options;
}

// As it stands before a port.
std::string bracketed(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

// Where the command line of this machine finds a server that listens on all addresses.
std::string reachable_here(const std::string& address) {
  return address == "0.0.0.0" ? "127.0.0.1" : address == "::" ? "::1" : address;
}

// A directory in which no administrator's token is in force gets one, shown here and nowhere else: on standard output, which
// is not where the log goes.
Status show_first_token(Tokens& tokens) {
  if (tokens.has_admin()) return {};
  Result<Tokens::Made> made = tokens.create(
      {.id = {}, .label = "made by the first start", .caller = {.role = TokenRole::kAdmin}}, kTokenDays, Caller::local().name);
  if (!made) return tl::unexpected(made.error());
  std::cout << made->secret << std::endl;
  std::cerr << "counterpart: the line on standard output is the administrator's token; it is shown only this once\n";
  forget(made->secret);
  return {};
}

// How letters leave, and where they get what they say.
struct Letters {
  std::unique_ptr<Transport> transport;
  LetterSources sources;
};

Result<std::unique_ptr<Letters>> open_letters(const ServiceOptions& options, const ServeArguments& arguments,
                                              const OpenedData& data, const std::string& site) {
  std::unique_ptr<Transport> transport = std::make_unique<Spool>(options.data / kSpool);
  if (!arguments.smtp.url.empty()) {
    Result<std::unique_ptr<Smtp>> mail_server = Smtp::open(arguments.smtp);
    if (!mail_server) return tl::unexpected(mail_server.error());
    transport = std::move(*mail_server);
  }
  const auto programme = [&data](std::string_view slug) {
    const auto found = data.programmes.find(slug);
    return found != data.programmes.end() ? found->second.name : std::string(slug);
  };
  LetterSources sources = letter_sources(data.words, data.store, programme);
  sources.site = site;
  return std::make_unique<Letters>(Letters{std::move(transport), std::move(sources)});
}

// Nothing where no wire is configured.
Result<std::unique_ptr<Courier>> open_courier(Service& service, const NetworkSettings& settings) {
  if (settings.nats.url.empty()) return std::unique_ptr<Courier>();
  const OpenedData& data = service.data();
  return start_courier({data.store, data.erasures, data.taxonomy, data.embedder, [&service] { return service.save(); },
                        &data.cases, data.now, [&data] { return data.replication.may_write(); }},
                       settings);
}

// Whom this server follows, if anybody; `took_over`: it followed that one once.
struct Owner {
  std::optional<OwnerLink> link;
  bool took_over = false;
};

// `patient`: waits for an owner that does not answer, for nobody may be there to start this server again.
Result<Owner> find_owner(const CommandContext& context, const ServeArguments& arguments, bool patient) {
  Owner owner;
  if (arguments.follow.url.empty()) return owner;
  Result<OwnerLink> link = OwnerLink::open(arguments.follow);
  if (!link) return tl::unexpected(link.error());
  const ServiceOptions& service = context.service;
  Result<bool> follows = false;
  for (bool told = false;; told = true) {
    follows = prepare_to_follow(*link, service.data, service.key_file, arguments.accept_loss);
    if (!patient || follows || follows.error().code != ErrorCode::kUnavailable) break;
    if (!told) spdlog::warn("replica: {}; it is tried again", describe(follows.error()));
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  if (!follows) return tl::unexpected(follows.error());
  owner.link = std::move(*link);
  owner.took_over = !*follows;
  return owner;
}

// Where this server starts again, a command that somebody gave meanwhile may hold the directory for a moment.
Result<std::unique_ptr<Service>> open_patiently(const ServiceOptions& options, std::chrono::seconds patience,
                                                OpenReport& opened) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    Result<std::unique_ptr<Service>> service = open_service(options, &opened);
    if (service || service.error().code != ErrorCode::kUnavailable || std::chrono::steady_clock::now() >= until) return service;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

// What goes on beside the answers, where this server is an owner's.
class Owning {
 public:
  Status start(Service& service, const ServeArguments& arguments, std::unique_ptr<Letters> letters) {
    letters_ = std::move(letters);
    const OpenedData& data = service.data();
    casework_.emplace(data.cases, data.now, [this, &data, followed = std::int64_t{-1}](std::int64_t now) mutable {
      // Whoever may not write sends no letters either: who has taken over sends them.
      if (!data.replication.may_write()) return Result<std::int64_t>(now + kLookAgain);
      if (const std::int64_t day = now / kSecondsOfDay; day != std::exchange(followed, day))
        if (const auto followed_now = follow_ends(data, now); !followed_now)
          spdlog::warn("ends of profiles: {}", describe(followed_now.error()));
      if (const auto expired = data.drafts.expire(data.cases, now); !expired)
        spdlog::warn("drafts: {}", describe(expired.error()));
      return deliver_queued(data.cases, *letters_->transport, letters_->sources, now);
    });
    Result<std::unique_ptr<Courier>> courier = open_courier(service, arguments.network);
    if (!courier) return tl::unexpected(courier.error());
    courier_ = std::move(*courier);
    return {};
  }

 private:
  std::unique_ptr<Letters> letters_;
  std::optional<CaseWorker> casework_;
  std::unique_ptr<Courier> courier_;
};

// `again`: this is so, and after that: this server is to start once more, as something else than it was.
int serve_once(const CommandContext& context, const ServeArguments& arguments, HttpOptions& listener, bool& again) {
  const bool patient = std::exchange(again, false);
  Result<Owner> owner = find_owner(context, arguments, patient);
  if (!owner) return report(owner.error());
  const bool follows = owner->link && !owner->took_over;
  HttpOptions* const options = &listener;

  // What the listener asks goes after it.
  StartupHandler startup;
  HandOn hand_on;
  Result<std::unique_ptr<Service>> service = std::unique_ptr<Service>();
  std::optional<Authenticator> authenticator;
  std::optional<Api> api;
  OwnerCalls owner_calls;
  options->too_early = [&](const Request& request, auto waited) { return hand_on.too_early(request, waited); };
  options->cost_of = &Api::cost_of;
  options->welcomes = [&](const Request& head) { return startup.welcomes(head); };
  options->put_into_language = [&](Response& response, const Request& request) {
    startup.put_into_language(response, request);
  };
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(
      *options,
      [&](const Request& request) {
        return hand_on.answer(request, [&](const Request& taken) { return startup.answer(taken); });
      },
      &Api::body_limit);
  if (!server) return report(server.error());
  options->port = (*server)->port();  // the same once more, where it starts again

  OpenReport opened;
  ServiceOptions serving = context.service;
  serving.serves = true;
  service = open_patiently(serving, patient ? kHeldPatience : std::chrono::seconds(0), opened);
  if (!service) return report(service.error());
  spdlog::info("opened {}: {}", context.service.data.string(), opened.what);
  if (opened.rebuilt)
    if (const Status saved = (*service)->save(); !saved) spdlog::warn("snapshot not saved: {}", describe(saved.error()));

  Replication& replication = (*service)->data().replication;
  const bool may_write = replication.may_write().has_value();
  if (!arguments.open_local && may_write)
    if (const Status shown = show_first_token((*service)->data().tokens); !shown) return report(shown.error());
  const std::string local_key = base64url(random_bytes(kKeyBytes));
  OwnDrafts& drafts = (*service)->data().drafts;
  drafts.allow(arguments.drafts);
  const std::string scheme = options->tls_certificate.empty() ? "http://" : "https://";
  const std::string listens = scheme + bracketed(options->address) + ":" + std::to_string((*server)->port());
  const std::string& site = arguments.public_url.empty() ? listens : arguments.public_url;
  Sessions& sessions = (*service)->data().sessions;
  sessions.keep_to({.idle = static_cast<std::int64_t>(arguments.session_hours) * 3600,
                    .most = static_cast<std::int64_t>(arguments.session_days) * kSecondsOfDay,
                    .secure = site.starts_with("https://"),
                    .site = site});
  if (may_write)
    if (const Status swept = sessions.sweep(); !swept) return report(swept.error());
  authenticator.emplace(arguments.open_local ? nullptr : &(*service)->data().tokens, local_key, &drafts, &sessions);
  api.emplace(**service, *authenticator, BudgetOptions{arguments.budget, 10 * arguments.budget});
  api->watch(server->get());
  hand_on.watch(replication, follows ? &*owner->link : nullptr, owner_calls, local_key);
  startup.hand_over_to(*api);
  Result<std::unique_ptr<Letters>> letters = open_letters(serving, arguments, (*service)->data(), site);
  if (!letters) return report(letters.error());
  std::atomic<bool> restart{false};
  const auto start_again = [&restart] {
    if (!restart.exchange(true)) std::raise(SIGTERM);  // as if somebody had stopped it
  };
  std::optional<Owning> owning;
  std::optional<Follower> follower;
  std::optional<RunWorker> worker;
  std::optional<Fencing> fencing;
  std::optional<Cleaning> cleaning;  // of what this server took as a follower
  if (!follows) {
    if (is_unclean(context.service.data)) cleaning.emplace(**service);
    replication.promote_with({{}, {}});
    if (const Status started = owning.emplace().start(**service, arguments, std::move(*letters)); !started)
      return report(started.error());
    if (owner->took_over) fencing.emplace(replication, *owner->link, site);
  }
  if (const Status announced = announce(context.service.data, {reachable_here(options->address), (*server)->port(), local_key,
                                                               !options->tls_certificate.empty()});
      !announced)
    return report(announced.error());
  (*server)->run_until_signal([&] {
    // Not before: what it raises would end the process at once.
    if (follows) {
      follower.emplace(**service, *owner->link, arguments.follow.stands_by, site, start_again);
      worker.emplace(**service, *owner->link);
    }
    std::cerr << "listening on " << bracketed(options->address) << ":" << (*server)->port() << std::endl;
  });
  const bool restarts = restart.exchange(true);  // and raises nothing any more
  api->watch(nullptr);
  worker.reset();
  follower.reset();
  withdraw(context.service.data);
  if (const Status saved = (*service)->save(); !saved) return report(saved.error());
  spdlog::info("stopped");
  again = restarts;
  return kDone;
}

int run_serve(const CommandContext& context, const ServeArguments& arguments) {
  Result<HttpOptions> options = listener_of(arguments);
  if (!options) return report(options.error(), kWrongUsage);
  if (const Status network = check_network_settings(arguments.network); !network) return report(network.error(), kWrongUsage);
  if (const Status follow = check_follow_settings(arguments.follow); !follow) return report(follow.error(), kWrongUsage);
  if (const Status logging = start_log(arguments.log_level, arguments.log_format); !logging)
    return report(logging.error(), kWrongUsage);
  for (bool again = false;;) {
    if (const int status = serve_once(context, arguments, *options, again); !again) return status;
    spdlog::info("starting again");
  }
}

const RegisteredVerb serve({.order = 240,
                            .name = "serve",
                            .help = "answer over HTTP",
                            .define = bind(add_serve_options, run_serve),
                            .makes_directory = true});

}  // namespace

void add_serve_options(CLI::App& app, ServeArguments& arguments) {
  app.add_option("--listen", arguments.listen, "ADDRESS:PORT, port 0: any free one")->capture_default_str();
  app.add_flag("--open-local", arguments.open_local, "no tokens; loopback addresses only");
  app.add_option("--tls-cert", arguments.tls_certificate, "PEM file of the certificate chain; read again when it changes");
  app.add_option("--tls-key", arguments.tls_key, "PEM file of its key");
  app.add_option("--trusted-proxy", arguments.trusted_proxies, "address whose X-Forwarded-For is believed; repeatable")
      ->allow_extra_args(false);
  app.add_option("--budget", arguments.budget,
                 "what each token may ask, in units a second (a match is 5, one by a long text up to 2,300); 0: no limit")
      ->check(budget_range())
      ->capture_default_str();
  app.add_option("--drafts", arguments.drafts,
                 "how many drafts of profiles may wait that were begun without an account; 0: nobody may begin one")
      ->check(CLI::Range(std::size_t{0}, std::size_t{100'000}))
      ->capture_default_str();
  app.add_option("--session-hours", arguments.session_hours,
                 "how long somebody who signed in in a browser stays so without doing anything")
      ->check(CLI::Range(1U, 24 * kMostSessionDays))
      ->capture_default_str();
  app.add_option("--session-days", arguments.session_days, "how long at most")
      ->check(CLI::Range(1U, kMostSessionDays))
      ->capture_default_str();
  app.add_option("--public-url", arguments.public_url,
                 "address by which people outside reach this server, for links in letters (default: as it listens)");
  app.add_option(
      "--smtp-url", arguments.smtp.url,
      "mail server that letters are handed to, as smtp://mail.example.org:587 (default: none, they stay in DATA/outbox)");
  app.add_option("--smtp-user", arguments.smtp.user, "user of the mail server");
  app.add_option("--smtp-password-file", arguments.smtp.password_file, "file whose first line is the user's password");
  app.add_option("--mail-from", arguments.smtp.mail_from, "address that hands letters in (default: each office's own)");
  app.add_option("--network-url", arguments.network.nats.url,
                 "NATS server that carries bundles to and from other offices, as nats://hub.example.org:4222 (default: none)");
  app.add_option("--network-monitor", arguments.network.monitor,
                 "where each server of the hub tells of itself, as http://192.0.2.7:8222, joined by commas: one that may lose "
                 "messages is refused");
  app.add_option("--network-ca", arguments.network.nats.ca, "PEM file of who signed its certificate (default: no TLS)");
  app.add_option("--network-cert", arguments.network.nats.certificate, "PEM file of this office's certificate for it");
  app.add_option("--network-key", arguments.network.nats.key, "PEM file of its key");
  app.add_option("--network-replicas", arguments.network.nats.replicas,
                 "of the stream, where this office is the first that uses it: 1 or 3")
      ->capture_default_str();
  app.add_option(
      "--follow", arguments.follow.url,
      "serve a copy of what another server owns, as https://owner.example.org:8443: DATA is empty at first (default: own)");
  app.add_option("--follow-token-file", arguments.follow.token_file,
                 "file whose first line is a token of role admin at that server");
  app.add_option("--follow-ca", arguments.follow.certificates, "PEM file of who signed its certificate");
  app.add_flag("--stand-by", arguments.follow.stands_by,
               "as the copy that may take over: from then on the owner acknowledges nothing that is not here too");
  app.add_flag("--accept-loss", arguments.accept_loss,
               "follow though this directory wrote what the new owner never had; see DATA/LEFT-BEHIND");
  app.add_option("--log-level", arguments.log_level, "debug, info, warn, error")->capture_default_str();
  app.add_option("--log-format", arguments.log_format, "text, or json: one object a line")->capture_default_str();
}

Status check_serve(const ServeArguments& arguments) {
  if (Result<HttpOptions> options = listener_of(arguments); !options) return tl::unexpected(options.error());
  if (!arguments.tls_certificate.empty())
    if (auto certificate = TlsCertificate::open(arguments.tls_certificate, arguments.tls_key); !certificate)
      return tl::unexpected(certificate.error());
  if (!arguments.smtp.url.empty())
    if (const auto mail_server = Smtp::open(arguments.smtp); !mail_server) return tl::unexpected(mail_server.error());
  if (Status network = check_network_settings(arguments.network); !network) return network;
  if (Status follow = check_follow_settings(arguments.follow); !follow) return follow;
  return start_log(arguments.log_level, arguments.log_format);
}

}  // namespace counterpart::server
