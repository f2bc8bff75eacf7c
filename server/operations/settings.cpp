#include "server/operations/settings.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

#include "engine/base/nearest.h"
#include "engine/base/toml.h"
#include "index/base/files.h"

namespace counterpart::server {
namespace {

struct Setting {
  std::string_view key;   // in the file: "data", or "serve.listen" for what stands under [serve]
  std::string_view flag;  // of every verb, or of the verb that the key begins with
  enum class Kind : std::uint8_t { kText, kNumber, kSwitch, kList } kind = Kind::kText;
};
using enum Setting::Kind;

// THE table of settings: what may stand in the configuration file and in the environment as well as behind a flag.
constexpr Setting kSettings[] = {
    {"data", "--data"},
    {"datasets", "--datasets"},
    {"models", "--models"},
    {"model", "--model"},
    {"fine", "--fine"},
    {"key_file", "--key-file"},
    {"limits", "--limits"},
    {"exclusions", "--exclusions"},
    {"serve.listen", "--listen"},
    {"serve.open_local", "--open-local", kSwitch},
    {"serve.tls_cert", "--tls-cert"},
    {"serve.tls_key", "--tls-key"},
    {"serve.trusted_proxies", "--trusted-proxy", kList},
    {"serve.budget", "--budget", kNumber},
    {"serve.smtp_url", "--smtp-url"},
    {"serve.smtp_user", "--smtp-user"},
    {"serve.smtp_password_file", "--smtp-password-file"},
    {"serve.mail_from", "--mail-from"},
    {"serve.drafts", "--drafts", kNumber},
    {"serve.public_url", "--public-url"},
    {"serve.session_hours", "--session-hours", kNumber},
    {"serve.session_days", "--session-days", kNumber},
    {"serve.network_url", "--network-url"},
    {"serve.network_monitor", "--network-monitor"},
    {"serve.network_ca", "--network-ca"},
    {"serve.network_cert", "--network-cert"},
    {"serve.network_key", "--network-key"},
    {"serve.network_replicas", "--network-replicas", kNumber},
    {"serve.follow", "--follow"},
    {"serve.follow_token_file", "--follow-token-file"},
    {"serve.follow_ca", "--follow-ca"},
    {"serve.stand_by", "--stand-by", kSwitch},
    {"serve.log_level", "--log-level"},
    {"serve.log_format", "--log-format"},
};

std::string_view verb_of(const Setting& setting) {
  const std::size_t dot = setting.key.find('.');
  return dot == setting.key.npos ? std::string_view() : setting.key.substr(0, dot);
}

bool is_of(const Setting& setting, const CLI::App& verb) {
  const std::string_view only = verb_of(setting);
  return only.empty() || only == verb.get_name();
}

template <class App>  // const or not
auto option_of(const Setting& setting, App& verb) {
  auto* option = verb.get_option_no_throw(std::string(setting.flag));
  return is_of(setting, verb) ? option : nullptr;
}

// "COUNTERPART_LISTEN" for "--listen".
std::string environment_name(const Setting& setting) {
  std::string name = "COUNTERPART_" + upper_case(setting.flag.substr(2));
  std::ranges::replace(name, '-', '_');
  return name;
}

const Setting* find(std::string_view key) {
  for (const Setting& setting : kSettings)
    if (setting.key == key) return &setting;
  return nullptr;
}

std::string known_keys() {
  std::string known;
  for (const Setting& setting : kSettings) known += (known.empty() ? "" : ", ") + std::string(setting.key);
  return known;
}

// The value as a command line would give it; nothing: of another kind than the setting.
std::optional<std::vector<std::string>> words_of(const toml::node& node, Setting::Kind kind) {
  switch (kind) {
    case kText:
      if (const auto text = node.value_exact<std::string>()) return std::vector<std::string>{*text};
      return std::nullopt;
    case kNumber:
      if (!node.is_number()) return std::nullopt;
      return std::vector<std::string>{CLI::detail::to_string(*node.value<double>())};
    case kSwitch:
      if (const auto on = node.value_exact<bool>()) return std::vector<std::string>{*on ? "true" : "false"};
      return std::nullopt;
    case kList: break;
  }
  if (!node.is_array()) return std::nullopt;
  std::vector<std::string> words;
  for (const toml::node& entry : *node.as_array()) {
    const auto text = entry.value_exact<std::string>();
    if (!text) return std::nullopt;
    words.push_back(*text);
  }
  return words;
}

std::string_view name_of(Setting::Kind kind) {
  switch (kind) {
    case kText: return "a text in quotes";
    case kNumber: return "a number";
    case kSwitch: return "true or false";
    case kList: return "a list of texts";
  }
  return {};
}

// As TOML writes a text, whatever is in it.
std::string in_quotes(const std::string& text) {
  std::ostringstream out;
  const toml::value<std::string> value(text);
  out << toml::toml_formatter{value, toml::format_flags::none};
  return out.str();
}

class FileReader {
 public:
  FileReader(const std::filesystem::path& file, CLI::App& verb) : file_(file), verb_(verb) {}

