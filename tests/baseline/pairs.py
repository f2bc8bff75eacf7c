#!/usr/bin/env python3
"""pairs.py SHARED_DATA_DIR OUT_DIR: files of known pairs for `counterpart evaluate` and tfidf.py, from public sets.

The format is described in server/cli/evaluate.cpp. SHARED_DATA_DIR holds a folder a set, each with a SOURCE.txt:
  gt_cida              -> cida.jsonl              abstract of a Canadian aid project -> its executing agency
  gt_corfo_innova_es   -> corfo.jsonl             title and objective of a Chilean project -> its firm
  xl_sdg_six_languages -> sdg_<from>_<to>.jsonl   text of a goal, target or indicator -> the same in another language
The first two may be measured with but not committed, so nothing written here belongs in the repository.
"""

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

from tfidf import Tfidf, dot

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
LEAST_TEXTS = 3
LEAST_LENGTH = 80  # characters of a Corfo project
NEAR_DUPLICATE = 0.8


def rows_of(file, delimiter=","):
    with open(file, encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)


def plain(text):
    return " ".join(text.split())


def write_set(out, name, candidates, queries, countries):
    """`countries`: text id -> where; `candidates`: id -> {text id: text}; `queries`: (id, text, text id to leave out or None, candidate id)."""
    with open(out / f"{name}.jsonl", "w", encoding="utf-8", newline="\n") as file:
        def put(row):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

        put({"set": name})
        for candidate, texts in candidates.items():
            put({"candidate": candidate, "texts": [{"id": key, "text": text} for key, text in texts.items()]})
        for key, text, leave_out, relevant in queries:
            source = {"leave_out": leave_out} if leave_out else {}
            if countries.get(leave_out):
                source["country"] = countries[leave_out]
            put({"query": key, "text": text, **source, "relevant": [relevant]})
    print(f"{name}: {len(candidates)} candidates, {len(queries)} queries", file=sys.stderr)


def write_by_others(out, name, candidates, countries):
    """Each text is a query for its own candidate, which is profiled by its other texts."""
    queries = [(f"q{key}", text, key, candidate)
               for candidate, texts in candidates.items() for key, text in texts.items()]
    write_set(out, name, candidates, queries, countries)


# --- CIDA: the agency's name must not be found by its own name in the text.

# Words that names share, so that one of them alone gives nobody away and is not masked.
COMMON = set("""canada canadian international national world united nations inc ltd the de du des of and et for centre
center office new york embassy trust foundation fund society association development bank industry government ministry
institute agency program programme health education relief action plan care""".split())
TAIL = re.compile(r"[\s,]+(Inc|Ltd|Ltée|Canada|Québec)\b\.?(\s+(Inc|Ltd)\b\.?)?\s*$", re.IGNORECASE)
JOINERS = {"of", "the", "and", "for", "de", "du", "des", "la", "le", "les", "et", "en", "d", "l", "to", "in", "on", "y"}


def name_parts(agency):
    """The name and its parts: both languages, what stands in brackets, c/o; with and without "Inc." and "Canada"."""
    parts = {agency}
    parts.update(re.split(r"\s*/\s*|\s+-\s+|[()]|\bC/O\b|\bvia\b", agency, flags=re.IGNORECASE))
    for part in list(parts):
        parts.add(TAIL.sub("", part))
    parts = {part.strip(" ,.-") for part in parts}
    return {part for part in parts if len(part) > 2 and not set(part.lower().split()) <= COMMON | JOINERS} | {agency}


def name_runs(agency):
    """Three words of the name or more in a row: names in two languages stand side by side, others are cut short."""
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", agency)
    runs = (words[first:last] for first in range(len(words)) for last in range(first + 3, len(words) + 1))
    return {" ".join(run) for run in runs if run[0].lower() not in JOINERS and run[-1].lower() not in JOINERS}


def acronyms(agency):
    """Initials of the name and its parts with and without the joining words, and what is written in capitals in it."""
    found = set()
    for part in name_parts(agency):
        words = [word for word in re.findall(r"[^\W\d_]+", part)]
        found.add("".join(word[0] for word in words))
        found.add("".join(word[0] for word in words if word.lower() not in JOINERS))
    if not agency.isupper():
        found.update(re.findall(r"\b[A-Z]{3,8}\b", agency))
    found.update(re.findall(r"\(([A-Z]{2,10})\)", agency))
    found = {unicodedata.normalize("NFD", name.upper()) for name in found}
    found = {"".join(c for c in name if not unicodedata.combining(c)) for name in found}
    return {name for name in found if 3 <= len(name) <= 10}


