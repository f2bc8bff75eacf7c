#include "index/stream/nats_mailbox.h"

#include <nats/nats.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/taxonomy/tsv.h"
#include "index/base/freed_by.h"

namespace counterpart::index {
namespace {

constexpr const char* kStream = "COUNTERPART";
constexpr const char* kSubjects = "counterpart.bundle.>";
constexpr std::int64_t kSecond = 1'000'000'000;  // of NATS, in nanoseconds
constexpr std::int64_t kKept = 30 * 86'400 * kSecond;
// What was handed out to an office that then ended goes out again after this; more than kMostOnTheWay are never handed out
// before they are acknowledged, so that a slow link has no more of them to carry than it can by then.
constexpr std::int64_t kAckWait = 120 * kSecond;
constexpr std::int64_t kMostOnTheWay = 3;
constexpr std::int64_t kPatience = 5'000;       // milliseconds, of one call
constexpr std::int64_t kSlowPatience = 45'000;  // of one that carries a bundle: 30 kbit/s; less than a unit has to stop
constexpr std::int64_t kPing = 20'000;          // whether the server is there at all
constexpr int kMostPings = 3;
constexpr std::int64_t kNotNow = 5'000;  // before what could not be taken in comes again
constexpr std::chrono::seconds kStalled{3}, kLongStalled{150};

using Options = std::unique_ptr<natsOptions, FreedBy<natsOptions_Destroy>>;
using Connection = std::unique_ptr<natsConnection, FreedBy<natsConnection_Destroy>>;
using Context = std::unique_ptr<jsCtx, FreedBy<jsCtx_Destroy>>;
using Subscription = std::unique_ptr<natsSubscription, FreedBy<natsSubscription_Destroy>>;

tl::unexpected<Error> trouble(natsStatus status, std::string doing) {
  return fail(ErrorCode::kUnavailable, "network", std::move(doing) + ": " + natsStatus_GetText(status),
              "see that the NATS server runs with JetStream, and that the address is right");
}

// TLS 1.3 lets a server refuse a certificate after the client believes to be through, so that the reason may be none.
tl::unexpected<Error> unconnected(natsStatus status, const NatsSettings& settings) {
  natsStatus last = NATS_OK;
  const char* told = nats_GetLastError(&last);
  std::string what = std::string("connecting: ") + natsStatus_GetText(status);
  if (last != NATS_OK && told && *told != '\0') what += std::string(" (") + told + ")";
  if (settings.ca.empty())
    return fail(ErrorCode::kUnavailable, "network", std::move(what),
                "see that the NATS server runs and the address is right; where it wants TLS, give --network-ca");
  return fail(
      ErrorCode::kUnavailable, "network", std::move(what),
      "see that the NATS server runs and the address is one of its certificate; that --network-ca signed that certificate; "
      "and that this office's own is given, of the hub's authority and not run out");
}

// A name of NATS has no dot in it, and no id of an office a tilde.
std::string name_of_office(std::string office) {
  std::ranges::replace(office, '.', '~');
  return office;
}
std::string subject_of(const std::string& office) { return "counterpart.bundle." + name_of_office(office); }

Result<Options> options_of(const NatsSettings& settings, const std::string& office) {
  natsOptions* made = nullptr;
  natsStatus status = natsOptions_Create(&made);
  Options options(made);
  const auto then = [&](auto&& set) {
    if (status == NATS_OK) status = set();
  };
  const std::vector<std::string_view> parts = split(settings.url, ',');
  const std::vector<std::string> servers(parts.begin(), parts.end());
  std::vector<const char*> names;
  for (const std::string& server : servers) names.push_back(server.c_str());
  then([&] { return natsOptions_SetServers(made, names.data(), static_cast<int>(names.size())); });
  then([&] { return natsOptions_SetName(made, ("counterpart " + office).c_str()); });
  then([&] { return natsOptions_SetTimeout(made, kPatience); });
  then([&] { return natsOptions_SetPingInterval(made, kPing); });
  then([&] { return natsOptions_SetMaxPingsOut(made, kMostPings); });
  // Whoever lost the connection opens another one, and looks at what is there anew.
  then([&] { return natsOptions_SetAllowReconnect(made, false); });
  if (!settings.ca.empty()) {
    then([&] { return natsOptions_SetSecure(made, true); });
    then([&] { return natsOptions_LoadCATrustedCertificates(made, settings.ca.c_str()); });
    then([&] { return natsOptions_SkipServerVerification(made, false); });
    if (!settings.certificate.empty())
      then([&] { return natsOptions_LoadCertificatesChain(made, settings.certificate.c_str(), settings.key.c_str()); });
  }
  if (status != NATS_OK) return trouble(status, "the settings of the connection");
  return options;
}

tl::unexpected<Error> unfit(std::string what, std::string remedy) {
  return fail(ErrorCode::kInvalid, "network", std::move(what), std::move(remedy));
}

// What the client library does not read of the stream's settings; empty: there is no such stream.
Result<boost::json::object> stream_settings(natsConnection* connection) {
  natsMsg* answer = nullptr;
  const std::string subject = std::string("$JS.API.STREAM.INFO.") + kStream;
  const natsStatus status = natsConnection_RequestString(&answer, connection, subject.c_str(), "", kPatience);
  if (status != NATS_OK) return trouble(status, "asking for the stream");
  const std::unique_ptr<natsMsg, FreedBy<natsMsg_Destroy>> owned(answer);
  boost::system::error_code failed;
  const boost::json::value told = boost::json::parse(
      std::string_view(natsMsg_GetData(answer), static_cast<std::size_t>(natsMsg_GetDataLength(answer))), failed);
  if (failed || !told.is_object()) return trouble(NATS_ERR, "asking for the stream");
  const boost::json::value* config = told.as_object().if_contains("config");
  return config && config->is_object() ? config->as_object() : boost::json::object();
}

Status check_stream(const boost::json::object& config) {
  const auto text = [&](const char* name) {
    const boost::json::value* value = config.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  const boost::json::value* replicas = config.if_contains("num_replicas");
  if (replicas && replicas->is_number() && replicas->to_number<int>() == 2)
    return unfit("the stream has two replicas, of which neither knows which is right", "give it one or three");
  if (const std::string compression = text("compression"); !compression.empty() && compression != "none")
    return unfit("the stream is compressed, and compressed blocks have been damaged", "make it anew without compression");
  if (text("storage") != "file") return unfit("the stream is not kept in files", "make it anew with file storage");
  if (text("retention") != "workqueue")
    return unfit("the stream of that name is another one", "remove it, or use a server of its own");
  return {};
}

class NatsMailbox final : public Mailbox {
 public:
  Status open(const NatsSettings& settings, const std::string& office) {
    Result<Options> options = options_of(settings, office);
    if (!options) return tl::unexpected(options.error());
    natsConnection* connected = nullptr;
    natsStatus status = natsConnection_Connect(&connected, options->get());
    if (status != NATS_OK) return unconnected(status, settings);
    connection_.reset(connected);
    if (natsConnection_GetMaxPayload(connected) < kLeastPayload)
      return unfit("the NATS server lets no message of 8 MiB through", "set `max_payload: 8MB` in its configuration");
    jsCtx* context = nullptr;
    jsOptions calls;
    jsOptions_Init(&calls);
    calls.Wait = kSlowPatience;
    status = natsConnection_JetStream(&context, connected, &calls);
    if (status != NATS_OK) return trouble(status, "JetStream");
    context_.reset(context);
    if (Status made = make_stream(settings.replicas); !made) return made;
    return subscribe(office);
  }

  Status send(const std::string& office, std::string_view bundle) override {
    jsPubAck* taken = nullptr;
    jsErrCode why = jsErrCode(0);
    const natsStatus status = js_Publish(&taken, context_.get(), subject_of(office).c_str(), bundle.data(),
                                         static_cast<int>(bundle.size()), nullptr, &why);
    jsPubAck_Destroy(taken);
    return status == NATS_OK ? Status() : trouble(status, "sending");
  }

  Status fetch(std::chrono::milliseconds patience, const std::function<bool(std::string_view)>& take) override {
    natsMsgList messages{};
    jsErrCode why = jsErrCode(0);
    const natsStatus status = natsSubscription_Fetch(&messages, subscription_.get(), 1, patience.count(), &why);
    if (status == NATS_TIMEOUT) return watch();
    if (status != NATS_OK) return trouble(status, "fetching");
    quiet_since_ = heard_ = std::chrono::steady_clock::now();
    natsStatus acknowledged = NATS_OK;
    for (int i = 0; i < messages.Count; ++i) {
      natsMsg* message = messages.Msgs[i];
      const bool done = take({natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))});
      // Nobody waits for a word: one that is lost only has the bundle come twice.
      const natsStatus told = done ? natsMsg_Ack(message, nullptr) : natsMsg_NakWithDelay(message, kNotNow, nullptr);
      if (acknowledged == NATS_OK) acknowledged = told;
    }
    natsMsgList_Destroy(&messages);
    return acknowledged == NATS_OK ? Status() : trouble(acknowledged, "acknowledging");
  }