  Status table(const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix + std::string(name.str());
      const Setting* setting = find(key);
      Status read;
      if (setting)
        read = value(node, *setting);
      else if (prefix.empty() && node.is_table() && has_verb(key))
        read = this->table(*node.as_table(), key + ".");
      else
        read = wrong(node, "`" + key.substr(0, 80) + "` is no setting", "there are " + known_keys());
      if (!read) return read;
    }
    return {};
  }

 private:
  static bool has_verb(std::string_view name) {
    return std::ranges::any_of(kSettings, [&](const Setting& setting) { return verb_of(setting) == name; });
  }
  Status wrong(const toml::node& node, std::string message, std::string remedy) const {
    return fail(ErrorCode::kInvalid, file_.string() + ":" + std::to_string(node.source().begin.line), std::move(message),
                std::move(remedy));
  }
  Status value(const toml::node& node, const Setting& setting) {
    const auto words = words_of(node, setting.kind);
    if (!words)
      return wrong(node, "`" + std::string(setting.key) + "` is of another kind",
                   "write " + std::string(name_of(setting.kind)));
    CLI::Option* option = option_of(setting, verb_);
    if (!option || option->count() > 0) return {};  // of another verb, or said already
    if (setting.kind == kSwitch && words->front() == "false") return {};
    if (setting.kind == kText && words->front().empty()) return {};
    try {
      for (const std::string& word : *words) option->add_result(word);
      if (!words->empty()) option->run_callback();
    } catch (const CLI::ParseError& error) {
      return wrong(node, error.what(), "give a value that " + std::string(setting.flag) + " takes");
    }
    return {};
  }

  const std::filesystem::path& file_;
  CLI::App& verb_;
};

}  // namespace

void bind_environment(CLI::App& verb) {
  for (const Setting& setting : kSettings)
    if (CLI::Option* option = option_of(setting, verb)) {
      option->envname(environment_name(setting));
      if (setting.kind == kList) option->delimiter(',');
    }
}

CLI::Validator budget_range() {
  // CLI::Range lets nan pass: it is neither below nor above anything.
  return {[](std::string& text) {
            double value = 0;
            const bool within = CLI::detail::lexical_cast(text, value) && value >= 0 && value <= 1e9;
            return within ? std::string() : "`" + text + "` is no number from 0 to 1e9";
          },
          "FLOAT in [0 - 1e+09]"};
}

Status read_settings(const std::filesystem::path& file, CLI::App& verb) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    return fail(ErrorCode::kNotFound, file.string(), "there is no such configuration file", "see --config");
  const Result<std::string> text = read_file(file);
  if (!text) return fail(ErrorCode::kNotFound, file.string(), "it cannot be read", "let this user read it, or see --config");
  const Result<toml::table> table = parse_toml(*text, file.string());
  if (!table) return tl::unexpected(table.error());
  return FileReader(file, verb).table(*table, {});
}

std::string settings_text(const CLI::App& verb) {
  std::string text, section;
  for (const Setting& setting : kSettings) {
    const CLI::Option* option = option_of(setting, verb);
    if (!option) continue;
    std::string key(setting.key);
    if (const std::string_view own = verb_of(setting); !own.empty()) {
      if (section != own) text += "\n[" + (section = own) + "]\n";
      key = key.substr(own.size() + 1);
    }
    std::string value = option->count() == 0 ? option->get_default_str() : CLI::detail::join(option->results(), ", ");
    if (setting.kind == kSwitch && value.empty()) value = "false";
    if (setting.kind == kText) value = in_quotes(value);
    if (setting.kind == kList) {
      value.clear();
      for (const std::string& word : option->results()) value += (value.empty() ? "" : ", ") + in_quotes(word);
      value = "[" + value + "]";
    }
    text += key + " = " + value;
    text += option->count() == 0 ? "  # default\n" : "\n";
  }
  return text;
}

}  // namespace counterpart::server