class Mask:
    def __init__(self, agency, texts):
        names = sorted(name_parts(agency) | name_runs(agency), key=lambda name: (-len(name), name))
        gap = r"[\s,.'’-]+"
        loose = [gap.join(re.escape(word) for word in re.split(gap, name) if word) for name in names]
        self.name = re.compile(r"(?<!\w)(?:" + "|".join(loose) + r")(?:me|s)?(?!\w)", re.IGNORECASE)
        short = acronyms(agency)
        # The acronym a text itself gives behind the name: "... (ADB)".
        for text in texts:
            for match in self.name.finditer(text):
                given = re.match(r"\s*\(([A-Z][\w&-]{1,12})\)", text[match.end():])
                if given:
                    short.add(given.group(1))
        words = "|".join(re.escape(name) for name in sorted(short, key=lambda name: (-len(name), name)))
        self.short = re.compile(r"(?<!\w)(?:" + words + r")(?:[’']?s)?(?!\w)") if words else None

    def __call__(self, text):
        text = self.name.sub(" ", text)
        return plain(self.short.sub(" ", text) if self.short else text)


def write_cida(data, out):
    seen, agencies, countries = set(), defaultdict(dict), {}
    for row in rows_of(data / "gt_cida" / "cida_projects.csv"):
        text, agency = plain(row["project_abstract"]), row["executing_agency"].strip()
        # Umbrella funds repeat one abstract under many agencies: its first appearance counts.
        if not text or not agency or agency.lower() == "information not available" or text.lower() in seen:
            continue
        seen.add(text.lower())
        agencies[agency]["t" + row["webscrape_id"]] = text
        countries["t" + row["webscrape_id"]] = row["countries"].split(",")[0].strip()
    candidates = {}
    for agency, texts in agencies.items():
        if len(texts) >= LEAST_TEXTS:
            mask = Mask(agency, texts.values())
            candidates[agency] = {key: mask(text) for key, text in texts.items()}
    write_by_others(out, "cida", candidates, countries)


# --- Corfo: firms whose projects are stages of one project would be found by the repeated text.

def write_corfo(data, out):
    firms, seen, regions = defaultdict(dict), set(), {}
    for row in rows_of(data / "gt_corfo_innova_es" / "corfo_innova_2009_2021_deidentified.csv"):
        text = plain(row["titulo"] + " " + row["objetivo"])
        # A bare title of a few words says too little of a project to be asked for its firm.
        if row["natural_person"] != "False" or len(text) < LEAST_LENGTH or text.lower() in seen:
            continue
        seen.add(text.lower())
        texts = firms[row["beneficiary_id"]]
        regions[f"{row['beneficiary_id']}:{len(texts)}"] = row["regionejecucion"].strip()  # Chile is one country
        texts[f"{row['beneficiary_id']}:{len(texts)}"] = text
    firms = {firm: texts for firm, texts in firms.items() if len(texts) >= LEAST_TEXTS}
    model = Tfidf([text for texts in firms.values() for text in texts.values()])
    candidates = {}
    for firm, texts in firms.items():
        kept = {}
        for key, text in texts.items():
            vector = model.vector(text)
            if all(dot(vector, other) <= NEAR_DUPLICATE for other in kept.values()):
                kept[key] = vector
        if len(kept) >= LEAST_TEXTS:
            candidates[firm] = {key: texts[key] for key in kept}
    before, after = (sum(len(texts) for texts in group.values()) for group in (firms, candidates))
    print(f"corfo: {len(firms)} firms, {before} projects; {before - after} left out with the near-duplicates",
          file=sys.stderr)
    write_by_others(out, "corfo", candidates, regions)


# --- SDG: six official wordings of one item.

def sdg_text(text):
    """Without tatweel (a stretched line, no letter) and footnote marks such as "(3)" or "*"."""
    text = text.replace("\u0640", "")
    text = re.sub(r"\s*\(\s*[\d\u0660-\u0669]{1,2}\s*\)|[*†‡]|\[\d+\]", " ", text)
    return plain(text)


def write_sdg(data, out):
    items, seen = [], set()
    for row in rows_of(data / "xl_sdg_six_languages" / "sdg_aligned.tsv", delimiter="\t"):
        english = plain(row["en"]).lower()
        if english in seen:
            continue
        seen.add(english)
        items.append((f"{row['kind']}:{row['key']}", {language: sdg_text(row[language]) for language in LANGUAGES}))
    for source in LANGUAGES:
        for target in LANGUAGES:
            if source != target:
                write_set(out, f"sdg_{source}_{target}", {key: {key: texts[target]} for key, texts in items},
                          [(f"q:{key}", texts[source], None, key) for key, texts in items], {})


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: pairs.py SHARED_DATA_DIR OUT_DIR")
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    write_cida(data, out)
    write_corfo(data, out)
    write_sdg(data, out)


if __name__ == "__main__":
    main()