 private:
  Status make_stream(unsigned replicas) {
    Result<boost::json::object> known = stream_settings(connection_.get());
    if (!known) return tl::unexpected(known.error());
    if (!known->empty()) return check_stream(*known);
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    const char* subjects[] = {kSubjects};
    config.Name = kStream;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Retention = js_WorkQueuePolicy;
    config.Storage = js_FileStorage;
    config.Replicas = replicas;
    config.MaxAge = kKept;
    jsStreamInfo* made = nullptr;
    jsErrCode why = jsErrCode(0);
    const natsStatus status = js_AddStream(&made, context_.get(), &config, nullptr, &why);
    jsStreamInfo_Destroy(made);
    // Another office may have been quicker; then what it made is looked at.
    known = stream_settings(connection_.get());
    if (known && !known->empty()) return check_stream(*known);
    return trouble(status, "making the stream");
  }

  Status subscribe(const std::string& office) {
    const std::string name = name_of_office(office), subject = subject_of(office);
    jsConsumerConfig config;
    jsConsumerConfig_Init(&config);
    config.Durable = name.c_str();
    config.FilterSubject = subject.c_str();
    config.AckPolicy = js_AckExplicit;
    config.AckWait = kAckWait;
    config.MaxAckPending = kMostOnTheWay;
    jsErrCode why = jsErrCode(0);
    jsConsumerInfo* info = nullptr;
    natsStatus status = js_AddConsumer(&info, context_.get(), kStream, &config, nullptr, &why);
    jsConsumerInfo_Destroy(info);
    if (status != NATS_OK) return trouble(status, "making the consumer");
    jsSubOptions options;
    jsSubOptions_Init(&options);
    options.Stream = kStream;
    options.Consumer = name.c_str();
    natsSubscription* subscription = nullptr;
    status = js_PullSubscribe(&subscription, context_.get(), subject.c_str(), nullptr, nullptr, &options, &why);
    if (status != NATS_OK) return trouble(status, "subscribing");
    subscription_.reset(subscription);
    consumer_ = name;
    quiet_since_ = heard_ = std::chrono::steady_clock::now();
    return {};
  }

