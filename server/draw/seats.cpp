#include "server/draw/seats.h"

#include <algorithm>
#include <utility>

#include "server/draw/certificate.h"
#include "server/service/limits.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr const char* kInvitation = "invitation";

Result<std::string> text_at(const json::value& value, std::string_view name, std::string place) {
  const json::object* object = value.if_object();
  const json::value* found = object ? object->if_contains(name) : nullptr;
  if (!found || !found->is_string() || found->as_string().empty()) return no_certificate(std::move(place));
  return std::string(found->as_string());
}

Result<CertifiedSeat> read_seat(const json::value& value) {
  CertifiedSeat seat;
  Result<std::string> id = text_at(value, "id", "result.seats");
  if (!id) return tl::unexpected(std::move(id.error()));
  seat.id = std::move(*id);
  const json::value* alternates = value.as_object().if_contains("alternates");
  if (!alternates || !alternates->is_array()) return no_certificate("result.seats");
  for (const json::value& one : alternates->as_array()) {
    Result<std::string> other = text_at(one, "id", "result.seats");
    if (!other) return tl::unexpected(std::move(other.error()));
    seat.alternates.push_back(std::move(*other));
  }
  return seat;
}

}  // namespace

Result<CertifiedPanel> read_seats(const json::object& certificate) {
  CertifiedPanel panel;
  for (const auto& [name, target] : {std::pair("certificate_hash", &panel.draw), std::pair("programme", &panel.programme)}) {
    Result<std::string> text = text_at(certificate, name, name);
    if (!text) return tl::unexpected(std::move(text.error()));
    *target = std::move(*text);
  }
  const json::value* result = certificate.if_contains("result");
  const json::value* seats = result && result->is_object() ? result->as_object().if_contains("seats") : nullptr;
  if (!seats || !seats->is_array()) return no_certificate("result.seats");
  for (const json::value& one : seats->as_array()) {
    Result<CertifiedSeat> seat = read_seat(one);
    if (!seat) return tl::unexpected(std::move(seat.error()));
    panel.seats.push_back(std::move(*seat));
  }
  return panel;
}

Result<std::optional<CaseNow>> last_invitation(const CaseStore& cases, const std::string& draw, const CertifiedSeat& seat,
                                               std::int64_t now) {
  std::vector<std::string> ids = seat.alternates;
  ids.insert(ids.begin(), seat.id);
  const Case* last = nullptr;
  std::vector<Case> found;
  for (const std::string& id : ids) {
    Result<std::vector<Case>> of = cases.list({.kind = kInvitation, .profile = id}, {}, kPage.most);
    if (!of) return tl::unexpected(std::move(of.error()));
    std::ranges::move(*of, std::back_inserter(found));
  }
  for (const Case& one : found) {
    if (one.log.empty() || one.log.front().said.facts.draw != draw || one.log.front().said.facts.seat != seat.id) continue;
    // Of one seat, whoever was called up later has fewer left to follow.
    if (!last || one.log.front().at > last->log.front().at || alternates_of(one).size() < alternates_of(*last).size())
      last = &one;
  }
  if (!last) return std::optional<CaseNow>();
  Result<CaseNow> standing = cases.get(last->id, now);
  if (!standing) return tl::unexpected(std::move(standing.error()));
  return std::optional(std::move(*standing));
}

ActRequest invitation_to(const CertifiedPanel& panel, const CertifiedSeat& seat) {
  ActRequest act{.opens = NewCase{.kind = kInvitation, .programme = panel.programme, .from = seat.id}, .verb = "invite"};
  act.said.facts.draw = panel.draw;
  act.said.facts.seat = seat.id;
  act.said.facts.alternates = seat.alternates;
  return act;
}

}  // namespace counterpart::server
