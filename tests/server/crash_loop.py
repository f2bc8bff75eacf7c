"""A server that works is killed with SIGKILL again and again; what it had acknowledged must be there, and nothing else.

    crash_loop.py COUNTERPART SOURCE_DIR MODELS [--kills 4] [--seconds 15] [--fine none] [--seed N]

Writers put, replace and withdraw profiles, an importer streams rows, the command line imports a file, officers search, match
and keep standing queries, act on cases while days pass, a match run works, and backups are taken. After a random time of at
most --seconds the process is killed, or kills itself where something is half done (index/base/kill_point.h). Then: it opens in
under 5 s; each profile is as its last acknowledged write left it, or as the one write left it that was under way; nobody else
is there, nobody twice; alerts once read are still there; store, bitmaps, words and vectors agree; and cases with their letters
are as crash_cases.py says. `--only casework` leaves all else out.
"""
import argparse
import datetime
import json
import os
import pathlib
import random
import shutil
import tempfile
import threading
import time

import crash_cases
from serving import Client, Gone, Program, Server

OPEN_WITHIN = 5.0
CASE_WORKERS = 2
TOPICS = ["solar pumps for farms", "cold storage of fish", "recycling of plastics", "training of welders", "ice machines"]


def fail(message):
    raise SystemExit("FAILED: " + message)


