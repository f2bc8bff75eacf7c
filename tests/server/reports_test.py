"""Reports over random histories: an independent program makes the same figures of the log; and a no that helps.

    reports_test.py COUNTERPART SOURCE_DIR MODELS [SEED]

The clock is a file that the test writes: quarters pass without waiting. Exit status 1 on the first answer that is another than
expected.
"""
import datetime
import json
import os
import pathlib
import random
import sys
import tempfile
import time

from report_figures import STAGES, Figures
from serving import Client, Program, Server

PROGRAM = Program(*sys.argv[1:4])
SOURCE = sys.argv[2]
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 23
STEPS = 900
OFFICES = {"dakar": ({"country": "SN", "time_zone": "Africa/Dakar", "opens": "08:00", "closes": "16:30"}, ["mbaye", "awa"]),
           "riyadh": ({"country": "SA", "time_zone": "Asia/Riyadh"}, ["noura", "omar"]),
           "vienna": ({"country": "AT", "time_zone": "Europe/Vienna", "closed_on": [{"day": "2026-05-15", "name": "bridge"}]},
                      ["huber", "maier"])}
PLACES = [("dakar", "SN"), ("dakar", "ML"), ("dakar", "KE"), ("riyadh", "SA"), ("riyadh", "YE"), ("riyadh", "MV"),
          ("vienna", "AT"), ("vienna", "DE"), ("vienna", "JP")]
# What a desk does next, and how often.
VERBS = {"interest": ["accept"] * 4 + ["decline"] * 2 + ["receive", "ask_back", "ask_back", "reply", "reply", "reopen", "claim", "withdraw"],
         "introduction": ["release"] * 8 + ["first_contact", "promote", "negotiate", "conclude", "operate"] * 6 + ["drop", "reopen", "report"]}
DECLINES = ["too_small", "other_sector", "other_country", "no_capacity", "already_served"]


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


def directory():
    return {"offices": [{"id": name, "name": name.title(), "languages": ["en"], "head": desks[0], "deputies": desks[1:],
                         "working_time": time, "duty": name == "vienna"} for name, (time, desks) in OFFICES.items()],
            "desks": [{"id": desk, "name": desk.title(), "language": "en", "office": name}
                      for name, (_, desks) in OFFICES.items() for desk in desks]}


def profiles():
    return [{"id": f"p:{country.lower()}", "kind": "project", "title": f"Works of {country}", "country": country, "office": office,
             "seeks": "solar pumps for farms", "offers": "land and labour", "sectors": ["A01" if number % 2 else "C28"],
             "countries_of_activity": ["KE"] if country in ("DE", "JP", "SA", "AT") else [], "capacity": 100,
             "organisation": {"women_led": number % 3 == 0}} for number, (office, country) in enumerate(PLACES)]


