#include "engine/base/fold.h"

#include <string>

#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

struct Pair {
  const char *one, *other;
};

}  // namespace

TEST_CASE("fold: a text is the same however it was typed", "[fold]") {
  for (const auto& [typed, read] : {Pair{"re\u0301frige\u0301ration", "réfrigération"},
                                    {"re\u00ADfrig\u00ADer\u200Bator", "refrigerator"},
                                    {"Ｓｏｌａｒ　ｐｕｍｐｓ", "Solar pumps"},
                                    {"CO₂ in m²", "CO2 in m2"},
                                    {"l’eau d‘ici", "l'eau d'ici"},
                                    {"“cold” chain – off\u2011grid", "\"cold\" chain - off-grid"},
                                    {"250\u00A0000\u2009kg", "250 000 kg"},
                                    {"محـــمد مُحَمَّد", "محمد محمد"},
                                    {"ﺷﺮﻛﺔ", "شركة"},
                                    {"ﬁsh o\uFE0Fil\u0092s", "fish oils"},
                                    {"½ of 5½ and 10⁶", "1/2 of 5 1/2 and 10 6"},
                                    {"Acme™ ㈱", "Acme (株)"},
                                    {"two\u2028lines\tand a tab\n", "two\nlines\tand a tab\n"},
                                    {"", ""}}) {
    CAPTURE(typed);
    CHECK(normalise(typed) == read);
  }
  CHECK(normalise("Straße ОАО É 水 ٤٢") == "Straße ОАО É 水 ٤٢");
}

TEST_CASE("fold: case, digits and interchangeable letters make no other word", "[fold]") {
  for (const auto& [typed, read] : {Pair{"STRASSE", "straße"},
                                    {"Éᴇ", "e\u1D07"},
                                    {"İSTANBUL", "istanbul"},
                                    {"ISPARTA", "ısparta"},
                                    {"Øresund", "oresund"},
                                    {"ŁÓDŹ", "lodz"},
                                    {"Æther Œuvre", "aether oeuvre"},
                                    {"أحمد إلى مدرسة", "احمد الي مدرسه"},
                                    {"٤٢ ４２", "42 42"},
                                    {"ЁЛКА", "елка"}}) {
    CAPTURE(typed, read);
    CHECK(fold(typed) == fold(read));
  }
  CHECK(fold("Йод") == "йод");  // no accent, but another letter
  CHECK(fold("ガス") == "ガス");
}

TEST_CASE("fold: accents stay where a language tells words apart by them", "[fold]") {
  CHECK(fold("SÉCHAGE", "fr") == "sechage");
  CHECK(fold("Año", "es-MX") == "ano");
  CHECK(fold("Öl", "de") == "öl");
  CHECK(fold("ÅR", "sv") == "år");
  CHECK(fold("IŞIK", "tr") == "ışık");
  CHECK(fold("İş", "tr") == "iş");
  CHECK(fold("KILIÇ", "und") == "kilic");
  CHECK(fold("Énergie", "FRA") == "energie");
  CHECK(fold("太陽能發電", "zh-Hant") == "太阳能发电");
}

TEST_CASE("fold: a place in what was folded leads back to the text as given", "[fold]") {
  const Folded folded = fold_with_places("a\u00ADß\u00A0e\u0301x");
  CHECK(folded.text == u"ass ex");
  CHECK(folded.places == std::vector<std::uint32_t>{0, 2, 2, 3, 4, 6, 7});
}

TEST_CASE("fold: what is in capitals is read in small letters, abbreviations are not", "[fold]") {
  CHECK(lower_shouting("SOLAR PUMPS FOR 40 VILLAGES. In Kenya") == "Solar pumps for 40 villages. In Kenya");
  CHECK(lower_shouting("Desalination: IMPORTANT for UNIDO and ITPO") == "Desalination: important for UNIDO and ITPO");
  CHECK(lower_shouting("ПИТЬЕВАЯ ВОДА") == "Питьевая вода");
  CHECK(lower_shouting("UN IFC, 水 PV2") == "UN IFC, 水 PV2");
  CHECK(lower_shouting("İSTANBUL. ICE MAKERS") == "İstanbul. Ice makers");
  CHECK(lower_shouting("Small letters") == "Small letters");
}

}  // namespace counterpart::engine
