// A letter as mail: the text of a message (RFC 5322) with its attachment, made of parts that cannot break out of their places.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

struct Mailbox {
  std::string name;     // as written, of any language
  std::string address;  // "dakar@example.org"
};

struct Attachment {
  std::string name;  // ASCII
  std::string type;  // "text/calendar; charset=UTF-8; method=PUBLISH"
  std::string bytes;
};

struct Mail {
  Mailbox from, to;
  std::optional<Mailbox> sender;  // who hands it in, where that is not `from`
  std::string subject;
  std::string text;        // UTF-8, lines end with \n
  std::string language;    // BCP 47
  std::string message_id;  // without < and >: "0f3a@example.org"; see message_id()
  std::int64_t date = 0;   // seconds since 1970
  std::optional<Attachment> attachment;
};

// The message, lines end with CRLF and have at most 78 bytes. Control characters in names and subjects are blanks. kInvalid: an
// address that is none; the place is "from", "to" or "sender".
std::string message_of(const Mail& mail);
Status check_addresses(const Mail& mail);

// Is it an address as the mail of all servers takes it: ASCII, one @, a domain?
bool is_mail_address(std::string_view address);

// The same for the same seed, at the domain of an address.
std::string message_id(std::string_view seed, std::string_view address);

// Base64 in lines of 76 characters, each with its CRLF.
std::string base64_lines(std::string_view bytes);

// The longest beginning of a text of at most `most` bytes that ends between two characters; one character at least.
std::string_view whole_characters(std::string_view text, std::size_t most);

}  // namespace counterpart::server