  // Nothing came: because there is nothing, or because stream and subscription have come apart?
  Status watch() {
    const auto now = std::chrono::steady_clock::now();
    if (now - quiet_since_ < kStalled) return {};
    jsOptions call;
    jsOptions_Init(&call);
    call.Wait = kPatience;
    jsConsumerInfo* info = nullptr;
    jsErrCode why = jsErrCode(0);
    const natsStatus status = js_GetConsumerInfo(&info, context_.get(), kStream, consumer_.c_str(), &call, &why);
    const bool waiting = status == NATS_OK && info->NumPending > 0, on_the_way = status == NATS_OK && info->NumAckPending > 0;
    jsConsumerInfo_Destroy(info);
    quiet_since_ = now;
    // Behind a bundle on a slow link this answer is late, too.
    const bool patient = now - heard_ < kLongStalled;
    if (status == NATS_TIMEOUT && patient) return {};
    if (status != NATS_OK) return trouble(status, "looking whether something waits");
    if (waiting && !(on_the_way && patient)) return trouble(NATS_TIMEOUT, "something waits and does not come");
    if (!waiting) heard_ = now;
    return {};
  }

  Connection connection_;  // the others go first
  Context context_;
  Subscription subscription_;
  std::string consumer_;
  std::chrono::steady_clock::time_point quiet_since_;  // nothing came, and nobody was asked why
  std::chrono::steady_clock::time_point heard_;        // something came, or nothing was to come
};

}  // namespace

Result<std::unique_ptr<Mailbox>> open_nats(const NatsSettings& settings, const std::string& office) {
  auto mailbox = std::make_unique<NatsMailbox>();
  if (Status opened = mailbox->open(settings, office); !opened) return tl::unexpected(opened.error());
  return std::unique_ptr<Mailbox>(std::move(mailbox));
}

}  // namespace counterpart::index
