"""Expert groups of the European Commission, 2011 (experts_ec_groups) -> profiles: experts, seats of unions and consumers, and
member organisations.

Nobody is named: the source has no names of experts, and a title says what an expert knows, for whom, and where from. A seat
that an organisation holds is a profile of the one who sits on it, whoever that is; its gender is not stated.
"""

import collections
import re

from code_tables import LargeFirms, WordTable, listed
from common import DATASETS, read_csv, read_tsv, source_dir
from converting import PERSONAL, run, safe_id, text_of, title_of, unfit
from country_names import Countries

# The first row whose pattern holds in a professional profile tells whom the expert sits for.
PROFILES = [(re.compile(pattern, re.IGNORECASE), role) for pattern, role in (
    (r"trade union", "labour"), (r"^consumer$|consumer\n?$", "consumers"), (r"^NGO$", "civil_society"),
    (r"civil service|service emploi|radiation protection$", "government"), (r"academia|research|science|scientif", "research"),
    (r"industry|consult|chambre|conseil en pi|insurance|banking|^finance|logistics|operators|agriculture", "business"),
    (r"environment|natural resources|public health|climate", "research"))]
FOR = {"government": "government", "business": "employers and business", "labour": "trade unions", "consumers": "consumers",
       "civil_society": "civil society", "research": "research and academia"}
EMPLOYERS = re.compile(r"employ|industr|business|enterpri|entrepr|\bCBI\b|CEOE|VNO|elinkein|zamestn|arbeitsgiver|\bAG\b|PLC|"
                       r"rhodia|essenscia|kommun|chamber|föret|c\.e\.i\.m|lddk|executive|\bHSE\b|ministry|office|foundation|"
                       r"corporation|arcelor|amey|carter|agency|college|university|isfol|forem|htbla|qualif|cpisc|comercio|"
                       r"szövetkezet|exploitants", re.IGNORECASE)
CONSUMERS = re.compile(r"consumer (focus|agency)|consumer organi[sz]|vzbv|\bwhich\b|european consumers centre|"
                       r"consumer rights|sifo \(|consument en", re.IGNORECASE)
# What the name of a national organisation tells of its role.
KINDS = [(re.compile(pattern, re.IGNORECASE), role) for pattern, role in (
    (r"ministr|government|administration of|mission of|embassy|statist|tax|customs|police|ombudsman|complaint|arbitrat|"
     r"mediat|office|directorate|dirección|consejer|conseller|medicin|swissmedic|inspect|mint\b|museum|library|film|arts?\b|"
     r"eiti|eures|citizens point|aids|hiv|sida\b|drug|judge|gender|court|culture|youth|alcohol|beer|tobacco|hotel|^employers' org|"
     r"^trade union \w\w$|advertis|volunteer|^chamber of commerce$|^business federation$|consumer", ""),
    (r"trade union|labour|gewerkschaft|syndic|workers", "labour"),
    (r"municipal|cities|towns|local (and regional )?authorit|communes|villes|stätebund|kommuner|ccre|count(y|ies) assoc", "city"),
    (r"universit|institut|research|academy|hochschule|laborator|\btno\b|\bvtt\b|\benea\b|\binrets\b|faculty|\bdlr\b|cnrs", "research"),
    (r"chamber|association|federation|confederation|confédération|fédération|verband|bund|union des|council|employers|"
     r"federaci|confedera|asocia|assofert|\bvda\b|zvei|\bjama\b|industries|industrialists|dansk industri|forum|platform|society",
     "association"))]

SECTORS = {"association": ["S9411"], "association-government": ["O8411"], "labour": ["S9420"], "research": ["M72"]}
CITIES = "sustainable_cities;city_bridges"


def readable(text):
    return title_of(text.replace("\xa0", " "))


