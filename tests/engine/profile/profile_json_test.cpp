#include "engine/profile/profile_json.h"

#include <filesystem>
#include <fstream>

#include "engine/profile/profile_check.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

const std::string kRequired = R"("kind":"company","title":"T","offers":"o","country":"KE")";

// The required members and `more`.
std::string with(const std::string& more) { return "{" + kRequired + (more.empty() ? "" : ",") + more + "}"; }
Result<Profile> parse(const std::string& json) { return parse_profile(json, real_taxonomy()); }

// Every member of the contract, once.
const std::string kFull =
    R"({"id":"x:1","kind":"project","title":"Cold chain \"A\"","summary":"a\nb\tc","offers":"o",)"
    R"("seeks":"холод 冷","lang":"en","country":"KE","countries_of_activity":["UG","africa"],)"
    R"("roles":["project_sponsor","buyer"],"organisation":{"type":"70","size":"small","founded":1999,"employees":12,)"
    R"("women_owned":true,"women_led":false,"languages":["en","sw"],"identifiers":[{"scheme":"KE-RCO","id":"7"}],)"
    R"("legal_name":"SECRET Ltd"},"sectors":["C","C2710"],"products":["01","010121"],)"
    R"("technologies":["big_data"],"themes":["circular_economy"],"sdgs":["9","9.4"],"cooperation":["equity","loan"],)"
    R"("stage":"feasibility","trl":7,"ipr":"granted","finance":{"offered":{"min":0.1,"currency":"EUR"},)"
    R"("sought":{"min":5,"max":123456789.25,"currency":"USD","instruments":["equity","grant"]}},)"
    R"("references":[{"title":"Ice plant","text":"12 t","country":"KE","year":2019,"sector":"C1080"},{"title":"Dam"}],)"
    R"("partner":{"countries":["DE"],"exclude_countries":["FR"],"country_groups":["developed"],"kinds":["company"],)"
    R"("roles":["investor"],"sizes":["large"],"languages":["en"],"sectors":["K"]},"capacity":3,)"
    R"("programmes":["itpo"],"office":"itpo-bonn","valid_until":"2028-02-29","contact":{"person":"SECRET P",)"
    R"("email":"SECRET@x.org","phone":"SECRET 1","website":"SECRET.org","address":"SECRET\n2"}})";

}  // namespace

TEST_CASE("profile_json: every member of the contract is read, and written again to the letter", "[profile_json]") {
  const auto profile = parse(kFull);
  if (!profile) FAIL(describe(profile.error()));
  CHECK(to_json(*profile, Visibility::kWithPrivate) == kFull);
  CHECK(profile->finance_sought->max == 123456789.25);
  CHECK(profile->contact.email == "SECRET@x.org");
}

TEST_CASE("profile_json: the public form holds nothing private, and both parts make the whole again", "[profile_json]") {
  const Profile profile = parse(kFull).value();
  const std::string open = to_json(profile, Visibility::kPublic);
  const std::string hidden = private_json(profile);
  CHECK(open.find("SECRET") == std::string::npos);
  CHECK(hidden.find("\"organisation\":{\"legal_name\":\"SECRET Ltd\"},\"contact\":{") == 1);
  CHECK(hidden.find("Cold") == std::string::npos);
  CHECK(decode_profile(open, hidden).value() == profile);
  CHECK(decode_profile(open).value().contact.empty());

  const Profile plain = parse(with("")).value();
  CHECK(private_json(plain).empty());
  CHECK(to_json(plain, Visibility::kPublic) == "{" + kRequired + "}");
  SECTION("an organisation of a legal name alone leaves no trace in public") {
    const Profile named = parse(with(R"("organisation":{"legal_name":"SECRET"})")).value();
    CHECK(to_json(named, Visibility::kPublic) == to_json(plain, Visibility::kPublic));
  }
}

TEST_CASE("profile_json: all sample profiles are right and survive a round trip", "[profile_json]") {
  std::size_t lines = 0;
  for (const auto& file : std::filesystem::directory_iterator(COUNTERPART_SOURCE_DIR "/datasets/samples")) {
    if (file.path().extension() != ".jsonl") continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line); ++lines) {
      const auto profile = parse(line);
      if (!profile) FAIL(file.path() << ": " << describe(profile.error()));
      const std::string json = to_json(*profile, Visibility::kWithPrivate);
      if (parse(json).value() != *profile || decode_profile(json).value() != *profile) FAIL("changed: " << json);
    }
  }
  CHECK(lines > 0);
}

