#include "engine/profile/telephone.h"

#include <unicode/regex.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>

namespace counterpart::engine {
namespace {

constexpr std::size_t kFewest = 6, kMost = 15;  // digits; E.164 has 15 at most
constexpr std::size_t kFewestOfForm = 9;        // where nothing but its form speaks for it

// How long the numbers of a country are, fixed and mobile, its code not counted (ITU E.164, as libphonenumber 9.0 states them).
struct CountryCodes {
  std::uint8_t least, most;
  std::string_view codes;  // between blanks
};
constexpr CountryCodes kCountryCodes[] = {
    {4, 7, " 290 683 690 "},
    {4, 11, " 352 "},
    {4, 13, " 43 "},
    {5, 5, " 247 500 682 "},
    {5, 8, " 676 677 678 686 688 "},
    {5, 10, " 27 82 358 685 "},
    {5, 12, " 49 "},
    {6, 7, " 298 299 597 672 681 687 "},
    {6, 10, " 39 40 53 63 95 98 252 359 376 421 508 880 "},
    {7, 7, " 238 239 246 248 269 291 297 501 592 673 674 679 680 691 692 960 "},
    {7, 9, " 46 48 220 230 231 241 254 265 267 354 372 423 507 595 599 670 675 961 967 975 "},
    {7, 11, " 62 86 243 353 381 "},
    {8, 8,
     " 45 47 65 216 222 223 226 227 228 232 235 236 253 257 266 268 350 356 357 370 371 373 374 382 386 389 502 503 504 "
     "505 506 509 591 598 689 852 853 965 968 973 974 993 "},
    {8, 10,
     " 20 32 36 51 57 60 64 66 213 224 250 258 264 355 377 378 383 385 387 593 850 855 856 886 962 963 964 970 971 972 "
     "976 977 "},
    {9, 9,
     " 33 34 41 56 61 93 94 211 212 218 221 233 237 240 242 244 245 249 251 255 256 260 261 262 263 351 375 380 420 590 "
     "594 596 966 992 994 995 996 998 "},
    {9, 11, " 31 44 81 84 92 870 881 "},
    {10, 10, " 1 7 30 52 58 90 91 225 229 234 "},
    {10, 11, " 54 55 "},
};

// Words as fold() leaves them, in Latin script, Cyrillic, Arabic (with or without article) and Chinese.
// For the telephone, and for nothing else:
constexpr std::string_view kTelephone =
    "tel|tels|telephones?|telefonos?|telefones?|telefon|telefax|telf|tlf|tlfn|phones?|fax|whats ?app|"
    "телефоны?|тел|факс|(?:ال|ب|ل)?(?:هاتف|تلفون|فاكس|واتساب|جوال)";
constexpr std::string_view kTelephoneChinese = "电话|電話|手机|手機|传真|傳真|热线|熱線|致电|致電";
// For the telephone, and often for something else:
constexpr std::string_view kPerhapsTelephone =
    "mobile|mob|mobil|movil|celular|cellphone|cell|cel|portable|gsm|ph|viber|telegram|hotline|helpline|call|dial|ring|sms|"
    "appelez|appeler|llame|llamar|llamenos|ligue|моб|мобильный|сот|звоните|(?:ال)?موبايل|(?:ال)?محمول|اتصل|اتصلوا";
// What may stand between such a word and the number:
constexpr std::string_view kBetween =
    "number|numero|num|nr|no|n|us|me|at|on|is|est|es|al|au|le|el|o|line|office|direct|fixe|mobile|portable|movil|fax|"
    "whatsapp|and|et|y|or|ou|и|или|по|номер|номеру|моб|рабочий|号码|號碼|号|(?:ال)?رقم|علي";
// What is paid, counted or measured:
constexpr std::string_view kMoney =
    "us\\$|usd|eur|gbp|chf|jpy|cny|rmb|rub|inr|kes|ksh|tzs|ugx|ngn|zar|xof|xaf|f? ?cfa|mxn|brl|aed|sar|egp|dollars?|"
    "dolares|euros?|dirhams?|francs?|pesos?|shillings?|rupees?|rupias|yuan|roubles?|руб|рублей|долларов|евро|دولار|يورو|"
    "元|美元|欧元";
constexpr std::string_view kCounted =
    "people|persons?|personnes?|personas|users?|utilisateurs|usuarios|customers?|clients?|clientes|guests?|households?|"
    "menages|hogares|farmers?|jobs|inhabitants|habitants|habitantes|beneficiaries|beneficiaires|beneficiarios|workers?|"
    "students?|женщин|человек|пользователей|семей|жителей|人|户|名|万|شخص|مستخدم|عائله|kg|tonnes?|tons?|tn|t|kwh|mwh|gwh|kw|"
    "mw|gw|m2|m3|km2?|ha|hectares?|hectareas|acres?|litres?|liters?|barrels?|millions?|millones|billion|p\\.?a\\.?|per|"
    "a year|par an|al ano";
// Numbers of another kind follow these:
constexpr std::string_view kCodes = "isbn|issn|iban|swift|isic|siret|siren|ref|reg|rccm|vat|tva|nif|ruc|инн|огрн";

using Regex = std::unique_ptr<const icu::RegexPattern>;
Regex compiled(std::initializer_list<std::string_view> parts) {
  std::string expression;
  for (const std::string_view part : parts) expression += part;
  UErrorCode error = U_ZERO_ERROR;
  UParseError place;
  return Regex(icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(expression), 0, place, error));
}

struct Patterns {
  Regex run = compiled({R"((?<!\p{N})(?<!\p{N}[.,])(?:\+ ?)?\(?\d(?:[ ().\/-]{0,3}\d){5,19}(?![\p{N}]))"});
  // From the word to the number; group 1: it is one of kPerhapsTelephone.
  Regex cue = compiled({R"((?:(?<![\p{L}\p{N}])(?:)", kTelephone, ")|(?:", kTelephoneChinese, R"()|(?<![\p{L}\p{N}])()",
                        kPerhapsTelephone, R"())[ .:()/-]*(?:(?:)", kBetween, R"()[ .:()°º/-]+){0,3}$)"});
  Regex unit = compiled({R"(^ ?(?:[%$€£¥₦₹₽]|(?:)", kMoney, "|", kCounted, R"()(?![\p{L}])))"});
  Regex date = compiled({R"(^\d{1,2}([.\/-])\d{1,2}\1(?:19|20)\d\d|^(?:19|20)\d\d([.\/-])\d{1,2}\2\d{1,2}(?!\d))"});
  Regex years = compiled({R"(^(?:19|20)\d\d(?: ?[-\/] ?(?:19|20)\d\d)+$)"});
  Regex code = compiled({"(?:", kCodes, R"()[ .:#°º]*$)"});
};
const Patterns& patterns() {
  static const Patterns made;
  return made;
}

icu::UnicodeString view(std::u16string_view text) {
  return icu::UnicodeString(text.data(), static_cast<std::int32_t>(text.size()));
}

bool finds(const Regex& pattern, const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  if (!pattern) return false;
  const std::unique_ptr<icu::RegexMatcher> matcher(pattern->matcher(text, error));
  return U_SUCCESS(error) && matcher->find();
}

// A row of digits and what stands around it.
struct Run {
  std::u16string_view text, before, behind;
  std::size_t from = 0;
  std::string digits;
  bool plus = false;
  std::vector<std::size_t> groups;  // lengths
  std::u16string separators;