class Groups:
    """The groups, and what we know of those that industry has a use for."""

    def __init__(self):
        folder = source_dir("experts_ec_groups")
        self.all = {row["code"]: row for row in read_csv(folder / "groups.csv")}
        self.ours = {row["code"]: row for row in read_tsv(DATASETS / "scripts" / "ec_groups.tsv")}

    def name(self, code):
        return readable(self.all[code]["en_name"] or self.all[code]["name"]) if code in self.all else ""

    def subject(self, code):
        """The name without what every group is called."""
        name = re.sub(r"(the |standing |european |commission.s )*(advisory|working|expert|consultative)? ?(group|committee|forum)"
                      r"( of experts)?( work)? ?(on|for)?( the)? ", "", self.name(code).replace('"', " "), 1, re.IGNORECASE)
        return readable(re.sub(" +", " ", name)).strip(" ,.“”") or self.name(code)

    def mission(self, code):
        """Where it is in English."""
        text = text_of(self.all[code]["mission"].replace("\xa0", " ")) if code in self.all else ""
        english = len(re.findall(r"\b(the|of|and|to)\b", text)) > 2
        return text if english and not PERSONAL.search(text) else ""

    def sat_on(self, code):
        mission = self.mission(code)
        return (f"Member in 2011 of an expert group of the European Commission, “{self.name(code)}”." +
                (f" The group's task: {mission}" if mission else ""))

    def codes(self, code):
        return {column: listed(self.ours[code][source]) for column, source in
                (("sectors", "isic"), ("technologies", "technologies"), ("themes", "themes"))}


class Experts:
    """Rows of experts.csv."""

    def __init__(self, groups):
        self._groups, self._countries = groups, Countries()

    def role(self, row):
        profile = row["professional_profile"].strip()
        found = next((role for words, role in PROFILES if profile and words.search(profile)), "")
        return found or self._groups.ours[row["group_code"]]["role"]

    def profile(self, row):
        if row["group_code"] not in self._groups.ours or row["group_code"] not in self._groups.all:
            return {}
        country, role = readable(row["nationality"]), self.role(row)
        knows = self._groups.ours[row["group_code"]]["knows"]
        skills = ", ".join(dict.fromkeys(readable(part).lower() for part in row["professional_profile"].split("\n") if part))
        return {"id": safe_id("ecgroups:" + row["expert"]), "kind": "expert", "gender": row["gender"],
                "title": title_of(f"Expert in {knows}, {FOR[role]}, {country}") if role else "",
                "offers": f"Advice on {knows}." + (f" Profession: {skills}." if skills else ""),
                "summary": self._groups.sat_on(row["group_code"]), "lang": "en",
                "country": self._countries.find(country), "roles": [role, "adviser"]} | self._groups.codes(row["group_code"])


class Seats:
    """Rows of organisations.csv whose organisation speaks for trade unions or consumers: who sits for it.

    Organisations of one country, and federations of several that scripts/ec_associations.tsv knows.
    """

    def __init__(self, groups):
        self._groups, self._countries, self._words = groups, Countries(), WordTable()
        self._known = [(words, known) for words, known in known_organisations()
                       if known["roles"].split(";")[0] in ("labour", "consumers")]

    def role(self, row, known):
        if known:
            return known["roles"].split(";")[0]
        if CONSUMERS.search(row["name"]):
            return "consumers"
        if row["category"] == "Trade Union" and not EMPLOYERS.search(row["name"]):
            return "labour"
        return "business" if row["name"].startswith("Employers' organisation ") else ""

    def profile(self, row):
        name, place = readable(row["name"]), readable(row["countries_areas_represented"])
        country = self._countries.find(place)
        known = None if country else next((known for words, known in self._known if words.search(name)), None)
        if known:
            name, place, country = known["name"], "Europe", known["country"]
        group, role = row["group_code"], self.role(row, known)
        if not role or not country or group not in self._groups.all:
            return {}
        ours = self._groups.ours.get(group)
        knows = ours["knows"] if ours else self._groups.subject(group)
        whose = "" if re.match(r"(Trade union|Employers' organisation) \w\w$", name) else f" The seat is held by {name}."
        slug = re.sub("[^a-z0-9]+", "-", name.lower())[:40].strip("-")
        return {"id": safe_id(f"ecseat:{group}-{slug}-{country}"), "kind": "expert",
                "title": title_of(f"Expert for {FOR[role]} in {knows}, {place}"),
                "offers": f"Speaks for {FOR[role]} of {place} on {knows}.{whose}",
                "summary": self._groups.sat_on(group), "lang": "en", "country": country, "roles": [role]} | (
                    self._groups.codes(group) if ours else self._codes_of(group, known))

    def _codes_of(self, group, known):
        """Of a group that is not in our table: what its name and the federation's trade tell."""
        tidings = self._words.read(self._groups.name(group))
        return {"sectors": listed(*tidings.sectors(2), *(known["isic"].split(";") if known else [])) or ["S949"],
                "technologies": tidings.technologies(2), "themes": tidings.themes(3)}


