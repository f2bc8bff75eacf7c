"""Techstars portfolio companies (companies_techstars) -> profiles. What a company offers is its one-line description."""

import json

from code_tables import CodeTable
from common import source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries


class Converter:
    def __init__(self):
        self._countries = Countries()
        self._industries = CodeTable("techstars_industries.tsv")

    def profile(self, row):
        country, industry = row["country"] or "", row["industry"] or ""
        text = text_of(row["description"])
        return {"id": safe_id("techstars:" + row["slug"]) if row["slug"] else "", "kind": "company",
                "title": title_of(row["name"]), "offers": text, "lang": "en" if text else "",
                "country": self._countries.find(country) or title_of(country), "roles": ["technology_supplier"],
                "sectors": self._industries.codes("isic", industry),
                "technologies": self._industries.codes("technologies", industry),
                "themes": self._industries.codes("themes", industry)}


def rows():
    with open(source_dir("companies_techstars") / "techstars_companies.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


reason = unfit

if __name__ == "__main__":
    run("Techstars companies", rows(), Converter().profile, reason)
