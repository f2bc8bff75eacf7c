#include "server/client/remote.h"

#include <unistd.h>

#include <boost/json.hpp>

#include "index/base/files.h"
#include "server/http/http_client.h"
#include "server/http/problem.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::filesystem::path file_in(const std::filesystem::path& data) { return data / "server.json"; }

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string{};
}

}  // namespace

Result<std::unique_ptr<Remote>> Remote::find(const std::filesystem::path& data) {
  const auto absent = [&](std::string why) {
    return fail(ErrorCode::kUnavailable, data.string(), std::move(why),
                "if a server was just started or stopped, try again; otherwise look which process holds the directory");
  };
  const Result<std::string> text = read_file(file_in(data));
  if (!text) return absent("another process holds this directory and has announced no server");
  boost::system::error_code failed;
  const json::value value = json::parse(*text, failed);
  if (failed || !value.is_object()) return absent("server.json is damaged");
  auto remote = std::make_unique<Remote>();
  remote->address_ = text_of(value.as_object(), "address");
  const json::value* port = value.as_object().if_contains("port");
  if (!port || !port->is_int64()) return absent("server.json is damaged");
  const json::value* tls = value.as_object().if_contains("tls");
  remote->tls_ = tls && tls->is_bool() && tls->as_bool();
  remote->key_ = text_of(value.as_object(), "key");
  remote->port_ = static_cast<std::uint16_t>(port->as_int64());
  if (Result<std::string> alive = remote->call("GET", "/healthz"); !alive)
    return absent("the server announced there does not answer (" + alive.error().message + ")");
  return remote;
}

Result<std::string> Remote::call(const std::string& method, const std::string& target, const std::string& body,
                                 const std::string& content_type, const std::function<void(std::string_view)>& sink,
                                 const CallHeaders& headers) const {
  Result<ClientAnswer> answer = http_request({address_, port_, method, target, body, content_type, key_, tls_, headers, sink});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status / 100 != 2) return tl::unexpected(error_of_problem(answer->status, answer->body));
  return std::move(answer->body);
}

Status announce(const std::filesystem::path& data, const Announcement& announcement) {
  const std::string text = json::serialize(json::object{{"address", announcement.address},
                                                        {"port", announcement.port},
                                                        {"pid", static_cast<std::int64_t>(getpid())},
                                                        {"key", announcement.key},
                                                        {"tls", announcement.tls}});
  AtomicFile file(file_in(data));  // readable by its owner alone
  file.write(text + "\n");
  return file.finish();
}

void withdraw(const std::filesystem::path& data) {
  std::error_code ignored;  // a file left behind is found out by find()
  std::filesystem::remove(file_in(data), ignored);
}

std::string url_encode(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       byte == '-' || byte == '_' || byte == '.' || byte == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

}  // namespace counterpart::server