  bool thousands() const {  // 1 200 000
    return !groups.empty() && groups.front() <= 3 && digits.front() != '0' &&
           std::all_of(groups.begin() + 1, groups.end(), [](std::size_t length) { return length == 3; }) &&
           separators.find_first_not_of(separators.empty() ? u' ' : separators.front()) == separators.npos;
  }
  bool joined() const {  // to a word before it, as codes are; Chinese puts no blank there
    return !before.empty() && u_isalpha(before.back()) && before.back() < 0x2E80;
  }
  bool told_of() const {  // a word follows
    const std::size_t next = behind.find_first_not_of(u' ');
    return next != behind.npos && u_isalpha(behind[next]);
  }
  bool counted() const { return finds(patterns().unit, view(behind)); }
};

Run run_of(std::u16string_view all, std::size_t from, std::size_t to) {
  constexpr std::size_t kAround = 60;
  Run run;
  run.from = from;
  run.text = all.substr(from, to - from);
  run.before = all.substr(from - std::min(from, kAround), std::min(from, kAround));
  run.behind = all.substr(to, kAround);
  run.plus = run.text.starts_with(u'+');
  bool open = false;
  for (const char16_t c : run.text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !open) run.groups.push_back(0);
    if (digit) ++run.groups.back(), run.digits += static_cast<char>(c);
    if (!digit && open) run.separators += c;
    open = digit;
  }
  return run;
}