class Site:
    def __init__(self, folder):
        self.data, self.clock, self.random, self.now = folder / "data", folder / "clock", random.Random(SEED), 0
        os.environ["COUNTERPART_CLOCK"] = str(self.clock)
        self.at("2026-02-02T08:00")
        (folder / "profiles.jsonl").write_text("".join(json.dumps(one) + "\n" for one in profiles()))
        (folder / "offices.json").write_text(json.dumps(directory()))
        for words in (("import", str(folder / "profiles.jsonl")), ("office", "import", str(folder / "offices.json"))):
            done = PROGRAM.run_as_is(*words, "--data", str(self.data), *PROGRAM.common)
            expect(done.returncode == 0, f"{words}: {done.stderr}")
        self.server = Server(PROGRAM, self.data, "--budget", "0", guarded=True)
        self.client = Client(self.server.port, self.server.token)
        os.environ["COUNTERPART_TOKEN"] = self.server.token
        self.tokens = {}
        for office, (_, desks) in OFFICES.items():
            for desk in desks:
                self.tokens[desk] = self.call("POST", "/v1/tokens", {"role": "officer", "office": office, "desk": desk}, 201)["token"]
        # By id: the kind, the asking and the answering office, what the table allowed when it was seen last.
        self.open, self.offices, self.possible = {}, {}, {}

    def at(self, moment):
        self.set(int(datetime.datetime.fromisoformat(moment + "+00:00").timestamp()))

    def set(self, now):
        self.now = now
        beside = self.clock.with_suffix(".next")
        beside.write_text(str(now))
        beside.replace(self.clock)

    def call(self, method, target, body=None, status=200, headers=None, desk=None):
        """By a desk, or by the administrator."""
        by = {"Authorization": "Bearer " + self.tokens[desk]} if desk else {}
        got, _, answer = self.client.call(method, target, body, {**by, **(headers or {})})
        expect(status is None or got == status, f"{method} {target} -> {got}: {answer}")
        return answer if status else (got, answer)

    # ---- random histories

    def desk(self, case, verb):
        """Mostly one of the side whose act it is."""
        asking, answering = self.offices[case]
        whose = asking if verb in ("reply", "withdraw") else answering if self.open[case] == "interest" else None
        return self.random.choice(OFFICES[whose or self.random.choice([asking, answering])][1])

    def send(self):
        (office, one), (to, other) = self.random.sample(PLACES, 2)
        body = {"from": f"p:{one.lower()}", "to": f"p:{other.lower()}", "programme": self.random.choice(["open", "itpo"]),
                "answers": {"cooperation": "equity"}}
        got, answer = self.call("POST", "/v1/interests", body, None, desk=OFFICES[office][1][0])
        if got == 201:
            self.open[answer["id"]], self.offices[answer["id"]] = "interest", (office, to)
            self.see(answer)

    def see(self, case):
        self.possible[case["id"]] = [act["verb"] for act in case["acts"]]

    def act(self):
        recent = list(self.open)[-24:]
        case = self.random.choice(recent + 3 * [one for one in recent if self.open[one] == "introduction"])
        likely = [verb for verb in VERBS[self.open[case]] if verb in self.possible.get(case, [verb])]
        verb, body = self.random.choice(likely or VERBS[self.open[case]]), {}
        if verb == "decline":
            body["reason"] = self.random.choice(DECLINES)
        elif verb == "drop":
            body["reason"] = "no_finance"
        elif verb in ("ask_back", "reply", "reopen", "report"):
            body["note"] = "Planted words"
        elif verb == "conclude":
            body["facts"] = {"amount": self.random.randrange(1, 10**6), "currency": self.random.choice(["EUR", "USD", "XOF"]),
                             "instrument": "equity", "jobs": self.random.randrange(90), "sdg": "9"}
        got, answer = self.call("POST", f"/v1/{self.open[case]}s/{case}:{verb}", body, None, desk=self.desk(case, verb))
        if got == 200:
            self.see(answer)
        for other in answer.get("others", []) if got == 200 else []:
            self.open[other], self.offices[other] = "introduction", self.offices[case]

    def live(self, steps):
        for step in range(steps):
            self.set(self.now + self.random.choice([0, 600, 3600, 5 * 3600, 19 * 3600]))
            self.send() if step % 9 == 0 or not self.open else self.act()

    def lapse(self):
        """Two months in which nobody does anything; the server's own clock closes what nobody answers."""
        self.set(self.now + 60 * 86400)
        until = time.monotonic() + 60
        while not any(one["state"] == "lapsed" for one in self.call("GET", "/v1/interests?open=false&limit=1000")["cases"]):
            expect(time.monotonic() < until, "nothing lapses")

    # ---- what is told

    def figures(self, quarter=None):
        """The reports, and what the log makes of them; again where the clock has acted in between."""
        query = f"?quarter={quarter}" if quarter else ""
        for _ in range(20):
            told = [self.call("GET", f"/v1/reports/{path}") for path in
                    (f"response-times{query}", f"funnel{query}", f"funnel{query}{'&' if query else '?'}count=reached")]
            lines = self.call("GET", "/v1/reports/cases").splitlines()
            own = Figures(lines, self.call("GET", "/v1/offices")["offices"], SOURCE, self.now, quarter)
            if {one["log"]["head"] for one in told} == {own.head}:
                return (*told, own)
        return expect(False, "the log does not hold still, or its head is another")

    def beside(self, target, ask):
        """What the server tells, and what `ask` returned between two tellings of the same; the clock acts when it likes."""
        for _ in range(20):
            before, got = self.call("GET", target), ask()
            if self.call("GET", target) == before:
                return before, got
        return expect(False, f"{target} does not hold still")


