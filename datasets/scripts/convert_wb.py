"""World Bank projects (wb_projects_2024) -> profiles. What a project seeks is its development objective."""

from code_tables import CodeTable
from common import read_csv, source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries

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
    return {"sought": {"max": cost, "currency": "USD"}}


class Converter:
    def __init__(self):
        self._countries = Countries()
        self._sectors = CodeTable("wb_sectors.tsv")
        self._themes = CodeTable("wb_themes.tsv")

    def profile(self, row):
        sectors = [row[f"sector{number}"] for number in (1, 2, 3)]
        themes = self._sectors.codes("themes", *sectors) + self._themes.codes("themes", row["theme1"], row["theme2"])
        text = text_of(row["pdo"])
        return {"id": safe_id("wb:" + row["id"]), "kind": "project", "title": title_of(row["project_name"]),
                "seeks": text, "lang": "en" if text else "",
                "country": self._countries.find(row["countryname"]) or title_of(row["countryname"]),
                "roles": ["project_sponsor"], "sectors": self._sectors.codes("isic", *sectors),
                "technologies": self._sectors.codes("technologies", *sectors), "themes": list(dict.fromkeys(themes)),
                "stage": stage(row["projectstatusdisplay"], row["last_stage_reached_name"]), "finance": finance(row)}


def reason(profile):
    return unfit(profile) or ("" if "stage" in profile else "dropped, or of no status")


def rows():
    return read_csv(source_dir("wb_projects_2024") / "wb_projects.csv")


if __name__ == "__main__":
    run("World Bank projects", rows(), Converter().profile, reason)
