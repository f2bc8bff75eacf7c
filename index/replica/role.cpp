#include "index/replica/role.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string_view>

#include "index/base/files.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

constexpr const char* kFile = "ROLE";
constexpr std::array<std::string_view, 4> kNames{"owner", "follower", "promoted", "fenced"};

}  // namespace

Result<ReplicaRole> read_role(const std::filesystem::path& data) {
  std::error_code error;
  if (!std::filesystem::exists(data / kFile, error)) return ReplicaRole{};
  const auto damaged = [] {
    return fail(ErrorCode::kCorrupt, "ROLE", "does not decode",
                "put this directory back from a backup, or follow the owner anew");
  };
  const Result<std::string> sealed = read_file(data / kFile);
  if (!sealed) return tl::unexpected(sealed.error());
  const std::optional<std::string_view> text = unseal_text(*sealed);
  if (!text) return damaged();
  try {
    const json::value read = json::parse(json::string_view(text->data(), text->size()));
    const auto kind = std::ranges::find(kNames, std::string_view(read.at("kind").as_string()));
    if (kind == kNames.end()) return damaged();
    return ReplicaRole{static_cast<ReplicaRole::Kind>(kind - kNames.begin()),
                       std::string(read.at("url").as_string()),
                       std::string(read.at("id").as_string()),
                       read.at("epoch").to_number<std::uint64_t>(),
                       read.at("copy_due").as_bool(),
                       read.at("left_behind").to_number<std::uint64_t>()};
  } catch (const std::exception&) {
    return damaged();
  }
}

Status write_role(const std::filesystem::path& data, const ReplicaRole& role) {
  AtomicFile file(data / kFile);
  file.write(seal_text(json::serialize(json::object{{"kind", kNames[static_cast<std::size_t>(role.kind)]},
                                                    {"url", role.url},
                                                    {"id", role.id},
                                                    {"epoch", role.epoch},
                                                    {"copy_due", role.copy_due},
                                                    {"left_behind", role.left_behind}}) +
                       "\n"));
  return file.finish();
}

}  // namespace counterpart::index
