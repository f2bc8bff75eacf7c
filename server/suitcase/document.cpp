#include "server/suitcase/document.h"

#include <boost/algorithm/string/replace.hpp>
#include <stdexcept>

#include "index/base/crypto.h"
#include "server/http/compression.h"
#include "server/page/page.h"
#include "server/suitcase/sealing.h"

namespace counterpart::server {
namespace {

std::string_view file(const std::string& name) {
  const PageFile* found = page_file(name);
  if (!found) throw std::runtime_error("the program lacks " + name);
  return found->plain;
}

std::string source_of(std::string_view text) { return "'sha256-" + base64(sha256_of(text)) + "'"; }

}  // namespace

boost::json::value names_within(const std::string& language) {
  return boost::json::parse(file("suitcase/names." + language + ".json"));
}

std::string suitcase_document(boost::json::object header, const boost::json::object& contents, std::string_view passphrase,
                              const std::string& language) {
  const std::string salt = random_bytes(kSaltBytes);
  header["rounds"] = kRounds;
  header["salt"] = base64(salt);
  std::string head = boost::json::serialize(header);
  boost::algorithm::replace_all(head, "<", "\\u003c");  // no end of the script that it stands in
  std::string key = stretched(passphrase, salt), plain = boost::json::serialize(contents);
  const std::string sealed = seal_gcm(gzipped(plain), head, key);
  forget(key);
  forget(plain);
  const std::string_view style = file("suitcase/style.css"), words = file("suitcase/words." + language + ".js"),
                         app = file("suitcase/app.js");
  std::string out = R"(<!doctype html>
<html lang=")" + language +
                    R"(" dir=")" + (language == "ar" ? "rtl" : "ltr") + R"(">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src )" +
                    source_of(words) + " " + source_of(app) + "; style-src " + source_of(style) +
                    R"(; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Counterpart</title>
<style>)";
  out.append(style).append("</style>\n</head>\n<body>\n<noscript>This file needs JavaScript.</noscript>\n");
  out.append(R"(<script type="application/json" id="header">)").append(head).append("</script>\n");
  out.append(R"(<script type="text/plain" id="sealed">)").append(base64(sealed)).append("</script>\n");
  out.append("<script>").append(words).append("</script>\n<script>").append(app).append("</script>\n</body>\n</html>\n");
  return out;
}

}  // namespace counterpart::server
