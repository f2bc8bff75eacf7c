// The network of offices: who is in it, what each has of the other, and the bundles that they hand each other.
#include <map>
#include <utility>

#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/network/beside.h"
#include "index/network/ledger.h"
#include "index/network/receipts.h"
#include "index/network/receiving.h"
#include "index/network/sending.h"
#include "index/store/origins.h"
#include "server/handlers/route.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxCard = 4096, kMaxOffice = 64, kMaxName = 200, kMaxCursor = 1024, kParkedShown = 100;

// Whoever reaches a server that asks for no token shall bring nobody into the network, nor carry anything away.
std::optional<Response> unless_known(const Call& call) {
  if (call.caller.known) return std::nullopt;
  return problem({ErrorCode::kForbidden,
                  {},
                  "this server asks nobody who it is, and then does nothing for the network over HTTP",
                  "use `counterpart network` on its own machine"},
                 call.request);
}

// Texts of a call by name; what is required is there.
Result<std::map<std::string, std::string>> texts_of(const Call& call, const std::map<std::string, std::size_t>& known,
                                                    std::string_view required) {
  const Result<json::object>& object = json_body(call.request);
  if (!object) return tl::unexpected(object.error());
  std::map<std::string, std::string> texts;
  std::string members;
  for (const auto& [name, most] : known) members += (members.empty() ? "" : ", ") + name;
  for (const auto& [name, value] : *object) {
    const auto found = known.find(std::string(name));
    if (found == known.end())
      return fail(ErrorCode::kInvalid, std::string(name).substr(0, 80), "no such member", "members are " + members);
    Result<std::string> text = words_of(value, name, found->second);
    if (!text) return tl::unexpected(text.error());
    texts[found->first] = std::move(*text);
  }
  if (!texts.contains(std::string(required)))
    return fail(ErrorCode::kInvalid, std::string(required), "missing", "members are " + members);
  return texts;
}

json::object write_position(const Position& position) { return {{"epoch", position.epoch}, {"sequence", position.sequence}}; }

json::object write_card_of(const OfficeCard& card) {
  return {{"office", card.office}, {"name", card.name}, {"fingerprint", fingerprint_of(card)}};
}

// What is known of one other office.
Result<json::object> write_office(const Store& store, const OtherOffice& office, const Position& head, std::uint64_t profiles) {
  json::object out = write_card_of(office.card);
  const Position& has = office.confirmed.position;
  out["confirmed"] = write_position(has);
  if (office.confirmed.at != 0) out["confirmed"].as_object()["at"] = iso_time(office.confirmed.at);
  out["behind"] = has.epoch == head.epoch ? head.sequence - std::min(head.sequence, has.sequence) : head.sequence;
  out["whole_state_due"] = has.epoch != head.epoch;
  out["received"] = write_position(office.received);
  out["profiles"] = profiles;
  if (office.as_of != 0) out["as_of"] = iso_time(office.as_of);
  if (office.heard_at != 0) out["heard_at"] = iso_time(office.heard_at);
  const Result<std::vector<NoteOf>> parked = read_notes(store.database(), Note::kParked, office.card.office);
  if (!parked) return tl::unexpected(parked.error());
  json::array aside;
  for (const NoteOf& note : *parked)
    if (aside.size() < kParkedShown) aside.push_back({{"profile", note.profile}, {"reason", note.reason}});
  const Result<std::vector<NoteOf>> beside = read_notes(store.database(), Note::kBeside, office.card.office);
  if (!beside) return tl::unexpected(beside.error());
  std::size_t waiting = 0;
  for (const NoteOf& note : *beside) {
    if (note.reason.empty()) continue;
    ++waiting;
    if (aside.size() < kParkedShown)
      aside.push_back(
          {{"profile", note.operation.is(OperationKind::kOffice) ? "its calendar" : "a case"}, {"reason", note.reason}});
  }
  out["parked"] = parked->size() + waiting;
  out["set_aside"] = std::move(aside);
  const Result<std::vector<NoteOf>> erasing = read_notes(store.database(), Note::kErase, office.card.office);
  if (!erasing) return tl::unexpected(erasing.error());
  out["erasures_pending"] = erasing->size();
  return out;
}

