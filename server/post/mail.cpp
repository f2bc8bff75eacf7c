#include "server/post/mail.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "index/base/crypto.h"
#include "index/base/files.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMostInLine = 78;                                 // RFC 5322, 2.1.1
constexpr std::string_view kWordBegin = "=?UTF-8?B?", kWordEnd = "?=";  // RFC 2047
constexpr std::size_t kMostInWord = 45;      // bytes; with its frame an encoded word has 72 characters of 75
constexpr std::size_t kLeastInWord = 12;     // what is worth to begin one at the end of a line
constexpr std::size_t kBytesInLine = 57;     // 76 characters of base64 (RFC 2045, 6.8)
constexpr std::size_t kMostInAddress = 254;  // RFC 5321, 4.5.3.1, with < and >

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7F; }
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  std::ranges::replace_if(
      clean, [](unsigned char c) { return is_control(c); }, ' ');
  const std::size_t first = clean.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return clean.substr(first, clean.find_last_not_of(' ') - first + 1);
}

// A header, folded before the pieces that a line has no place for. A piece has no blank at either end.
class Header {
 public:
  explicit Header(std::string_view name) : text_(name), line_(name.size() + 1) { text_ += ':'; }
  void add(std::string_view piece) {
    const bool fits = line_ + 1 + piece.size() <= kMostInLine;
    if (!fits) text_ += kLineEnd, line_ = 0;
    (text_ += ' ') += piece;
    line_ += 1 + piece.size();
  }
  // Whole characters in each word.
  void add_encoded(std::string_view text) {
    while (!text.empty()) {
      const std::size_t used = std::min(line_ + 1 + kWordBegin.size() + kWordEnd.size(), kMostInLine);
      const std::size_t room = (kMostInLine - used) / 4 * 3;
      const std::string_view piece = whole_characters(text, room < kLeastInWord ? kMostInWord : std::min(room, kMostInWord));
      add(std::string(kWordBegin) + base64(piece) + std::string(kWordEnd));
      text.remove_prefix(piece.size());
    }
  }
  std::string finish() && { return std::move(text_) + std::string(kLineEnd); }

 private:
  std::string text_;
  std::size_t line_;
};

// Of words that a header may carry as they are.
bool is_plain(std::string_view text) {
  if (!is_ascii(text) || text.find("=?") != std::string_view::npos) return false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end == begin || end - begin > kMostInLine - 2) return false;  // blanks in a row do not survive folding
    begin = end + 1;
  }
  return true;
}

std::string text_header(std::string_view name, std::string_view given) {
  Header header(name);
  const std::string text = without_controls(given);
  if (!is_plain(text)) {
    header.add_encoded(text);
  } else {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      header.add(std::string_view(text).substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return std::move(header).finish();
}

std::string mailbox_header(std::string_view name, const Mailbox& mailbox) {
  Header header(name);
  const std::string shown = without_controls(mailbox.name);
  if (is_ascii(shown) && shown.size() < kMostInLine / 2 && shown.find("=?") == std::string::npos) {
    std::string quoted = "\"";
    for (const char c : shown) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    if (!shown.empty()) header.add(quoted + "\"");
  } else {
    header.add_encoded(shown);
  }
  header.add("<" + mailbox.address + ">");
  return std::move(header).finish();
}

// "Thu, 26 Nov 2026 10:00:00 +0000"
std::string rfc5322_date(std::int64_t at) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = at;
  std::tm time{};
  ::gmtime_r(&seconds, &time);
  char rest[32];
  std::strftime(rest, sizeof rest, "%Y %H:%M:%S +0000", &time);
  return std::string(kDays[time.tm_wday]) + ", " + std::to_string(time.tm_mday) + " " + kMonths[time.tm_mon] + " " + rest;
}

std::string with_line_ends(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::string part(std::string_view type, std::string_view bytes, std::string_view disposition = {}) {
  std::string out = "Content-Type: " + std::string(type) + "\r\n";
  if (!disposition.empty()) out += "Content-Disposition: " + std::string(disposition) + "\r\n";
  return out + "Content-Transfer-Encoding: base64\r\n\r\n" + base64_lines(bytes);
}

}  // namespace

std::string_view whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  const auto begins = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80; };
  std::size_t end = most;
  while (end > 0 && !begins(end)) --end;
  if (end > 0) return text.substr(0, end);
  end = 1;
  while (end < text.size() && !begins(end)) ++end;
  return text.substr(0, end);
}

std::string base64_lines(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, kBytesInLine);
    (out += base64(line)) += kLineEnd;
    bytes.remove_prefix(line.size());
  }
  return out;
}

bool is_mail_address(std::string_view address) {
  const std::size_t at = address.find('@');
  if (address.size() > kMostInAddress || at == 0 || at == std::string_view::npos || at + 1 == address.size()) return false;
  constexpr std::string_view kSpecial = "()<>[]:;,\\\"@ ";
  const auto fits = [&](unsigned char c) {
    return !is_control(c) && c < 0x80 && kSpecial.find(static_cast<char>(c)) == std::string_view::npos;
  };
  return std::ranges::all_of(address.substr(0, at), fits) && std::ranges::all_of(address.substr(at + 1), fits);
}

std::string message_id(std::string_view seed, std::string_view address) {
  constexpr std::size_t kDigits = 32;
  return sha256(seed).substr(0, kDigits) + std::string(address.substr(std::min(address.find('@'), address.size())));
}

Status check_addresses(const Mail& mail) {
  const auto check = [](const char* place, const Mailbox& mailbox) -> Status {
    if (is_mail_address(mailbox.address)) return {};
    return fail(ErrorCode::kInvalid, place, mailbox.address.empty() ? "has no mail address" : "has no usable mail address",
                "one as name@example.org");
  };
  if (Status from = check("from", mail.from); !from) return from;
  if (Status to = check("to", mail.to); !to) return to;
  return mail.sender ? check("sender", *mail.sender) : Status();
}

std::string message_of(const Mail& mail) {
  std::string out = mailbox_header("From", mail.from);
  if (mail.sender) out += mailbox_header("Sender", *mail.sender);
  out += mailbox_header("To", mail.to);
  out += text_header("Subject", mail.subject);
  out += "Date: " + rfc5322_date(mail.date) + "\r\n";
  out += "Message-ID: <" + mail.message_id + ">\r\n";
  out += "Auto-Submitted: auto-generated\r\n";  // RFC 3834: nothing answers it by itself
  out += "Content-Language: " + without_controls(mail.language) + "\r\n";
  out += "MIME-Version: 1.0\r\n";
  const std::string text = part("text/plain; charset=UTF-8", with_line_ends(mail.text));
  if (!mail.attachment) return out + text;
  // No line of base64 begins with it.
  const std::string boundary = "=_" + sha256(mail.message_id).substr(0, 32);
  out += "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
  out += "--" + boundary + "\r\n" + text;
  out += "--" + boundary + "\r\n" +
         part(mail.attachment->type, mail.attachment->bytes, "attachment; filename=\"" + mail.attachment->name + "\"");
  return out + "--" + boundary + "--\r\n";
}

}  // namespace counterpart::server