def check_times(told, own):
    theirs = {(row.get("office", ""), row["quarter"]): {name: row[name] for name in next(iter(own.values()))} for row in told["rows"]}
    expect(theirs.keys() == own.keys(), (theirs.keys() ^ own.keys()))
    for key, row in own.items():
        expect(theirs[key] == row, f"{key}: told {theirs[key]}, recomputed {row}")


def check_funnel(told, own):
    theirs = {}
    for row in told["rows"]:
        money = {one["currency"]: [one["conclusions"], one["amount"], one["jobs"]] for one in row["conclusions"]}
        theirs[(row["quarter"], row["by"], row.get("value", ""), row.get("side", ""))] = {
            **{stage: row[stage] for stage in STAGES}, "conclusions": money}
    expect(theirs.keys() == own.keys(), theirs.keys() ^ own.keys())
    for key, row in own.items():
        expect(theirs[key] == row, f"{key}: told {theirs[key]}, recomputed {row}")


def check_log(site, told, own):
    """Every act of the log stands in the audit log, whose head the report names."""
    entries, after = {}, 0
    while page := site.call("GET", f"/v1/audit?after={after}&limit=1000")["entries"]:
        entries.update({(one["subject"], one.get("version")): one for one in page})
        after = page[-1]["number"]
    for case in own.cases:
        for act in case["log"]:
            entry = entries.get((case["id"], act["number"]))
            expect(entry and entry["what"] == "case " + act["verb"], f"{case['id']} {act} is not in the audit log: {entry}")
    verdict = site.call("POST", "/v1/audit:verify?head=" + told["log"]["audit"]["head"])
    expect(verdict["intact"] and verdict["entries"] >= told["log"]["audit"]["entries"], verdict)
    expect(told["log"]["cases"] == len(own.cases) and told["log"]["acts"] == sum(len(one["log"]) for one in own.cases), told["log"])


def check_command(site, folder):
    words = lambda *given: PROGRAM.run_as_is("report", *given, "--data", str(site.data), *PROGRAM.common)
    for path in ("response-times", "funnel"):
        csv, said = site.beside(f"/v1/reports/{path}.csv", lambda: words(path, "--as", "csv"))
        expect(said.stdout.replace("\r\n", "\n") == csv.replace("\r\n", "\n"), f"{path} as CSV: {said}\nover HTTP: {csv}")
        rows = site.call("GET", f"/v1/reports/{path}")["rows"]
        expect(len(csv.splitlines()) == len(rows) + 1, f"{path}: as many rows")
        expect(words(path, "--as", "xlsx", "--out", str(folder / "report.xlsx")).returncode == 0, f"{path} as a workbook")
        expect((folder / "report.xlsx").read_bytes()[:2] == b"PK", "it is one")
        said = words(path, "--lang", "fr")
        expect(said.returncode == 0 and "trimestre" in said.stdout, said)
    told, log = site.beside("/v1/reports/cases", lambda: words("cases").stdout)
    expect(log == told and "Planted" not in log and "omar" not in log, "the log, nobody's words")
    expect("2026Q4" in words("funnel", "--quarter", "2026q4").stderr, "a wrong quarter is told what a right one is")


# ---- a no that helps

