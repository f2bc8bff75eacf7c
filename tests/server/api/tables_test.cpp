#include "server/api/tables.h"

#include <csv.h>

#include <set>

#include "index/workbook/workbook.h"
#include "server/tables/headings.h"
#include "tests/server/handlers/case_site.h"

using namespace counterpart::server;

namespace {

using Lines = std::vector<std::vector<std::string>>;

// As any reader of RFC 4180 has it.
Lines csv_lines(const std::string& text) {
  struct State {
    Lines lines;
    std::vector<std::string> cells;
  } state;
  csv_parser parser;
  csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL);
  const auto cell = [](void* bytes, std::size_t size, void* to) {
    static_cast<State*>(to)->cells.emplace_back(static_cast<const char*>(bytes), size);
  };
  const auto line = [](int, void* to) {
    auto& own = *static_cast<State*>(to);
    own.lines.push_back(std::exchange(own.cells, {}));
  };
  CHECK(csv_parse(&parser, text.data(), text.size(), cell, line, &state) == text.size());
  csv_fini(&parser, cell, line, &state);
  csv_free(&parser);
  return state.lines;
}

Lines sheet_lines(const std::string& bytes, std::size_t width) {
  Lines lines;
  auto workbook = counterpart::index::Workbook::open(bytes);
  INFO((workbook ? std::string() : describe(workbook.error())));
  REQUIRE(workbook);
  for (;;) {
    auto row = (*workbook)->next();
    REQUIRE(row);
    if (!*row) return lines;
    CHECK((*row)->faults.empty());
    (*row)->cells.resize(width);
    lines.push_back(std::move((*row)->cells));
  }
}

// Calls of lists that no test of this file can make as they stand: they want a body, an id or a run that is there.
std::string target_of(const Route& route) {
  std::string target(route.pattern);
  for (const auto& [name, value] :
       {std::pair{"{id}", "sn:solar"}, {"{programme}", "open"}, {"{country}", "SN"}, {"{version}", "1"}})
    if (const std::size_t at = target.find(name); at != target.npos) target.replace(at, std::string_view(name).size(), value);
  return target;
}

}  // namespace

TEST_CASE("tables: every list is the same rows as JSON, as CSV and as a workbook", "[tables]") {
  CaseSite site;
  site.done("awa", "/v1/interests",
            R"({"from":"sn:solar","to":"sa:fund","answers":{"cooperation":"joint_venture","about_us":"=1+1"}})", 201);
  std::set<std::string> seen;
  for (const Route& route : routes()) {
    const TableShape* shape = site.api.tables().of(route);
    const std::string target = target_of(route);
    // What ends in an id is one thing; the ending would be of its id.
    if (!shape || route.method != "GET" || route.pattern.ends_with('}') || target.find('{') != target.npos) continue;
    INFO(target);
    for (const char* who : {"admin", "awa"}) {
      const Response whole = site.as(who, "GET", target);
      if (whole.status != 200) continue;
      seen.insert(std::string(route.pattern));
      const Table table = table_of(body_of(whole), *shape);
      const Response csv = site.as(who, "GET", target + ".csv"), workbook = site.as(who, "GET", target + ".xlsx");
      REQUIRE(csv.status == 200);
      REQUIRE(workbook.status == 200);
      CHECK(csv.content_type.starts_with("text/csv"));
      const Lines lines = csv_lines(csv.body);
      REQUIRE(lines.size() == table.rows.size() + 1);
      CHECK(lines[0] == table.header);
      CHECK(site.as(who, "GET", target, {}, {{"accept", "text/csv"}}).body == csv.body);
      Lines plain = lines;  // a workbook needs no apostrophe before what looks like a formula
      for (auto& line : plain)
        for (std::string& cell : line)
          if (cell.starts_with("'=")) cell.erase(0, 1);
      std::erase_if(plain, [](const auto& line) {
        return std::ranges::all_of(line, [](const std::string& cell) { return cell.empty(); });
      });
      CHECK(sheet_lines(workbook.body, table.header.size()) == plain);
    }
  }
  for (const char* list : {"/v1/profiles", "/v1/interests", "/v1/desk", "/v1/offices", "/v1/outbox", "/v1/tokens", "/v1/audit"})
    CHECK(seen.contains(list));
}

