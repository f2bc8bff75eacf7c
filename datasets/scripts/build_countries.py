"""countries.tsv, country_groups.tsv and currencies.tsv from ref_country_codes and ref_country_groups."""

import sys

from common import UN_LANGUAGES, one_line, read_csv, source_dir, write_tsv

NAME_COLUMN = {"ar": "ar", "zh": "cn", "en": "en", "fr": "fr", "ru": "ru", "es": "es"}
INCOME = {"Low income": "LIC", "Lower middle income": "LMC", "Upper middle income": "UMC", "High income": "HIC"}

# UNSD dropped "developed/developing" from M49 in December 2021 and the source with it. Ours is its former rule as
# UNCTADstat states it: Northern America, Europe, Australia and New Zealand, and these; all other areas are developing.
DEVELOPED_REGIONS = {"021", "150", "053"}
DEVELOPED_OTHERS = {"CYP", "ISR", "JPN", "KOR"}

# Not in ISO 3166-1 or M49, but a member of the World Bank whose projects we import; XK is the code everybody uses.
# Counted as developed with all its neighbours of M49 039, so that one border does not decide.
KOSOVO = {"code": "XK", "alpha3": "XKX", "m49": "", "currency": "EUR", "groups": ["developed"],
          "names": ["كوسوفو", "科索沃", "Kosovo", "Kosovo", "Косово", "Kosovo"]}

# Slips of the source: two Russian names in an oblique case, one English name that M49 does not use.
NAME_FIXES = {("ALA", "ru"): "Аландские острова", ("ATA", "ru"): "Антарктика", ("CIV", "en"): "Côte d’Ivoire"}

# The source has no currency for the first and a neighbour's before the country's own for the second.
CURRENCY_FIXES = {"TUR": "TRY", "BTN": "BTN"}

# Groups that are no M49 region: code -> names in ar zh en fr ru es.
OTHER_GROUPS = {
    "developed": ["البلدان المتقدمة النمو", "发达国家", "Developed countries", "Pays développés", "Развитые страны",
                  "Países desarrollados"],
    "developing": ["البلدان النامية", "发展中国家", "Developing countries", "Pays en développement",
                   "Развивающиеся страны", "Países en desarrollo"],
    "LDC": ["أقل البلدان نموا", "最不发达国家", "Least developed countries", "Pays les moins avancés",
            "Наименее развитые страны", "Países menos adelantados"],
    "LLDC": ["البلدان النامية غير الساحلية", "内陆发展中国家", "Landlocked developing countries",
             "Pays en développement sans littoral", "Развивающиеся страны, не имеющие выхода к морю",
             "Países en desarrollo sin litoral"],
    "SIDS": ["الدول الجزرية الصغيرة النامية", "小岛屿发展中国家", "Small island developing States",
             "Petits États insulaires en développement", "Малые островные развивающиеся государства",
             "Pequeños Estados insulares en desarrollo"],
    "africa": ["أفريقيا", "非洲", "Africa", "Afrique", "Африка", "África"],
    "LIC": ["البلدان المنخفضة الدخل", "低收入国家", "Low-income economies", "Pays à faible revenu",
            "Страны с низким уровнем дохода", "Países de ingreso bajo"],
    "LMC": ["البلدان المتوسطة الدخل من الشريحة الدنيا", "中等偏下收入国家", "Lower-middle-income economies",
            "Pays à revenu intermédiaire de la tranche inférieure", "Страны с уровнем дохода ниже среднего",
            "Países de ingreso mediano bajo"],
    "UMC": ["البلدان المتوسطة الدخل من الشريحة العليا", "中等偏上收入国家", "Upper-middle-income economies",
            "Pays à revenu intermédiaire de la tranche supérieure", "Страны с уровнем дохода выше среднего",
            "Países de ingreso mediano alto"],
    "HIC": ["البلدان المرتفعة الدخل", "高收入国家", "High-income economies", "Pays à revenu élevé",
            "Страны с высоким уровнем дохода", "Países de ingreso alto"],
}


