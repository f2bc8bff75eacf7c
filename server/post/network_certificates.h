// Certificates of the wire between offices: one authority, whose key stays with whoever runs the hub, and what it signs for
// each node of the hub, each leaf and each office.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

struct CertificateOrder {
  std::filesystem::path folder;  // of the authority; what is made lies beside it
  std::string name;              // whose it is; the files are called by it
  // Names and addresses by which others reach it. Without any it can reach others and not be reached, so that no office can
  // pass itself off as the hub; of one that is made anew: those that it had.
  std::vector<std::string> hosts = {};
  unsigned days = 730;
};

struct MadeCertificate {
  std::filesystem::path authority, certificate, key;  // PEM; the key is for its owner alone to read
  std::int64_t until = 0;                             // seconds since 1970
  bool new_authority = false, renewed = false;
  std::vector<std::string> hosts;
};

// Makes the authority where there is none, and a key where there is none: neither is ever written over, and what was signed
// stays good. kInvalid: a name or a host that is none; files that do not belong together. kForbidden: others may read the
// authority's key. kStorage.
Result<MadeCertificate> make_certificate(const CertificateOrder& order);

// kForbidden: everybody on this machine may read it, so that it proves nothing. kInvalid: it is not there.
Status check_key_file(const std::filesystem::path& key, const std::string& place);

}  // namespace counterpart::server
