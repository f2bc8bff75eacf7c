#include "index/bulk/bulk_answer.h"
#include "index/bulk/bulk_words.h"
#include "index/workbook/workbook.h"
#include "index/workbook/workbook_parts.h"
#include "tests/index/bulk/made_workbook.h"

using namespace counterpart::index;

namespace {

BulkWords french() {
  BulkWords words;
  for (const auto& [column, whole, last] : {std::tuple{"id", "Identifiant", "Identifiant"},
                                            {"kind", "Nature", "Nature"},
                                            {"title", "Intitulé", "Intitulé"},
                                            {"country", "Pays", "Pays"},
                                            {"offers", "Offre", "Offre"},
                                            {"roles", "Rôles", "Rôles"},
                                            {"organisation.languages", "Organisation – Langues", "Langues"},
                                            {"partner.languages", "Partenaire recherché – Langues", "Langues"},
                                            {"partner.countries", "Partenaire recherché – Pays", "Pays"},
                                            {"contact.phone", "Contact – Téléphone", "Téléphone"}})
    words.call_column(column, "fr", whole, last);
  words.call_code("company", "entreprise");
  words.call_code("research", "recherche");
  words.call_code("buyer", "acheteur");
  words.call_answer("Verdict");
  words.call_answer("À corriger");
  return words;
}

Rows csv_in(const BulkWords& words, const std::string& text) {
  std::istringstream in(text);
  return all(*read_csv(in, real_taxonomy(), {.words = &words}));
}

const TableAnswer kAnswer{.verdict_heading = "Verdict",
                          .mend_heading = "À corriger",
                          .rows = {{2, {"nouveau", ""}}, {3, {"refusé", "Pays: \"XX\" <& 1 > 0", true, "country"}}}};

// A table with an answer, by the reader that read it.
std::string answered(BulkFormat format, const std::string& bytes, const BulkWords& words) {
  std::istringstream in(bytes);
  const auto reader = read_bulk(format, in, real_taxonomy(), {.words = &words});
  while (reader->next().value()) {}
  REQUIRE(reader->sent());
  const auto given = with_answer(format, bytes, *reader->sent(), kAnswer, real_taxonomy(), {.words = &words});
  INFO((given ? std::string() : describe(given.error())));
  REQUIRE(given);
  return *given;
}

std::vector<std::vector<std::string>> cells_of(const std::string& bytes) {
  auto workbook = Workbook::open(bytes).value();
  std::vector<std::vector<std::string>> rows;
  while (auto row = workbook->next().value()) rows.push_back(std::move(row->cells));
  return rows;
}

std::string styled(const std::string& rows) {
  return workbook(rows, {{"xl/styles.xml", "<styleSheet><cellXfs><xf/></cellXfs><dxfs><dxf/></dxfs><colors/></styleSheet>"}});
}

}  // namespace

TEST_CASE("words: a heading is known however it is written, by its whole or by its end alone", "[words]") {
  const BulkWords words = french();
  const Rows found =
      csv_in(words, "identifiant;NATURE;intitule;Pays;offre;telephone\na;Entreprise;Pompes;Kenya;pompes;+254 1\n");
  REQUIRE(found.rows.size() == 1);
  CHECK(found.rows[0].json ==
        R"({"id":"a","kind":"company","title":"Pompes","country":"KE","offers":"pompes","contact":{"phone":"+254 1"}})");
}

TEST_CASE("words: a heading that may be two, or none, is refused by name with what may be meant", "[words]") {
  const BulkWords words = french();
  const Rows two = csv_in(words, "Identifiant;Langues\n");
  REQUIRE(two.error);
  CHECK(two.error->place == "line 1, Langues");
  CHECK(two.error->remedy.find("organisation.languages or partner.languages") != std::string::npos);
  const Rows none = csv_in(words, "Identifiant;Intitule de la fiche;Telefone\n");
  REQUIRE(none.error);
  CHECK(none.error->place == "line 1, Intitule de la fiche");
  CHECK(csv_in(words, "Identifiant;Intittulé\n").error->remedy == "did you mean `Intitulé`?");
}

TEST_CASE("words: a table without rows says so", "[words]") {
  const BulkWords words = french();
  CHECK(csv_in(words, "Identifiant;Nature\n").error->message == "there are no rows below the names of the columns");
  CHECK(csv_in(words, "Identifiant;Nature;Verdict\n;;refusé\n").error);
}

TEST_CASE("words: a word that two lists have is the one of the column's list", "[words]") {
  BulkWords words = french();
  words.call_code("labour", "recherche");
  const Rows found = csv_in(words, "id;roles;partner.country_groups\na;acheteur, recherche;LDC\n");
  REQUIRE(found.rows.size() == 1);
  CHECK(found.rows[0].json == R"({"id":"a","roles":["buyer","recherche"],"partner":{"country_groups":["LDC"]}})");
}

