#include "engine/casework/case_json.h"

#include "engine/casework/case_values.h"

namespace counterpart::engine {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMaxNote = 4000;
constexpr std::size_t kMaxActs = 100'000;

using Note = Lengthy<kMaxNote>;
using Profiles = Line<128, Form::kId, check_profile_id>;
using Points = Integer<int, 0, 5>;
using Verb = Line<64>;
using ActNumber = Integer<unsigned, 1, kMaxActs>;

struct StoredCase {
  int version = 0;
  Case given;
};

// clang-format off
constexpr auto kScores = table<Scores>("Scores", {
    member<&Scores::advantages,  Points>("advantages",  {.required = true, .help = "advantages and innovation"}),
    member<&Scores::clarity,     Points>("clarity",     kRequired),
    member<&Scores::cooperation, Points>("cooperation", {.required = true, .help = "what cooperation is expected"}),
    member<&Scores::rules,       Points>("rules",       {.required = true, .help = "rules and language"}),
});

constexpr auto kComment = table<Comment>("Comment", {
    member<&Comment::member, Line<200>>("member", {.help = "of the profile; absent: on the whole"}),
    member<&Comment::text,   Note>("text", kRequired),
});

constexpr auto kMark = table<Mark>("Mark", {
    member<&Mark::criterion, Slug>("criterion", {.required = true, .help = "of the programme"}),
    member<&Mark::points,    Points>("points", kRequired),
});

constexpr auto kChoice = table<Choice>("Choice", {
    member<&Choice::member, Line<200>>("member", {.required = true, .help = "of the profiles"}),
    member<&Choice::keep,   Word<Keep>>("keep", {.required = true, .help = "a: of the one that stays; b: of the other; both: of lists"}),
});

// They are checked in this order: what others follow from comes before them.
constexpr auto kFacts = table<Facts>("Facts", {
    member<&Facts::cooperation, Maybe<Word<Cooperation>>>("cooperation", {.help = "that is wanted"}),
    member<&Facts::missing,     Note>("missing", {.help = "what the other side's profile does not tell"}),
    member<&Facts::about_us,    Note>("about_us"),
    member<&Facts::found,       Maybe<Word<Found>>>("found", {.help = "what it came of"}),
    member<&Facts::tier,        Slug>("tier", {.help = "of the programme's tiers of membership"}),
    member<&Facts::amount,      Maybe<Amount>>("amount"),
    member<&Facts::currency,    Code<&Taxonomy::currencies>>("currency", {.help = "ISO 4217"}),
    member<&Facts::instrument,  Maybe<Word<Cooperation>>>("instrument"),
    member<&Facts::jobs,        Maybe<Integer<std::int64_t, 0, 1'000'000'000>>>("jobs"),
    member<&Facts::sdg,         Code<&Taxonomy::sdgs, Spelling::kInDigits>>("sdg", {.help = "goal or target"}),
    member<&Facts::scores,      Maybe<Nested<kScores>>>("scores", {.help = "0 to 5 each"}),
    member<&Facts::comments,    List<Nested<kComment>, 100>>("comments"),
    member<&Facts::valid_until, Maybe<Date>>("valid_until"),
    member<&Facts::desk,        Slug>("desk"),
    member<&Facts::plan,        Note>("plan", {.help = "what is to be done"}),
    member<&Facts::outcome,     Note>("outcome", {.help = "what came of it"}),
    member<&Facts::starts,      Maybe<Date>>("starts"),
    member<&Facts::ends,        Maybe<Date>>("ends"),
    member<&Facts::implementer, Profiles>("implementer", {.help = "id of the profile of who carries it out"}),
    member<&Facts::adviser,     Profiles>("adviser", {.help = "id of the profile of who coaches"}),
    member<&Facts::mentor,      Profiles>("mentor", {.help = "id of the profile of who guides"}),
    member<&Facts::investor,    Profiles>("investor", {.help = "id of the profile of who was met"}),
    member<&Facts::ticket_min,  Maybe<Amount>>("ticket_min", {.help = "the least that is sought of one investor"}),
    member<&Facts::ticket_max,  Maybe<Amount>>("ticket_max", {.help = "the most"}),
    member<&Facts::instruments, List<Word<Cooperation>, 20>>("instruments"),
    member<&Facts::marks,       List<Nested<kMark>, 32>>("marks", {.help = "0 to 5 by each criterion of the programme"}),
    member<&Facts::duration_months, Maybe<Integer<std::int64_t, 1, 600>>>("duration_months"),
    member<&Facts::staff_hours, Maybe<Integer<std::int64_t, 1, 10'000'000>>>("staff_hours"),
    member<&Facts::know_how,    Note>("know_how", {.help = "what is known and will be shared"}),
    member<&Facts::draw,        Line<64>>("draw", {.help = "hash of the certificate of the draw"}),
    member<&Facts::seat,        Profiles>("seat", {.help = "id of the profile of who was drawn for it"}),
    member<&Facts::alternates,  List<Profiles, 20>>("alternates", {.help = "ids of profiles, who is called up first stands first"}),
    member<&Facts::survivor,    Profiles>("survivor", {.help = "which of two profiles stays when they become one"}),
    member<&Facts::keep,        List<Nested<kChoice>, 100>>("keep", {.help = "whose word stands where two profiles differ"}),
});

constexpr auto kSaid = table<Said>("Said", {
    member<&Said::reason, Line<64>>("reason"),
    member<&Said::note,   Note>("note"),
    member<&Said::facts,  Nested<kFacts>>("facts"),
});

constexpr auto kAct = table<Act>("Act", {
    member<&Act::number, ActNumber>("number", kRequired),
    member<&Act::at,     Seconds>("at", {.required = true, .help = "seconds since 1970, UTC"}),
    member<&Act::by,     Word<By>>("by", kRequired),
    member<&Act::desk,   Slug>("desk"),
    member<&Act::office, Slug>("office"),
    member<&Act::side,   Word<Side>>("side", kRequired),
    member<&Act::verb,   Verb>("verb", kRequired),
    member<&Act::said,   Nested<kSaid>>("said"),
});

constexpr auto kParty = table<Party>("Party", {
    member<&Party::profile,      Profiles>("profile", kRequired),
    member<&Party::office,       Slug>("office", kRequired),
    member<&Party::desk,         Slug>("desk"),
    member<&Party::organisation, ShortLine>("organisation"),
});

constexpr auto kCase = table<Case>("Case", {
    member<&Case::id,        Line<64>>("id", kRequired),
    member<&Case::kind,      Line<64>>("kind", kRequired),
    member<&Case::programme, Slug>("programme"),
    member<&Case::origin,    Line<64>>("origin", {.help = "the case that this one came of"}),
    member<&Case::asking,    Nested<kParty>>("from", kRequired),
    member<&Case::answering, Nested<kParty>>("to", kRequired),
    member<&Case::log,       List<Nested<kAct>, kMaxActs>>("log"),
});

constexpr auto kStored = table<StoredCase>("StoredCase", {
    member<&StoredCase::version, Integer<int, 1, kVersion>>("version", kRequired),
    member<&StoredCase::given,   Nested<kCase>>("case", kRequired),
});
// clang-format on

}  // namespace

