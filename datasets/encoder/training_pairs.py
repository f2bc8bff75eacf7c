#!/usr/bin/env python3
"""training_pairs.py SHARED_DATA_DIR OUT.jsonl.gz: pairs of texts that belong together, for train_e5.py.

Openly licensed data holds them by itself: a name and what it names, a label and what was put under it, two halves of one
text, one text in two languages. Sets that may be measured with but not committed (gt_*) are never read here. Standard
library only; running again gives the same bytes.

A line each: set, family (sets of one family are left out together when a model is tried on texts it has not seen), a, b,
`bare` (a without the names that b has, too, so that names alone cannot give the answer away), group (pairs of one group
are no counter-examples of each other), languages of a and b.
"""

import collections
import csv
import gzip
import hashlib
import html
import json
import random
import re
import sys
import xml.etree.ElementTree
from pathlib import Path

DATASETS = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NO_LABEL = ("N/A", "Unknown", "")

Pair = collections.namedtuple("Pair", "set family a b bare group from_language to_language")

# At most so many pairs of a set, those with the smallest hashes: the World Bank must not drown the others.
MOST = {"wb_name": 6000, "wb_halves": 3000, "wb_sector": 2500, "wb_theme": 1500, "financed": 2500, "hs": 1200}
MOST_OF_A_LABEL = 40


def plain(text):
    return " ".join(html.unescape(text or "").split())


def calm(text):
    """Shouted titles as they would be written otherwise."""
    return text.lower() if sum(c.isupper() for c in text) > .6 * max(1, sum(c.isalpha() for c in text)) else text


def says(text, least):
    return len(plain(text)) >= least and not re.search(r"\b(TBD|to be determined)\b", text, re.IGNORECASE)


def rank(text):
    return hashlib.sha256(text.encode()).hexdigest()


def csv_rows(file, skip=0):
    csv.field_size_limit(1 << 24)
    with open(file, encoding="utf-8-sig", newline="") as lines:
        for _ in range(skip):
            next(lines)
        yield from csv.DictReader(lines)


