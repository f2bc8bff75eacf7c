"""Every programme shows somebody on the shipped samples, from each of its sides, and about the matter.

    first_answers.py COUNTERPART SOURCE_DIR MODELS

The samples are imported without fine vectors. For each side of each programme a sample that stands on it asks, as the profile of
a newcomer would: its list is not empty, and one of the first three shares a trade, a technology or a theme with it. Panels are
composed, portfolios assembled and coverage maps drawn where a programme gives its manager these. A programme or a side without
a row here fails. Exit status 1 with all that is wrong.
"""
import json
import pathlib
import shutil
import sys
import tempfile
import tomllib

from serving import Client, Program, Server

BINARY, SOURCE, MODELS = sys.argv[1:4]
DATASETS = pathlib.Path(SOURCE, "datasets")
# Without fine vectors little is nearer than chance would bring: weak matches are asked for as well.
BANDS = ["strong", "good", "possible", "weak"]
OAK_RIDGE = "opensustain:oak-ridge-national-laboratory-advanced-manufacturing-office-software-suite"
# Programme -> side -> the sample that asks.
SEEKERS = {
    "business-partnership": {"firm": "drawdown:3", "initiative": "wb:P160170"},
    "circular-economy": {"manufacturer": "drawdown:10", "association": "ecorg:cewep-waste-to-energy-plants",
                         "supporter": "opensustain:oie-mines-paristech"},
    "city-bridges": {"manufacturer": "dpg:city-energy-analyst", "association": "ecorg:association-of-estonian-cities",
                     "supporter": "opensustain:ipeadirur"},
    "consultations": {"expert": "ecgroups:x0544"},
    "consultations-africa": {"expert": "unfccc:ke-1aabd287a9f8"},
    "consultations-africa-asia": {"expert": "unfccc:id-1efcfaaa7135"},
    "consultations-agro-industry": {"expert": "ecgroups:x0009"},
    "ctcn": {"request": "wb:P097818", "member": "opensustain:sesmg"},
    "digital-manufacturing": {"manufacturer": "techstars:rational-robotics",
                              "association": "ecorg:acea-automobile-manufacturers", "supporter": OAK_RIDGE},
    "gcip": {"start_up": "drawdown:283", "proven_start_up": "drawdown:355", "accelerator": "drawdown:775",
             "mentor": "unfccc:id-1efcfaaa7135", "investor": "aiddata:european-investment-bank", "buyer": "ecorg:ikea"},
    "global-alliance": {"manufacturer": "techstars:hya-bioplastics",
                        "association": "ecorg:cembureau-european-cement-association",
                        "supporter": "opensustain:renewables-ninja"},
    "green-industry": {"manufacturer": "drawdown:732", "association": "ecorg:cefic-european-chemical-industry-council",
                       "supporter": OAK_RIDGE},
    "hydrogen": {"manufacturer": "drawdown:442", "association": "ecorg:eurogas",
                 "supporter": "opensustain:sandia-national-laboratories"},
    "itpo": {"supplier": "drawdown:304", "partner": "wb:P162607"},
    "open": {"": "techstars:kumulus"},
    "pcp": {"project": "wb:P176887", "financier": "aiddata:world-bank", "supplier": "techstars:hydropool-ltd",
            "adviser": "opensustain:national-renewable-energy-laboratory"},
    "pfan": {"project": "wb:P169561", "ready_project": "wb:P178722", "investor": "aiddata:nordic-development-fund",
             "adviser": "ecgroups:x0756"},
    "resource-efficiency": {"manufacturer": "techstars:molg", "association": "ecorg:eucetsa-environmental-technology-suppliers",
                            "supporter": OAK_RIDGE},
    "skills": {"manufacturer": "dpg:oer-commons",
               "association": "ecorg:further-education-and-training-awards-council-fetac",
               "supporter": "ecorg:university-of-zilina-faculty-of-management-and-informatics"},
    "sustainable-energy": {"manufacturer": "techstars:solstice", "association": "ecorg:cewep-waste-to-energy-plants",
                           "supporter": "opensustain:nrel-sienna"},
}
LEAST_MEMBERS = 10
LEAST_SEATS = 20

