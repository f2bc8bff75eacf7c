"""Climate-technology organisations (orgs_drawdown) -> profiles: companies, and the investors and accelerators among them.

The descriptions are what the organisations say of themselves, often on a social network: addresses and marks of it are
dropped. Codes and stage come of their words and of the Drawdown solution that the source names.
"""

import re

from code_tables import LargeFirms, SeatTable, StageTable, WordTable, listed
from common import read_csv, source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries

NOTHING = {"N/A", "#N/A", "Loading...", "Unknown", ""}
WEB = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@\w+|[\U0001F000-\U0001FFFF\u2600-\u27bf\ufe0f]")
ROLES = {"Company": ["technology_supplier"], "Investor": ["investor"], "NGO": ["civil_society"],
         "Trade Group": ["association"], "Community": ["network_member"]}
ACCELERATES = re.compile(r"\b(accelerat\w+ (for|in partnership)|accelerators|incubat\w+|innovation to market|"
                         r"supports leading entrepreneurial|Accelerator\b)")
SPEAKS = {"fr": re.compile(r"\b(nous|pour|dans|est|une|les|des|et|du)\b", re.IGNORECASE),
          "es": re.compile(r"\b(en|para|los|las|una|de|y|con|que|somos)\b", re.IGNORECASE),
          "en": re.compile(r"\b(the|of|and|to|for|in|with|is|are|we|our|a|from)\b", re.IGNORECASE)}


def stated(value):
    return "" if value.strip() in NOTHING else value.strip()


def language(text):
    """Of the three that occur; mixed and wordless texts count as English."""
    counts = {name: len(words.findall(text)) for name, words in SPEAKS.items()}
    return max(("en", "fr", "es"), key=counts.get)


class Converter:
    def __init__(self):
        self._countries, self._words, self._stages, self._seats = Countries(), WordTable(), StageTable(), SeatTable()
        self._large = LargeFirms()

    def use(self, profile):
        """How much of the description industry has a use for."""
        return self._words.read(profile["offers"]).weight

    def _country(self, row):
        """In some rows the columns are shifted, and a state of the United States stands in its place."""
        country = stated(row["Country"])
        if re.fullmatch("[A-Z]{2}", country):
            return "US"
        return self._seats.country(row["Organization"]) or self._countries.find(country) or title_of(country)

    def profile(self, row):
        text = text_of(WEB.sub("", stated(row["Description"])).replace("#", ""))
        solution = stated(row["Drawdown Solution"])
        tidings, roles = self._words.read(text, solution), ROLES.get(row["Type"], [])
        if row["Type"] == "Investor" and ACCELERATES.search(text):
            roles = ["accelerator", "investor"]
        profile = {"id": safe_id("drawdown:" + row["UID"]), "kind": "company", "title": title_of(row["Organization"]),
                   "summary": f"Climate solution: {solution}." if solution else "", "offers": text, "lang": language(text),
                   "country": self._country(row), "roles": roles,
                   "organisation": self._large.members(row["Organization"]),
                   "sectors": self._large.codes("isic", row["Organization"]) or tidings.sectors(),
                   "technologies": tidings.technologies(),
                   "themes": listed(*self._large.codes("themes", row["Organization"]), *tidings.themes(), "low_carbon")[:7]}
        if "investor" in roles:
            profile |= {"sectors": ["K6430"], "finance": self._offered(text)}
        else:
            profile |= self._stages.members(text)
        return profile

    @staticmethod
    def _offered(text):
        """Who says to be a venture investor offers equity; how much, nobody says."""
        equity = re.search(r"ventur|invest", text, re.IGNORECASE)
        return {"offered": {"instruments": ["equity"]}} if equity else {}


def rows():
    return read_csv(source_dir("orgs_drawdown") / "organisations.csv")


def reason(profile):
    return unfit(profile) or ("" if profile.get("roles") else "of no kind that takes part")


if __name__ == "__main__":
    run("Climate-technology organisations", rows(), Converter().profile, reason)
