"""Eight clients at once against a model of what they may see.

    history.py COUNTERPART SOURCE_DIR MODELS [--seconds 20] [--clients 8] [--least 200] [--seed N]

Each client writes, reads and withdraws keys of its own, and always reads what it wrote last (by id, and by search once the
answer's sequence has come that far). Keys that all share are changed by If-Match alone: no two clients win the same version,
no version is skipped, none is won before one that was acknowledged earlier, and no read is older than what was acknowledged
before it began. Cases are acted on at once by several (history_cases.py). Pages of a search by cursor neither repeat nor skip a profile that was there throughout; alerts neither.
"""
import argparse
import pathlib
import random
import shutil
import tempfile
import threading
import time

import crash_cases
import history_cases
from serving import Client, Program, Server

SHARED = [f"shared-{i}" for i in range(6)]
STEADY = 300


def body(title, **more):
    return {"kind": "company", "title": title, "country": "UG", "offers": title, "seeks": "partners", **more}


class History:
    def __init__(self):
        self.lock = threading.Lock()
        self.wins = {key: [] for key in SHARED}   # (version, began, ended, title)
        self.reads = {key: [] for key in SHARED}  # the same
        self.writes = []                          # (began, ended, sequence)
        self.operations = 0
        self.refusals = 0
        self.walks = 0
        self.cases = []
        self.races = 0
        self.turned_away = 0
        self.anomalies = []

    def share_cases(self, ids):
        self.cases = ids
        for id in ids:
            self.wins[id], self.reads[id] = [], []

    def count(self, operations=1):
        with self.lock:
            self.operations += operations

    def anomaly(self, what):
        with self.lock:
            self.anomalies.append(what)


class Patient(Client):
    """Does as a 503 says: waits, and asks again. That the turned away call changed nothing, the versions show."""

    key = None  # of the server's own machine: who acts on cases has a desk, which a server that asks for no token gives nobody

    def __init__(self, port, history=None):
        super().__init__(port, self.key)
        self.history = history

    def call(self, *asked):
        while True:
            answer = super().call(*asked)
            if answer[0] != 503:
                return answer
            if self.history:
                with self.history.lock:
                    self.history.turned_away += 1
            time.sleep(float(answer[1]["retry-after"]))


def version_of(headers):
    return int(headers["etag"].strip('W/"'))