TEST_CASE("profile_json: good values are taken", "[profile_json]") {
  const auto more =
      GENERATE(as<std::string>{}, R"("trl":4.0)", R"("capacity":0)", R"("summary":"")", R"("summary":"a\r\nb\tc")",
               R"("organisation":{})", R"("finance":{})", R"("sectors":[])", R"("sdgs":["9.b"])", R"("lang":"zh-Hant-TW")",
               R"("finance":{"offered":{"min":0,"currency":"EUR"}})", R"("finance":{"offered":{"instruments":["equity"]}})",
               R"("finance":{"offered":{"currency":"EUR","instruments":["loan"]}})", R"("id":"a:B.c_d-1")",
               R"("partner":{"countries":["LDC","KE","002"]})", R"("countries_of_activity":["SIDS"])", R"("lang":"und")",
               R"("organisation":{"employees":0,"founded":1602})", R"("seeks":"\ud83c\udf0d")");
  CAPTURE(more);
  const auto profile = parse(with(more));
  if (!profile) FAIL(describe(profile.error()));
  CHECK(parse(to_json(*profile, Visibility::kWithPrivate)).value() == *profile);
}

TEST_CASE("profile_json: a bad value is refused at its place, with what would be right", "[profile_json]") {
  const auto [more, place, text] = GENERATE(table<std::string, std::string, std::string>({
      {R"("id":"a b")", "id", "`a b` is no id"},
      {R"("id":"")", "id", "is empty"},
      {R"("titel":"x")", "titel", "did you mean `title`?"},
      {R"("organisation":{"sise":"small"})", "organisation.sise", "did you mean `size`?"},
      {R"("summary":5)", "summary", "must be a text, not a number"},
      {R"("summary":null)", "summary", "leave the member out"},
      {R"("summary":"a\u0000b")", "summary", "U+0000"},
      {R"("summary":"a\u0007b")", "summary", "U+0007"},
      {R"("summary":"a\u0085b")", "summary", "U+0085"},
      {R"("summary":"a\uffffb")", "summary", "U+FFFF"},
      {R"("lang":"english")", "lang", "BCP 47"},
      {R"("lang":"en_US")", "lang", "BCP 47"},
      {R"("countries_of_activity":["UK"])", "countries_of_activity[0]", "did you mean `GB`?"},
      {R"("countries_of_activity":["Kenia"])", "countries_of_activity[0]", "did you mean `KE`?"},
      {R"("countries_of_activity":["Congo"])", "countries_of_activity[0]", "it may be `CD` or `CG`"},
      {R"("partner":{"countries":["Vietnam"]})", "partner.countries[0]", "did you mean `VN`?"},
      {R"("countries_of_activity":["KE","kenya"])", "countries_of_activity[1]", "did you mean `KE`?"},
      {R"("roles":["buyer","investors"])", "roles[1]", "did you mean `investor`?"},
      {R"("roles":["buyer","mentor","buyer"])", "roles[2]", "is the same as [0]"},
      {R"("roles":"buyer")", "roles", "must be a list, not a text"},
      {R"("organisation":[])", "organisation", "must be an object, not a list"},
      {R"("organisation":{"type":"99"})", "organisation.type", "`99` is not in the IATI organisation types"},
      {R"("organisation":{"size":"huge"})", "organisation.size", "one of micro, small, medium, large"},
      {R"("organisation":{"founded":999})", "organisation.founded", "from 1000 to 2100"},
      {R"("organisation":{"employees":-1})", "organisation.employees", "out of range"},
      {R"("organisation":{"employees":1.5})", "organisation.employees", "must be a whole number"},
      {R"("organisation":{"employees":18446744073709551615})", "organisation.employees", "out of range"},
      {R"("organisation":{"women_led":"yes"})", "organisation.women_led", "must be true or false, not a text"},
      {R"("organisation":{"languages":["en","e"]})", "organisation.languages[1]", "`e` is no language tag"},
      {R"("organisation":{"identifiers":[{"scheme":"a","id":"1"},{"scheme":"b"}]})", "organisation.identifiers[1].id",
       "is required"},
      {R"("organisation":{"identifiers":[{"scheme":" ","id":"1"}]})", "organisation.identifiers[0].scheme", "is empty"},
      {R"("sectors":["C27","C99"])", "sectors[1]", "`C99` is not in ISIC Rev.4; below `C` there are `C10` to `C33`"},
      {R"("sectors":["27"])", "sectors[0]", "did you mean `C27`?"},
      {R"("sectors":["c27"])", "sectors[0]", "did you mean `C27`?"},
      {R"("products":["0199"])", "products[0]", "is not in HS 2022"},
      {R"("technologies":["bigdata"])", "technologies[0]", "did you mean `big_data`?"},
      {R"("themes":["circular economy"])", "themes[0]", "did you mean `circular_economy`?"},
      {R"("sdgs":["18"])", "sdgs[0]", "is not in"},
      {R"("cooperation":["license"])", "cooperation[0]", "did you mean `licence`?"},
      {R"("stage":"idee")", "stage", "did you mean `idea`?"},
      {R"("trl":0)", "trl", "from 1 to 9"},
      {R"("trl":10)", "trl", "from 1 to 9"},
      {R"("trl":"7")", "trl", "must be a whole number, not a text"},
      {R"("trl":1e400)", "trl", "out of range"},
      {R"("ipr":"patented")", "ipr", "secret_know_how"},
      {R"("finance":{"offred":{}})", "finance.offred", "did you mean `offered`?"},
      {R"("finance":{"offered":{"currency":"EUR"}})", "finance.offered.min", "`min`, `max` or `instruments` is required"},
      {R"("finance":{"offered":{"instruments":[]}})", "finance.offered.min", "`min`, `max` or `instruments` is required"},
      {R"("finance":{"offered":{"max":0,"currency":"EUR"}})", "finance.offered.max", "no money at all"},
      {R"("finance":{"offered":{"max":5,"instruments":["loan"]}})", "finance.offered.currency", "is required with an amount"},
      {R"("references":[{"text":"a dam"}])", "references[0].title", "is required; one line: what was done, for whom"},
      {R"("references":[{"title":"a"},{"title":"b","year":999}])", "references[1].year", "from 1000 to 2100"},
      {R"("references":[{"title":"a","country":"Kenya"}])", "references[0].country", "did you mean `KE`?"},
      {R"("references":[{"title":"a","sector":"c27"}])", "references[0].sector", "did you mean `C27`?"},
      {R"("references":[{"title":"a","client":"b"}])", "references[0].client", "there is no such member"},
      {R"("references":[{"title":"a"},{"title":"a"}])", "references[1]", "is the same as [0]"},
      {R"("gender":"female")", "gender", "of an expert alone, not of a company"},
      {R"("gender":"woman")", "gender", "is not a word of this member"},
      {R"("finance":{"offered":{"min":1}})", "finance.offered.currency", "is required"},
      {R"("finance":{"sought":{"min":1,"currency":"EURO"}})", "finance.sought.currency", "did you mean `EUR`?"},
      {R"("finance":{"sought":{"min":2,"max":1,"currency":"EUR"}})", "finance.sought.min", "is more than `max`"},
      {R"("finance":{"sought":{"min":-1,"currency":"EUR"}})", "finance.sought.min", "out of range"},
      {R"("finance":{"sought":{"max":1e16,"currency":"EUR"}})", "finance.sought.max", "out of range"},
      {R"("finance":{"sought":{"max":1,"currency":"EUR","instruments":["cash"]}})", "finance.sought.instruments[0]", "equity"},
      {R"("partner":{"country_groups":["KE"]})", "partner.country_groups[0]", "is not in"},
      {R"("partner":{"countries":["ldcs"]})", "partner.countries[0]", "did you mean `LDC`?"},
      {R"("partner":{"sizes":["large","large"]})", "partner.sizes[1]", "is the same as [0]"},
      {R"("capacity":10001)", "capacity", "from 0 to 10000"},
      {R"("programmes":["ITPO"])", "programmes[0]", "did you mean `itpo`?"},
      {R"("office":"Bonn office")", "office", "is no short name"},
      {R"("valid_until":"2026-02-30")", "valid_until", "a day that does not exist"},
      {R"("valid_until":"tomorrow")", "valid_until", "YYYY-MM-DD"},
      {R"("contact":{"phon":"1"})", "contact.phon", "did you mean `phone`?"},
  }));
  CAPTURE(more);
  const auto profile = parse(with(more));
  REQUIRE_FALSE(profile);
  CHECK(profile.error().code == ErrorCode::kInvalid);
  CHECK(profile.error().place == place);
  CHECK_THAT(describe(profile.error()), Catch::Contains(text));
}

