// The configuration file: an error with the line, or settings within their bounds that are written and read again as the same.
#include <CLI/CLI.hpp>
#include <cmath>
#include <optional>

#include "server/operations/settings.h"
#include "tests/fuzz/target.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace counterpart::server;

// The settings of `serve`, as main.cpp has them.
struct Serve {
  CLI::App app;
  CLI::App& verb = *app.add_subcommand("serve");
  std::string data = "data", listen = "127.0.0.1:8080", tls_cert, tls_key, log_level = "info";
  bool open_local = false;
  std::vector<std::string> proxies;
  double budget = 200;

  Serve() {
    verb.add_option("--data", data)->capture_default_str();
    verb.add_option("--listen", listen)->capture_default_str();
    verb.add_flag("--open-local", open_local);
    verb.add_option("--tls-cert", tls_cert);
    verb.add_option("--tls-key", tls_key);
    verb.add_option("--trusted-proxy", proxies)->allow_extra_args(false);
    verb.add_option("--budget", budget)->check(budget_range())->capture_default_str();
    verb.add_option("--log-level", log_level)->capture_default_str();
    bind_environment(verb);
  }
  bool operator==(const Serve& other) const {
    return data == other.data && listen == other.listen && tls_cert == other.tls_cert && tls_key == other.tls_key &&
           log_level == other.log_level && open_local == other.open_local && proxies == other.proxies && budget == other.budget;
  }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TempFolder folder;
  Serve serve;
  const Status read = read_settings(folder.file("settings.toml", text_of_input(data, size)), serve.verb);
  if (!read) {
    must_be_told(read.error());
    must(read.error().code == ErrorCode::kInvalid, "a file that is there and is called absent", read.error().message);
    return 0;
  }
  must(std::isfinite(serve.budget) && serve.budget >= 0 && serve.budget <= 1e9, "a budget out of range");
  const std::string text = settings_text(serve.verb);
  Serve again;
  const Status reread = read_settings(folder.file("shown.toml", text), again.verb);
  must(reread.has_value(), "settings that we show and do not read", text);
  must(again == serve, "settings that change when shown and read again", text);
  return 0;
}
