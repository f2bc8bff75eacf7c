#include "engine/casework/case_json.h"

#include "engine/profile/profile_json_tree.h"
#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

Result<Said> said_in(std::string_view text) { return read_said(parse_strictly(text).value(), real_taxonomy()); }

constexpr std::string_view kConclusion =
    R"({"note":"Signed in Dakar.","facts":{"amount":2500000,"currency":"EUR","instrument":"equity","jobs":40,"sdg":"7.2"}})";

}  // namespace

TEST_CASE("case json: what is said with an act is read strictly, with places", "[casework]") {
  const Said said = said_in(kConclusion).value();
  CHECK(said.facts.amount == 2'500'000);
  CHECK(said.facts.instrument == Cooperation::kEquity);
  CHECK(said_in(R"({"facts":{"amount":-1}})").error().place == "facts.amount");
  CHECK(said_in(R"({"facts":{"currency":"EURO"}})").error().place == "facts.currency");
  CHECK(said_in(R"({"facts":{"sdg":"18"}})").error().place == "facts.sdg");
  CHECK(said_in(R"({"facts":{"scores":{"advantages":6,"clarity":1,"cooperation":1,"rules":1}}})").error().place ==
        "facts.scores.advantages");
  CHECK(said_in(R"({"facts":{"scores":{"advantages":5}}})").error().place == "facts.scores.clarity");
  CHECK(said_in(R"({"raeson":"too_small"})").error().place == "raeson");
}

TEST_CASE("case json: a case is the same after it was stored", "[casework]") {
  const Network network;
  Case introduction = network.after(agreed(network), "omar", "release", utc("2026-12-01", 9));
  introduction.log.back().said = said_in(kConclusion).value();
  introduction.log.back().said.facts.comments = {{"offers", "“Quoted”\nand more"}};
  introduction.log.back().said.facts.valid_until = date("2027-01-31");
  introduction.log.back().said.facts.scores = Scores{0, 1, 2, 5};
  CHECK(decode_case(encode_case(introduction)).value() == introduction);
  CHECK(encode_case(introduction).rfind("{\"version\":1,", 0) == 0);
  CHECK(to_json(introduction).find("\"from\":{\"profile\":\"sn:solar\",\"office\":\"dakar\",\"desk\":\"awa\"}") !=
        std::string::npos);
}

TEST_CASE("case json: bytes that are cut short are corrupt, those of a newer program are not ours", "[casework]") {
  const Network network;
  const std::string bytes = encode_case(asked(network));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(decode_case(bytes.substr(0, size)).error().code == ErrorCode::kCorrupt);
  CHECK(decode_case(R"({"case":{"id":"a"}})").error().code == ErrorCode::kCorrupt);
  CHECK(decode_case(R"({"version":2,"cases":[]})").error().code == ErrorCode::kUnsupported);
}

TEST_CASE("case json: a log that the table does not allow is corrupt, whatever it decodes to", "[casework]") {
  const Network network;
  Case interest = asked(network);
  interest.log[0].verb = "accept";
  CHECK(standing_of(interest, network.work(), utc("2026-11-27", 9)).error().code == ErrorCode::kCorrupt);
  interest.log.clear();
  CHECK(standing_of(interest, network.work(), utc("2026-11-27", 9)).error().code == ErrorCode::kCorrupt);
}

}  // namespace counterpart::engine
