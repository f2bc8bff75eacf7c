"""Financiers of aid projects (financiers_aiddata) -> profiles with the sizes of commitment that they made.

A financier is written in many ways; scripts/financiers.tsv brings them together. Its text says what the data say: what it
finances, where, how often, in which amounts, and some projects by name.
"""

import collections
import hashlib
import math
import re

from code_tables import LargeFirms, PurposeTable, listed
from common import DATASETS, TAXONOMY, read_csv, read_tsv, source_dir
from converting import safe_id, run, text_of, title_of, unfit

LEAST_COMMITMENTS = 3
AREAS = 6       # at most, in words
EXAMPLES = 6    # projects by name
RELIEF = re.compile(r"emergenc|refugee|relief|humanitar|election|food aid|conflict|demobili|réfugi|urgence|prisoner|demining|"
                    r"disarm|violence|peace|police|justice|electoral|human right|\bHIV|VIH|sida\b", re.IGNORECASE)


def counted(cell):
    """"UGA:107;BDI:19" as pairs."""
    return [(code, int(count)) for code, _, count in (part.partition(":") for part in cell.split(";")) if count]


def rounded(amount):
    """To two figures: the data are no more exact than that."""
    digits = int(math.floor(math.log10(amount)))
    return round(amount, 1 - digits)


def money(amount):
    return f"{amount / 1e6:.10g} million" if amount >= 1e6 else f"{amount:,.0f}"


def joined(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


class Converter:
    def __init__(self):
        self._purposes, self._large = PurposeTable(), LargeFirms()
        countries = read_tsv(TAXONOMY / "countries.tsv")
        self._alpha2 = {row["alpha3"]: row["code"] for row in countries}
        self._names = {row["code"]: row["en"] for row in countries}
        self._areas = {row["crs"]: row for row in read_tsv(DATASETS / "scripts" / "crs_areas.tsv")}
        self._examples = collections.defaultdict(list)
        for row in read_csv(source_dir("financiers_aiddata") / "projects.csv"):
            for donor in row["donors"].split("|"):
                self._examples[donor.strip().casefold()].append(row)

    def _codes(self, rows, column):
        """Codes of `column` over all names, the most frequent first."""
        counts = collections.Counter()
        for row in rows:
            for code, count in counted(row[column]):
                counts[code] += count
        return [code for code, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]

    def _ticket(self, rows):
        """From the tenth to the ninetieth percentile; of several names the mean of logarithms, weighted by commitments."""
        rows = [row for row in rows if row["commitment_p10_usd"] and float(row["commitment_p10_usd"]) > 0]
        total = sum(int(row["n_commitments"]) for row in rows)
        if total < LEAST_COMMITMENTS:
            return total, {}
        ends = {}
        for member, column in (("min", "commitment_p10_usd"), ("max", "p90")):
            mean = sum(math.log(float(row[column])) * int(row["n_commitments"]) for row in rows) / total
            ends[member] = rounded(math.exp(mean))
        return total, ends | {"currency": "USD"} if ends["min"] < ends["max"] else {}

    def _projects(self, rows):
        """Some of its projects by name, no relief among them, the same ones on every run."""
        found = {}
        for row in rows:
            for project in self._examples[row["donor"].casefold()]:
                title = title_of(project["title"])
                if 25 <= len(title) <= 160 and not RELIEF.search(title) and self._area(re.split("[|;]", project["sector_codes"])):
                    found.setdefault(title.casefold(), title)
        return sorted(found.values(), key=lambda title: hashlib.sha256(title.encode()).hexdigest())[:EXAMPLES]

    def _area(self, codes):
        return [self._areas[key] for code in codes for key in (code[:5], code[:3]) if key in self._areas]

    def profile(self, item):
        known, rows = item["known"], item["rows"]
        countries = [self._alpha2[code] for code in self._codes(rows, "recipients") if code in self._alpha2]
        purposes = [code for code in self._codes(rows, "top_sectors") if self._area([code])]
        firsts = [next(iter(self._area([code]))) for code in purposes]
        areas = list(dict.fromkeys(row["words"] for row in firsts))[:AREAS]
        commitments, ticket = self._ticket(rows)
        instruments = list(filter(None, known["instruments"].split(";")))
        projects = self._projects(rows)
        private = known["type"] == "70" and "loan" not in instruments
        offers = (f"Finances {joined(areas)} in {joined([self._names[code] for code in countries[:8]])}"
                  f"{' and other countries' if len(countries) > 8 else ''}.") if areas and countries else ""
        if ticket:
            offers += (f" {commitments} commitments are on record in these countries, four fifths of them between "
                       f"{money(ticket['min'])} and {money(ticket['max'])} US dollars.")
        profile = {"id": safe_id("aiddata:" + re.sub(r"\W+", "-", known["name"].casefold()).strip("-")), "kind": "company",
                   "title": known["name"], "offers": text_of(offers), "lang": "en", "country": known["country"],
                   "summary": text_of("Projects that it took part in financing: " + "; ".join(projects) + ".") if projects else "",
                   "countries_of_activity": countries[:40], "roles": ["business", "investor"] if private else ["financier"],
                   "organisation": {"type": known["type"]} | self._large.members(known["name"]),
                   "sectors": listed(*self._large.codes("isic", known["name"]), *self._purposes.sectors(purposes))[:8],
                   "themes": listed(*self._large.codes("themes", known["name"]), *(row["themes"] for row in firsts))[:8]}
        offered = ticket | ({"instruments": instruments} if instruments else {})
        return profile | ({"finance": {"offered": offered}} if offered else {})


def rows():
    """Donors gathered by the table's rows, in its order."""
    table = [(re.compile(row["names"], re.IGNORECASE), row) for row in read_tsv(DATASETS / "scripts" / "financiers.tsv")]
    gathered = {}
    for donor in read_csv(source_dir("financiers_aiddata") / "donors.csv"):
        known = next((row for words, row in table if words.fullmatch(donor["donor"].strip())), None)
        if known:
            gathered.setdefault(known["name"], {"known": known, "rows": []})["rows"].append(donor)
    return [gathered[row["name"]] for _, row in table if row["name"] in gathered]


reason = unfit

if __name__ == "__main__":
    run("Financiers", rows(), Converter().profile, reason)