class Person:
    def __init__(self, number, port, history, seed):
        self.client, self.number, self.history = Patient(port, history), number, history
        self.draw = random.Random(f"{seed}-{number}")
        self.own = {}      # id -> (title, version) or None: withdrawn
        self.versions = {}
        self.unseen = {}   # id -> (word, sequence): what search must find from then on
        self.seen = 0      # sequence of the newest search answer

    def step(self):
        chance = self.draw.random()
        if chance < 0.30:
            self.write_own()
        elif chance < 0.60:
            self.read_own()
        elif chance < 0.70:
            self.search_own()
        elif chance < 0.80:
            self.change_shared()
        elif chance < 0.88:
            self.read_shared()
        elif chance < 0.95:
            history_cases.change(self, self.draw.choice(self.history.cases))
        else:
            history_cases.read(self, self.draw.choice(self.history.cases))

    def write_own(self):
        profile = f"own-{self.number}-{self.draw.randrange(40)}"
        was = self.own.get(profile)
        if was and self.draw.random() < 0.2:
            status, headers, told = self.client.call("DELETE", "/v1/profiles/" + profile)
            if status != 204:
                self.history.anomaly(f"withdrawing {profile}: {status} {told}")
            self.own[profile] = None
            self.versions[profile] = self.versions[profile] + 1
            self.unseen.pop(profile, None)
            self.history.count()
            return
        word = f"w{self.number}x{self.draw.randrange(10**9)}"
        began = time.monotonic()
        status, headers, told = self.client.call("PUT", "/v1/profiles/" + profile, body(f"pumps {word}", office=word))
        ended = time.monotonic()
        self.history.count()
        if status not in (200, 201):
            self.history.anomaly(f"writing {profile}: {status} {told}")
            return
        version = version_of(headers)
        if version != self.versions.get(profile, 0) + 1:
            self.history.anomaly(f"{profile} was version {self.versions.get(profile, 0)}, a write made it {version}")
        self.versions[profile] = version
        self.own[profile] = f"pumps {word}"
        self.unseen[profile] = (word, told["sequence"])
        with self.history.lock:
            self.history.writes.append((began, ended, told["sequence"]))

    def read_own(self):
        if not self.own:
            return
        profile = self.draw.choice(sorted(self.own))
        status, headers, told = self.client.call("GET", "/v1/profiles/" + profile)
        self.history.count()
        wanted = self.own[profile]
        if wanted is None and status != 404:
            self.history.anomaly(f"{profile} was withdrawn, and is read: {status}")
        if wanted is not None and (status != 200 or told["title"] != wanted or version_of(headers) != self.versions[profile]):
            self.history.anomaly(f"{profile} was written as `{wanted}`, and is read as {status} {told}")

    def search_own(self):
        if not self.unseen:
            return
        profile = self.draw.choice(sorted(self.unseen))
        word, sequence = self.unseen[profile]
        status, _, told = self.client.call("GET", f"/v1/profiles?limit=20&office={word}")
        self.history.count()
        if status != 200:
            self.history.anomaly(f"search: {status} {told}")
            return
        if told["sequence"] < self.seen:
            self.history.anomaly(f"search went back from change {self.seen} to {told['sequence']}")
        self.seen = max(self.seen, told["sequence"])
        found = profile in [hit["id"] for hit in told["profiles"]]
        if told["sequence"] >= sequence:
            self.unseen.pop(profile)
            if not found:
                self.history.anomaly(f"{profile} was written at {sequence}, and search at {told['sequence']} lacks it")

    def change_shared(self):
        key = self.draw.choice(SHARED)
        began = time.monotonic()
        status, headers, told = self.client.call("GET", "/v1/profiles/" + key)
        self.note(self.history.reads[key], began, headers, told["title"])
        title = f"shared {self.number} {self.draw.randrange(10**9)}"
        began = time.monotonic()
        status, changed, told = self.client.call("PUT", "/v1/profiles/" + key, body(title), {"If-Match": headers["etag"]})
        self.history.count(2)
        if status == 412:
            with self.history.lock:
                self.history.refusals += 1
        elif status != 200:
            self.history.anomaly(f"changing {key}: {status} {told}")
        else:
            if version_of(changed) != version_of(headers) + 1:
                self.history.anomaly(f"{key}: If-Match {headers['etag']} made {changed['etag']}")
            self.note(self.history.wins[key], began, changed, title)

    def read_shared(self):
        key = self.draw.choice(SHARED)
        began = time.monotonic()
        status, headers, told = self.client.call("GET", "/v1/profiles/" + key)
        self.history.count()
        self.note(self.history.reads[key], began, headers, told["title"])

    def note(self, into, began, headers, title):
        with self.history.lock:
            into.append((version_of(headers), began, time.monotonic(), title))


def walk(port, history, stop):
    """Pages in id order and by words while others write: the steady profiles each once, nobody twice."""
    client = Patient(port, history)
    while not stop.is_set():
        for target in ("/v1/profiles?limit=37", "/v1/profiles?limit=37&q=steady+turbines"):
            seen = []
            for status, page in client.pages(target):
                history.count()
                if status != 200:
                    history.anomaly(f"{target}: {status} {page}")
                    break
                seen += [hit["id"] for hit in page["profiles"]]
                if len(seen) > 100_000:
                    break
            # By words, a profile that is rewritten meanwhile may move to a later page: it is another one then.
            judged = [one for one in seen if one.startswith("steady-")] if "&q=" in target else seen
            if len(set(judged)) != len(judged):
                history.anomaly(f"{target}: {len(judged) - len(set(judged))} profiles are repeated")
            if not set(f"steady-{i}" for i in range(STEADY)) <= set(seen):
                history.anomaly(f"{target}: some that were there throughout are skipped")
            history.walks += 1
    client.close()


def read_alerts(port, history, stop, gathered):
    client, after = Patient(port, history), 0
    while True:
        last = stop.is_set()
        status, _, page = client.call("GET", f"/v1/alerts?limit=100&after={after}")
        history.count()
        numbers = [alert["number"] for alert in page["alerts"]]
        if numbers != sorted(set(numbers)) or (numbers and numbers[0] <= after):
            history.anomaly(f"alerts after {after}: {numbers[:5]}")
        gathered += numbers
        after = page["after"]
        if last and not page["more"]:
            break
        stop.wait(0.05)
    client.close()


def judge_shared(key, history):
    wins = sorted(history.wins[key])
    versions = [version for version, *_ in wins]
    if versions != list(range(2, len(wins) + 2)):
        history.anomaly(f"{key}: versions won are {versions[:10]}… of {len(wins)}")
    latest = 0.0
    for version, began, ended, _ in wins:  # in order of versions; each must end after all before it began
        if ended < latest:
            history.anomaly(f"{key}: version {version} was acknowledged before an earlier one was asked for")
        latest = max(latest, began)
    titles = {version: title for version, _, _, title in wins}
    for version, began, ended, title in history.reads[key]:
        if version > 1 and titles.get(version) != title:
            history.anomaly(f"{key}: version {version} is read as `{title}`, and was written as `{titles.get(version)}`")
        newest = max((v for v, _, done, _ in wins if done < began), default=1)
        if version < newest:
            history.anomaly(f"{key}: version {version} is read after version {newest} was acknowledged")
        if any(v == version and asked > ended for v, asked, _, _ in wins):
            history.anomaly(f"{key}: version {version} is read before it was asked for")