TEST_CASE("answer: CSV comes back with its separator, its rows as they were, and the verdicts", "[answer]") {
  const BulkWords words = french();
  const std::string sent =
      "Identifiant;Nature;Intitulé;Pays;Offre\r\na;entreprise;\"Pompes; moulins\";KE;=1+1\r\nb;entreprise;;XX;x\r\n";
  const std::string back = answered(BulkFormat::kCsv, sent, words);
  CHECK(back ==
        "\xEF\xBB\xBFIdentifiant;Nature;Intitulé;Pays;Offre;Verdict;À corriger\r\n"
        "a;entreprise;\"Pompes; moulins\";KE;=1+1;nouveau;\r\n"
        "b;entreprise;;XX;x;refusé;\"Pays: \"\"XX\"\" <& 1 > 0\"\r\n");
  CHECK(answered(BulkFormat::kCsv, back, words) == back);  // the columns are not added twice
  const std::string torn = answered(BulkFormat::kCsv, "id,kind,title\na,\"b,c\nd,company,Mills\n", words);
  CHECK(torn.find("\"a,\"\"b,c\",,,nouveau,") != std::string::npos);
}

TEST_CASE("answer: a workbook comes back as it was, with the verdicts behind its rows", "[answer]") {
  const BulkWords words = french();
  const std::string header = row_of({"Identifiant", "Nature", "Intitulé", "Pays", "Offre"});
  const std::string sent = styled("<row r=\"1\" spans=\"1:5\">" + header.substr(5) + "<row r=\"2\">" +
                                  row_of({"a", "entreprise", "Pompes", "KE", "x"}).substr(5) + "<row r=\"3\" spans=\"1:5\">" +
                                  row_of({"b", "entreprise", "", "XX", "x"}).substr(5) + "<row r=\"9\"/>");
  const std::string back = answered(BulkFormat::kWorkbook, sent, words);
  const auto rows = cells_of(back);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == std::vector<std::string>{"Identifiant", "Nature", "Intitulé", "Pays", "Offre", "Verdict", "À corriger"});
  CHECK(rows[1].back() == "nouveau");
  CHECK(rows[2].back() == "Pays: \"XX\" <& 1 > 0");
  const std::string sheet = part_of(back, "xl/worksheets/sheet1.xml");
  CHECK(sheet.find("spans") == std::string::npos);
  CHECK(sheet.find("sqref=\"D3\"") < sheet.find("sqref=\"A3:G3\""));
  CHECK(sheet.find("dxfId=\"2\"") < sheet.find("dxfId=\"1\""));
  CHECK(part_of(back, "xl/styles.xml").find("<dxf/><dxf><fill>") != std::string::npos);
  const std::string again = answered(BulkFormat::kWorkbook, back, words);
  CHECK(cells_of(again) == rows);
  const std::string twice = part_of(again, "xl/worksheets/sheet1.xml");
  CHECK(twice.find("sqref=\"A3:G3\"") == twice.rfind("sqref=\"A3:G3\""));
}

TEST_CASE("answer: cells that stand beyond the header stay where they are", "[answer]") {
  const BulkWords words = french();
  const std::string sent =
      styled(row_of({"id", "kind", "title", "country", "offers"}) + row_of({"a", "company", "Pumps", "KE", "x"}) +
             row_of({"b", "company", "Mills", "KE", "x", "", "stray"}));
  const auto rows = cells_of(answered(BulkFormat::kWorkbook, sent, words));
  CHECK(rows[0][7] == "Verdict");
  CHECK(rows[2][6] == "stray");
  CHECK(rows[2][7] == "refusé");
}

TEST_CASE("answer: elements with a prefix get ones with the same", "[answer]") {
  const BulkWords words = french();
  const std::string row =
      "<x:row r=\"1\"><x:c t=\"inlineStr\"><x:is><x:t>id</x:t></x:is></x:c></x:row>"
      "<x:row r=\"2\"><x:c t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c></x:row>";
  const std::string sent = workbook(
      {}, {{"xl/worksheets/sheet1.xml", "<x:worksheet xmlns:x=\"m\"><x:sheetData>" + row + "</x:sheetData></x:worksheet>"}});
  const std::string back = answered(BulkFormat::kWorkbook, sent, words);
  CHECK(cells_of(back)[1] == std::vector<std::string>{"a", "nouveau"});
  CHECK(part_of(back, "xl/worksheets/sheet1.xml").find("<x:c r=\"B2\"") != std::string::npos);
}
