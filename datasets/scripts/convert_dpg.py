"""Nominees to the registry of digital public goods (dpg_solutions) -> digital offers of their owners.

The source has no country: it is the seat of the first owner in scripts/seats.tsv, and a nominee without one is left out. Nobody
is asked whether a nominee was accepted as a digital public good.
"""

import json
import re

from code_tables import SeatTable, WordTable, listed
from common import source_dir
from converting import run, safe_id, text_of, title_of, unfit

# What the source's own sectors and goals say for certain.
THEMES = {"Education": "skills", "Health": "health_industry", "Agriculture": "agribusiness", "Energy": "sustainable_energy",
          "Sustainable Cities": "sustainable_cities", "Water and Sanitation": "water_sanitation", "Climate": "climate_adaptation"}
GOALS = {4: "skills", 6: "water_sanitation", 7: "sustainable_energy", 11: "sustainable_cities", 13: "climate_adaptation"}


class Converter:
    def __init__(self):
        self._seats, self._words = SeatTable(), WordTable()

    def use(self, profile):
        """How much of the description industry has a use for."""
        return self._words.read(profile["title"], profile["offers"]).weight

    def owner(self, row):
        """The first one whose seat is known."""
        owners = (owner["name"].strip() for owner in row["organizations"] or [] if owner["role"] == "owner")
        return next((name for name in owners if self._seats.country(name)), "")

    def profile(self, row):
        owner = self.owner(row)
        text, name = text_of(row["description"]), title_of(row["name"])
        tidings = self._words.read(name, text)
        said = [THEMES.get(sector, "") for sector in row["sectors"] or []] + [GOALS.get(goal, "") for goal in row["sdgs"] or []]
        return {"id": safe_id("dpg:" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")), "kind": "company",
                "title": f"{name} ({owner})" if owner and owner.lower() not in name.lower() else name, "offers": text,
                "lang": "en", "country": self._seats.country(owner), "roles": ["technology_supplier"],
                "sectors": list(dict.fromkeys(["J62", *tidings.sectors()]))[:4],
                "technologies": list(dict.fromkeys(["software_platforms", *tidings.technologies()]))[:5],
                "themes": listed("digital_economy", *said, *tidings.themes())[:6],
                "sdgs": [str(goal) for goal in row["sdgs"] or []]}


def rows():
    with open(source_dir("dpg_solutions") / "nominees.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def reason(profile):
    if re.search(r"covid|sars-cov|corona ?virus|refugee|humanitarian|police|eviction|voting|prison",
                 profile.get("title", "") + profile.get("offers", ""), re.IGNORECASE):
        return "of an emergency or of politics"
    return unfit(profile)


if __name__ == "__main__":
    run("Digital public goods", rows(), Converter().profile, reason)
