"""The small tables beside the scripts that turn a source's own words into codes."""

import re

from common import DATASETS, TAXONOMY, read_tsv


def listed(*cells):
    """The codes of `cells` in order, each once."""
    return list(dict.fromkeys(code for cell in cells for code in cell.split(";") if code))


class CodeTable:
    """scripts/NAME: rows by their first column; an unknown name has no codes."""

    def __init__(self, name):
        rows = read_tsv(DATASETS / "scripts" / name)
        key = next(iter(rows[0]))
        self._rows = {row[key]: row for row in rows}

    def codes(self, column, *names):
        return listed(*(self._rows[name][column] for name in names if name in self._rows))

    def knows(self, name):
        return name in self._rows


class PartTable:
    """scripts/parts.tsv: which trade a label of several means, where a text tells it."""

    def __init__(self):
        self._words = {row["isic"]: re.compile(rf"\b(?:{row['words']})", re.IGNORECASE)
                       for row in read_tsv(DATASETS / "scripts" / "parts.tsv")}

    def told(self, codes, *texts):
        """`codes`, of alternatives as in "D35|B" those that the texts tell."""
        text = " ".join(filter(None, texts))
        return listed(*(part for code in codes for part in code.split("|") if "|" not in code or self._words[part].search(text)))


class PurposeTable:
    """DAC/CRS purposes -> ISIC Rev.4, falling back to the category (first three digits)."""

    def __init__(self):
        self._rows = {row["crs"]: row["isic"] for row in read_tsv(TAXONOMY / "crs_to_isic.tsv")}

    def sectors(self, codes):
        return listed(*(self._rows.get(code, self._rows.get(code[:3], "")) for code in codes))


class Tidings:
    """What a text's words tell: `weight`, how much of it industry has a use for, and the codes, the weightiest first."""

    def __init__(self, rows):
        self.weight = sum(int(row["weight"]) for row in rows)
        rows = sorted(rows, key=lambda row: -int(row["weight"]))
        self._codes = {column: listed(*(row[column] for row in rows)) for column in ("isic", "technologies", "themes")}

    def sectors(self, at_most=4):
        """No code beside one of its own parts."""
        codes = self._codes["isic"]
        return [code for code in codes if not any(other != code and other.startswith(code) for other in codes)][:at_most]

    def technologies(self, at_most=5):
        return self._codes["technologies"][:at_most]

    def themes(self, at_most=6):
        return self._codes["themes"][:at_most]


class WordTable:
    """scripts/words.tsv: rows by the words that a text must hold."""

    def __init__(self):
        self._rows = [(re.compile(rf"\b(?:{row['words']})", re.IGNORECASE | re.DOTALL), row)
                      for row in read_tsv(DATASETS / "scripts" / "words.tsv")]

    def read(self, *texts):
        text = " ".join(filter(None, texts))
        return Tidings([row for words, row in self._rows if words.search(text)])


class StageTable:
    """scripts/stages.tsv: stage of development and readiness level, where a text tells them."""

    def __init__(self):
        self._rows = [(re.compile(rf"\b(?:{row['words']})", re.IGNORECASE), row)
                      for row in read_tsv(DATASETS / "scripts" / "stages.tsv")]

    def members(self, text):
        row = next((row for words, row in self._rows if words.search(text)), None)
        return {"stage": row["stage"], "trl": int(row["trl"])} if row and row["stage"] else {}


class SeatTable:
    """scripts/seats.tsv: where an organisation sits whose source does not say it."""

    def __init__(self):
        self._rows = {row["name"]: row["country"] for row in read_tsv(DATASETS / "scripts" / "seats.tsv")}

    def country(self, name):
        return self._rows.get(name.strip(), "")


class LargeFirms(CodeTable):
    """scripts/large_firms.tsv: firms that are known to be large."""

    def __init__(self):
        super().__init__("large_firms.tsv")

    def members(self, name):
        return {"size": "large"} if self.knows(name) else {}

    def country(self, name):
        """Of those whose source says none."""
        return next(iter(self.codes("country", name)), "")
