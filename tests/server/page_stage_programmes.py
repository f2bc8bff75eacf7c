"""What the views of programmes, panels, portfolios, runs and reports need to show something: members and experts of two more
offices, a project with money, two runs of one programme. Standard library alone."""
import json

OFFICES = [("geneva", "CH", "Europe/Zurich", "fr", ["lena", "omar"]), ("hanoi", "VN", "Asia/Ho_Chi_Minh", "en", ["linh", "minh"])]
EXPERTS = 72
# One of consumers alone: the quota that cannot be kept.
CONSTITUENCIES = ["government", "business", "labour", "research", "government", "business", "labour", "civil_society"]
COUNTRIES = ["KE", "SN", "BD", "PE", "VN", "DE", "FR", "JP", "ET", "TV", "TN", "ZM"]
NAMES = ["T. Bekele", "ليلى بن يوسف", "M. Razafy", "王丽", "Ольга Иванова", "José Quispe"]
MEMBERS = ["DE"] * 6 + ["CN"] * 5 + ["IN"] * 4 + ["BR", "BR", "KE", "VN", "VN", "TR", "IT", "JP", "SB"]
PROJECT, PARTNERS = "q:tannery", ["a:00", "a:06"]
LATE = {"id": "s:kyl", "kind": "company", "title": "Kyl & Sol", "country": "SE", "lang": "en", "office": "hanoi", "capacity": 3,
        "roles": ["technology_supplier"], "offers": "Solar cold rooms for fish landing sites, with training",
        "seeks": "Partners in West Africa with secured sites", "cooperation": ["joint_venture"], "sectors": ["C2819"]}


def profiles():
    for i in range(EXPERTS):
        yield {"id": f"x:{i:02}", "kind": "expert", "title": f"{NAMES[i % 6]} ({i + 1})", "country": COUNTRIES[i // 6 % 12], "lang": "en",
               "roles": ["consumers" if i == 40 else CONSTITUENCIES[i % 8]], "gender": "female" if i % 2 else "male", "office": "geneva",
               "offers": ["Financing of small industry and guarantee funds", "Transfer of industrial technology",
                          "Training of industrial workers", "Energy and resources in industry"][i % 4] + ", advice and policy",
               "contact": {"email": f"x{i}@example.org"}}
    for i, country in enumerate(MEMBERS):
        yield {"id": f"a:{i:02}", "kind": "company", "title": f"Alliance Works {i + 1}", "country": country, "lang": "en", "office": "hanoi",
               "programmes": ["global-alliance"], "sectors": [["C14", "C31", "C15"][i % 3]], "roles": ["local_partner"], "capacity": 3,
               "offers": ["Garments and woven cloth", "Furniture of wood", "Leather and shoes"][i % 3] + f", works {i + 1}",
               "seeks": "Buyers and machines", "themes": [["green_industry"], ["circular_economy"], []][i % 3]}
    yield {"id": PROJECT, "kind": "project", "title": "Cleaner tannery, Kombolcha", "country": "ET", "lang": "en", "office": "geneva",
           "roles": ["project_sponsor"], "seeks": "Finance and machines for a cleaner tannery", "offers": "Hides and a site", "capacity": 5,
           "finance": {"sought": {"max": 2_000_000, "currency": "USD", "instruments": ["loan", "equity"]}}}


def directory():
    offices = [{"id": name, "name": name.title(), "languages": [lang], "head": desks[0], "deputies": [desks[1]],
                "working_time": {"country": country, "time_zone": zone}} for name, country, zone, lang, desks in OFFICES]
    desks = [{"id": desk, "name": desk.title(), "language": lang, "office": name} for name, _, _, lang, names in OFFICES for desk in names]
    return offices, desks


CONCLUDED = ["amount=800000", "currency=EUR", "instrument=loan", "jobs=40", "sdg=\"9\""]


def money(run):
    """One partner has concluded, with another one there are talks."""
    for partner in PARTNERS:
        case = json.loads(run("interest", "send", PROJECT, partner, "--cooperation", "equity", "--desk", "lena", "--json"))["id"]
        introduction = json.loads(run("interest", "accept", case, "--desk", "linh", "--json"))["others"][0]
        for verb, desk in [("release", "lena"), ("release", "linh"), ("first_contact", "linh"), ("promote", "lena"), ("negotiate", "lena")]:
            run("introduction", verb, introduction, "--desk", desk)
        if partner == PARTNERS[0]:
            run("introduction", "conclude", introduction, "--desk", "lena", *[word for fact in CONCLUDED for word in ("--fact", fact)])


def add(folder, run):
    """`run` calls a verb of the program over the world's data and gives what it said."""
    run("rematch", "--programme", "itpo")
    late = folder / "late.jsonl"
    late.write_text(json.dumps(LATE) + "\n", encoding="utf-8")
    run("import", str(late))
    run("rematch", "--programme", "itpo")
    money(run)
