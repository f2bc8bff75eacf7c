// The command line: one function a verb of the contract. Each answers from the data directory itself or, while a server
// holds that directory, asks the server and says so on standard error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "server/access/budget.h"
#include "server/cli/remote.h"
#include "server/layer.h"
#include "server/service/limits.h"
#include "server/service/service.h"

namespace counterpart::server {

inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;
inline constexpr int kWrongUsage = 2;

// What every verb knows.
struct CommandContext {
  ServiceOptions service;
  bool json = false;
};

struct MatchArguments {
  std::string profile, text, offering, programme = "open";
  std::vector<std::string> where;  // FIELD=VALUE[,VALUE]
  std::size_t limit = kMatchList.standard.value();
  bool explain = false;
  bool exact = false;
  bool diversify = false;
};
struct ConveneArguments {
  std::string programme;  // empty: the first that composes a panel
  std::uint64_t seed = 0;
  std::size_t seats = 0;  // 0: as the programme says
  std::string level;      // empty: the same
  std::vector<std::string> topics;
};
struct ImportArguments {
  std::vector<std::string> files;
  bool dry_run = false;
  std::string encoding;  // of CSV and JSON Lines; empty: UTF-8, or found out
  bool replace_private = false;
};
struct ServeArguments {
  std::string listen = "127.0.0.1:8080";
  bool open_local = false;
  double budget = BudgetOptions{}.per_second;
  std::string tls_certificate, tls_key;  // PEM files
  std::vector<std::string> trusted_proxies;
  std::string log_level = "info", log_format = "text";
};

int run_match(const CommandContext& context, const MatchArguments& arguments);
int run_explain(const CommandContext& context, const std::string& a, const std::string& b, const std::string& programme);
int run_convene(const CommandContext& context, const ConveneArguments& arguments);
int run_import(const CommandContext& context, const ImportArguments& arguments);
int run_export(const CommandContext& context, bool with_private);
int run_duplicates(const CommandContext& context, std::size_t limit);
int run_erase(const CommandContext& context, const std::vector<std::string>& ids);
int run_advice(const CommandContext& context, const std::string& id, const std::string& language);  // empty: the owner's
int run_assemble(const CommandContext& context, const std::string& project, const std::string& programme);
struct CoverageArguments {
  std::string programme = "global-alliance";
  std::vector<std::string> shares;  // KEY=SHARE
  std::size_t gaps = kCoverageGaps.standard.value(), fillers = kGapFillers.standard.value();
};
int run_coverage(const CommandContext& context, const CoverageArguments& arguments);
int run_brief(const CommandContext& context, const std::string& country, const std::string& language);
int run_refine(const CommandContext& context);
struct StandingArguments {
  std::string text, offering, programme = "open", office;
  std::vector<std::string> where;  // FIELD=VALUE[,VALUE]
  std::optional<double> minimum;   // nothing: as POST /v1/standing-queries has it
};
int run_standing_add(const CommandContext& context, const StandingArguments& arguments);
int run_standing_list(const CommandContext& context, const std::string& office);  // empty: of all
int run_standing_remove(const CommandContext& context, const std::string& id);
struct AlertArguments {
  std::string query;  // empty: of all
  std::uint64_t after = 0;
  std::size_t limit = kPage.standard.value();
};
int run_alerts(const CommandContext& context, const AlertArguments& arguments);
struct RematchArguments {
  std::string programme = "open";
  bool full = false;
  std::uint64_t candidates = 0, listed = 0, keep = 0, memory_mib = 0;  // 0: as POST /v1/runs has it
  std::uint64_t threads = 0;
  int nice = -1;
};
int run_rematch(const CommandContext& context, const RematchArguments& arguments);
struct DigestArguments {
  std::string programme = "open", office, since;
  std::string csv = {};  // "csv", "excel" or nothing
  std::string separator = {};
  std::size_t limit = kDigestProfiles.standard.value();
};
int run_digest(const CommandContext& context, const DigestArguments& arguments);
// "pause", "resume" or "stop" what a server works on; "list" the published runs.
int run_runs(const CommandContext& context, const std::string& action, const std::string& programme);
int run_verify(const CommandContext& context);
struct BackupArguments {
  std::string folder;
  std::uint64_t keep = 0;  // 0: all
  bool list = false;
};
int run_backup(const CommandContext& context, const BackupArguments& arguments);
struct RestoreArguments {
  std::string folder, name;  // name empty: the newest
};
int run_restore(const CommandContext& context, const RestoreArguments& arguments);
struct EvaluateCall {
  std::vector<std::string> files;
  bool train = false;  // learn weights on one half of the organisations and countries, measure on the other
  std::string out;     // where the learnt weights go; empty: standard error
};
int run_evaluate(const CommandContext& context, const EvaluateCall& call);
struct AuditArguments {
  std::string subject;  // id of a profile or token; empty: of all
  std::uint64_t after = 0;
  std::size_t limit = kPage.standard.value();
};
int run_audit_list(const CommandContext& context, const AuditArguments& arguments);
int run_audit_verify(const CommandContext& context, const std::string& head);  // empty: no head was noted
struct TokenArguments {
  std::string role, office, country, label;
  std::vector<std::string> profiles, where;  // FIELD=VALUE[,VALUE]
  std::uint32_t days = 0;                    // 0: as POST /v1/tokens has it
};
int run_token_create(const CommandContext& context, const TokenArguments& arguments);
int run_token_list(const CommandContext& context);
int run_token_revoke(const CommandContext& context, const std::string& id);
// What can be told of the settings without opening anything but the certificate. kInvalid.
Status check_serve(const ServeArguments& arguments);
int run_serve(const CommandContext& context, const ServeArguments& arguments);
int run_programmes(const CommandContext& context, const std::string& check_file);

// Where a verb's calls go: to the routes in this process over the opened directory, or to the server that holds it. Both
// answer the same calls of the HTTP contract, so a verb is written once.
class Backend {
 public:
  // Says on standard error what the opening found worth telling, and when a server is asked.
  static Result<Backend> open(const CommandContext& context);

  Result<std::string> call(const std::string& method, const std::string& target, const std::string& body = {},
                           const std::string& content_type = "application/json",
                           const std::function<void(std::string_view)>& sink = {});
  Service* service() { return service_.get(); }  // nullptr: a server is asked

 private:
  std::unique_ptr<Service> service_;
  std::unique_ptr<Remote> remote_;
};

// Prints "counterpart: ..." on standard error; returns kRefused.
int report(const Error& error);

}  // namespace counterpart::server