def judge_sequences(history):
    by_sequence = sorted(history.writes, key=lambda write: write[2])
    if len({sequence for _, _, sequence in by_sequence}) != len(by_sequence):
        history.anomaly("two writes have the same sequence")
    latest = 0.0
    for began, ended, sequence in by_sequence:
        if ended < latest:
            history.anomaly(f"change {sequence} was acknowledged before an earlier one was asked for")
        latest = max(latest, began)


def prepare(port):
    client = Patient(port)
    rows = "".join(f'{{"id":"steady-{i}","kind":"company","title":"steady turbines {i}","country":"KE","offers":"steady turbines"}}\n'
                   for i in range(STEADY))
    for verdict in client.lines("/v1/profiles:import", rows):
        assert verdict["status"] == "created", verdict
    for key in SHARED:
        assert client.call("PUT", "/v1/profiles/" + key, body("shared at first"))[0] == 201
    assert client.call("POST", "/v1/standing-queries", {"text": "pumps", "where": {"country": ["UG"]}, "minimum": 0.3})[0] == 201
    while client.call("GET", "/v1/profiles?limit=1")[2]["total"] < STEADY + len(SHARED):  # search follows within a moment
        time.sleep(0.05)
    cases = history_cases.prepare(client)
    client.close()
    return cases


def main():
    parser = argparse.ArgumentParser()
    for name in ("binary", "source", "models"):
        parser.add_argument(name)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--least", type=float, default=200, help="operations a second")
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="counterpart-history-"))
    server = Server(Program(asked.binary, asked.source, asked.models), directory / "data")
    Patient.key = crash_cases.local_key(directory / "data")
    history, stop, stop_reading, gathered = History(), threading.Event(), threading.Event(), []
    history.share_cases(prepare(server.port))

    def act(number):
        person = Person(number, server.port, history, asked.seed)
        try:
            while not stop.is_set():
                person.step()
        except Exception as error:
            history.anomaly(f"client {number}: {error!r}")

    def watched(task, *arguments):
        try:
            task(server.port, history, *arguments)
        except Exception as error:
            history.anomaly(f"{task.__name__}: {error!r}")

    threads = [threading.Thread(target=act, args=(n,)) for n in range(asked.clients)]
    threads.append(threading.Thread(target=watched, args=(walk, stop)))
    threads.append(threading.Thread(target=watched, args=(history_cases.race, stop, lambda port: Patient(port, history))))
    reader = threading.Thread(target=watched, args=(read_alerts, stop_reading, gathered))
    reader.start()
    began = time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(asked.seconds)
    stop.set()
    for thread in threads:
        thread.join()
    stop_reading.set()
    reader.join()
    rate = history.operations / (time.monotonic() - began)
    for key in SHARED + history.cases:
        judge_shared(key, history)
    judge_sequences(history)
    client, whole, after, more = Patient(server.port), [], 0, True
    while more:
        page = client.call("GET", f"/v1/alerts?limit=1000&after={after}")[2]
        whole += [alert["number"] for alert in page["alerts"]]
        after, more = page["after"], page["more"]
    if whole != gathered:
        history.anomaly(f"{len(gathered)} alerts were read piece by piece, and there are {len(whole)}")
    status = server.stop()
    if status != 0:
        history.anomaly(f"the server does not stop gracefully: {status}\n" + "".join(server.said[-100:]))
    shutil.rmtree(directory)
    for what in history.anomalies[:20]:
        print("ANOMALY:", what)
    slow, failed = rate < asked.least, len(history.anomalies)
    won = sum(len(wins) for wins in history.wins.values())
    print(f"RESULT history | {history.operations} operations of {asked.clients} clients in {asked.seconds:.0f} s, {rate:.0f} a "
          f"second; {won} changes by If-Match won, {history.refusals} refused; {history.races} races for "
          f"cases; {history.walks} walks by cursor, "
          f"{len(gathered)} alerts; turned away {history.turned_away} times | {failed} anomalies{', too slow' if slow else ''}")
    raise SystemExit(1 if failed or slow else 0)


if __name__ == "__main__":
    main()
