"""World Bank projects (wb_projects_2024) -> profiles. What a project seeks is its development objective.

A project of the Global Environment Facility bears the endorsement of its country's focal point for the facility, which the
facility's rules ask of every project. That stands for the endorsement by the country's focal point for climate technology,
of which there are no open data, so that the programme `ctcn` has requests to show; see datasets/README.md.
"""

import re

from code_tables import CodeTable, PartTable, WordTable, listed
from common import read_csv, source_dir
from converting import humanitarian, run, safe_id, text_of, title_of, unfit
from country_names import Countries

# What the Bank's own part would be: its loans; credits and grants of its fund for poor countries.
INSTRUMENTS = {"curr_ibrd_commitment": "loan", "curr_ida_commitment": "loan;grant", "grantamt": "grant"}
PIPELINE_STAGES = {"Concept Review": "pre_feasibility", "Decision Meeting": "feasibility",
                   "Begin Appraisal": "feasibility", "Begin Negotiation": "financing", "Bank Approved": "financing"}


def stage(status, reached):
    if status == "Pipeline":
        return PIPELINE_STAGES.get(reached, "idea")
    return {"Active": "implementation", "Closed": "operating"}.get(status, "")


def finance(row):
    """What a project still looks for: only before approval, when nothing is committed for good."""
    cost = float(row["curr_project_cost"] or 0)
    if row["projectstatusdisplay"] != "Pipeline" or cost <= 0:
        return {}
    instruments = [listed(INSTRUMENTS[column]) for column in INSTRUMENTS if float(row[column] or 0) > 0]
    sought = {"max": cost, "currency": "USD", "instruments": list(dict.fromkeys(sum(instruments, [])))}
    return {"sought": {key: value for key, value in sought.items() if value}}


def endorsed(row):
    return bool(re.search(r"\bGEF\b", row["project_name"]))


class Converter:
    def __init__(self):
        self._countries = Countries()
        self._sectors = CodeTable("wb_sectors.tsv")
        self._themes = CodeTable("wb_themes.tsv")
        self._parts, self._words = PartTable(), WordTable()

    def profile(self, row):
        sectors = [row[f"sector{number}"] for number in (1, 2, 3)]
        themes = self._sectors.codes("themes", *sectors) + self._themes.codes("themes", row["theme1"], row["theme2"])
        text, name = text_of(row["pdo"]), self._words.read(row["project_name"])
        return {"id": safe_id("wb:" + row["id"]), "kind": "project", "title": title_of(row["project_name"]),
                "seeks": text, "lang": "en" if text else "",
                "country": self._countries.find(row["countryname"]) or title_of(row["countryname"]),
                "roles": ["project_sponsor"],
                "sectors": self._parts.told(self._sectors.codes("isic", *sectors), row["project_name"], text) or name.sectors(2),
                "technologies": listed(*self._sectors.codes("technologies", *sectors), *name.technologies(3)),
                "themes": listed(*themes, *name.themes(4))[:12], "programmes": ["ctcn:endorsed"] if endorsed(row) else [],
                "stage": stage(row["projectstatusdisplay"], row["last_stage_reached_name"]), "finance": finance(row)}


def reason(profile):
    if "stage" not in profile:
        return "dropped, or of no status"
    return unfit(profile) or ("relief, elections or transfers of cash" if humanitarian(profile) else "")


def rows():
    return read_csv(source_dir("wb_projects_2024") / "wb_projects.csv")


if __name__ == "__main__":
    run("World Bank projects", rows(), Converter().profile, reason)