std::vector<Run> runs_of(std::u16string_view folded) {
  std::vector<Run> runs;
  constexpr std::ptrdiff_t kFewestDigits = 6;  // of a run: most texts have fewer, and a look is cheaper than the expression
  if (std::ranges::count_if(folded, [](char16_t c) { return c >= '0' && c <= '9'; }) < kFewestDigits) return runs;
  const icu::UnicodeString text = view(folded);
  UErrorCode error = U_ZERO_ERROR;
  if (!patterns().run) return runs;
  const std::unique_ptr<icu::RegexMatcher> matcher(patterns().run->matcher(text, error));
  while (U_SUCCESS(error) && matcher->find())
    runs.push_back(
        run_of(folded, static_cast<std::size_t>(matcher->start(error)), static_cast<std::size_t>(matcher->end(error))));
  return runs;
}

// As many digits behind a country's code as its numbers have.
bool is_international(const Run& run) {
  if (!run.plus && (!run.digits.starts_with("00") || run.joined())) return false;
  std::string digits = run.digits.substr(run.plus ? 0 : 2);
  if (run.text.find(u"(0)") != run.text.npos)  // +44 (0)20
    if (const std::size_t trunk = digits.find('0'); trunk != digits.npos) digits.erase(trunk, 1);
  for (std::size_t length = 1; length <= 3 && length < digits.size(); ++length) {
    const std::string code = " " + digits.substr(0, length) + " ";
    const std::size_t rest = digits.size() - length;
    for (const CountryCodes& row : kCountryCodes)
      if (row.codes.find(code) != row.codes.npos) return rest >= row.least && rest <= row.most;
  }
  return false;
}

// Where the word for the telephone begins; npos: there is none, or it speaks of something else.
std::size_t cue_before(const Run& run) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString before = view(run.before);
  if (!patterns().cue) return std::u16string_view::npos;
  const std::unique_ptr<icu::RegexMatcher> matcher(patterns().cue->matcher(before, error));
  if (U_FAILURE(error) || !matcher->find()) return std::u16string_view::npos;
  const auto start = static_cast<std::size_t>(matcher->start(error));
  const bool announced = run.before.find(u':', start) != run.before.npos;
  const bool weak = matcher->start(1, error) >= 0;
  const bool sure = announced || run.plus || run.digits.front() == '0';
  const bool few = run.digits.size() < kFewestOfForm;
  if (!sure && (run.thousands() ? run.told_of() || (weak && few) : weak && (few || run.groups.size() == 2)))
    return std::u16string_view::npos;
  return run.from - run.before.size() + start;
}

bool has_form(const Run& run) {
  const std::size_t length = run.digits.size();
  if (length < kFewestOfForm || length > 12 || run.plus || run.joined() || finds(patterns().code, view(run.before)))
    return false;
  if (run.separators.find(u'/') != run.separators.npos) return false;
  if (run.text.starts_with(u'(')) return true;
  if (run.digits.front() == '0') return run.groups.size() >= 3;
  return run.groups == std::vector<std::size_t>{3, 3, 4} && run.separators == u"--";
}

}  // namespace

std::vector<TelephoneNumber> telephone_numbers(std::u16string_view folded) {
  std::vector<TelephoneNumber> found;
  for (const Run& run : runs_of(folded)) {
    const icu::UnicodeString text = view(run.text);
    if (run.digits.size() < kFewest || run.digits.size() > kMost || run.counted()) continue;
    if (finds(patterns().date, text) || finds(patterns().years, text)) continue;
    const std::size_t to = run.from + run.text.size();
    if (is_international(run)) {
      found.push_back({run.from, to, run.digits});
    } else if (const std::size_t cue = cue_before(run); cue != run.before.npos) {
      found.push_back({cue, to, run.digits});
    } else if (has_form(run)) {
      found.push_back({run.from, to, run.digits});
    }
  }
  return found;
}

std::vector<TelephoneNumber> digit_runs(std::u16string_view folded) {
  std::vector<TelephoneNumber> found;
  for (const Run& run : runs_of(folded)) found.push_back({run.from, run.from + run.text.size(), run.digits});
  return found;
}

}  // namespace counterpart::engine