Result<json::object> write_network(const Store& store) {
  const Database& database = store.database();
  const Result<std::optional<OfficeCard>> self = read_self(database);
  if (!self) return tl::unexpected(self.error());
  if (!*self) return json::object{{"joined", false}, {"offices", json::array()}};
  Result<SecretKeys> keys = own_keys(store);
  if (!keys) return tl::unexpected(keys.error());
  const Result<std::optional<Position>> read = read_network_head(database);
  if (!read) return tl::unexpected(read.error());
  const Position head = read->value_or(Position{});
  json::object out{{"joined", true}, {"own", write_card_of(**self)}, {"position", write_position(head)}};
  out["own"].as_object()["card"] = write_card(**self, *keys);
  for (std::string* key : {&keys->sign, &keys->seal}) forget(*key);
  std::uint64_t kept = 0, oldest = 0;
  Status walked = for_each_operation(database, 0, nullptr, [&](const KeptOperation& one) {
    if (kept++ == 0) oldest = one.operation.at;
    return true;
  });
  std::map<std::string, std::uint64_t, std::less<>> profiles;
  if (walked)
    walked = for_each_origin(database, {}, [&](std::string_view, std::string_view office) {
      ++profiles[std::string(office)];
      return true;
    });
  if (!walked) return tl::unexpected(walked.error());
  out["operations_kept"] = kept;
  if (oldest != 0) out["oldest_kept"] = iso_time(oldest);
  const Result<std::vector<OtherOffice>> offices = read_offices(database);
  if (!offices) return tl::unexpected(offices.error());
  const Result<OpenErasures> open = open_erasures(store);
  if (!open) return tl::unexpected(open.error());
  out["erasures_open"] = open->profiles;
  json::array listed;
  for (const OtherOffice& office : *offices) {
    Result<json::object> one = write_office(store, office, head, profiles[office.card.office]);
    if (!one) return tl::unexpected(one.error());
    const auto missed = open->missed.find(office.card.office);
    (*one)["erasures_unconfirmed"] = missed == open->missed.end() ? 0 : missed->second;
    listed.push_back(std::move(*one));
  }
  out["offices"] = std::move(listed);
  return out;
}

Response show_network(const Call& call) {
  Result<json::object> network = write_network(call.data.store);
  if (!network) return problem(network.error(), call.request);
  return json_response(200, *network);
}

Response join(const Call& call) {
  if (std::optional<Response> refused = unless_known(call)) return std::move(*refused);
  const auto texts = texts_of(call, {{"office", kMaxOffice}, {"name", kMaxName}}, "office");
  if (!texts) return problem(texts.error(), call.request);
  const auto name = texts->find("name");
  const Result<OfficeCard> card =
      join_network(call.data.store, texts->at("office"), name == texts->end() ? std::string() : name->second, call.caller.name);
  if (!card) return problem(card.error(), call.request);
  return show_network(call);
}

Response add(const Call& call) {
  if (std::optional<Response> refused = unless_known(call)) return std::move(*refused);
  const auto texts = texts_of(call, {{"card", kMaxCard}}, "card");
  if (!texts) return problem(texts.error(), call.request);
  const Result<OfficeCard> card = read_card(texts->at("card"));
  if (!card) return problem(card.error(), call.request);
  if (const Status added = add_office(call.data.store, *card, call.caller.name); !added)
    return problem(added.error(), call.request);
  return json_response(200, write_card_of(*card));
}

Response remove(const Call& call) {
  if (std::optional<Response> refused = unless_known(call)) return std::move(*refused);
  if (const Status gone = remove_office(call.data.store, call.id, call.caller.name); !gone) {
    if (gone.error().code != ErrorCode::kNotFound) return problem(gone.error(), call.request);
    // One that was cut off is done to its end.
    const Result<bool> left = has_cases_with(call.data.store, call.id);
    if (!left) return problem(left.error(), call.request);
    if (!*left) return problem(gone.error(), call.request);
  }
  if (const Status gone = forget_cases_with(call.data.store, call.data.cases, call.id, call.data.now()); !gone)
    return problem(gone.error(), call.request);
  Response response;
  response.status = 204;
  return response;
}

