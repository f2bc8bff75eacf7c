"""IFC clients and MIGA guarantees (wbg_ifc_miga_2025) -> profiles.

The source has no free text: a client's summary is the names of its projects with the kind of finance. Technologies and themes
are what those names tell, and a client whose finance is pending is at the stage of financing. An IFC client is
a company of its country; several projects of one client become one profile, named after the first. A MIGA guarantee
names a project, not the investor, so it becomes a project. Amounts count as sought only while IFC has not signed.
"""

from code_tables import CodeTable, PartTable, WordTable
from common import MAX_TEXT, read_csv, source_dir
from converting import run, safe_id, text_of, title_of, unfit
from country_names import Countries

PENDING = {"Pending Approval", "Pending Signing"}
INSTRUMENTS = {"Loan": "loan", "Equity": "equity", "Guarantee": "guarantee"}
MIGA_PRODUCTS = {"PRI": "political risk insurance", "NH": "non-honouring of obligations cover", "TRF": "trade finance"}
AS_OF = "04-18-2025"


class Converter:
    def __init__(self):
        self._countries = Countries()
        self._industries = CodeTable("ifc_industries.tsv")
        self._parts, self._words = PartTable(), WordTable()

    def profile(self, item):
        return self._guarantee(item) if "Host Country" in item else self._client(item)

    def _place(self, name):
        return self._countries.find(name) or title_of(name)

    def _client(self, client):
        rows = client["rows"]
        lines = dict.fromkeys(self._line(row) for row in rows)
        industries = [row["Industry"] for row in rows]
        names = [rows[0]["Company Name"], *(row["Project Name"] for row in rows)]
        tidings = self._words.read(*names)
        sought = self._sought(rows)
        return {"id": safe_id("ifc:" + min(row["Project Number"] for row in rows)), "kind": "company",
                "title": title_of(rows[0]["Company Name"]), "summary": text_of("; ".join(lines))[:MAX_TEXT], "lang": "en",
                "country": self._place(rows[0]["Country"]), "roles": self._industries.codes("roles", *industries),
                "sectors": self._parts.told(self._industries.codes("isic", *industries), *names), "technologies": tidings.technologies(3),
                "themes": tidings.themes(4), "stage": "financing" if sought else "", "finance": sought}

    @staticmethod
    def _line(row):
        name, product, industry = (title_of(row[column]) for column in ("Project Name", "Product Line", "Industry"))
        notes = [note for note in (product, industry) if note and note != "other"]
        return f"{name} ({', '.join(notes)})" if notes else name

    @staticmethod
    def _sought(rows):
        amount, instruments = 0.0, []
        for row in rows:
            if row["Status"] in PENDING:
                amount += float(row["Total IFC investment as approved by Board(Million - USD)"] or 0)
                instruments += [INSTRUMENTS[row["Product Line"]]] if row["Product Line"] in INSTRUMENTS else []
        if amount <= 0:
            return {}
        sought = {"max": round(amount * 1e6, 2), "currency": "USD", "instruments": list(dict.fromkeys(instruments))}
        return {"sought": {key: value for key, value in sought.items() if value}}

    def _guarantee(self, row):
        sector, product = title_of(row["Business Sector"]), MIGA_PRODUCTS.get(row["Product Line"], "")
        title = title_of(row["Project Name"])
        tidings = self._words.read(title)
        notes = ", ".join(note for note in (product, sector) if note)
        return {"id": safe_id("miga:" + row["Project ID"]), "kind": "project", "title": title,
                "summary": f"{title} ({notes})" if title else "", "lang": "en",
                "country": self._place(row["Host Country"]), "roles": ["project_sponsor"],
                "sectors": self._parts.told(self._industries.codes("isic", sector), title), "technologies": tidings.technologies(3),
                "themes": tidings.themes(4)}


def rows():
    """IFC clients, projects gathered by company and country, then MIGA projects, each once."""
    folder = source_dir("wbg_ifc_miga_2025")
    clients = {}
    for row in read_csv(folder / f"ifc_investment_services_projects_{AS_OF}.csv"):
        company = title_of(row["Company Name"])
        key = (company.casefold(), row["Country"]) if company else (row["Project Number"],)
        clients.setdefault(key, {"rows": []})["rows"].append(row)
    guarantees = {}
    for row in read_csv(folder / f"miga_issued_projects_{AS_OF}.csv"):
        guarantees.setdefault(row["Project ID"], row)
    return list(clients.values()) + list(guarantees.values())


def reason(profile):
    """As for all, but names are shorter than texts."""
    return unfit(profile, texts=("summary",), min_text=10)


if __name__ == "__main__":
    run("IFC clients and MIGA projects", rows(), Converter().profile, reason)
