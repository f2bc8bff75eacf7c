"""Proposals of carbon removal (carbonplan_cdr) -> profiles.

`location` is where the removal takes place. For a proposal bound to its land (forests, soil, grazing) that is a project
in its place; for an engineered one it is, as far as the source goes, the applicant's seat: a company. The firms whose requests the
proposals answered are buyers: what they seek is what the proposals offered them.
"""

import collections
import csv
import re

from common import source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries

LAND = {"forests", "soil", "grazing", "farming", "wetlands", "agroforestry", "reforestation", "ifm", "redd+"}
TECHNOLOGIES = {"forests": "forestry_land", "agroforestry": "forestry_land", "soil": "forestry_land",
                "wetlands": "forestry_land", "dac": "carbon_capture_storage", "injection": "carbon_capture_storage",
                "concrete": "construction_materials", "aggregate": "construction_materials",
                "insulation": "construction_materials", "asphalt": "construction_materials"}
SECTORS = {"forests": "A02", "soil": "A01", "grazing": "A01", "farming": "A01", "agroforestry": "A02",
           "concrete": "C2395", "aggregate": "C2395", "macroalgae": "A03", "insulation": "C23", "wood": "C16"}
# The applicant's seat is given as a state, a city or a misspelt country.
PLACES = {"Princeton, NJ and Berkeley, CA": "US", "Louisiana": "US", "Columbia": "CO", "Southern USA": "US"}
# Seats of the firms that asked.
BUYERS = {"Microsoft": "US", "Stripe": "US"}


class Converter:
    def __init__(self, rows):
        self._countries = Countries()
        self._proposals = collections.Counter(row["applicant"] for row in rows)

    def _country(self, location):
        """A place of two countries or of the high seas has none."""
        location = location.strip()
        if location in PLACES:
            return PLACES[location]
        if "&" in location and not location.endswith("USA") or "USA, " in location:
            return location
        last = re.split(r",\s*", location)[-1]
        return self._countries.find(re.sub(r".*\bUSA$", "USA", last)) or location

    def profile(self, row):
        return self._buyer(row) if "requests" in row else self._proposal(row)

    @staticmethod
    def _buyer(row):
        ways = [tag for tag, _ in sorted(row["tags"].items(), key=lambda item: (-item[1], item[0]))][:16]
        return {"id": safe_id("carbonplan:buyer-" + row["buyer"].lower()), "kind": "company",
                "title": f"{row['buyer']}, purchases of carbon removal", "lang": "en", "country": BUYERS[row["buyer"]],
                "seeks": f"Removal of carbon dioxide from the air, lasting and verified, by {', '.join(ways)}.",
                "summary": f"{row['proposals']} proposals answered its requests: {', '.join(row['requests'])}.",
                "roles": ["buyer"], "technologies": ["carbon_removal"], "themes": ["low_carbon"]}

    def _proposal(self, row):
        tags = [tag.strip() for tag in row["tags"].split(",")]
        text, applicant = text_of(row["description"]), title_of(row["applicant"])
        land = bool(LAND & set(tags))
        title = f"{applicant}: {text.rstrip('.')}" if land or self._proposals[row["applicant"]] > 1 else applicant
        return {"id": safe_id("carbonplan:" + row["id"]), "kind": "project" if land else "company",
                "title": title_of(title), "summary": text_of(row["mechanism_notes"]), "offers": text, "lang": "en",
                "country": self._country(row["location"]),
                "roles": ["project_sponsor", "technology_supplier"] if land else ["technology_supplier"],
                "sectors": list(dict.fromkeys(SECTORS[tag] for tag in tags if tag in SECTORS)),
                "technologies": list(dict.fromkeys(["carbon_removal"] + [TECHNOLOGIES[t] for t in tags if t in TECHNOLOGIES])),
                "themes": ["low_carbon"]}


def rows():
    with open(source_dir("carbonplan_cdr") / "projects.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def buyers(proposals):
    """The firms that asked, each with its requests and what the proposals to it were about."""
    found = {}
    for row in proposals:
        name = row["source"].split()[0]
        buyer = found.setdefault(name, {"buyer": name, "requests": [], "proposals": 0, "tags": collections.Counter()})
        buyer["proposals"] += 1
        buyer["tags"].update(tag.strip() for tag in row["tags"].split(",") if tag.strip())
        if row["source"] not in buyer["requests"]:
            buyer["requests"].append(row["source"])
    return list(found.values())


def reason(profile):
    """As for all; these descriptions are short but never idle, and the summary adds to them."""
    return unfit(profile, min_text=20)


if __name__ == "__main__":
    run("CarbonPlan proposals", rows() + buyers(rows()), Converter(rows()).profile, reason)