TEST_CASE("tables: matches are a list too, whatever way they are asked for", "[tables]") {
  Site site;
  const std::string asked = R"({"text":"pumps"})";
  const Response whole = site.ask("POST", "/v1/match", asked);
  REQUIRE(whole.status == 200);
  const Lines lines = csv_lines(site.ask("POST", "/v1/match.csv", asked).body);
  CHECK(lines.size() == body_of(whole).at("matches").as_array().size() + 1);
  CHECK(lines[0][0] == "id");
}

TEST_CASE("tables: a panel's rows are its seats, and a map's the groups of each dimension", "[tables]") {
  const CaseSite site;
  const auto& shapes = site.api.tables().all();
  const auto names = [&](std::string_view component) {
    std::set<std::string> all;
    for (const TableColumn& column : shapes.find(component)->second.columns) all.insert(column.name);
    return all;
  };
  CHECK(shapes.find("Panel")->second.lists == std::vector<std::string>{"seats"});
  CHECK(names("Panel").contains("constituency"));
  const std::set<std::string> map = names("Coverage");
  for (const char* column : {"dimension.name", "key", "members", "expected"}) CHECK(map.contains(column));
}

TEST_CASE("tables: every column has a word in each language, and no two of a list have the same", "[tables]") {
  const CaseSite site;
  for (const auto& [component, shape] : site.api.tables().all())
    for (const std::string_view language : kUnLanguages) {
      std::set<std::string> seen;
      for (const TableColumn& column : shape.columns) {
        const std::string heading = heading_of(column.name, site.service->data().words, language);
        INFO(component << " " << language << " " << column.name << " " << heading);
        CHECK(seen.insert(heading).second);
        for (const std::string& member : column.path) CHECK(site.service->data().words.has("column." + member));
      }
    }
}

TEST_CASE("tables: headings are names, for programs, and words where a language is asked for in so many words", "[tables]") {
  CaseSite site;
  const auto first = [&](const std::string& target, const Headers& headers) {
    return csv_lines(site.as("admin", "GET", target, {}, headers).body)[0][0];
  };
  CHECK(first("/v1/tokens.csv", {{"accept-language", "fr"}}) == "id");
  CHECK(first("/v1/tokens.csv?lang=fr", {}) == "Identifiant");
}

TEST_CASE("tables: what is no list is told so, and what is no path stays none", "[tables]") {
  Site site;
  CHECK(site.ask("GET", "/v1/me.csv").status == 415);
  CHECK(site.ask("GET", "/v1/nothing.csv").status == 404);
  CHECK(site.ask("GET", "/v1/profiles.pdf").status == 404);
  CHECK(site.ask("GET", "/v1/me", {}, {{"accept", "text/csv"}}).content_type == "application/json");
}

TEST_CASE("tables: a workbook keeps texts whole as far as a cell can, and says where it cannot", "[tables]") {
  const std::string long_text = std::string(32'766, 'x') + "é and more";
  const std::vector<std::string> header{"a", "b", "c", "d"};
  const std::vector<Cells> rows{{std::string("=cmd|' /C calc'!A0"), long_text, -0.25, true},
                                {std::string("النص"), 12.0, false}};
  const std::string bytes = write_workbook(header, rows, {.name = "قائمة", .right_to_left = true}).value();
  const Lines lines = sheet_lines(bytes, 4);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1][0] == "=cmd|' /C calc'!A0");
  CHECK(lines[1][1].size() <= 32'767);
  CHECK(lines[1][1].ends_with("has all of it)"));
  CHECK(lines[1][2] == "-0.25");
  CHECK(lines[2] == std::vector<std::string>{"النص", "12", "false", ""});
}
