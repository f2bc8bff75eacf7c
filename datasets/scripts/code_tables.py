"""The small tables beside the scripts that turn a source's own words into codes."""

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


class PurposeTable:
    """DAC/CRS purposes -> ISIC Rev.4, falling back to the category (first three digits)."""

    def __init__(self):
        self._rows = {row["crs"]: row["isic"] for row in read_tsv(TAXONOMY / "crs_to_isic.tsv")}

    def sectors(self, codes):
        return listed(*(self._rows.get(code, self._rows.get(code[:3], "")) for code in codes))
