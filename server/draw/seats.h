// The seats of a certified draw, and who was invited to each so far.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/casework/case_store.h"
#include "server/layer.h"

namespace counterpart::server {

struct CertifiedSeat {
  std::string id;                       // of who was drawn
  std::vector<std::string> alternates;  // ids, who is called up first stands first
};
struct CertifiedPanel {
  std::string draw;  // hash of the certificate
  std::string programme;
  std::vector<CertifiedSeat> seats;
};

// kInvalid: what is no certificate, and at which member. Whether it holds is for check_certificate() to say.
Result<CertifiedPanel> read_seats(const boost::json::object& certificate);

// The last invitation to the seat, of who was drawn or an alternate; nothing: nobody was invited.
Result<std::optional<CaseNow>> last_invitation(const CaseStore& cases, const std::string& draw, const CertifiedSeat& seat,
                                               std::int64_t now);

// What invites who was drawn.
ActRequest invitation_to(const CertifiedPanel& panel, const CertifiedSeat& seat);

}  // namespace counterpart::server
