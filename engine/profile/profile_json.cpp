#include "engine/profile/profile_json.h"

#include "engine/profile/profile_json_codec.h"
#include "engine/profile/profile_json_tree.h"

namespace counterpart::engine {
namespace {

using boost::json::value;
using Part = JsonOut::Part;

// ---- THE table of members: reading, writing and "no such member" all follow it

template <class>
struct OfPointer;
template <class O, class F>
struct OfPointer<F O::*> {
  using Object = O;
};
template <auto kField>
using ObjectOf = typename OfPointer<decltype(kField)>::Object;

template <auto kField, class Kind>
constexpr Member<ObjectOf<kField>> member(std::string_view name) {
  using Object = ObjectOf<kField>;
  return {name, [](const value& v, Object& object, const Rules& rules) { return Kind::read(v, object.*kField, rules); },
          [](const Object& object, JsonOut& json) { return Kind::write(object.*kField, json); }};
}

template <auto kField, class Kind>
constexpr Member<ObjectOf<kField>> private_member(std::string_view name) {
  auto row = member<kField, Kind>(name);
  row.privacy = Member<ObjectOf<kField>>::Privacy::kPrivate;
  return row;
}

// An object with members of its own.
template <class Object>
Status nothing_more(const Object&) {
  return {};
}
template <const auto& kMembers, class Object, Status (*kCheck)(const Object&) = nothing_more<Object>>
struct Nested {
  using Value = Object;
  static Status read(const value& v, Object& object, const Rules& rules) {
    const MemberFindings before(rules.findings);
    if (Status status = read_members<Object>(kMembers, v, object, rules); !status || rules.trusted()) return status;
    Status checked = kCheck(object);
    return !checked && before.told(checked.error().place) ? Status{} : checked;
  }
  static bool write(const Object& object, JsonOut& json) { return write_members<Object>(kMembers, object, json); }
};

constexpr std::size_t kMaxLine = 500;
constexpr std::size_t kMaxAddress = 2000;
constexpr std::size_t kMaxCountryEntries = 512;  // more than there are; none may stand twice

struct Country : Line<64> {
  static Status read(const value& v, std::string& field, const Rules& rules) {
    if (Status status = Line<64>::read(v, field, rules); !status || rules.trusted()) return status;
    return check_country(field, *rules.taxonomy);
  }
};
using Sector = Code<&Taxonomy::sectors>;
using LanguageTag = Line<64, check_language_tag>;
using Countries = List<CountryOrGroup, kMaxCountryEntries>;

Status check_identifier(const Identifier& identifier) {
  if (identifier.scheme.empty()) return fail(ErrorCode::kInvalid, "scheme", "is required", "as in `GB-COH`");
  if (identifier.id.empty()) return fail(ErrorCode::kInvalid, "id", "is required");
  return {};
}

constexpr Member<Identifier> kIdentifierMembers[] = {
    member<&Identifier::scheme, Line<kMaxLine>>("scheme"),
    member<&Identifier::id, Line<kMaxLine>>("id"),
};

constexpr Member<Organisation> kOrganisationMembers[] = {
    member<&Organisation::type, Maybe<Code<&Taxonomy::organisation_types>>>("type"),
    member<&Organisation::size, Maybe<Word<Size>>>("size"),
    member<&Organisation::founded, Maybe<Integer<int, 1000, 2100>>>("founded"),
    member<&Organisation::employees, Maybe<Integer<std::int64_t, 0, 1'000'000'000>>>("employees"),
    member<&Organisation::women_owned, Maybe<Boolean>>("women_owned"),
    member<&Organisation::women_led, Maybe<Boolean>>("women_led"),
    member<&Organisation::languages, List<LanguageTag, kMaxEntries>>("languages"),
    member<&Organisation::identifiers, List<Nested<kIdentifierMembers, Identifier, check_identifier>, kMaxEntries>>(
        "identifiers"),
    private_member<&Organisation::legal_name, Maybe<Line<kMaxLine>>>("legal_name"),
};

Status check_finance(const Finance& finance) {
  const bool amount = finance.min || finance.max;
  if (!amount && finance.instruments.empty())
    return fail(ErrorCode::kInvalid, "min", "`min`, `max` or `instruments` is required",
                "give one of them, or leave the whole out");
  if (finance.min && finance.max && *finance.min > *finance.max)
    return fail(ErrorCode::kInvalid, "min", "is more than `max`", "exchange the two");
  if (finance.max && *finance.max <= 0)
    return fail(ErrorCode::kInvalid, "max", "is no money at all", "give more than 0, or leave it out where it is open");
  if (amount && finance.currency.empty())
    return fail(ErrorCode::kInvalid, "currency", "is required with an amount", "an ISO 4217 code, as in `EUR`");
  return {};
}

constexpr Member<Finance> kFinanceMembers[] = {
    member<&Finance::min, Maybe<Amount>>("min"),
    member<&Finance::max, Maybe<Amount>>("max"),
    member<&Finance::currency, Code<&Taxonomy::currencies>>("currency"),
    member<&Finance::instruments, List<Word<Cooperation>, kMaxEntries>>("instruments"),
};
using Money = Maybe<Nested<kFinanceMembers, Finance, check_finance>>;

constexpr Member<Profile> kOfferedAndSought[] = {
    member<&Profile::finance_offered, Money>("offered"),
    member<&Profile::finance_sought, Money>("sought"),
};

constexpr Member<PartnerConditions> kPartnerMembers[] = {
    member<&PartnerConditions::countries, Countries>("countries"),
    member<&PartnerConditions::exclude_countries, Countries>("exclude_countries"),
    member<&PartnerConditions::country_groups, List<Code<&Taxonomy::country_groups>, kMaxCountryEntries>>("country_groups"),
    member<&PartnerConditions::kinds, List<Word<Kind>, kMaxEntries>>("kinds"),
    member<&PartnerConditions::roles, List<Word<Role>, kMaxEntries>>("roles"),
    member<&PartnerConditions::sizes, List<Word<Size>, kMaxEntries>>("sizes"),
    member<&PartnerConditions::languages, List<LanguageTag, kMaxEntries>>("languages"),
    member<&PartnerConditions::sectors, List<Sector, kMaxEntries>>("sectors"),
};

constexpr Member<Contact> kContactMembers[] = {
    private_member<&Contact::person, Line<kMaxLine>>("person"),
    private_member<&Contact::email, Line<kMaxLine, check_email>>("email"),
    private_member<&Contact::phone, Line<kMaxLine>>("phone"),
    private_member<&Contact::website, Line<kMaxLine>>("website"),
    private_member<&Contact::address, Lengthy<kMaxAddress>>("address"),
};

struct Capacity : Integer<int, 0, 10000> {
  static bool write(int capacity, JsonOut& json) {
    return capacity != Profile{}.capacity && Integer<int, 0, 10000>::write(capacity, json);
  }
};

constexpr auto kPrivate = Member<Profile>::Privacy::kPrivate;
constexpr auto kMixed = Member<Profile>::Privacy::kMixed;

constexpr Member<Profile> with(Member<Profile> row, Member<Profile>::Privacy privacy) {
  row.privacy = privacy;
  return row;
}

constexpr Member<Profile> kProfileMembers[] = {
    member<&Profile::id, Line<128, check_profile_id>>("id"),
    member<&Profile::kind, Word<Kind>>("kind"),
    member<&Profile::title, Line<kMaxTitle>>("title"),
    member<&Profile::gender, Maybe<Word<Gender>>>("gender"),
    member<&Profile::summary, Lengthy<kMaxText>>("summary"),
    member<&Profile::offers, Lengthy<kMaxText>>("offers"),
    member<&Profile::seeks, Lengthy<kMaxText>>("seeks"),
    member<&Profile::lang, LanguageTag>("lang"),
    member<&Profile::country, Country>("country"),
    member<&Profile::countries_of_activity, Countries>("countries_of_activity"),
    member<&Profile::roles, List<Word<Role>, kMaxEntries>>("roles"),
    with(member<&Profile::organisation, Nested<kOrganisationMembers, Organisation>>("organisation"), kMixed),
    member<&Profile::sectors, List<Sector, kMaxSectors>>("sectors"),
    member<&Profile::products, List<Code<&Taxonomy::products>, kMaxEntries>>("products"),
    member<&Profile::technologies, List<Code<&Taxonomy::technologies>, kMaxEntries>>("technologies"),
    member<&Profile::themes, List<Code<&Taxonomy::themes>, kMaxEntries>>("themes"),
    member<&Profile::sdgs, List<Code<&Taxonomy::sdgs>, kMaxEntries>>("sdgs"),
    member<&Profile::cooperation, List<Word<Cooperation>, kMaxEntries>>("cooperation"),
    member<&Profile::stage, Maybe<Word<Stage>>>("stage"),
    member<&Profile::trl, Maybe<Integer<int, 1, 9>>>("trl"),
    member<&Profile::ipr, Maybe<Word<Ipr>>>("ipr"),
    // Its two halves are members of Profile itself.
    {"finance", Nested<kOfferedAndSought, Profile>::read, Nested<kOfferedAndSought, Profile>::write},
    member<&Profile::partner, Nested<kPartnerMembers, PartnerConditions>>("partner"),
    member<&Profile::capacity, Capacity>("capacity"),
    member<&Profile::programmes, List<Line<64, check_participation>, kMaxEntries>>("programmes"),
    member<&Profile::office, Line<64, check_slug>>("office"),
    member<&Profile::valid_until, Line<64, check_date>>("valid_until"),
    with(member<&Profile::contact, Nested<kContactMembers, Contact>>("contact"), kPrivate),
};

// ---- required members

// What is not there and must be, and what is there and may not be.
std::vector<Error> faults_of_whole(const boost::json::object& given, const Profile& profile) {
  std::vector<Error> missing;
  const auto miss = [&](std::string place, std::string remedy) {
    missing.push_back({ErrorCode::kInvalid, std::move(place), "is required", std::move(remedy)});
  };
  if (!given.contains("kind")) miss("kind", "one of company, project, expert");
  if (profile.title.empty()) miss("title", "one line that all may read");
  if (profile.country.empty()) miss("country", "an ISO 3166-1 alpha-2 code, as in `KE`");
  if (profile.gender && profile.kind != Kind::kExpert)
    missing.push_back({ErrorCode::kInvalid, "gender", "is of an expert alone, not of a " + std::string(name_of(profile.kind)),
                       "leave it out; who leads an organisation is said by `organisation.women_led`"});
  if (profile.summary.empty() && profile.offers.empty() && profile.seeks.empty())
    missing.push_back(
        {ErrorCode::kInvalid, "summary", "one of `summary`, `offers`, `seeks` is required", "say what is offered or sought"});
  return missing;
}

Status read_into(Profile& profile, const value& json, const Rules& rules) {
  const MemberFindings before(rules.findings);
  if (Status status = read_members<Profile>(kProfileMembers, json, profile, rules); !status) return status;
  if (rules.trusted()) return {};
  for (Error& missing : faults_of_whole(json.get_object(), profile)) {
    // A text that could not be read is there all the same.
    if (before.told(missing.place) || (missing.place == "summary" && (before.told("offers") || before.told("seeks")))) continue;
    if (Status status = before.add(std::move(missing)); !status) return status;
  }
  return rules.findings && !rules.findings->faults.empty() ? tl::unexpected(rules.findings->faults.front()) : Status{};
}

Status read_into(Profile& profile, std::string_view text, const Rules& rules) {
  JsonTree tree;
  if (Status status = tree.parse(text); !status) return status;
  return read_into(profile, tree.root(), rules);
}

Result<Profile> parse(std::string_view json, const Rules& rules) {
  if (json.size() > kMaxProfileBytes)
    return fail(ErrorCode::kTooLarge, {}, "the profile has " + std::to_string(json.size()) + " bytes",
                "at most " + std::to_string(kMaxProfileBytes));
  Profile profile;
  if (Status status = read_into(profile, json, rules); !status) return tl::unexpected(std::move(status.error()));
  return profile;
}

std::string write(const Profile& profile, Part part) {
  JsonOut json(part);
  write_members<Profile>(kProfileMembers, profile, json);
  return std::move(json.out);
}

}  // namespace

Result<Profile> parse_profile(std::string_view json, const Taxonomy& taxonomy, PrivateRemoved* removed) {
  return parse(json, {.taxonomy = &taxonomy, .removed = removed});
}

Result<Profile> read_profile(const value& json, const Taxonomy& taxonomy) {
  Profile profile;
  if (Status status = read_into(profile, json, {.taxonomy = &taxonomy}); !status)
    return tl::unexpected(std::move(status.error()));
  return profile;
}

Result<Profile> parse_profile(std::string_view json, const Taxonomy& taxonomy, Findings& findings, PrivateRemoved* removed) {
  return parse(json, {.taxonomy = &taxonomy, .findings = &findings, .removed = removed});
}

std::string to_json(const Profile& profile, Visibility visibility) {
  return write(profile, visibility == Visibility::kPublic ? Part::kPublic : Part::kAll);
}

std::string private_json(const Profile& profile) { return write(profile, Part::kPrivateOnly); }

Result<Profile> decode_profile(std::string_view public_json, std::string_view private_json) {
  Profile profile;
  Status status = read_into(profile, public_json, {});
  if (status && !private_json.empty()) status = read_into(profile, private_json, {});
  if (status) return profile;
  status.error().code = ErrorCode::kCorrupt;
  return tl::unexpected(std::move(status.error()));
}

}  // namespace counterpart::engine
