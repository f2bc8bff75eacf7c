#include "server/post/mail.h"

#include <algorithm>
#include <string>
#include <vector>

#include "server/post/calendar_entry.h"
#include "tests/server/post/opened_mail.h"
#include "tests/support/catch.h"

namespace counterpart::server {
namespace {

Mail some_mail() {
  Mail mail;
  mail.from = {"ITPO Dakar", "dakar@example.org"};
  mail.to = {"Noura", "riyadh@example.org"};
  mail.subject = "Case i-000001";
  mail.text = "To Noura\n\nOne line.\n";
  mail.language = "en";
  mail.message_id = message_id("seed", "dakar@example.org");
  mail.date = 1'795'687'200;  // Thursday 26 November 2026, 10:00 UTC
  return mail;
}

std::vector<std::string> lines_of(const std::string& message) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < message.size();) {
    const std::size_t end = message.find("\r\n", begin);
    REQUIRE(end != std::string::npos);
    lines.push_back(message.substr(begin, end - begin));
    begin = end + 2;
  }
  return lines;
}

}  // namespace

TEST_CASE("mail: a message has its headers and its text, and nobody answers it by itself", "[post]") {
  const std::string message = message_of(some_mail());
  const std::string head = message.substr(0, message.find("\r\n\r\n"));
  CHECK(
      head.starts_with("From: \"ITPO Dakar\" <dakar@example.org>\r\nTo: \"Noura\" <riyadh@example.org>\r\n"
                       "Subject: Case i-000001\r\nDate: Thu, 26 Nov 2026 10:00:00 +0000\r\nMessage-ID: <"));
  CHECK_THAT(head, Catch::Matchers::Contains("\r\nAuto-Submitted: auto-generated\r\nContent-Language: en\r\n"));
  const OpenedMail opened = open_mail(message);
  CHECK(opened.text == "To Noura\r\n\r\nOne line.\r\n");
  CHECK(opened.attachment.empty());
}

TEST_CASE("mail: a name or a subject with line ends adds no header", "[post]") {
  Mail mail = some_mail();
  mail.to.name = "Noura\r\nBcc: everybody@example.org";
  mail.from.name = "\"ITPO\" \\ <x@example.org>\n";
  mail.subject = "One\nX-Other: two\r\n\r\nThree";
  for (const std::string& line : lines_of(message_of(mail))) {
    CHECK_FALSE(line.starts_with("Bcc"));
    CHECK_FALSE(line.starts_with("X-Other"));
    CHECK(line != "Three");
  }
  const OpenedMail opened = open_mail(message_of(mail));
  CHECK(opened.headers.at("To") == "\"Noura  Bcc: everybody@example.org\" <riyadh@example.org>");
  CHECK(opened.headers.at("From") == "\"\\\"ITPO\\\" \\\\ <x@example.org>\" <dakar@example.org>");
  CHECK(opened.text == "To Noura\r\n\r\nOne line.\r\n");
}

TEST_CASE("mail: an address that could be more than one is refused", "[post]") {
  for (const char* address : {"", "dakar", "@example.org", "dakar@", "a@b@c", "a b@example.org", "a@example.org>\r\nX: y",
                              "a@example.org, b@example.org", "a\n@example.org", "дакар@example.org"}) {
    INFO(address);
    CHECK_FALSE(is_mail_address(address));
    Mail mail = some_mail();
    mail.to.address = address;
    CHECK(check_addresses(mail).error().place == "to");
  }
  CHECK(is_mail_address("first.last+itpo@mail.example.org"));
}

TEST_CASE("mail: words of every script come through, in lines that every server takes", "[post]") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "صندوق الاستثمار — 投资基金 — фонд ";
  Mail mail = some_mail();
  mail.subject = text;
  mail.to.name = "مكتب \U0001F30D الرياض للاستثمار والتكنولوجيا في المملكة العربية السعودية";
  mail.text = text + "\n";
  mail.attachment = {"due.ics", "text/calendar; charset=UTF-8; method=PUBLISH", "BEGIN:VCALENDAR\r\n"};
  const std::string message = message_of(mail);
  for (const std::string& line : lines_of(message)) {
    CHECK(line.size() <= 78);
    CHECK(std::ranges::all_of(line, [](unsigned char c) { return c >= 0x20 && c < 0x7F; }));
  }
  const OpenedMail opened = open_mail(message);
  CHECK(opened.headers.at("Subject") + " " == text);
  CHECK(opened.headers.at("To") == mail.to.name + " <riyadh@example.org>");
  CHECK(opened.text == text + "\r\n");
  CHECK(opened.attachment == "BEGIN:VCALENDAR\r\n");
}

TEST_CASE("mail: a long English subject is folded between words and reads the same", "[post]") {
  Mail mail = some_mail();
  mail.subject.clear();
  for (int i = 0; i < 40; ++i) mail.subject += (i ? " word" : "word") + std::to_string(i);
  for (const std::string& line : lines_of(message_of(mail))) CHECK(line.size() <= 78);
  CHECK(open_mail(message_of(mail)).headers.at("Subject") == mail.subject);
  // What looks like an encoded word is none of ours.
  mail.subject = "=?UTF-8?B?QmNj?=";
  CHECK(open_mail(message_of(mail)).headers.at("Subject") == mail.subject);
}

TEST_CASE("mail: the same seed makes the same Message-ID, another one another", "[post]") {
  CHECK(message_id("a", "x@example.org") == message_id("a", "y@example.org"));
  CHECK(message_id("a", "x@example.org") != message_id("b", "x@example.org"));
  CHECK(message_id("a", "x@example.org").ends_with("@example.org"));
}

TEST_CASE("mail: an entry for the calendar has UTC times and lines of at most 75 bytes between characters", "[post]") {
  CalendarEntry entry;
  entry.uid = "a@example.org";
  entry.sequence = 3;
  entry.due = 1'796'310'000;
  entry.summary = "Accepted; \\ said, \"yes\"\nor not";
  for (int i = 0; i < 20; ++i) entry.description += "договорённость о встрече 投资 ";
  const std::string calendar = calendar_of({entry}, 1'795'687'200);
  std::string unfolded;
  for (const std::string& line : lines_of(calendar)) {
    CHECK(line.size() <= 75);
    const bool goes_on = line.starts_with(' ');
    const std::string_view content = std::string_view(line).substr(goes_on ? 1 : 0);
    CHECK((content.empty() || (static_cast<unsigned char>(content.front()) & 0xC0) != 0x80));  // no character is cut
    if (!goes_on) unfolded += "\n";
    unfolded += content;
  }
  CHECK_THAT(unfolded, Catch::Matchers::Contains("\nBEGIN:VEVENT\nUID:a@example.org\nSEQUENCE:3\nDTSTAMP:20261126T100000Z\n"
                                                 "DTSTART:20261203T150000Z\n"));
  CHECK_THAT(unfolded, Catch::Matchers::Contains("\nSUMMARY:Accepted\\; \\\\ said\\, \"yes\"\\nor not\n"));
  CHECK_THAT(unfolded, Catch::Matchers::Contains("\nDESCRIPTION:" + entry.description + "\n"));
}

}  // namespace counterpart::server