class Ledger:
    """What each profile must be: its title, or None when it is withdrawn. `unsure`: the write under way when the server died."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sure = {}
        self.versions = {}
        self.unsure = {}
        self.acknowledged = 0
        self.queries = {}  # id -> True: acknowledged; gone from here once its removal is
        self.queries_unsure = set()
        self.alerts = {}  # number -> (query, profile)

    def begin(self, profile, title):
        with self.lock:
            self.unsure[profile] = title

    def done(self, profile, title, version=None):
        with self.lock:
            self.sure[profile] = title
            self.unsure.pop(profile, None)
            self.acknowledged += 1
            if version is not None:
                self.versions[profile] = version

    def refused(self, profile):
        with self.lock:
            self.unsure.pop(profile, None)


class Work:
    """Everybody who works on one start of the server."""

    def __init__(self, program, data, directory, server, ledger, casework, night, asked):
        self.program, self.data, self.directory = program, data, directory
        self.port, self.ledger, self.casework, self.night, self.seed = server.port, ledger, casework, night, asked.seed
        self.stop = threading.Event()
        self.faults = []
        kinds = [(self.act, CASE_WORKERS), (self.let_time_pass, 1)]
        if asked.only != "casework":
            kinds += [(self.write, 3), (self.stream, 1), (self.ask, 2), (self.keep_queries, 1), (self.match_all, 1),
                      (self.import_file, 1), (self.back_up, 1)]
        self.threads = [threading.Thread(target=self.guard, args=(kind, number))
                        for kind, count in kinds for number in range(count)]
        for thread in self.threads:
            thread.start()

    def guard(self, kind, number):
        draw = random.Random(f"{self.seed}-{self.night}-{kind.__name__}-{number}")
        client = Client(self.port, crash_cases.local_key(self.data) if kind == self.act else None)
        try:
            while not self.stop.is_set():
                kind(client, draw, number)
        except Gone:
            pass
        except (Exception, SystemExit) as error:  # told by the main thread
            self.faults.append(f"{kind.__name__}: {error!r}")
        client.close()

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        if self.faults:
            fail("; ".join(self.faults))

    def act(self, client, draw, number):
        self.casework.step(client, draw, number)

    def let_time_pass(self, client, draw, number):
        self.casework.clock.set(self.casework.clock.now + draw.randrange(4 * 3600))
        self.casework.take_mail(draw)
        self.stop.wait(0.2)

    def write(self, client, draw, number):
        profile = f"w{number}-{draw.randrange(60)}"
        if self.ledger.sure.get(profile) is not None and draw.random() < 0.15:
            self.ledger.begin(profile, None)
            status, _, told = client.call("DELETE", "/v1/profiles/" + profile)
            if status == 204:
                self.ledger.done(profile, None)
            else:
                self.ledger.refused(profile)
                if status < 500:
                    raise RuntimeError(f"withdrawing {profile}: {status} {told}")
            return
        title = f"{draw.choice(TOPICS)} {self.night} {draw.randrange(10**9)}"
        self.ledger.begin(profile, title)
        status, headers, told = client.call("PUT", "/v1/profiles/" + profile, body(profile, title))
        if status in (200, 201):
            self.ledger.done(profile, title, headers["etag"])
        else:
            self.ledger.refused(profile)
            if status < 500:
                raise RuntimeError(f"writing {profile}: {status} {told}")

    def stream(self, client, draw, number):
        rows = [(f"s{self.night}-{draw.randrange(10**6)}", f"{draw.choice(TOPICS)} streamed {i}") for i in range(100)]
        rows = list(dict(rows).items())
        rows = [row for row in rows if row[0] not in self.ledger.sure]
        for profile, title in rows:
            self.ledger.begin(profile, title)
        text = "".join(json.dumps({"id": profile, **body(profile, title)}) + "\n" for profile, title in rows)
        for verdict in client.lines("/v1/profiles:import", text):
            profile, title = rows[verdict["line"] - 1]
            if verdict["status"] in ("created", "replaced", "unchanged"):
                self.ledger.done(profile, title)
            else:
                self.ledger.refused(profile)
        self.stop.wait(draw.random())

    def import_file(self, client, draw, number):
        rows = [(f"c{self.night}-{draw.randrange(10**6)}", f"{draw.choice(TOPICS)} imported {i}") for i in range(400)]
        rows = [row for row in dict(rows).items() if row[0] not in self.ledger.sure]
        file = self.directory / f"rows{self.night}-{draw.randrange(10**9)}.jsonl"
        file.write_text("".join(json.dumps({"id": profile, **body(profile, title)}) + "\n" for profile, title in rows))
        for profile, title in rows:
            self.ledger.begin(profile, title)
        # The command asks the server that holds the directory; once that is gone it must not open the directory itself.
        done = self.program.run(self.data, "import", str(file), "--json") if not self.stop.is_set() else None
        file.unlink()
        if done is not None and done.returncode == 0:
            for profile, title in rows:
                self.ledger.done(profile, title)
        elif self.stop.is_set():
            raise Gone()
        self.stop.wait(1 + draw.random())

    def ask(self, client, draw, number):
        topic = draw.choice(TOPICS)
        calls = [("POST", "/v1/match", {"text": topic, "limit": 10, "explain": True}),
                 ("GET", "/v1/profiles?limit=50&q=" + topic.replace(" ", "+"), None),
                 ("GET", "/v1/profiles?limit=20&facets=country&country=africa", None)]
        method, target, what = draw.choice(calls)
        status, _, told = client.call(method, target, what)
        if status != 200 and status < 500:
            raise RuntimeError(f"{target}: {status} {told}")

    def keep_queries(self, client, draw, number):
        status, _, told = client.call("POST", "/v1/standing-queries", {"text": draw.choice(TOPICS), "minimum": 0.5})
        if status == 201:
            with self.ledger.lock:
                self.ledger.queries[told["id"]] = True
        if len(self.ledger.queries) > 12:
            old = sorted(self.ledger.queries, key=lambda q: int(q[1:]))[0]
            with self.ledger.lock:
                self.ledger.queries_unsure.add(old)
            status, _, _ = client.call("DELETE", "/v1/standing-queries/" + old)
            with self.ledger.lock:
                if status == 204:
                    del self.ledger.queries[old]
                    self.ledger.alerts = {n: a for n, a in self.ledger.alerts.items() if a[0] != old}
                self.ledger.queries_unsure.discard(old)
        after = max(self.ledger.alerts, default=0)
        status, _, page = client.call("GET", f"/v1/alerts?limit=1000&after={after}")
        if status == 200:
            with self.ledger.lock:
                for alert in page["alerts"]:
                    if alert["number"] in self.ledger.alerts:
                        raise RuntimeError("an alert is told twice")
                    self.ledger.alerts[alert["number"]] = (alert["query"], alert["profile"])
        self.stop.wait(0.3)

    def match_all(self, client, draw, number):
        status, _, told = client.call("POST", "/v1/runs", {"programme": "open"})
        if status not in (202, 409, 503, 507):
            raise RuntimeError(f"a match run: {status} {told}")
        self.stop.wait(1)

    def back_up(self, client, draw, number):
        self.stop.wait(1 + 4 * draw.random())
        if self.stop.is_set():
            return
        done = self.program.run(self.data, "backup", str(self.directory / "backups"), "--keep", "2", "--json")
        if done.returncode != 0 and not self.stop.is_set():
            time.sleep(1)  # the server may just have been killed
            if not self.stop.is_set():
                raise RuntimeError("a backup: " + done.stderr[-500:])


def office_of(title):
    return "o" + title.split()[-1]


def body(profile, title):
    return {"office": office_of(title), "kind": "company", "title": title, "country": "KE", "offers": f"{title}, made by {profile}", "seeks": "local partners"}


def settle(found, ledger):
    """Each profile is as the ledger has it; what was under way is settled by what is found."""
    for profile in sorted(set(ledger.sure) | set(ledger.unsure) | set(found)):
        allowed = [ledger.sure.get(profile)]
        if profile in ledger.unsure:
            allowed.append(ledger.unsure[profile])
        here = found.get(profile)
        if here not in allowed:
            fail(f"{profile} is `{here}`, and ought to be one of {allowed}")
        if here != ledger.sure.get(profile):
            ledger.versions.pop(profile, None)
        ledger.sure[profile] = here
    ledger.unsure.clear()


def check(program, data, server, ledger, draw):
    client = Client(server.port)
    status, _, lines = client.call("GET", "/v1/profiles:export")
    if status != 200:
        fail(f"export: {status}")
    rows = [json.loads(line) for line in lines.splitlines()]
    found = {row["id"]: row["title"] for row in rows}
    if len(found) != len(rows):
        fail("a profile is there twice")
    ours = {profile: title for profile, title in found.items() if not profile.startswith("k")}  # those are of cases
    settle(ours, ledger)
    report = program.answer(data, "verify")
    if report["difference_count"] != 0 or report["stored"] != len(found) or report["indexed"] + report["awaiting"] < len(found):
        fail(f"{len(found)} profiles exported, verify says {report}")
    status, _, page = client.call("GET", "/v1/profiles?limit=1&facets=kind")
    if page["total"] != len(found) or {one["key"]: one["count"] for one in page["facets"]["kind"]}.get("company", 0) != len(found):
        fail(f"{len(found)} profiles exported, search counts {page['total']} and {page['facets']}")
    sample = draw.sample(sorted(ours), min(25, len(ours)))
    found_in = {office: found_by(client, office) for office in {office_of(found[profile]) for profile in sample}}
    for profile in sample:
        status, headers, told = client.call("GET", "/v1/profiles/" + profile)
        if status != 200 or told["title"] != found[profile]:
            fail(f"{profile}: {status} {told}")
        if profile in ledger.versions and headers["etag"] != ledger.versions[profile]:
            fail(f"{profile} has version {headers['etag']}, acknowledged was {ledger.versions[profile]}")
        if profile not in found_in[office_of(found[profile])]:
            fail(f"{profile} is not found by its office, which is in `{found[profile]}`")
    check_queries(client, ledger)
    status, _, runs = client.call("GET", "/v1/runs")
    if status != 200:
        fail(f"runs: {status} {runs}")
    client.close()


def found_by(client, office):
    ids = set()
    for status, page in client.pages("/v1/profiles?limit=250&office=" + office):
        if status != 200:
            fail(f"search by office {office}: {status} {page}")
        ids.update(hit["id"] for hit in page["profiles"])
    return ids


def check_queries(client, ledger):
    status, _, page = client.call("GET", "/v1/standing-queries?limit=1000")
    there = {query["id"] for query in page["queries"]}
    for query in list(ledger.queries):
        if query not in there and query not in ledger.queries_unsure:
            fail(f"standing query {query} is lost")
        if query not in there:
            del ledger.queries[query]
    for query in there:
        ledger.queries.setdefault(query, True)  # its acknowledgement was under way
    ledger.queries_unsure.clear()
    alerts, after, more = {}, 0, True
    while more:
        status, _, page = client.call("GET", f"/v1/alerts?limit=1000&after={after}")
        for alert in page["alerts"]:
            alerts[alert["number"]] = (alert["query"], alert["profile"])
        after, more = page["after"], page["more"]
    for number, alert in ledger.alerts.items():
        if alert[0] in there and alerts.get(number) != alert:
            fail(f"alert {number} was {alert}, and is {alerts.get(number)}")
    ledger.alerts = alerts


def night_of(server, work, draw, seconds):
    """The server works until it is killed, or ends itself. Letters leave when it begins, so that many nights are short."""
    until = time.monotonic() + draw.choice([draw.uniform(0, min(1.5, seconds)), draw.uniform(0, seconds)])
    while time.monotonic() < until and server.process.poll() is None:
        time.sleep(0.02)
    work.stop.set()
    server.kill()
    work.end()


def start(program, data, draw):
    """Every other one ends itself where something is half done; at times before it listens."""
    if draw.random() < 0.5:
        point = f"{draw.choice(crash_cases.KILL_POINTS)}#{draw.choice([1, 2, 5, 20])}"
        try:
            return Server(program, data, environment={"COUNTERPART_KILL_AT": point})
        except Gone:
            pass
    return Server(program, data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("source")
    parser.add_argument("models")
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--fine", default="none")
    parser.add_argument("--only", choices=("casework",))
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    draw = random.Random(asked.seed)
    program = Program(asked.binary, asked.source, asked.models, asked.fine)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="counterpart-crash-"))
    data, ledger, slowest = directory / "data", Ledger(), 0.0
    os.environ["COUNTERPART_CLOCK"] = str(directory / "clock")
    casework = crash_cases.Casework(data, crash_cases.Clock(directory / "clock"))
    server = Server(program, data)
    officer = Client(server.port, crash_cases.local_key(data))
    casework.prepare(officer, CASE_WORKERS)
    for night in range(asked.kills):
        work = Work(program, data, directory, server, ledger, casework, night, asked)
        night_of(server, work, draw, asked.seconds)
        server = Server(program, data)
        slowest = max(slowest, server.seconds_to_open)
        if server.seconds_to_open > OPEN_WITHIN:
            fail(f"it took {server.seconds_to_open:.1f} s to open")
        officer = Client(server.port, crash_cases.local_key(data))
        casework.check(officer, CASE_WORKERS)
        check(program, data, server, ledger, draw)
        print(f"  kill {night + 1}: {ledger.acknowledged} writes and {casework.acknowledged} acts acknowledged so far, "
              f"{len(ledger.alerts)} alerts, {len(casework.letters)} letters, open again in {server.seconds_to_open:.2f} s", flush=True)
        if draw.random() < 0.5:
            server.stop()
            server = start(program, data, draw)
    server.kill()
    casework.clock.set(casework.clock.now + 8 * 86400)  # past all working hours that a reminder waits for
    while datetime.datetime.fromtimestamp(casework.clock.now, datetime.timezone.utc).strftime("%a %H") != "Tue 10":
        casework.clock.set(casework.clock.now + 3600)
    server = Server(program, data)
    letters = casework.all_left(Client(server.port, crash_cases.local_key(data)))
    if server.stop() != 0:
        fail("the server does not stop gracefully")
    if (directory / "backups" / "backups").exists() and program.answer(data, "backup", str(directory / "backups"), "--list")["backups"]:
        done = program.run(directory / "restored", "restore", str(directory / "backups"))
        if done.returncode != 0:
            fail("the last backup cannot be restored: " + done.stderr)
        if program.answer(directory / "restored", "verify")["difference_count"] != 0:
            fail("the restored directory differs from its indexes")
        if program.answer(directory / "restored", "outbox", "list", "--state", "queued")["letters"]:
            fail("a letter of the restored directory leaves by itself")
    shutil.rmtree(directory)
    print(f"RESULT crash_loop | {asked.kills} kills, {ledger.acknowledged} acknowledged writes, {casework.acknowledged} acts, "
          f"{letters} letters spooled | nothing lost, nobody else, nobody twice, nothing half done, indexes equal; opened in at most "
          f"{slowest:.2f} s")


if __name__ == "__main__":
    main()
