#include "server/post/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/base/file.h"
#include "server/post/mail.h"

namespace counterpart::server {
namespace {

constexpr long kSecondsToConnect = 15, kSecondsInAll = 60;
constexpr long kRefusals = 500;  // codes of SMTP from there on are for good

struct CurlEnd {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t give(char* place, std::size_t size, std::size_t count, void* rest) {
  std::string_view& text = *static_cast<std::string_view*>(rest);
  const std::size_t given = std::min(size * count, text.size());
  text.copy(place, given);
  text.remove_prefix(given);
  return given;
}

// Keeps the last refusal that the server said; what it says to a farewell is no news.
std::size_t hear(char* line, std::size_t size, std::size_t count, void* words) {
  std::string_view said(line, size * count);
  while (!said.empty() && (said.back() == '\r' || said.back() == '\n')) said.remove_suffix(1);
  if (said.starts_with('4') || said.starts_with('5')) *static_cast<std::string*>(words) = said;
  return size * count;
}

}  // namespace

struct Smtp::Impl {
  SmtpSettings settings;
  std::string password;
  std::unique_ptr<CURL, CurlEnd> curl;  // keeps its connection between letters
};

Smtp::Smtp(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Smtp::~Smtp() = default;

Result<std::unique_ptr<Smtp>> Smtp::open(const SmtpSettings& settings) {
  if (!settings.url.starts_with("smtp://") && !settings.url.starts_with("smtps://"))
    return fail(ErrorCode::kInvalid, "smtp_url", "is no mail server", "as smtp://mail.example.org:587");
  if (!settings.mail_from.empty() && !is_mail_address(settings.mail_from))
    return fail(ErrorCode::kInvalid, "mail_from", "is no mail address", "one as name@example.org");
  auto impl = std::make_unique<Impl>();
  impl->settings = settings;
  if (!settings.user.empty()) {
    if (settings.password_file.empty())
      return fail(ErrorCode::kInvalid, "smtp_password_file", "is not set", "a file with the password of smtp_user");
    Result<std::string> text = read_file(settings.password_file);
    if (!text) return tl::unexpected(std::move(text.error()));
    impl->password = text->substr(0, text->find_first_of("\r\n"));
  }
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  impl->curl.reset(started == CURLE_OK ? curl_easy_init() : nullptr);
  if (!impl->curl) return fail(ErrorCode::kInternal, "smtp", "libcurl does not start");
  return std::unique_ptr<Smtp>(new Smtp(std::move(impl)));
}

std::string Smtp::sender() const { return impl_->settings.mail_from; }

Carried Smtp::carry(const Outgoing& mail) {
  CURL* const curl = impl_->curl.get();
  curl_easy_reset(curl);  // but for its connection
  const std::unique_ptr<curl_slist, CurlEnd> to(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
  std::string_view rest = mail.message;
  std::string words;
  curl_easy_setopt(curl, CURLOPT_URL, impl_->settings.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");  // what the environment says is no setting of ours
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kSecondsToConnect);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kSecondsInAll);
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(impl_->settings.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!impl_->settings.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, impl_->settings.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, impl_->password.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &words);
  const CURLcode result = curl_easy_perform(curl);
  if (result == CURLE_OK) return {};
  long code = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  // What the server says of the user is said of no letter.
  const bool for_good = code >= kRefusals && result != CURLE_LOGIN_DENIED;
  const bool said = words.starts_with(std::to_string(code));
  return {for_good ? Delivery::Outcome::kRefused : Delivery::Outcome::kFailed, said ? words : curl_easy_strerror(result)};
}

}  // namespace counterpart::server
