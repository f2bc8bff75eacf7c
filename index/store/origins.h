// Which office's own server a profile was received from, through the network of offices: that server alone changes it. Records
// of Family::kMeta, written in the batch that writes the profile.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

inline constexpr std::string_view kNetworkWriter = "network ", kOriginOf = "origin:";

// Who is said to write what the server of `office` sent. No token's id has a blank, so nobody who calls can say it.
inline std::string network_writer(std::string_view office) { return std::string(kNetworkWriter).append(office); }

// The office that a writer of that name stands for; nothing: it is none.
inline std::optional<std::string_view> network_office(std::string_view who) {
  if (!who.starts_with(kNetworkWriter)) return std::nullopt;
  return who.substr(kNetworkWriter.size());
}

// Empty: it is an own one, or not there.
inline Result<std::string> read_origin(const Database& database, std::string_view id) {
  return database.get(Family::kMeta, std::string(kOriginOf).append(id)).map([](std::optional<std::string> office) {
    return office.value_or("");
  });
}

// Empty: the mark is removed.
inline Database::Edit edit_of_origin(const std::string& id, const std::string& office) {
  return {Family::kMeta, std::string(kOriginOf) + id, office.empty() ? std::nullopt : std::optional(office)};
}

// Every received profile with the office that it is of, ascending by id after `after`, as long as `visit` says so.
inline Status for_each_origin(const Database& database, std::string_view after,
                              const std::function<bool(std::string_view id, std::string_view office)>& visit) {
  Database::Cursor marks(database, Family::kMeta);
  for (marks.seek(std::string(kOriginOf).append(after)); marks.valid() && marks.key().starts_with(kOriginOf); marks.next()) {
    const std::string_view id = marks.key().substr(kOriginOf.size());
    if (id > after && !visit(id, marks.value())) return {};
  }
  return marks.status();
}

// kForbidden where `id` was received from `origin`: empty, it is one's own.
inline Status check_own(std::string_view id, const std::string& origin) {
  if (origin.empty()) return {};
  return fail(ErrorCode::kForbidden, std::string(id), "was received from the office `" + origin + "`, which alone changes it",
              "ask that office; its change arrives here by itself");
}

}  // namespace counterpart::index
