"""Techstars portfolio companies (companies_techstars) -> profiles. What a company offers is its one-line description.

The industry on a portfolio page is often wrong (a fashion shop under Cleantech), so the codes come of the description's words.
"""

import json

from code_tables import StageTable, WordTable
from common import source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries


class Converter:
    def __init__(self):
        self._countries = Countries()
        self._words, self._stages = WordTable(), StageTable()

    def use(self, profile):
        """How much of the description industry has a use for."""
        return self._words.read(profile["offers"]).weight

    def profile(self, row):
        country, text = row["country"] or "", text_of(row["description"])
        tidings = self._words.read(text)
        return {"id": safe_id("techstars:" + row["slug"]) if row["slug"] else "", "kind": "company",
                "title": title_of(row["name"]), "offers": text, "lang": "en" if text else "",
                "country": self._countries.find(country) or title_of(country), "roles": ["technology_supplier"],
                "sectors": tidings.sectors(), "technologies": tidings.technologies(),
                "themes": tidings.themes()} | self._stages.members(text)


def rows():
    with open(source_dir("companies_techstars") / "techstars_companies.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


reason = unfit

if __name__ == "__main__":
    run("Techstars companies", rows(), Converter().profile, reason)