def check_no(site):
    """A pump maker of Japan is asked by Kenya, and says no for its country."""
    site.set(site.now + 86400)
    new = {"id": "n:asker", "kind": "project", "title": "Kenya Milk", "country": "KE", "office": "dakar", "seeks": "solar pumps",
           "sectors": ["A01"]}
    site.call("PUT", "/v1/profiles/n:asker", new, 201)
    asked = site.call("POST", "/v1/interests?desk=awa", {"from": "n:asker", "to": "p:jp", "programme": "open",
                                                        "answers": {"cooperation": "equity"}}, 201)["id"]
    decline = lambda more: site.call("POST", f"/v1/interests/{asked}:decline?desk=huber{more}", {"reason": "other_country"})
    preview, done = decline("&preview=true"), decline("")
    offer = done["condition_offer"]
    expect(preview["condition_offer"] == offer, "the preview tells of it before")
    expect((offer["profile"], offer["member"], offer["value"]) == ("p:jp", "partner.exclude_countries", ["KE"]), offer)
    expect("partner" not in site.call("GET", "/v1/profiles/p:jp"), "nothing is stated by itself")
    instead = site.call("GET", f"/v1/interests/{asked}")["instead"]
    listed = [one["id"] for one in instead["counterparts"]]
    expect(instead["meets"] and set(listed) == {"p:de", "p:sa", "p:at"}, instead)
    again = site.call("POST", "/v1/interests?desk=awa", {"from": "n:asker", "to": listed[0], "programme": "open",
                                                        "answers": {"cooperation": "equity"}}, 201)["id"]
    next_ones = [one["id"] for one in site.call("GET", f"/v1/interests/{asked}")["instead"]["counterparts"]]
    expect(listed[0] not in next_ones and "p:jp" not in next_ones, "who was asked is not named again")
    site.call("POST", f"/v1/interests/{again}:accept?desk={'noura' if listed[0] == 'p:sa' else 'huber'}", {})

    statement = {"member": offer["member"], "value": offer["value"]}
    target = "/v1/profiles/p:jp:state-condition"
    site.call("POST", target, statement, 412, {"If-Match": f'"{offer["version"] + 1}"'})
    site.call("POST", target, {"member": "contact", "value": {}}, 400)
    site.call("POST", target, {"member": "partner.nothing", "value": []}, 400)
    written = site.call("POST", target, statement, 200, {"If-Match": f'"{offer["version"]}"'})
    expect(site.call("GET", "/v1/profiles/p:jp")["partner"] == {"exclude_countries": ["KE"]}, "it is stated")
    found = {"sequence": -1}
    while found["sequence"] < written["sequence"]:
        found = site.call("POST", "/v1/match", {"profile": "n:asker", "bands": ["strong", "good", "possible", "weak"], "limit": 50})
    expect("p:jp" not in [one["id"] for one in found["matches"]], "and asked for no more")


def check_outcomes(site, folder):
    lines = [json.loads(line) for line in site.call("GET", "/v1/outcomes").splitlines()]
    queries = {line["query"]: line for line in lines if "query" in line}
    candidates = {line["candidate"] for line in lines if "candidate" in line}
    accepted = {}
    for line in site.call("GET", "/v1/reports/cases").splitlines():
        case = json.loads(line)
        if any(act["verb"] == "accept" for act in case.get("log", [])):
            accepted.setdefault(case["from"]["profile"], set()).add(case["to"]["profile"])
    expect({asker: set(line["relevant"]) for asker, line in queries.items()} == accepted, "who accepted whom")
    expect(all(set(line["relevant"]) | set(line.get("declined", [])) <= candidates for line in queries.values()), "all are there")
    expect("p:jp" in queries["n:asker"]["declined"], queries["n:asker"])
    file = folder / "pairs.jsonl"
    done = PROGRAM.run_as_is("outcomes", "--data", str(site.data), *PROGRAM.common, "--out", str(file))
    expect(done.returncode == 0 and len(file.read_text().splitlines()) == len(lines), done.stderr)
    learnt = PROGRAM.run_as_is("evaluate", str(file), "--train", "--out", str(folder / "weights.toml"), "--data", str(site.data),
                                 *PROGRAM.common[:4])
    expect(learnt.returncode == 0 and (folder / "weights.toml").exists(), learnt.stderr)


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        folder = pathlib.Path(name)
        site = Site(folder)
        site.live(STEPS)
        site.lapse()
        site.live(STEPS)
        counted = 0
        for quarter in (None, "2026Q1", "2026Q3"):
            times, sent, reached, own = site.figures(quarter)
            check_times(times, own.response_times())
            check_funnel(sent, own.funnel("sent"))
            check_funnel(reached, own.funnel("reached"))
            counted += len(times["rows"]) + len(sent["rows"]) + len(reached["rows"])
        check_log(site, times, own)
        shown = [row for row in site.figures()[0]["rows"] if row["median_hours"] is not None and "office" in row]
        whole = [row for row in site.figures()[1]["rows"] if row["by"] == "all"][-1]
        expect(shown and whole["concluded"] >= 2, f"the histories are long enough to say something: {whole}")
        check_command(site, folder)
        check_no(site)
        check_outcomes(site, folder)
        site.client.close()
        site.server.stop()
    print(f"RESULT reports | {counted} rows recomputed from the log | the same to the digit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