TEST_CASE("profile_json: references are public, and no more than 32", "[profile_json]") {
  const auto list = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (i > 0 ? ",{\"title\":\"work " : "{\"title\":\"work ") + std::to_string(i) + "\"}";
    return with("\"references\":[" + text + "]");
  };
  const auto profile = parse(with(
      R"("references":[{"title":"Ice plant","text":"12 t a day","country":"KE","year":2019,"sector":"C1080"},{"title":"Dam"}])"));
  REQUIRE(profile);
  REQUIRE(profile->references.size() == 2);
  CHECK(profile->references[0] == Reference{"Ice plant", "12 t a day", "KE", 2019, "C1080"});
  CHECK(parse(to_json(*profile, Visibility::kPublic)).value() == *profile);
  CHECK(parse(list(32)));
  const auto many = parse(list(33));
  REQUIRE_FALSE(many);
  CHECK(describe(many.error()) == "references: has 33 entries; at most 32");
}

TEST_CASE("profile_json: for rows of a file all faults are found at once", "[profile_json]") {
  Findings findings;
  const auto profile =
      parse_profile(R"({"title":"Pumps","country":"UK","roles":["investors","buyer","buyer"],"colour":1,"offers":5,)"
                    R"("finance":{"sought":{"min":2,"max":1,"currency":"EURO"}},"trl":12})",
                    real_taxonomy(), findings);
  REQUIRE_FALSE(profile);
  std::vector<std::string> places;
  for (const Error& fault : findings.faults) places.push_back(fault.place);
  CHECK(places == std::vector<std::string>{"country", "roles[0]", "roles[2]", "colour", "offers", "finance.sought.currency",
                                           "finance.sought.min", "trl", "kind"});
  CHECK(profile.error().place == "country");
  CHECK(describe(findings.faults[2]) == "roles[2]: is the same as [1]; keep one of the two");
  Findings many;
  std::string list = "\"x\"";
  for (int i = 0; i < 60; ++i) list += ",\"x" + std::to_string(i) + "\"";
  CHECK_FALSE(parse_profile(with("\"technologies\":[" + list + "]"), real_taxonomy(), many));
  CHECK(many.faults.size() == kMaxFaults);
}

