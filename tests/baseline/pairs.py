#!/usr/bin/env python3
"""pairs.py SHARED_DATA_DIR OUT_DIR [--most N]: files of known pairs for `counterpart evaluate`, tfidf.py and tests/quality/run.

The format is described in server/evaluate/pair_file.h. SHARED_DATA_DIR holds a folder a set, each with a SOURCE.txt; SETS below
says what is made of each. Some may be measured with but not committed, so nothing written here belongs in the repository.

Ever the same: a candidate of several texts is known by those that are not the query's own source, the name of who is looked
for is masked in the query, and a text that was there before is dropped. Of tenders, members, titles and SDG texts there are
no more than N queries and candidates (1,500), of agencies and firms a third of N: the first by the hash of their ids, so that
a new row moves nobody else in or out.
"""

import argparse
import csv
import gzip
import hashlib
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from masking import Mask
from tfidf import Tfidf, dot

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
LEAST_TEXTS = 3       # of an organisation that is known by its other texts
LEAST_LENGTH = 80     # characters of a Corfo project
LEAST_OBJECTIVE = 40  # characters of what a title is to be matched with; below are "TBD" and the like
NEAR_DUPLICATE = 0.8
NEAR_TENDER = 0.9     # its SOURCE.txt says so
LEAST_TITLES = 5      # of a financier
QUERIES_A_FINANCIER = 12
TEXTS_A_FINANCIER = 40
TEXTS_A_SUPPLIER = 6
PROFILED_UNTIL = "2025-05-01"  # tenders before it profile suppliers, later ones ask


@dataclass
class Query:
    """`relevant`: candidate ids, the chosen one first; `when`: year or date; `leave_out`: the id of the query's own text."""
    id: str
    text: str
    relevant: list
    leave_out: str = ""
    country: str = ""
    when: str = ""


@dataclass
class PairSet:
    """`source`: the folder. `candidates`: id -> {text id: text}. `group`: figures of its sets are told together. `macro`: every
    organisation counts the same, however many queries it has. `across`: the two sides are of different languages."""
    name: str
    source: str
    about: str
    candidates: dict
    queries: list
    group: str = ""
    macro: bool = False
    across: bool = False

    def write(self, out):
        with open(out / f"{self.name}.jsonl", "w", encoding="utf-8", newline="\n") as file:
            def put(row):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")

            put({"set": self.name, "source": self.source, "about": self.about, "group": self.group or self.name,
                 "macro": self.macro, "across": self.across})
            for candidate, texts in self.candidates.items():
                put({"candidate": candidate, "texts": [{"id": key, "text": text} for key, text in texts.items()]})
            for query in self.queries:
                known = {name: value for name in ("leave_out", "country", "when") if (value := getattr(query, name))}
                put({"query": query.id, "text": query.text, **known, "relevant": query.relevant})
        print(f"{self.name}: {len(self.candidates)} candidates, {len(self.queries)} queries", file=sys.stderr)


def rows_of(file, delimiter=","):
    with open(file, encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)


def plain(text):
    return " ".join(text.split())


def year_of(text):
    """The first four digits in a row; "" where there are none."""
    found = re.search(r"\d{4}", text or "")
    return found.group() if found else ""


def first_by_hash(items, most, key=str):
    """At most `most` of them, in the order in which they came."""
    chosen = sorted(items, key=lambda item: hashlib.sha256(key(item).encode()).digest())[:most]
    kept = set(map(key, chosen))
    return [item for item in items if key(item) in kept]


def unlike(texts, model, most_alike):
    """The keys of those that are not nearly equal to one before them."""
    kept = {}
    for key, text in texts.items():
        vector = model.vector(text)
        if all(dot(vector, other) <= most_alike for other in kept.values()):
            kept[key] = vector
    return list(kept)


def masked_all(text, names):
    for name in names:
        text = Mask(name, [text])(text)
    return text


def by_others(candidates, known):
    """Each text is a query for its own candidate, which is profiled by its other texts. `known`: text id -> (country, when)."""
    return [Query(f"q{key}", text, [candidate], key, *known[key])
            for candidate, texts in candidates.items() for key, text in texts.items()]


# --- Organisations by what they did: the executing agency of an aid project, the firm of an innovation project.

