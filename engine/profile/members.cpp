#include "engine/profile/members.h"

#include <algorithm>

#include "engine/profile/value_kinds.h"

namespace counterpart::engine {
namespace {

// ---- kinds of values that several rows share

constexpr std::size_t kMaxLine = 500;
constexpr std::size_t kMaxAddress = 2000;
constexpr std::size_t kMaxCountryEntries = 512;  // more than there are; none may stand twice

using FreeLine = Line<kMaxLine>;
using LanguageTag = Line<64, Form::kLanguage, check_language_tag>;
using Year = Integer<int, kFirstYear, kLastYear>;
using Sector = Code<&Taxonomy::sectors, Spelling::kInDigits>;
template <class Kind>
using Listed = List<Kind, kMaxEntries>;
using Countries = List<CountryOrGroup, kMaxCountryEntries>;

constexpr MemberNotes kPrivate{.is_private = true};

// ---- whom an owner is asked about

bool has_role(const Profile& p, Role role) { return std::ranges::find(p.roles, role) != p.roles.end(); }
bool gives_money(const Profile& p) { return has_role(p, Role::kInvestor) || has_role(p, Role::kFinancier); }
bool supplies(const Profile& p) { return has_role(p, Role::kTechnologySupplier); }

// ---- rules that more than one member is under; those of Profile are in profile_json.cpp

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

// ---- THE tables, one a struct, in the order in which members are written. `asked`: weights of company, project, expert.
// clang-format off

constexpr auto kIdentifier = table<Identifier>("", {
    member<&Identifier::scheme, FreeLine>("scheme", {.required = true, .remedy = "as in `GB-COH`"}),
    member<&Identifier::id,     FreeLine>("id",     {.required = true}),
});

constexpr auto kOrganisation = table<Organisation>("Organisation", {
    member<&Organisation::type,        Maybe<Code<&Taxonomy::organisation_types>>>("type", {.help = "IATI OrganisationType"}),
    member<&Organisation::size,        Maybe<Word<Size>>>("size", {.asked = {1, 0, 0}}),
    member<&Organisation::founded,     Maybe<Year>>("founded", {.help = "year"}),
    member<&Organisation::employees,   Maybe<Integer<std::int64_t, 0, 1'000'000'000>>>("employees"),
    member<&Organisation::women_owned, Maybe<Boolean>>("women_owned"),
    member<&Organisation::women_led,   Maybe<Boolean>>("women_led"),
    member<&Organisation::languages,   Listed<LanguageTag>>("languages", {.asked = {1, 1, 2}}),
    member<&Organisation::identifiers, Listed<Nested<kIdentifier>>>("identifiers", {.asked = {1, 0, 0}}),
    member<&Organisation::legal_name,  Maybe<FreeLine>>("legal_name", {
        .is_private = true, .help = "private; null: there is none, also where it was not shown"}),
});

constexpr auto kFinance = table<Finance>("Finance", {
    member<&Finance::min,         Maybe<Amount>>("min"),
    member<&Finance::max,         Maybe<AmountAboveZero>>("max"),
    member<&Finance::currency,    Code<&Taxonomy::currencies>>("currency", {.help = "ISO 4217"}),
    member<&Finance::instruments, Listed<Word<Cooperation>>>("instruments", {.help = "equity, loan, guarantee, grant, ..."}),
});
using Money = Maybe<Nested<kFinance, check_finance>>;

constexpr auto kOfferedAndSought = table<Profile>("", {
    member<&Profile::finance_offered, Money>("offered", {.asked = {3, 0, 0, gives_money}}),
    member<&Profile::finance_sought,  Money>("sought",  {.asked = {0, 3, 0}}),
});

constexpr auto kReference = table<Reference>("Reference", {
    member<&Reference::title,   Line<kMaxTitle>>("title", {.required = true, .remedy = "one line: what was done, for whom"}),
    member<&Reference::text,    Lengthy<kMaxText>>("text"),
    member<&Reference::country, Country>("country", {.help = "where it was done"}),
    member<&Reference::year,    Maybe<Year>>("year", {.help = "in which it was done, or ended"}),
    member<&Reference::sector,  Sector>("sector"),
});

constexpr auto kPartnerConditions = table<PartnerConditions>("PartnerConditions", {
    member<&PartnerConditions::countries,         Countries>("countries"),
    member<&PartnerConditions::exclude_countries, Countries>("exclude_countries"),
    member<&PartnerConditions::country_groups,    List<Code<&Taxonomy::country_groups>, kMaxCountryEntries>>("country_groups"),
    member<&PartnerConditions::kinds,             Listed<Word<Kind>>>("kinds"),
    member<&PartnerConditions::roles,             Listed<Word<Role>>>("roles"),
    member<&PartnerConditions::sizes,             Listed<Word<Size>>>("sizes"),
    member<&PartnerConditions::languages,         Listed<LanguageTag>>("languages"),
    member<&PartnerConditions::sectors,           Listed<Sector>>("sectors"),
});

constexpr auto kContact = table<Contact>("Contact", {
    member<&Contact::person,  FreeLine>("person", kPrivate),
    member<&Contact::email,   Line<kMaxLine, Form::kEmail, check_email>>("email", kPrivate),
    member<&Contact::phone,   FreeLine>("phone", kPrivate),
    member<&Contact::website, FreeLine>("website", kPrivate),
    member<&Contact::address, Lengthy<kMaxAddress>>("address", kPrivate),
});

constexpr auto kProfile = table<Profile>("Profile", {
    member<&Profile::id,       Line<128, Form::kId, check_profile_id>>("id"),
    member<&Profile::kind,     Word<Kind>>("kind", {.required = true, .remedy = "one of company, project, expert"}),
    member<&Profile::title,    Line<kMaxTitle>>("title", {.required = true, .remedy = "one line that all may read"}),
    member<&Profile::gender,   Maybe<Word<Gender>>>("gender", {
        .asked = {0, 0, 1}, .help = "of an expert; absent: not stated"}),
    member<&Profile::summary,  Lengthy<kMaxText>>("summary"),
    member<&Profile::offers,   Lengthy<kMaxText>>("offers", {.asked = {12, 5, 14}}),
    member<&Profile::seeks,    Lengthy<kMaxText>>("seeks",  {.asked = {10, 14, 5}}),
    member<&Profile::lang,     LanguageTag>("lang", {.help = "detected when absent"}),
    member<&Profile::country,  Country>("country", {
        .required = true, .remedy = "an ISO 3166-1 alpha-2 code, as in `KE`"}),
    member<&Profile::countries_of_activity, Countries>("countries_of_activity", {.asked = {4, 0, 4}}),
    member<&Profile::roles,    Listed<Word<Role>>>("roles", {.asked = {4, 4, 4}}),
    member<&Profile::organisation, Nested<kOrganisation>>("organisation"),
    member<&Profile::sectors,  List<Sector, kMaxSectors>>("sectors", {.asked = {11, 13, 13}}),
    member<&Profile::products, Listed<Code<&Taxonomy::products, Spelling::kInDigits>>>("products", {
        .help = "HS 2022, a code of 2, 4 or 6 digits"}),
    member<&Profile::technologies, Listed<Code<&Taxonomy::technologies, Spelling::kInWords>>>("technologies", {
        .asked = {3, 3, 3}}),
    member<&Profile::themes,   Listed<Code<&Taxonomy::themes, Spelling::kInWords>>>("themes", {.asked = {3, 3, 3}}),
    member<&Profile::sdgs,     Listed<Code<&Taxonomy::sdgs, Spelling::kInDigits>>>("sdgs", {
        .asked = {1, 1, 0}, .help = "goal or target"}),
    member<&Profile::cooperation, Listed<Word<Cooperation>>>("cooperation", {.asked = {4, 4, 2}}),
    member<&Profile::stage,    Maybe<Word<Stage>>>("stage", {.asked = {0, 2, 0}}),
    member<&Profile::trl,      Maybe<Integer<int, 1, 9>>>("trl", {.asked = {2, 2, 0, supplies}}),
    member<&Profile::ipr,      Maybe<Word<Ipr>>>("ipr"),
    group<Nested<kOfferedAndSought>>("finance"),
    member<&Profile::references, List<Nested<kReference>, kMaxReferences>>("references", {
        .asked = {4, 0, 4}, .help = "something that was done, financed or worked on before; a profile is found by each"}),
    member<&Profile::partner,  Nested<kPartnerConditions>>("partner", {.asked = {4, 4, 3}}),
    member<&Profile::capacity, IntegerOr<int, 0, 10000, kUsualCapacity>>("capacity"),
    member<&Profile::programmes, Listed<Line<64, Form::kParticipation, check_participation>>>("programmes"),
    member<&Profile::office,   Line<64, Form::kSlug, check_slug>>("office"),
    member<&Profile::valid_until, Line<64, Form::kDate, check_date>>("valid_until"),
    member<&Profile::contact,  Nested<kContact>>("contact", kPrivate),
});

// clang-format on

// A private object holds private members alone: they are written apart, and each may be null.
constexpr bool private_to_the_bottom(std::span<const Member> members, bool within_private = false) {
  return std::ranges::all_of(members, [&](const Member& member) {
    const bool is_private = member.notes.is_private;
    return is_private >= within_private && private_to_the_bottom(member.kind->shape.members, is_private);
  });
}
static_assert(private_to_the_bottom(kProfile.rows));

// ---- paths

void add_paths(std::span<const Member> members, const MemberPath& above, std::vector<MemberPath>& out) {
  for (const Member& member : members) {
    MemberPath path = above;
    if (!path.name.empty()) path.name += '.';
    path.name += member.name;
    path.way.push_back(&member);
    out.push_back(path);
    if (!path.shape().is_list()) add_paths(path.shape().members, path, out);
  }
}

// Private, and no part of a private object.
bool is_whole_private(const MemberPath& path) {
  return path.row().notes.is_private && (path.way.size() < 2 || !path.way.end()[-2]->notes.is_private);
}

// Of a profile that is ours to change.
void set(Profile& profile, const MemberPath& path, const Profile& from) {
  const void* const field = path.field_in(profile);
  const void* const other = path.field_in(from);
  if (field && other) path.row().kind->assign(const_cast<void*>(field), other);
}

}  // namespace

std::span<const Member> profile_members() { return kProfile.rows; }

const void* MemberPath::field_in(const Profile& profile) const {
  const void* object = &profile;
  for (const Member* above : std::span(way).first(way.size() - 1)) {
    object = above->kind->value(above->field(object));
    if (!object) return nullptr;
  }
  return row().field(object);
}

bool MemberPath::stated_in(const Profile& profile) const {
  const void* const field = field_in(profile);
  return field && row().kind->stated(field);
}

const void* MemberPath::value_in(const Profile& profile) const {
  const void* const field = field_in(profile);
  return field ? row().kind->value(field) : nullptr;
}

bool MemberPath::is_private() const {
  return std::ranges::any_of(way, [](const Member* member) { return member->notes.is_private; });
}

std::span<const MemberPath> all_members() {
  static const std::vector<MemberPath> kAll = [] {
    std::vector<MemberPath> all;
    add_paths(profile_members(), {}, all);
    return all;
  }();
  return kAll;
}

void remove_private(Profile& profile) {
  const Profile nothing;
  for (const MemberPath& path : all_members())
    if (is_whole_private(path)) set(profile, path, nothing);
}

void keep_private(Profile& given, const PrivateRemoved& removed, const Profile& stored) {
  for (const MemberPath& path : all_members()) {
    if (is_whole_private(path) && !path.stated_in(given) &&
        std::ranges::find(removed.members, path.name) == removed.members.end())
      set(given, path, stored);
  }
}

}  // namespace counterpart::engine