TEST_CASE("profile_json: for rows of a file controls and stray line ends are left out and told", "[profile_json]") {
  Findings findings;
  const auto profile = parse_profile(
      R"({"kind":"company","title":"Solar\u0092s\npumps\u0000","country":"KE","offers":"a\u000bb\u0085c\u0093d\ne\tf",)"
      R"("contact":{"person":"A\u0007"}})",
      real_taxonomy(), findings);
  REQUIRE(profile);
  CHECK(profile->title == "Solars pumps");
  CHECK(profile->offers == "a\nb\ncd\ne\tf");
  CHECK(profile->contact.person == "A");
  REQUIRE(findings.remarks.size() == 3);
  CHECK(findings.remarks[0].place == "title");
  CHECK(findings.remarks[0].message.starts_with("3 control characters"));
  CHECK(findings.remarks[2].place == "contact.person");
  CHECK(findings.faults.empty());
}

TEST_CASE("profile_json: required members are missed by name", "[profile_json]") {
  const auto [json, place] = GENERATE(table<std::string, std::string>({
      {R"({"title":"T","country":"KE","offers":"o"})", "kind"},
      {R"({"kind":"company","country":"KE","offers":"o"})", "title"},
      {R"({"kind":"company","title":" \u3000","country":"KE","offers":"o"})", "title"},
      {R"({"kind":"company","title":"a\nb","country":"KE","offers":"o"})", "title"},
      {R"({"kind":"company","title":"T","offers":"o"})", "country"},
      {R"({"kind":"company","title":"T","country":"LDC","offers":"o"})", "country"},
      {R"({"kind":"company","title":"T","country":"KE"})", "summary"},
      {R"({"kind":"company","title":"T","country":"KE","offers":" \n"})", "summary"},
      {"[]", ""},
      {"\"text\"", ""},
  }));
  CAPTURE(json);
  const auto profile = parse(json);
  REQUIRE_FALSE(profile);
  CHECK(profile.error().place == place);
}

