// A certificate of a draw: whoever has it draws the same panel, and every change in it is seen.
#include "server/draw/certificate.h"

#include <algorithm>
#include <cmath>

#include "server/draw/certificate_check.h"
#include "tests/support/catch.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// Sixty experts of three constituencies, half of them women, half from developing countries.
PanelAnswer drawn(std::uint64_t seed) {
  constexpr const char* kConstituency[] = {"constituency:business", "constituency:government", "constituency:labour"};
  PanelAnswer answer;
  answer.programme = "consultations";
  answer.name = "System of Consultations";
  answer.sequence = 17;
  for (int i = 0; i < 60; ++i)
    answer.stood.push_back({.id = "x" + std::to_string(100 + i),
                            .title = "Expert " + std::to_string(i),
                            .country = std::string(1, static_cast<char>('A' + i % 7)) + "X",
                            .organisation = i % 5 == 0 ? std::to_string(1 + i / 10) : std::string(),
                            .groups = {kConstituency[i % 3], i % 2 ? "gender:female" : "gender:male",
                                       i / 3 % 2 ? "group:developed" : "group:developing"},
                            .merit = static_cast<double>(i * 7919 % 1'000'000) / 1e6,
                            .topics = {i % 4 ? 0.0F : 1.0F}});
  answer.rules.seats = 12;
  answer.rules.seed = seed;
  Quota women, labour;
  women.group = "gender:female";
  women.at_least = 6;
  labour.group = "constituency:labour";
  labour.share_at_least = 0.25;
  answer.rules.quotas = {women, labour};
  answer.rules.per_country_at_most = 3;
  answer.rules.per_organisation_at_most = 1;
  answer.rules.topics = {"Energy"};
  answer.rules.experts_per_topic_at_least = 2;
  answer.rules.alternates_per_seat = 2;
  Result<Panel> panel = convene(answer.stood, answer.rules);
  REQUIRE(panel);
  answer.panel = std::move(*panel);
  return answer;
}

// As it comes back from a file.
json::object certificate(std::uint64_t seed) {
  return json::parse(json::serialize(write_certificate(drawn(seed), 1'700'000'000))).as_object();
}

std::vector<bool> verdict(const json::object& certificate) {
  const Result<DrawVerdict> checked = check_certificate(certificate);
  REQUIRE(checked);
  std::vector<bool> held;
  for (const DrawVerdict::Line& line : checked->lines) held.push_back(line.holds);
  CHECK(checked->holds() == (std::ranges::count(held, false) == 0));
  return held;
}

const std::vector<bool> kAll(6, true);

}  // namespace

TEST_CASE("certificate of a draw: from the file alone the same panel is drawn, with its alternates", "[draw]") {
  for (const std::uint64_t seed : {0U, 7U, 1975U}) CHECK(verdict(certificate(seed)) == kAll);
  CHECK(certificate(1).at("result") != certificate(2).at("result"));
}

TEST_CASE("certificate of a draw: every change is seen, where it was made", "[draw]") {
  const auto changed = [](auto change) {
    json::object one = certificate(7);
    change(one);
    return verdict(one);
  };
  const auto rehash = [](json::object& one) {  // by somebody who knows how
    for (auto& [name, hash] : one.at("hashes").as_object()) hash = hash_of(one.at(name));
    one["certificate_hash"] = certificate_hash(one);
  };
  const auto swap_seat = [](json::object& one) {
    json::value& seat = one.at("result").at("seats").as_array().front();
    json::value& alternate = seat.at("alternates").as_array().front();
    std::swap(seat.at("id"), alternate.at("id"));
  };
  // candidates, rules, result, whole, numbers, panel
  CHECK(changed([](json::object& one) { one["programme"] = "another"; }) ==
        std::vector<bool>{true, true, true, false, true, true});
  CHECK(changed([](json::object& one) { one["seed"] = 8; })[4] == false);
  CHECK(changed([&](json::object& one) { swap_seat(one); }) == std::vector<bool>{true, true, false, false, false, false});
  CHECK(changed([&](json::object& one) { swap_seat(one), rehash(one); }) ==
        std::vector<bool>{true, true, true, true, false, false});
  // The seat with the number that is its own: only drawing again tells.
  CHECK(changed([&](json::object& one) {
          swap_seat(one);
          json::value& seat = one.at("result").at("seats").as_array().front();
          seat.at("draw") = static_cast<std::uint64_t>(std::ldexp(panel_draw(7, seat.at("id").as_string().c_str()), 53));
          rehash(one);
        }) == std::vector<bool>{true, true, true, true, true, false});
  CHECK(changed([&](json::object& one) { one.at("candidates").as_array().front().at("merit") = 999'999; })[0] == false);
  CHECK(changed([&](json::object& one) { one.at("rules").at("per_country_at_most") = 2; })[1] == false);
}

TEST_CASE("certificate of a draw: what is none is refused at its member", "[draw]") {
  const auto refused = [](auto change) {
    json::object one = certificate(7);
    change(one);
    const Result<DrawVerdict> checked = check_certificate(one);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == ErrorCode::kInvalid);
    return checked.error().place;
  };
  CHECK(refused([](json::object& one) { one["format"] = "another"; }) == "format");
  CHECK(refused([](json::object& one) { one.erase("rules"); }) == "rules");
  CHECK(refused([](json::object& one) { one["candidates"] = 7; }) == "candidates");
  CHECK(refused([](json::object& one) { one.at("candidates").as_array().front().at("topics") = json::array{5}; }) ==
        "candidates.topics");
  CHECK(refused([](json::object& one) { one.at("candidates").as_array().front().at("merit") = 1.5; }) == "candidates.merit");
}

TEST_CASE("certificate of a draw: alternates are of the seat's group and gender where there are such", "[draw]") {
  const PanelAnswer answer = drawn(7);
  const auto group_of = [&](const std::string& id, std::string_view kind) {
    const auto who = std::ranges::find(answer.stood, id, &PanelCandidate::id);
    for (const std::string& group : who->groups)
      if (group.starts_with(kind)) return group;
    return std::string();
  };
  std::size_t alike = 0;
  for (const PanelSeat& seat : answer.panel.seats)
    for (const PanelAlternate& one : seat.alternates) {
      CHECK(group_of(one.id, "constituency:") == group_of(seat.id, "constituency:"));
      CHECK(one.alike == (group_of(one.id, "gender:") == group_of(seat.id, "gender:") &&
                          group_of(one.id, "group:") == group_of(seat.id, "group:")));
      alike += one.alike;
    }
  CHECK(alike >= answer.panel.seats.size());
}

}  // namespace counterpart::server