def organisation_id(name):
    return safe_id("ecorg:" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80])


class Organisations:
    """Member organisations, each once: those of scripts/ec_associations.tsv, and national ones whose name tells what they are."""

    def __init__(self, groups):
        self._groups, self._countries, self._words, self._large = groups, Countries(), WordTable(), LargeFirms()

    def profile(self, item):
        known, rows = item["known"], item["rows"]
        names = list(dict.fromkeys(filter(None, (self._groups.name(row["group_code"]) for row in rows))))[:6]
        areas = list(dict.fromkeys(readable(area).lower() for row in rows if row["group_code"] in self._groups.all
                                   for area in self._groups.all[row["group_code"]]["policy_area"].split("\n")))[:5]
        title = known["name"] if known else readable(rows[0]["name"])
        roles = known["roles"].split(";") if known else item["roles"]
        tidings = self._words.read(title, *names)
        what = {"association": "Association", "research": "Research institution", "labour": "Trade union organisation",
                "consumers": "Consumers' organisation", "business": "Firm"}.get(roles[0], "Organisation")
        does = "Takes part in research and advice on" if roles[0] == "research" else "Speaks on"
        offers = f"{what}: {title}. {does} {', '.join(areas)}." if areas else f"{what}: {title}."
        return {"id": organisation_id(title), "kind": "company",
                "title": title, "offers": offers, "lang": "en",
                "summary": "In 2011 a member of expert groups of the European Commission: " + "; ".join(names) + "." if names else "",
                "country": known["country"] if known else self._large.country(rows[0]["name"]) or self._countries.find(
                    readable(rows[0]["countries_areas_represented"])),
                "roles": roles, "organisation": self._large.members(rows[0]["name"]),
                "sectors": (listed(known["isic"]) if known else self._large.codes("isic", rows[0]["name"]) or tidings.sectors() or
                            SECTORS.get("-".join(roles), [])),
                "technologies": tidings.technologies(3),
                "themes": listed(known["themes"] if known else CITIES if "government" in roles else "",
                                 *self._large.codes("themes", rows[0]["name"]), *tidings.themes())[:6]}


def known_organisations():
    return [(re.compile(row["names"], re.IGNORECASE), row) for row in read_tsv(DATASETS / "scripts" / "ec_associations.tsv")]


def gathered():
    """Memberships by organisation."""
    table, found, large = known_organisations(), collections.OrderedDict(), LargeFirms()
    for row in memberships():
        name = readable(row["name"])
        firm = large.knows(row["name"])
        known = None if firm else next((entry for words, entry in table if words.search(name)), None)
        role = next((role for words, role in KINDS if words.search(name)), "")
        if not known and not firm and (not role or row["category"] in ("Third Country", "Candidate country", "Accession country")):
            continue
        key = known["name"] if known else (name.lower(), row["countries_areas_represented"])
        roles = large.codes("roles", row["name"]) if firm else ["association", "government"] if role == "city" else [role]
        found.setdefault(key, {"known": known, "rows": [], "roles": roles})["rows"].append(row)
    return list(found.values())


def memberships():
    return read_csv(source_dir("experts_ec_groups") / "organisations.csv")


def experts():
    return read_csv(source_dir("experts_ec_groups") / "experts.csv")


def reason(profile):
    return unfit(profile) or ("" if profile.get("roles") else "of no role")


def everything():
    """(converter, row) of every kind of row."""
    groups = Groups()
    return [(converter, row) for converter, rows in ((Experts(groups), experts()), (Seats(groups), memberships()),
                                                     (Organisations(groups), gathered())) for row in rows]


if __name__ == "__main__":
    run("Expert groups", everything(), lambda pair: pair[0].profile(pair[1]), reason)
