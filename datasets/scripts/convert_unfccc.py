"""Delegates' posts in the climate negotiations of 1991-95 (unfccc_delegates) -> nameless experts.

Posts of which a state has but one at a time and that everybody could name (ministers, ambassadors, heads of delegation) are
left out, as are diplomats: what a panel wants is who knows a subject. Non-governmental organisations known to
scripts/ec_associations.tsv give experts of their country, too.
"""

import hashlib
import re

from code_tables import listed
from common import DATASETS, read_csv, read_tsv, source_dir
from convert_ec_groups import FOR, known_organisations
from converting import run, title_of, unfit
from country_names import Countries

DIPLOMATS = re.compile(
    r"ambassador|permanent (mission|rep)|(first|second|third|embassy) secretary|counsel|attach|minister\b|plenipot|embassy|"
    r"foreign|external (rel|aff)|president|head of (the )?delegation|senator|consul\b|high commission|prime|secretary of state|"
    r"\bking\b|prince|parliament|congress|diplom|treat(y|ies)|united nations|international org|protocol|senate|house of|"
    r"permanent secretary|^secretary$|director of cabinet|chief of staff|white house|executive office|ministro\b|mission\b",
    re.IGNORECASE)
HOUSES = ((re.compile(r"corporation|company|companies|business|association|federation|cement|s\.a\b|ltd|council of industr|"
                      r"aramco|petroleum corp|utilities", re.IGNORECASE), "business"),
          (re.compile(r"universit|institute|academy|researcher|professor|research (centre|center|council)|instituto|fondazione",
                      re.IGNORECASE), "research"))
# Words that the source's translation from other languages got wrong.
MENDED = {"Boss": "Head", "Chef": "Head", "Advise": "Adviser", "Searcher": "Researcher", "Experte": "Expert",
          "Senior Di ter": "Senior Director", "Admnistrative Officer": "Administrative Officer"}


def stated(value):
    return "" if value in ("NA", "") else title_of(value)


class Converter:
    def __init__(self):
        self._countries = Countries()
        self._subjects = [(re.compile(rf"\b(?:{row['words']})", re.IGNORECASE), row)
                          for row in read_tsv(DATASETS / "scripts" / "unfccc_subjects.tsv")]
        self._organisations = known_organisations()
        self._names = {row["code"]: row["en"] for row in read_tsv(DATASETS / "taxonomy" / "countries.tsv")}

    def _house(self, row):
        """(country, role, house): of a party's delegate or of an organisation's."""
        if row["Group_Type"] == "Parties":
            text = f"{stated(row['Division'])} {stated(row['Affiliation'])} {stated(row['Job_Title'])}"
            role = next((role for words, role in HOUSES if words.search(text)), "government")
            role = "government" if role == "business" and re.search("ministry|board", text, re.IGNORECASE) else role
            return self._countries.find(row["Delegation"]), role, stated(row["Affiliation"])
        known = next((known for words, known in self._organisations
                      if words.search(row["Delegation"]) or words.search(row["Affiliation"])), None)
        if not known or row["NGO"] != "1":
            return "", "", ""
        role = next((role for role in known["roles"].split(";") if role in FOR), "business")
        return known["country"], role, known["name"]

    def profile(self, row):
        country, role, house = self._house(row)
        job = MENDED.get(stated(row["Job_Title"]), stated(row["Job_Title"]))
        post = ", ".join(dict.fromkeys(filter(None, (job, stated(row["Division"]), house))))
        subjects = [subject for words, subject in self._subjects if words.search(post)][:2]
        party = row["Group_Type"] == "Parties"
        if not country or not subjects or DIPLOMATS.search(post) or (party and (not job or post == job)):
            return {}
        knows = " and ".join(subject["knows"] for subject in subjects)
        digest = hashlib.sha256(f"{row['Delegation']}|{post.lower()}|{row['Female']}".encode()).hexdigest()[:12]
        return {"id": f"unfccc:{country.lower()}-{digest}", "kind": "expert", "gender": {"0": "male", "1": "female"}.get(row["Female"]),
                "title": title_of(f"Expert in {knows}, {FOR[role]}, {self._names[country]}"),
                "offers": f"Advice on {knows}. Post: {post}.", "lang": "en",
                "summary": f"Took part for {self._names[country] if party else house} in the negotiations of the climate "
                           f"convention in {row['Year']}.",
                "country": country, "roles": [role] if role == "government" else [role, "adviser"],
                "sectors": listed(*(subject["isic"] for subject in subjects)),
                "technologies": listed(*(subject["technologies"] for subject in subjects)),
                "themes": listed(*(subject["themes"] for subject in subjects))}


def rows():
    return read_csv(source_dir("unfccc_delegates") / "roles.csv")


reason = unfit

if __name__ == "__main__":
    run("Posts of climate negotiators", rows(), Converter().profile, reason)
