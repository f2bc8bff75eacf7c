"""Organisations behind open climate and energy software (opensustain_orgs) -> network members and research organisations.

They are members of no network that we know of: `network_member` says that they could answer such requests, nothing more.
"""

import re

from code_tables import CodeTable, WordTable, listed
from common import read_csv, source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries

# Form -> role beside network_member, IATI organisation type.
FORMS = {"academia": ("research", "80"), "government agency": ("government", "10"), "non-profit": ("civil_society", "22"),
         "for-profit": ("technology_supplier", "70")}

# A description that may name somebody is not taken over.
PERSONS = re.compile(r"\b(prof|professor|dr|chair|led by|directed by|founded by|created by|PI|maintained by|author)\b", re.IGNORECASE)


class Converter:
    def __init__(self):
        self._countries, self._topics, self._words = Countries(), CodeTable("opensustain_topics.tsv"), WordTable()

    @staticmethod
    def topics(row):
        return list(dict.fromkeys(re.split(r",\s*", row["organization_sub_category"].strip())))

    def use(self, row):
        """How much a network of climate technology has a use for its topics."""
        return sum(int(weight) for topic in self.topics(row) for weight in self._topics.codes("weight", topic))

    def profile(self, row):
        form, topics = row["form_of_organization"].strip(), self.topics(row)
        role, kind = FORMS.get(form, ("", ""))
        description = text_of(row["organization_description"]).rstrip(".")
        if PERSONS.search(description):
            description = ""
        known = [topic for topic in topics if self._topics.knows(topic)]
        words = ", ".join(topic.lower() for topic in known)
        offers = " ".join(filter(None, (f"{description}." if description else "",
                                        f"Develops and shares open software for {words}." if words else "")))
        tidings = self._words.read(row["organization_name"], description)
        codes = {"sectors": self._topics.codes("isic", *known),
                 "technologies": listed(*self._topics.codes("technologies", *known), *tidings.technologies(3)),
                 "themes": listed(*self._topics.codes("themes", *known), *tidings.themes(3))}
        sectors = list(dict.fromkeys((["M72"] if role == "research" else ["J62"]) + codes["sectors"]))
        return {"id": safe_id("opensustain:" + re.sub(r"\W+", "-", row["organization_name"].lower()).strip("-")), "kind": "company",
                "title": title_of(row["organization_name"]), "offers": offers, "lang": "en",
                "country": self._countries.find(row["location_country"].strip()),
                "roles": ["network_member", role] if role else [], "organisation": {"type": kind} if kind else {},
                "sectors": sectors[:8], "technologies": codes["technologies"][:8], "themes": codes["themes"][:8]}


def rows():
    return read_csv(source_dir("opensustain_orgs") / "organisations.csv")


def reason(profile):
    return unfit(profile) or ("" if profile.get("roles") else "a community or a collaboration, no organisation")


if __name__ == "__main__":
    run("Organisations of open climate software", rows(), Converter().profile, reason)