faults = []


def expect(condition, message):
    if not condition:
        faults.append(message)


def sides_of_files():
    """Programme -> names of its sides, as the files say."""
    tables = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in DATASETS.glob("programmes/*.toml")}
    sides = {}
    for slug, table in tables.items():
        own = set(tables.get(table.get("base"), {}).get("sides", {})) | set(table.get("sides", {}))
        for name in table.get("programmes", {slug: {}}):
            sides[name] = own | set(table.get("programmes", {}).get(name, {}).get("sides", {}))
    return sides


def about_the_matter(one, other):
    return any(set(one.get(member, [])) & set(other.get(member, [])) for member in ("sectors", "technologies", "themes"))


def ask(client, samples, programme, side, seeker):
    where = f"{programme}, side {side or 'any'}, {seeker}"
    if seeker not in samples:
        return expect(False, f"{where}: is no sample any more")
    status, _, found = client.call("POST", "/v1/match", {"profile": seeker, "programme": programme, "limit": 10, "bands": BANDS})
    if status != 200 or not found["matches"]:
        return expect(False, f"{where}: nobody ({status}: {json.dumps(found)[:600]})")
    first = [samples[match["id"]] for match in found["matches"][:3]]
    expect(any(about_the_matter(samples[seeker], one) for one in first),
           f"{where}: nothing in common with {[one['title'] for one in first]}")


def managers_answers(program, data, programme):
    """What its manager gets beside matches."""
    slug, output = programme["slug"], programme["output"]
    if output == "panel":
        panel = program.answer(data, "convene", "--programme", slug)
        expect(len(panel["seats"]) >= LEAST_SEATS, f"{slug}: a panel of {len(panel['seats'])}")
        if slug == "consultations":
            expect(not panel["relaxations"], f"{slug}: what had to give way: {panel['relaxations']}")
    elif output == "portfolio":
        portfolio = program.answer(data, "assemble", SEEKERS[slug]["project"], "--programme", slug)
        expect(portfolio["partners"], f"{slug}: no partners: {portfolio}")
    elif output == "coverage":
        coverage = program.answer(data, "coverage", "--programme", slug, "--gaps", "1")
        expect(coverage["members"] >= LEAST_MEMBERS, f"{slug}: {coverage['members']} members")


def main():
    files = sorted(DATASETS.glob("samples/*.jsonl"))
    samples = {one["id"]: one for file in files for one in map(json.loads, file.read_text(encoding="utf-8").splitlines())}
    stated = sides_of_files()
    expect(stated.keys() == SEEKERS.keys(), f"programmes without a row, or rows without one: {stated.keys() ^ SEEKERS.keys()}")
    for programme in stated.keys() & SEEKERS.keys():
        expect((stated[programme] or {""}) == SEEKERS[programme].keys(), f"sides of {programme}: {stated[programme]}")
    directory = pathlib.Path(tempfile.mkdtemp(prefix="counterpart-first-answers-"))
    try:
        program, data = Program(BINARY, SOURCE, MODELS), directory / "data"
        summary = program.answer(data, "import", *map(str, files))
        expect(summary["refused"] == 0 and summary["accepted"] == len(samples), f"all samples are taken in: {summary}")
        for programme in json.loads(program.run_as_is("programmes", "list", *program.common[:2], "--json").stdout):
            managers_answers(program, data, programme)
        server = Server(program, data)
        try:
            client = Client(server.port)
            for programme, seekers in SEEKERS.items():
                for side, seeker in seekers.items():
                    ask(client, samples, programme, side, seeker)
            client.close()
        finally:
            server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for fault in faults:
        print("FAILED:", fault)
    print(f"{sum(map(len, SEEKERS.values()))} sides of {len(SEEKERS)} programmes asked, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