def cida(data, most):
    seen, agencies, known = set(), defaultdict(dict), {}
    for row in rows_of(data / "gt_cida" / "cida_projects.csv"):
        text, agency = plain(row["project_abstract"]), row["executing_agency"].strip()
        # Umbrella funds repeat one abstract under many agencies: its first appearance counts.
        if not text or not agency or agency.lower() == "information not available" or text.lower() in seen:
            continue
        seen.add(text.lower())
        key = "t" + row["webscrape_id"]
        agencies[agency][key] = text
        known[key] = (row["countries"].split(",")[0].strip(), year_of(row["start_year"]))
    candidates = {}
    for agency in first_by_hash([one for one, texts in agencies.items() if len(texts) >= LEAST_TEXTS], most // 3):
        mask = Mask(agency, agencies[agency].values())
        candidates[agency] = {key: mask(text) for key, text in agencies[agency].items()}
    yield PairSet("cida", "gt_cida", "project → executing agency by its others, en", candidates, by_others(candidates, known))


def corfo(data, most):
    """Firms whose projects are stages of one project would be found by the repeated text."""
    firms, seen, known = defaultdict(dict), set(), {}
    for row in rows_of(data / "gt_corfo_innova_es" / "corfo_innova_2009_2021_deidentified.csv"):
        text = plain(row["titulo"] + " " + row["objetivo"])
        # A bare title of a few words says too little of a project to be asked for its firm.
        if row["natural_person"] != "False" or len(text) < LEAST_LENGTH or text.lower() in seen:
            continue
        seen.add(text.lower())
        texts = firms[row["beneficiary_id"]]
        key = f"{row['beneficiary_id']}:{len(texts)}"
        known[key] = (row["regionejecucion"].strip(), year_of(row["anio_adjudicacion"]))  # Chile is one country
        texts[key] = text
    firms = {firm: texts for firm, texts in firms.items() if len(texts) >= LEAST_TEXTS}
    model = Tfidf([text for texts in firms.values() for text in texts.values()])
    candidates = {}
    for firm, texts in firms.items():
        kept = unlike(texts, model, NEAR_DUPLICATE)
        if len(kept) >= LEAST_TEXTS:
            candidates[firm] = {key: texts[key] for key in kept}
    before, after = (sum(len(texts) for texts in group.values()) for group in (firms, candidates))
    print(f"corfo: {len(firms)} firms, {before} projects; {before - after} left out with the near-duplicates",
          file=sys.stderr)
    candidates = {firm: candidates[firm] for firm in first_by_hash(list(candidates), most // 3)}
    yield PairSet("corfo", "gt_corfo_innova_es", "project → firm by its others, es", candidates, by_others(candidates, known))


# --- Suppliers by the tenders that they bid for: earlier ones, and at other agencies than those who ask.

def half_of(name):
    """As `counterpart evaluate --train` halves organisations and countries (server/cli/evaluate.cpp): 0 is learnt from."""
    value = 2166136261
    for byte in name.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value >> 7 & 1


def etimad(data, most):
    with gzip.open(data / "gt_etimad_ar" / "awards_until_2025-09.jsonl.gz", "rt", encoding="utf-8") as lines:
        tenders = [json.loads(line) for line in lines]
    text_of = {row["ref"]: plain(f"{row['name']} {row['activity'] or ''}") for row in tenders}
    bids = defaultdict(dict)
    for row in tenders:
        if row["date"] < PROFILED_UNTIL and half_of(row["agency"]) == 0:
            for supplier in row["bidders"]:
                if text_of[row["ref"]] not in bids[supplier].values():
                    bids[supplier][row["ref"]] = text_of[row["ref"]]
    known_ones = [supplier for supplier, texts in bids.items() if len(texts) >= LEAST_TEXTS]
    candidates = {supplier: {key: bids[supplier][key] for key in first_by_hash(list(bids[supplier]), TEXTS_A_SUPPLIER)}
                  for supplier in first_by_hash(known_ones, most)}
    queries, asked = [], defaultdict(dict)
    for row in tenders:
        chosen = set(row["winners"])
        relevant = sorted({one for one in row["bidders"] if one in candidates}, key=lambda one: (one not in chosen, one))
        if row["date"] >= PROFILED_UNTIL and half_of(row["agency"]) == 1 and relevant:
            asked[row["agency"]][row["ref"]] = text_of[row["ref"]]
            queries.append(Query("q" + row["ref"], text_of[row["ref"]], relevant, "", row["region"] or "", row["date"]))
    # Twice as many as are wanted: the near-duplicates of one agency go.
    queries = first_by_hash(queries, 2 * most, key=lambda query: query.id)
    model = Tfidf([query.text for query in queries])
    taken = {query.id[1:] for query in queries}
    unlike_ones = {key for texts in asked.values()
                   for key in unlike({key: text for key, text in texts.items() if key in taken}, model, NEAR_TENDER)}
    queries = [query for query in queries if query.id[1:] in unlike_ones]
    yield PairSet("etimad", "gt_etimad_ar", "tender → bidders by earlier bids at other agencies, ar", candidates,
                  first_by_hash(queries, most, key=lambda query: query.id))


# --- Financiers by the titles of what they financed.

def financier_of(name):
    """One spelling for one financier; "" for a ministry of the country itself and for nobody in particular."""
    name = re.sub(r"\([^)]*\)", " ", name)
    name = plain(re.sub(r"[^\w&]+", " ", name).lower())
    name = re.sub(r"^(the )?(government|embassy) of (the )?", "", name)
    if re.match(r"(ministry|state|unspecified|other|unknown|private)\b", name):
        return ""
    return SPELLINGS.get(name, name)


SPELLINGS = {
    "united states of america": "united states", "usaid": "united states", "us": "united states",
    "united states agency for international development": "united states",
    "undp": "united nations development programme", "unicef": "united nations children s fund",
    "unfao": "food and agriculture organization", "fao": "food and agriculture organization",
    "unesco": "united nations educational scientific and cultural organization", "who": "world health organization",
    "united nations fund for poppulation": "united nations population fund", "unfpa": "united nations population fund",
    "united nations populations fund": "united nations population fund",
    "eu": "european union", "eu commission": "european union", "european commission": "european union",
    "european union european development fund": "european union",
    "asia development bank": "asian development bank", "international development association": "world bank",
    "uk": "united kingdom", "uk government": "united kingdom", "dfid": "united kingdom",
    "department for international development": "united kingdom", "great britain": "united kingdom",
    "denmark danida": "denmark", "australian aid program": "australia", "dfat australian aid program": "australia",
    "swedish international development cooperation agency": "sweden",
    "swedish international development agency": "sweden", "global environmental facility": "global environment facility",
    "japan international cooperation agency": "japan",
    "spanish agency for international development cooperation": "spain", "irish aid": "ireland",
}


def financiers(data, _):
    titles, known, donors_of = defaultdict(dict), {}, defaultdict(set)
    key_of = {}
    for row in rows_of(data / "financiers_aiddata" / "projects.csv"):
        text = plain(row["title"])
        donors = {name for donor in row["donors"].split("|") if (name := financier_of(donor))}
        if len(text) < 15 or not donors:
            continue
        # Phases of one project bear one title: it is one text, whoever finances a phase.
        key = key_of.setdefault(text.lower(), f"{row['source']}:{row['project_id']}")
        known.setdefault(key, (text, row["country"], year_of(row["start"])))
        donors_of[key] |= donors
    for key, donors in donors_of.items():
        for donor in sorted(donors):
            titles[donor][key] = known[key][0]
    candidates, queries = {}, {}
    for donor, texts in titles.items():
        if len(texts) < LEAST_TITLES:
            continue
        mask = Mask(donor, texts.values())
        kept = first_by_hash(list(texts), TEXTS_A_FINANCIER)
        candidates[donor] = {key: text for key in kept if (text := mask(texts[key]))}
    for donor, texts in candidates.items():
        for key in first_by_hash(list(texts), QUERIES_A_FINANCIER):
            relevant = [donor] + sorted(one for one in donors_of[key] if one in candidates and one != donor)
            if text := masked_all(texts[key], relevant[1:]):
                queries.setdefault(key, Query("q" + key, text, relevant, key, *known[key][1:]))
    yield PairSet("aims_financiers", "financiers_aiddata", "project's title → financier by its others, en es fr", candidates,
                  list(queries.values()), macro=True)


# --- Missions of expert groups: their own name, their members' names, their policy area.

def experts(data, most):
    groups = [row for row in rows_of(data / "experts_ec_groups" / "groups.csv") if len(plain(row["mission"])) >= LEAST_OBJECTIVE]
    members = defaultdict(dict)
    for row in rows_of(data / "experts_ec_groups" / "organisations.csv"):
        name = plain(row["name"])
        members[row["group_code"]].setdefault(name.lower(), (name, row["countries_areas_represented"]))
    names, areas, of_organisations, of_names, of_areas = {}, {}, [], [], []
    chosen = set(first_by_hash(sorted({key for group in members.values() for key in group}), most))
    organisations = {key: {key: name} for group in members.values() for key, (name, _) in group.items() if key in chosen}
    for row in groups:
        code, mission, when = row["code"], plain(row["mission"]), row["active_since"].split("/")[-1]
        if len(when) == 2:
            when = ("20" if when < "50" else "19") + when
        masked = Mask(plain(row["name"]), [mission])(mission)
        if len(masked) >= LEAST_OBJECTIVE:
            names[code] = {code: plain(row["name"])}
            of_names.append(Query(f"name:{code}", masked, [code], "", "", when))
        stated = [plain(area) for area in row["policy_area"].split("\n") if plain(area)]
        areas |= {area: {area: area} for area in stated}
        if stated:
            of_areas.append(Query(f"area:{code}", mission, stated, "", "", when))
        relevant = [key for key in members[code] if key in chosen]
        if relevant:
            of_organisations.append(Query(f"member:{code}", masked_all(mission, [members[code][key][0] for key in relevant]),
                                          relevant, "", members[code][relevant[0]][1], when))
    source = "experts_ec_groups"
    yield PairSet("experts_groups", source, "mission → group's name, en fr", names, of_names)
    yield PairSet("experts_members", source, "mission → member organisations' names, en", organisations, of_organisations)
    yield PairSet("experts_areas", source, "mission → policy area, en", areas, of_areas)


# --- Titles: one text in brief and at length.

def titles(name, source, about, rows, most):
    """`rows`: (id, title, text, country, when). A text that holds the title itself teaches nothing, and is left out."""
    seen, kept = set(), {}
    for key, title, text, country, when in rows:
        title, text = plain(title), plain(text)
        if len(text) < LEAST_OBJECTIVE or len(title) < 8 or title.lower() in text.lower() or text.lower() in seen \
                or title.lower() in seen:
            continue
        seen |= {text.lower(), title.lower()}
        kept[key] = (title, text, country, when)
    chosen = first_by_hash(list(kept), most)
    return PairSet(name, source, about, {key: {key: kept[key][1]} for key in chosen},
                   [Query("q" + key, kept[key][0], [key], "", *kept[key][2:]) for key in chosen])


def world_bank(data, most):
    yield titles("worldbank", "wb_projects_2024", "name → objective, en", (
        (row["id"], row["project_name"], row["pdo"], row["countryname"], year_of(row["boardapproval_year"]))
        for row in rows_of(data / "wb_projects_2024" / "wb_projects.csv")), most)


def aims(data, most):
    def of(file, country, *columns):
        for row in rows_of(data / "aims_projects_es_fr" / file):
            text = max((row[column] or "" for column in columns), key=len)
            # Where accents became "?", the words are broken in one of the two texts.
            if "?" not in text and "?" not in row["project_title"]:
                yield row["project_id"], row["project_title"], text, country, year_of(row["start_actual_isodate"])

    source = "aims_projects_es_fr"
    yield titles("aims_titles_es", source, "title → description, es", [
        *of("honduras_es.csv", "HN", "Objective", "Project Description"), *of("colombia_es.csv", "CO", "OBJETIVO")], most)
    yield titles("aims_titles_fr", source, "title → description, fr", of("senegal_fr.csv", "SN", "Project Description"), most)


# --- SDG: six official wordings of one item.

def sdg_text(text):
    """Without tatweel (a stretched line, no letter) and footnote marks such as "(3)" or "*"."""
    text = text.replace("\u0640", "")
    text = re.sub(r"\s*\(\s*[\d\u0660-\u0669]{1,2}\s*\)|[*†‡]|\[\d+\]", " ", text)
    return plain(text)


def sdg(data, most):
    folder, about = "xl_sdg_six_languages", "SDG text → the same in another language, 30 directions"
    items, seen = [], set()
    for row in rows_of(data / folder / "sdg_aligned.tsv", delimiter="\t"):
        english = plain(row["en"]).lower()
        if english in seen:  # 17 indicators are repeated officially
            continue
        seen.add(english)
        items.append((f"{row['kind']}:{row['key']}", {language: sdg_text(row[language]) for language in LANGUAGES}))
    items = first_by_hash(items, most, key=lambda item: item[0])
    for source in LANGUAGES:
        for target in LANGUAGES:
            if source != target:
                yield PairSet(f"sdg_{source}_{target}", folder, about,
                              {key: {key: texts[target]} for key, texts in items},
                              [Query(f"q:{key}", texts[source], [key]) for key, texts in items], group="sdg", across=True)


SETS = (cida, corfo, etimad, financiers, experts, world_bank, aims, sdg)


def main():
    parser = argparse.ArgumentParser(description="writes files of known pairs")
    parser.add_argument("shared_data_dir", type=Path)
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--most", type=int, default=1500, help="queries and candidates of a set")
    arguments = parser.parse_args()
    arguments.out_dir.mkdir(parents=True, exist_ok=True)
    for make in SETS:
        for pairs in make(arguments.shared_data_dir, arguments.most):
            pairs.write(arguments.out_dir)


if __name__ == "__main__":
    main()