def tsv_rows(file):
    with open(file, encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def json_rows(file):
    with open(file, encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def bare(a, b):
    """`a` without the words that `b` writes with a capital inside a sentence."""
    names = set(re.findall(r"(?<![.!?:] )(?<!^)\b([A-Z][\w'-]{2,})", b))
    left = " ".join(word for word in a.split() if word.strip(",.:;()") not in names)
    return left if len(left) >= 8 else a


def named(family, name, a, b, lang="en"):
    """A name and its text, or two texts: names that both have are masked."""
    a, b = calm(plain(a)), calm(plain(b))
    return Pair(name, family, a, b, bare(a, b), b, lang, lang)


def labelled(family, name, label, text, group=None, lang="en"):
    label, text = calm(plain(label)), calm(plain(text))
    return Pair(name, family, label, text, label, group or label, lang, lang)


def halves(family, name, text, lang="en"):
    sentences = re.split(r"(?<=[.;!?])\s+", plain(text))
    a, b = " ".join(sentences[:len(sentences) // 2]), " ".join(sentences[len(sentences) // 2:])
    if min(len(a), len(b)) >= 40:
        yield named(family, name, a, b, lang)


def world_bank(data):
    seen = set()
    for row in csv_rows(data / "wb_projects_2024/wb_projects.csv"):
        aim = plain(row["pdo"])
        if not says(aim, 50) or aim in seen:
            continue
        seen.add(aim)
        aim = re.sub(r"^(The )?(project|program)?('s)? ?development objectives?( of the project)?( \(PDO\))? (is|are) ", "",
                     aim, flags=re.IGNORECASE)
        yield named("wb", "wb_name", row["project_name"], aim)
        yield from halves("wb", "wb_halves", aim)
        if row["sector1"]:
            label = ", ".join(dict.fromkeys(filter(None, (row["sector1"], row["sector2"]))))
            yield labelled("wb", "wb_sector", label, aim, row["sector1"])
        if row["theme1"]:
            yield labelled("wb", "wb_theme", re.sub(r"^FY17 - ", "", row["theme1"]), aim)


def aid_projects(data):
    for country, lang, title, texts in (("honduras_es", "es", "project_title", ("Objective", "Project Description")),
                                        ("colombia_es", "es", "PROYECTO", ("OBJETIVO",)),
                                        ("senegal_fr", "fr", "project_title", ("Project Description",))):
        for row in csv_rows(data / f"aims_projects_es_fr/{country}.csv"):
            found = [row[text] for text in texts if says(row[text], 50)]
            if "?" in row[title] or not found:
                continue
            yield named("aims", "aims_" + country, row[title], found[0], lang)
            if len(found) > 1:
                yield named("aims", "aims_both_texts", *found, lang)


def financed(data):
    for row in csv_rows(data / "financiers_aiddata/projects.csv"):
        if len(row["title"]) > 25 and 0 < len(row["sector_names"]) < 120:
            yield labelled("financiers", "financed", row["sector_names"], row["title"])


def expert_groups(data):
    for row in csv_rows(data / "experts_ec_groups/groups.csv"):
        if not says(row["mission"], 60):
            continue
        yield named("groups", "group_name", row["en_name"] or row["name"], row["mission"])
        if says(row["task"], 40):
            yield named("groups", "group_task", row["mission"], row["task"])
        if row["policy_area"]:
            yield labelled("groups", "group_area", row["policy_area"], row["mission"])


def start_ups(data):
    of_label = collections.Counter()
    for row in json_rows(data / "companies_techstars/techstars_companies.jsonl"):
        text = plain(row["description"])
        if says(text, 40) and row["industry"] and of_label[row["industry"]] < MOST_OF_A_LABEL:
            of_label[row["industry"]] += 1
            yield labelled("companies", "startup_industry", row["industry"], text)
        if says(text, 120):
            yield from halves("companies", "company_halves", text)


def climate_companies(data):
    for row in csv_rows(data / "orgs_drawdown/organisations.csv"):
        if not says(row["Description"], 50):
            continue
        text = plain(row["Description"]).replace(row["Organization"], "The company")
        if row["Drawdown Solution"] not in NO_LABEL:
            yield labelled("companies", "climate_solution", row["Drawdown Solution"], text)
        yield from halves("companies", "company_halves", text)
    for row in csv_rows(data / "carbonplan_cdr/projects.csv", skip=8):
        if says(row["description"], 20) and says(row["mechanism_notes"], 40):
            yield named("companies", "carbon_removal", row["description"], row["mechanism_notes"])
    above = None
    for line in open(data / "ref_ctcn_taxonomy/ctcn_technologies.md", encoding="utf-8"):
        if line.startswith("#"):
            above = line.strip("# \n")
        elif line.startswith("- ") and above:
            yield labelled("companies", "climate_technology", above, line[2:])


def open_solutions(data, goals):
    for row in json_rows(data / "dpg_solutions/nominees.jsonl"):
        if not says(row["description"], 60):
            continue
        text = re.sub(re.escape(row["name"]), "It", plain(row["description"]), flags=re.IGNORECASE)
        yield from halves("companies", "company_halves", text)
        yield labelled("companies", "solution_name", row["name"], row["description"], plain(row["description"]))
        if row["sectors"]:
            yield labelled("companies", "solution_sector", ", ".join(row["sectors"]), text, row["sectors"][0])
        if row["sdgs"] and str(row["sdgs"][0]) in goals:
            yield labelled("companies", "solution_goal", goals[str(row["sdgs"][0])], text)
    for row in csv_rows(data / "opensustain_orgs/organisations.csv"):
        text, topics = row["organization_description"], row["organization_sub_category"]
        if says(text, 30) and topics:
            first = dict.fromkeys(topic.strip() for topic in topics.split(",")[:4])
            yield labelled("companies", "organisation_topic", ", ".join(first), text, topics)
            yield labelled("companies", "organisation_name", row["organization_name"], text, text)


def six_languages(family, name, rows, key):
    drawn = random.Random(name)
    for row in rows:
        known = [language for language in LANGUAGES if plain(row[language])]
        for _ in range(6):
            a, b = drawn.sample(known, 2)
            yield Pair(name, family, plain(row[a]), plain(row[b]), plain(row[a]), row[key], a, b)


def industries(data):
    titles = {}
    for language in ("en", "ar"):
        tree = json.loads((data / f"ref_isic_rev4/{language}.json").read_text(encoding="utf-8"))
        for section in tree["sections"]:
            for division in section["divisions"]:
                titles[language, division["division"]] = division["description"]
                for group in division["groups"]:
                    titles[language, group["group"]] = group["description"]
                    titles.update({(language, one["class"]): one["description"] for one in group["classes"]})
    for (language, code), title in titles.items():
        if language == "en" and ("ar", code) in titles:
            yield Pair("isic_languages", "parallel", title, titles["ar", code], title, code, "en", "ar")
        if len(code) == 4:
            yield labelled("codes", "isic", titles[language, code[:2]], title, code[:2], language)


def aid_purposes(data):
    root = xml.etree.ElementTree.parse(data / "ref_iati_codelists/nonembedded/Sector.xml").getroot()
    for item in root.iter("codelist-item"):
        def texts(tag):
            return {one.get(XML_LANGUAGE, "en"): plain(one.text) for one in item.findall(f"{tag}/narrative")}
        names, descriptions = texts("name"), texts("description")
        for language in ("en", "fr"):
            if names.get(language) and says(descriptions.get(language, ""), 25):
                yield labelled("codes", "purpose_" + language, names[language], descriptions[language],
                               descriptions[language], language)
        for both in (names, descriptions):
            if both.get("en") and both.get("fr"):
                yield Pair("purpose_languages", "parallel", both["en"], both["fr"], both["en"], both["fr"], "en", "fr")


def goods(data):
    titles = {row["hscode"]: row["description"] for row in csv_rows(data / "ref_hs_codes/harmonized-system.csv")}
    for code, title in titles.items():
        if len(code) == 4 and code[:2] in titles:
            yield labelled("codes", "hs", titles[code[:2]], title)


def all_pairs(data):
    sdg = list(tsv_rows(data / "xl_sdg_six_languages/sdg_aligned.tsv"))
    goals = {}
    for row in sdg:
        if row["kind"] == "goals" and len(row["en"]) > len(goals.get(row["key"].split("-")[0], "")):
            goals[row["key"].split("-")[0]] = row["en"]
    for source in (world_bank(data), aid_projects(data), financed(data), expert_groups(data), start_ups(data),
                   climate_companies(data), open_solutions(data, goals), six_languages("sdg", "sdg", sdg, "key"),
                   industries(data), aid_purposes(data), goods(data)):
        yield from source
    for name in ("technologies", "themes"):
        yield from six_languages("parallel", name, tsv_rows(DATASETS / f"taxonomy/{name}.tsv"), "code")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.splitlines()[0])
    sets = collections.defaultdict(list)
    for pair in all_pairs(Path(sys.argv[1])):
        if min(len(pair.a), len(pair.b)) >= 3 and pair.a != pair.b:
            sets[pair.set].append(pair)
    with open(sys.argv[2], "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        for name, pairs in sets.items():
            kept = sorted(pairs, key=lambda pair: rank(pair.a + pair.b))[:MOST.get(name, len(pairs))]
            for pair in kept:
                out.write((json.dumps(pair._asdict(), ensure_ascii=False) + "\n").encode())
            print(f"{name} ({kept[0].family}): {len(kept)} of {len(pairs)}", file=sys.stderr)


if __name__ == "__main__":
    main()