def regions(folder):
    """M49 code -> (parent, names in six languages), parents first."""
    found = {}
    for position, language in enumerate(UN_LANGUAGES):
        for row in read_csv(folder / f"UNSD-{NAME_COLUMN[language]}.csv"):
            parent = ""
            for level in ("Region", "Sub-region", "Intermediate Region"):
                code = (row[f"{level} Code"] or "").strip()
                if not code:
                    continue
                entry = found.setdefault(code, (parent, [""] * len(UN_LANGUAGES)))
                entry[1][position] = one_line(row[f"{level} Name"])
                parent = code
    return found


def country_names(folder):
    """alpha-3 -> short names in six languages, as M49 writes them."""
    found = {}
    for position, language in enumerate(UN_LANGUAGES):
        for row in read_csv(folder / f"UNSD-{NAME_COLUMN[language]}.csv"):
            names = found.setdefault(row["ISO-alpha3 Code"], [""] * len(UN_LANGUAGES))
            names[position] = one_line(row["Country or Area"])
    for (alpha3, language), name in NAME_FIXES.items():
        found[alpha3][UN_LANGUAGES.index(language)] = name
    return found


def m49(code):
    return code.strip().zfill(3) if code.strip() else ""


def country_rows(codes, incomes, names):
    for row in codes:
        alpha3 = row["ISO3166-1-Alpha-3"]
        areas = [m49(row[f"{level} Code"]) for level in ("Region", "Sub-region", "Intermediate Region")]
        areas = [area for area in areas if area]
        developed = alpha3 in DEVELOPED_OTHERS or bool(DEVELOPED_REGIONS & set(areas))
        # Nobody's home: M49 gives Antarctica no region, and it is neither.
        groups = [] if not areas else ["developed" if developed else "developing"]
        for code, column in (("LDC", "Least Developed Countries (LDC)"), ("LLDC", "Land Locked Developing Countries (LLDC)"),
                             ("SIDS", "Small Island Developing States (SIDS)")):
            if row[column].strip() == "x":
                groups.append(code)
        if "002" in areas:
            groups.append("africa")
        if alpha3 in incomes:
            groups.append(incomes[alpha3])
        currency = CURRENCY_FIXES.get(alpha3, row["ISO4217-currency_alphabetic_code"].split(",")[0].strip())
        yield [row["ISO3166-1-Alpha-2"], alpha3, m49(row["M49"]), currency, ";".join(groups + areas), *names[alpha3]]


def currency_rows(codes, iati_currencies):
    used = dict(iati_currencies)
    for row in codes:
        for code, name in zip(row["ISO4217-currency_alphabetic_code"].split(","),
                              row["ISO4217-currency_name"].split(",")):
            if code.strip():
                used.setdefault(code.strip(), one_line(name))
    return [[code, used[code]] for code in sorted(used)]


def main():
    from build_iati_lists import codelist  # the currency names come from the same kind of file

    folder = source_dir("ref_country_codes")
    codes = read_csv(folder / "country-codes.csv")
    incomes = {row["iso3c"]: INCOME[row["income"]]
               for row in read_csv(source_dir("ref_country_groups") / "wb_country_income.csv") if row["income"] in INCOME}
    rows = list(country_rows(codes, incomes, country_names(folder)))
    rows.append([KOSOVO["code"], KOSOVO["alpha3"], KOSOVO["m49"], KOSOVO["currency"],
                 ";".join(KOSOVO["groups"] + [incomes["XKX"]]), *KOSOVO["names"]])
    missing = [row[0] for row in rows if not all(row[5:])]
    if missing:
        print(f"countries without a name in some language: {missing}", file=sys.stderr)
    write_tsv("countries.tsv", ["code", "alpha3", "m49", "currency", "groups", *UN_LANGUAGES], sorted(rows))
    groups = [[code, "", *names] for code, names in OTHER_GROUPS.items()]
    groups += [[code, parent, *names] for code, (parent, names) in regions(folder).items()]
    write_tsv("country_groups.tsv", ["code", "parent", *UN_LANGUAGES], groups)
    iati = {item["code"]: item["en"] for item in codelist(source_dir("ref_iati_codelists"), "Currency")}
    write_tsv("currencies.tsv", ["code", "en"], currency_rows(codes, iati))


if __name__ == "__main__":
    main()
