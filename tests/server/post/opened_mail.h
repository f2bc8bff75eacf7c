// A message read back as a mail program shows it: headers unfolded and decoded, the text, the attachment.
#pragma once

#include <openssl/evp.h>

#include <map>
#include <string>
#include <string_view>

#include "tests/support/catch.h"

namespace counterpart::server {

struct OpenedMail {
  std::map<std::string, std::string> headers;
  std::string text, attachment;
};

inline std::string from_base64(std::string_view lines) {
  std::string digits;
  for (const char c : lines)
    if (c != '\r' && c != '\n') digits += c;
  std::string bytes(digits.size() / 4 * 3, '\0');
  REQUIRE(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<const unsigned char*>(digits.data()),
                          static_cast<int>(digits.size())) >= 0);
  for (; !digits.empty() && digits.back() == '='; digits.pop_back()) bytes.pop_back();
  return bytes;
}

// Blanks between two encoded words are not text.
inline std::string decoded_header(std::string_view value) {
  constexpr std::string_view kBegin = "=?UTF-8?B?", kEnd = "?=";
  std::string text;
  bool after_word = false;
  while (!value.empty()) {
    const std::size_t end = value.find(kEnd, kBegin.size());
    if (value.starts_with(kBegin) && end != std::string_view::npos) {
      if (after_word) text.pop_back();
      text += from_base64(value.substr(kBegin.size(), end - kBegin.size()));
      value.remove_prefix(end + kEnd.size());
      after_word = true;
      if (value.starts_with(' ')) {
        text += ' ';
        value.remove_prefix(1);
      }
      continue;
    }
    after_word = false;
    text += value.front();
    value.remove_prefix(1);
  }
  return text;
}

inline std::map<std::string, std::string> headers_of(std::string_view head) {
  std::string unfolded(head);
  for (std::size_t at; (at = unfolded.find("\r\n ")) != std::string::npos;) unfolded.erase(at, 2);
  std::map<std::string, std::string> headers;
  for (std::string_view rest = unfolded; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(": ");
    REQUIRE(colon != std::string_view::npos);
    headers[std::string(line.substr(0, colon))] = decoded_header(line.substr(colon + 2));
    rest.remove_prefix(std::min(line.size() + 2, rest.size()));
  }
  return headers;
}

inline OpenedMail open_mail(std::string_view message) {
  OpenedMail opened;
  const std::size_t end = message.find("\r\n\r\n");
  REQUIRE(end != std::string_view::npos);
  opened.headers = headers_of(message.substr(0, end));
  std::string_view body = message.substr(end + 4);
  const std::string type = opened.headers.at("Content-Type");
  if (!type.starts_with("multipart/mixed")) {
    opened.text = from_base64(body);
    return opened;
  }
  const std::size_t quote = type.find('"') + 1;
  const std::string boundary = "--" + type.substr(quote, type.rfind('"') - quote);
  std::string* const parts[] = {&opened.text, &opened.attachment};
  for (std::string* part : parts) {
    REQUIRE(body.starts_with(boundary + "\r\n"));
    body.remove_prefix(boundary.size() + 2);
    const std::size_t begin = body.find("\r\n\r\n") + 4;
    const std::size_t next = body.find(boundary);
    *part = from_base64(body.substr(begin, next - begin));
    body.remove_prefix(next);
  }
  REQUIRE(body == boundary + "--\r\n");
  return opened;
}

}  // namespace counterpart::server