Response make_bundle(const Call& call) {
  if (std::optional<Response> refused = unless_known(call)) return std::move(*refused);
  const auto texts = texts_of(call, {{"to", kMaxOffice}, {"from", kMaxCursor}}, "to");
  if (!texts) return problem(texts.error(), call.request);
  const auto from = texts->find("from");
  const Result<Sending> sending =
      next_bundle(call.data.store, texts->at("to"), from == texts->end() ? std::string() : from->second);
  if (!sending) return problem(sending.error(), call.request);
  json::object out{{"number", sending->number},
                   {"operations", sending->operations},
                   {"removals", sending->removals},
                   {"state", sending->state},
                   {"bundle", base64(sending->bytes)}};
  if (!sending->next.empty()) out["next"] = sending->next;
  return json_response(200, out);
}

Response receive_bundle(const Call& call) {
  if (std::optional<Response> refused = unless_known(call)) return std::move(*refused);
  const Receiving receiving{
      call.data.store,  call.data.erasures, call.data.taxonomy, call.data.embedder, [&call] { return call.service.save(); },
      &call.data.cases, call.data.now};
  const Result<Received> received = receive(receiving, call.request.body);
  if (!received) return problem(received.error(), call.request);
  json::object out{{"from", received->from},
                   {"number", received->number},
                   {"operations", received->operations},
                   {"repeated", received->repeated},
                   {"parked", received->parked},
                   {"removed", received->removed},
                   {"position", write_position(received->position)},
                   {"whole", !received->trouble}};
  if (received->trouble) {
    Error why = *received->trouble;
    RefusalsIn{call.data.refusals, language_of_refusals(call.request)}.say(why);
    out["trouble"] = {{"reason", why.message}, {"remedy", why.remedy}};
  }
  return json_response(200, out);
}

constexpr Answer kShown[] = {{200, kJson, "Network", "this office, and what each other one has of it and it of them"}};
constexpr Answer kJoined[] = {{200, kJson, "Network", "this office has its keys; its `card` is for the others"},
                              {409, {}, {}, "this directory is another office already"}};
constexpr Answer kAdded[] = {{200, kJson, "NetworkCard", "known from now on; compare its fingerprint with its people"},
                             {404, {}, {}, "this office has not joined"},
                             {409, {}, {}, "it is this office itself, or known by other keys"}};
constexpr Answer kRemoved[] = {{204, {}, {}, "nothing of it is here any more"}, {404, {}, {}, "no such office"}};
constexpr Answer kMade[] = {{200, kJson, "NetworkBundle", "sealed for that office; `next` where there is more"},
                            {404, {}, {}, "no such office, or this one has not joined"}};
constexpr Answer kTaken[] = {{200, kJson, "NetworkReceived",
                              "what came of it; where it is not `whole`, `trouble` says why and the next bundle mends it"},
                             {404, {}, {}, "this office has not joined"},
                             {409, {}, {}, "another bundle is being taken in"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/network", show_network, Right::kMeasure, "The network of offices, as this one knows it", {}, kShown},
    {"PUT",
     "/v1/network",
     join,
     Right::kGovern,
     "This office is one of a network from now on",
     {},
     kJoined,
     {8 * 1024, kJson, "NetworkJoin"}},
    {"POST",
     "/v1/network/offices",
     add,
     Right::kGovern,
     "Another office is known by its card",
     {},
     kAdded,
     {8 * 1024, kJson, "NetworkAdd"}},
    {"DELETE",
     "/v1/network/offices/{id}",
     remove,
     Right::kGovern,
     "Another office is not known any more, and what it sent goes",
     {},
     kRemoved},
    {"POST",
     "/v1/network/bundles",
     make_bundle,
     Right::kOperate,
     "What another office has not confirmed yet, as a sealed bundle",
     {},
     kMade,
     {8 * 1024, kJson, "NetworkBundleRequest"}},
    {"POST",
     "/v1/network/bundles:receive",
     receive_bundle,
     Right::kOperate,
     "Take in a bundle that another office made for this one",
     {},
     kTaken,
     {kMaxBundle, "application/octet-stream", {}}}};

}  // namespace

std::span<const Route> network_routes() { return kRoutes; }

}  // namespace counterpart::server
