#include "server/replica/tail_call.h"

#include <charconv>
#include <string_view>

#include "engine/base/hex.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kHash = 32, kMostId = 64, kMostUrl = 200;

std::string text(const Request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Result<std::uint64_t> number(const Request& request, const char* name) {
  const std::string digits = text(request, name);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return fail(ErrorCode::kInvalid, name, "not a whole number", "say where the follower stands");
  return value;
}

}  // namespace

std::string target_of(const TailCall& call) {
  std::string target = std::string(kTailPath) + "?epoch=" + std::to_string(call.has.epoch) +
                       "&number=" + std::to_string(call.has.number) + "&hash=" + hex(call.has.hash) + "&follower=" + call.id;
  if (call.stands_by) target += "&stands_by=true";
  return target;
}

Result<TailCall> read_tail_call(const Request& request) {
  TailCall call;
  const Result<std::uint64_t> epoch = number(request, "epoch"), position = number(request, "number");
  if (!epoch) return tl::unexpected(epoch.error());
  if (!position) return tl::unexpected(position.error());
  const auto hash = from_hex(text(request, "hash"));
  if (!hash || hash->size() != kHash)
    return fail(ErrorCode::kInvalid, "hash", "not 64 hexadecimal digits", "say where the follower stands");
  call.has = {*epoch, *position, *hash};
  call.id = text(request, "follower");
  if (call.id.size() > kMostId) return fail(ErrorCode::kInvalid, "follower", "too long", "at most 64 characters");
  call.stands_by = text(request, "stands_by") == "true";
  return call;
}

}  // namespace counterpart::server