std::span<const Member> case_members() { return kCase.rows; }
std::span<const Member> said_members() { return kSaid.rows; }
std::span<const Member> facts_members() { return kFacts.rows; }

Result<Said> read_said(const boost::json::value& json, const Taxonomy& taxonomy) {
  return read_whole<Said>(kSaid.rows, json, taxonomy);
}
Result<Facts> read_facts(const boost::json::value& json, const Taxonomy& taxonomy) {
  return read_whole<Facts>(kFacts.rows, json, taxonomy);
}

std::string to_json(const Case& given) { return write_whole(kCase.rows, given); }
std::string to_json(const Act& act) { return write_whole(kAct.rows, act); }
std::string to_json(const Facts& facts) { return write_whole(kFacts.rows, facts); }

std::string encode_case(const Case& given) { return write_whole(kStored.rows, StoredCase{kVersion, given}); }

Result<Case> decode_case(std::string_view bytes) {
  JsonTree tree;
  if (const Status status = tree.parse(bytes); !status) return damaged("case", status.error());
  const boost::json::object* object = tree.root().if_object();
  const boost::json::value* version = object ? object->if_contains("version") : nullptr;
  if (version && version->is_int64() && version->get_int64() > kVersion)
    return fail(ErrorCode::kUnsupported, "case", "was written by a newer program", "use the newer program");
  Result<StoredCase> stored = decode_whole<StoredCase>(kStored.rows, tree.root(), "case");
  if (!stored) return tl::unexpected(std::move(stored.error()));
  if (stored->version == 0) return fail(ErrorCode::kCorrupt, "case", "has no version", "restore the last backup");
  return std::move(stored->given);
}

}  // namespace counterpart::engine
