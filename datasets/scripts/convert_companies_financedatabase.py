"""Listed companies (companies_financedatabase) -> profiles, for load tests on the machine at hand.

The descriptions are not ours to pass on: this script's output must never be committed or published.
"""

import csv
import gzip
import io

from code_tables import CodeTable
from common import source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries


class Converter:
    def __init__(self):
        self._countries = Countries()
        self._industries = CodeTable("financedatabase_industries.tsv")

    def profile(self, row):
        industry = row["industry"] if self._industries.knows(row["industry"]) else row["sector"]
        return {"id": safe_id("fd:" + row["symbol"]), "kind": "company", "title": title_of(row["name"]),
                "offers": text_of(row["summary"]), "lang": "en",
                "country": self._countries.find(row["country"]) or title_of(row["country"]),
                "roles": ["investor", "financier"] if row["sector"] == "Financials" else ["technology_supplier"],
                "sectors": self._industries.codes("isic", industry),
                "technologies": self._industries.codes("technologies", industry)}


def rows():
    with gzip.open(source_dir("companies_financedatabase") / "companies_dedup.csv.gz") as file:
        return list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline="")))


reason = unfit

if __name__ == "__main__":
    run("FinanceDatabase companies", rows(), Converter().profile, reason)
