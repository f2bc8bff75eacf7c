#include "server/office_verbs/network_certificate.h"

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "index/base/time.h"
#include "server/post/network_certificates.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr unsigned kMostDays = 3650;

struct CertificateArguments {
  CertificateOrder order;
  std::string folder;
};

void add_options(CLI::App& app, CertificateArguments& arguments) {
  app.add_option("FOLDER", arguments.folder, "where the hub's authority is kept; it is made there the first time")->required();
  app.add_option("--name", arguments.order.name, "whose it is: of a node of the hub, a leaf or an office")->required();
  app.add_option("--host", arguments.order.hosts,
                 "name or address by which others reach it; repeatable; none for an office, which nobody connects to")
      ->allow_extra_args(false);
  app.add_option("--days", arguments.order.days, "how long it is good for")
      ->check(CLI::Range(1U, kMostDays))
      ->capture_default_str();
}

int run_certificate(const CommandContext& context, const CertificateArguments& arguments) {
  CertificateOrder order = arguments.order;
  order.folder = arguments.folder;
  const Result<MadeCertificate> made = make_certificate(order);
  if (!made) return report(made.error());
  if (context.json) {
    std::cout << json::serialize(json::object{{"authority", made->authority.string()},
                                              {"certificate", made->certificate.string()},
                                              {"key", made->key.string()},
                                              {"until", index::iso_time(static_cast<std::uint64_t>(made->until))},
                                              {"new_authority", made->new_authority},
                                              {"renewed", made->renewed},
                                              {"hosts", json::array(made->hosts.begin(), made->hosts.end())}})
              << "\n";
    return kDone;
  }
  if (made->new_authority)
    std::printf("A new authority was made. Its key, %s, never leaves this machine; keep a copy of it under lock.\n",
                (made->authority.parent_path() / "hub-ca.key").c_str());
  std::printf("%s, good until %s, with %s, goes to `%s` alone; %s goes to everybody.\n", made->certificate.c_str(),
              index::iso_time(static_cast<std::uint64_t>(made->until)).c_str(), made->key.c_str(), order.name.c_str(),
              made->authority.c_str());
  return kDone;
}

}  // namespace

Verb network_certificate_part() {
  return {.name = "certificate",
          .help = "a certificate for a node of the hub, a leaf or an office, of the hub's own authority",
          .define = bind<CertificateArguments>(add_options, run_certificate)};
}

}  // namespace counterpart::server
