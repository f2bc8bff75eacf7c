"""Country names as data sources write them -> ISO 3166-1 alpha-2."""

import re
import unicodedata

from common import DATASETS, read_csv, read_tsv, source_dir

# Columns of country-codes.csv that hold an English name.
NAME_COLUMNS = ("UNTERM English Formal", "UNTERM English Short", "official_name_en", "CLDR display name",
                "ISO4217-currency_country_name")


def plain(name):
    """`name` without case, accents, punctuation, notes in brackets, and a leading article."""
    name = re.sub(r"\([^)]*\)", " ", name or "").replace("&", " and ")
    name = unicodedata.normalize("NFKD", name.casefold())
    name = "".join(c if c.isalnum() else " " for c in name if not unicodedata.combining(c))
    return re.sub(r"^the ", "", re.sub(r" +", " ", name).strip())


class Countries:
    """The names of ref_country_codes, the World Bank's short names, and scripts/country_aliases.tsv."""

    def __init__(self):
        self._codes = {}
        for row in read_csv(source_dir("ref_country_codes") / "country-codes.csv"):
            for column in NAME_COLUMNS:
                for name in row[column].split(",") if column.startswith("ISO4217") else [row[column]]:
                    self._add(name, row["ISO3166-1-Alpha-2"])
        for row in read_csv(source_dir("ref_country_groups") / "wb_country_income.csv"):
            if row["income"] != "Aggregates":
                self._add(row["country"], row["iso2c"])
        for row in read_tsv(DATASETS / "scripts" / "country_aliases.tsv"):
            self._codes[plain(row["name"])] = row["code"]

    def _add(self, name, code):
        if plain(name):
            self._codes.setdefault(plain(name), code)

    def find(self, name):
        """The code of `name`, or "" when it names no country (a region, a typing error)."""
        return self._codes.get(plain(name), "")