TEST_CASE("profile_json: lengths count characters, not bytes", "[profile_json]") {
  const auto title = [](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += "冷";
    return R"({"kind":"company","country":"KE","offers":"o","title":")" + text + "\"}";
  };
  CHECK(parse(title(kMaxTitle)));
  CHECK(parse(title(kMaxTitle + 1)).error().place == "title");
  CHECK(parse(with("\"seeks\":\"" + std::string(kMaxText, 'x') + "\"")));
  CHECK(parse(with("\"seeks\":\"" + std::string(kMaxText + 1, 'x') + "\"")).error().place == "seeks");
  CHECK(parse(std::string(kMaxProfileBytes + 1, ' ')).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("profile_json: a member given twice is refused at any depth", "[profile_json]") {
  const auto [more, place] = GENERATE(table<std::string, std::string>({
      {R"("kind":"company")", "kind"},
      {R"("\u006bind":"company")", "kind"},
      {R"("trl":1,"trl":1)", "trl"},
      {R"("organisation":{"size":"small","size":"large"})", "organisation.size"},
      {R"("finance":{"offered":{"min":1,"max":2,"min":1}})", "finance.offered.min"},
      {R"("organisation":{"identifiers":[{"scheme":"a","id":"1"},{"scheme":"a","scheme":"b"}]})",
       "organisation.identifiers[1].scheme"},
      {R"("partner":{"roles":[]},"partner":{})", "partner"},
  }));
  CAPTURE(more);
  const auto profile = parse(with(more));
  REQUIRE_FALSE(profile);
  CHECK(profile.error().place == place);
  CHECK(profile.error().message == "is given twice");
}

TEST_CASE("profile_json: what is not JSON is refused where it stops being so", "[profile_json]") {
  const auto [json, text] = GENERATE(table<std::string, std::string>({
      {"", "ends too early"},
      {"{", "ends too early"},
      {with("") + " x", "something follows"},
      {with("") + with(""), "something follows"},
      {with(R"("seeks":"\ud800")"), "byte"},
      {with(R"("seeks":"\udc00")"), "byte"},
      {with("\"seeks\":\"\xff\""), "not valid UTF-8"},
      {with("\"seeks\":\"\xc0\xaf\""), "byte"},
      {with("\"seeks\":\"\xed\xa0\x80\""), "byte"},
      {with("\"seeks\":\"a\nb\""), "control character"},
      {with("\"trl\":NaN"), "byte"},
      {with("\"trl\":01"), "byte"},
      {"{/**/}", "not valid JSON"},
      {"{\"a\":" + std::string(10'000, '['), "deeper than 16"},
      {std::string(10'000, '['), "deeper than 16"},
  }));
  const auto profile = parse(json);
  REQUIRE_FALSE(profile);
  CHECK(profile.error().code == ErrorCode::kInvalid);
  CHECK_THAT(describe(profile.error()), Catch::Contains(text));
}

TEST_CASE("profile_json: an object of very many members is refused at once", "[profile_json]") {
  std::string json = "{\"m\":0";
  for (int i = 0; i < 50'000; ++i) json += ",\"m" + std::to_string(i) + "\":0";
  CHECK_THAT(parse(json + "}").error().message, Catch::Contains("more members"));
}

TEST_CASE("profile_json: a quoted value is cut at a character's end and on one line", "[profile_json]") {
  std::string code;
  for (int i = 0; i < 200; ++i) code += "冷";
  const auto long_code = parse(with("\"stage\":\"" + code + "\""));
  REQUIRE_FALSE(long_code);
  CHECK(long_code.error().message.starts_with("`" + code.substr(0, 240) + "…`"));
  CHECK(parse(with(R"("stage":"a\nb")")).error().message.starts_with("`a b`"));
}

TEST_CASE("profile_json: no error ever tells a private value", "[profile_json]") {
  const std::string secret = "S3cr3t+41";
  const auto spoiled = GENERATE_COPY(as<std::string>{}, "\"" + secret + "\"", "\"" + secret + "\\n\"",
                                     "\"" + secret + "\\u0000\"", "[\"" + secret + "\"]", "{\"" + secret + "\":1}",
                                     "\"" + secret + std::string(5000, 'x') + "\"", "\"" + secret + "\xff\"",
                                     "\"" + secret + "\\ud800\"", "{\"" + secret + "\":1,\"" + secret + "\":2}", "\"" + secret);
  const auto member = GENERATE(as<std::string>{}, "person", "email", "phone", "website", "address", "legal_name", "");
  std::string json;
  if (member.empty())
    json = with("\"contact\":" + spoiled);
  else if (member == "legal_name")
    json = with("\"organisation\":{\"legal_name\":" + spoiled + "}");
  else
    json = with("\"contact\":{\"" + member + "\":" + spoiled + "}");
  for (const std::string& text : {json, json.substr(0, json.size() - 1) + ",\"nonsense\":1}"}) {
    const auto profile = parse(text);
    if (!profile) CHECK(describe(profile.error()).find(secret) == std::string::npos);
    const auto decoded = decode_profile(text);
    if (!decoded) CHECK(describe(decoded.error()).find(secret) == std::string::npos);
  }
}

TEST_CASE("profile_json: a private member may be null, and is told to be said to be none", "[profile_json]") {
  const auto told = [](const std::string& more) {
    PrivateRemoved removed;
    const auto profile = parse_profile(with(more), real_taxonomy(), &removed);
    if (!profile) FAIL(describe(profile.error()));
    CHECK(!profile->organisation.legal_name);
    return removed.members;
  };
  using Members = std::vector<std::string>;
  CHECK(told("").empty());
  CHECK(told(R"("contact":{})").empty());
  CHECK(told(R"("contact":null)") == Members{"contact"});
  CHECK(told(R"("contact":{"person":"P","email":null,"phone":null})") == Members{"contact"});
  CHECK(told(R"("organisation":{"legal_name":null})") == Members{"organisation.legal_name"});
  CHECK_FALSE(parse(with(R"("organisation":null)")));
  CHECK_FALSE(parse(with(R"("organisation":{"founded":null})")));
}

TEST_CASE("profile_json: amounts keep every bit", "[profile_json]") {
  const auto amount = GENERATE(0.0, 0.1, 1.0 / 3, 2.5e-7, 5e-324, 9007199254740991.0 / 16, 999999999999999.9, 1e15);
  Profile profile = parse(with("")).value();
  profile.finance_sought = Finance{.min = amount, .max = {}, .currency = "EUR", .instruments = {}};
  const std::string json = to_json(profile, Visibility::kPublic);
  CAPTURE(json);
  CHECK(parse(json).value().finance_sought->min == amount);
  CHECK(decode_profile(json).value() == profile);
}

TEST_CASE("profile_json: our own bytes are trusted in their codes but not in their shape", "[profile_json]") {
  const auto trusted = decode_profile(R"({"kind":"company","sectors":["no longer a code"]})");
  REQUIRE(trusted);
  CHECK(trusted->sectors.front() == "no longer a code");
  const auto bad = GENERATE(as<std::string>{}, "", "{", "[]", R"({"kind":"robot"})", R"({"trl":"x"})",
                            R"({"from_the_future":1})", R"({"title":1})");
  CAPTURE(bad);
  const auto decoded = decode_profile(bad);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().code == ErrorCode::kCorrupt);
}

TEST_CASE("profile_json: an expert's gender is read, written and public", "[profile_json]") {
  const auto expert = parse(R"({"kind":"expert","title":"Cold chains","country":"KE","offers":"audits","gender":"female"})");
  REQUIRE(expert);
  CHECK(expert->gender == Gender::kFemale);
  CHECK(to_json(*expert, Visibility::kPublic).find(R"("gender":"female")") != std::string::npos);
  CHECK(decode_profile(to_json(*expert, Visibility::kPublic), {}).value() == *expert);
}

}  // namespace counterpart::engine
