"""Aid projects of Honduras, Colombia (es), Senegal and DR Congo (fr) from aims_projects_es_fr -> profiles.

Where the source has an objective, the project seeks it; where it has just a title, the title stands in the summary.
"""

import re

from code_tables import PurposeTable
from common import read_csv, source_dir
from converting import humanitarian, run, safe_id, text_of, title_of, unfit

STAGES = {"Completion": "operating", "Implementation": "implementation", "Pipeline/identification": "idea"}
# file -> country, language, prefix of ids, column of the objective, column of the description
FILES = {"honduras_es.csv": ("HN", "es", "hn", "Objective", "Project Description"),
         "colombia_es.csv": ("CO", "es", "co", "OBJETIVO", ""),
         "senegal_fr.csv": ("SN", "fr", "sn", "Project Description", ""),
         "drc_fr_titles_only.csv": ("CD", "fr", "cd", "", "")}
FRENCH = re.compile(r"\b(d[eu]s?|l[ea]s?|et|aux?|en|pour|dans|une?|sur)\b|\b[dl]['’]|[àâçéèêëîïôûù]", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|of|and|to|for|in|with|support|project|through)\b", re.IGNORECASE)


def purposes(row):
    """CRS codes: the finest that the source has, else AidData's."""
    fine = re.findall(r"\b(\d{3}(?:\d{2})?) - ", row.get("Primary Sector Sub-Sector") or "")
    return fine or [code for code in re.split(r"[|]", row["ad_sector_codes"]) if code]


class Converter:
    def __init__(self):
        self._purposes = PurposeTable()

    def profile(self, row):
        country, language, prefix, objective, description = FILES[row["file"]]
        title = title_of(row["project_title"])
        seeks = text_of(row[objective]) if objective else ""
        summary = text_of(row[description]) if description else ""
        return {"id": safe_id(f"aims-{prefix}:{row['project_id']}"), "kind": "project", "title": title,
                "summary": summary or ("" if seeks else title), "seeks": seeks, "lang": language, "country": country,
                "roles": ["project_sponsor"], "sectors": self._purposes.sectors(purposes(row))[:16],
                "stage": STAGES.get(row["status"], "")}


def rows():
    folder = source_dir("aims_projects_es_fr")
    return [dict(row, file=name) for name in FILES for row in read_csv(folder / name)]


def reason(profile):
    text = " ".join(profile.get(member, "") for member in ("title", "summary", "seeks"))
    if "stage" not in profile:
        return "cancelled or suspended"
    if re.search(r"\w\?\w", text):
        return "accents lost in the source"
    if profile["lang"] == "fr" and len(ENGLISH.findall(text)) >= len(FRENCH.findall(text)):
        return "text is not in French"
    return unfit(profile) or ("relief, elections or justice" if humanitarian(profile) else "")


if __name__ == "__main__":
    run("Aid projects of four countries", rows(), Converter().profile, reason)
