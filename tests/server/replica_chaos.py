"""An owner and its standby, while both are killed, stopped, parted, erased and promoted, writes go on through either: what was
acknowledged is not lost, nothing is applied twice, whoever was overtaken acknowledges nothing, and both stores are one in the end.

    replica_chaos.py BINARY SOURCE MODELS [--faults N] [--seed N] [--between N]    standard library only

A write counts as acknowledged by its 2xx, whoever gave it. Nobody is ever promoted with --accept-loss.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sys
import tempfile
import threading
import time

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("program", nargs=3)
OPTIONS.add_argument("--faults", type=int, default=10)
OPTIONS.add_argument("--between", type=int, default=20, help="faults between two looks at everything")
OPTIONS.add_argument("--seed", type=int, default=None)
GIVEN = OPTIONS.parse_args()
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import crash_cases  # noqa: E402
from link import Link  # noqa: E402
from serving import Client, Gone, Program, Server, free_port, wait_for  # noqa: E402

PROGRAM = Program(*GIVEN.program)
LANES, PROFILES, NOTES, KEPT, PATIENCE = 3, 4, 25, 20, 120
SEQUENCE = "x-counterpart-sequence"
SECRET = re.compile(rb"planted [b-z]{14}")


class Side:
    """One of the two servers: a directory, a port, and the link by which the other reaches it."""

    def __init__(self, place, name):
        self.name, self.data, self.port, self.server, self.logs = name, place / name, free_port(), None, []
        self.link = Link(self.port)
        self.url = f"http://127.0.0.1:{self.link.port}"
        self.options = []  # of its next start

    def start(self):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.server = Server(PROGRAM, self.data, "--budget", "0", "--log-level", "warn", *self.options, guarded=True, port=self.port)
                break
            except (Gone, SystemExit) as error:  # whom it is to follow does not answer yet
                if time.monotonic() > until:
                    raise AssertionError(f"{self.name} does not start: {error}") from error
                time.sleep(0.5)
        self.logs.append(self.server.said)
        return self.server

    def runs(self):
        return self.server is not None and self.server.process.poll() is None

    def kill(self):
        if self.runs():
            self.server.process.send_signal(signal.SIGCONT)
            self.server.kill()
        self.server = None

    def signal(self, which):
        if self.runs():
            self.server.process.send_signal(which)

    def stop(self):
        assert self.server.stop() == 0, self.said()
        self.server = None

    def said(self):
        return "".join(line for lines in self.logs for line in lines)[-3000:]


class Lane(threading.Thread):
    """Writes one thing after another, each through either server, and knows what of it was acknowledged."""

    def __init__(self, world, number, dice):
        super().__init__(daemon=True)
        self.world, self.number, self.dice = world, number, random.Random(dice.random())
        self.counter, self.reads, self.fault = 0, 0, None
        self.sent = collections.defaultdict(dict)  # of each profile: text -> was it acknowledged
        self.under_way, self.tries = None, 0       # a call that is repeated until it is
        self.notes = []                            # of the cases, each acknowledged
        self.erased, self.doubtful = set(), set()  # of which no file may tell anything; and perhaps
        self.cases, self.from_now_on = [], 0  # of the newest, how many notes it has
        self.own = [f"own:{number}-{index}" for index in range(PROFILES)]

    def run(self):
        try:
            while not self.world.over.is_set():
                if self.world.pause.is_set():
                    time.sleep(0.02)
                    continue
                with self.world.busy(self):
                    self.step()
                time.sleep(self.dice.uniform(0.005, 0.08))
        except BaseException as error:  # told by the one that waits for all
            self.fault = error
            raise

    def call(self, method, path, body=None, headers=None):
        """Whoever is asked: nothing where nobody knows what came of it."""
        side = self.dice.choice(self.world.sides)
        client = Client(side.port, self.world.token)
        try:
            return client.call(method, path, body, headers)
        except Gone:
            return None, {}, {}
        finally:
            client.close()

    def step(self):
        kind = self.dice.choices(("put", "note", "erase"), (10, 4, 1))[0]
        getattr(self, kind)()

    def profile(self, id, text):
        return {"id": id, "kind": "company", "title": id, "country": "KE", "offers": text, "office": "dakar", "capacity": 5}

    def put(self):
        self.counter += 1
        id, text = self.dice.choice(self.own), f"text {self.counter}"
        self.sent[id][text] = False
        status, headers, answer = self.call("PUT", f"/v1/profiles/{id}", self.profile(id, text))
        if status in (200, 201):
            self.sent[id][text] = True
            self.read(id, text, headers)
        else:
            self.expect(status, answer)

    def expect(self, status, answer):
        assert status in (None, 401, 429, 503), f"lane {self.number}: {status} {answer}"  # 401: one that is not loaded yet

    def read(self, id, text, headers):
        """Whoever answers hands back what was just acknowledged, or nothing."""
        status, seen, answer = self.call("GET", f"/v1/profiles/{id}", None, {"X-Counterpart-Sequence": headers[SEQUENCE]})
        if status != 200:
            return
        self.reads += 1
        unknown = {one for one, acknowledged in self.sent[id].items() if not acknowledged}
        assert answer["offers"] == text or answer["offers"] in unknown, f"{id}: {text} was acknowledged, and {answer['offers']} is read"

    def note(self):
        """Again and again, through either, until somebody acknowledges it, under one key or after one act: it must be there once."""
        if self.under_way is None:
            self.counter += 1
            if self.from_now_on == 0:
                id = f"own:{self.number}-c{self.counter}"
                status, _, answer = self.call("PUT", f"/v1/profiles/{id}", self.profile(id, "asks"))
                if status not in (200, 201):
                    return self.expect(status, answer)
                self.under_way = "/v1/interests?desk=awa", {"from": id, "to": "to", "answers": {"cooperation": "equity"}}, {"Idempotency-Key": f"case-{self.number}-{self.counter}"}
            else:
                text = f"note {self.counter} of {self.number}"
                self.under_way = f"/v1/interests/{self.cases[-1]}:note?desk=awa", {"note": text}, {"If-Match": f'"{1 + len(self.notes[-1])}"'}
            self.tries = 0
        target, body, headers = self.under_way
        self.tries += 1
        status, _, answer = self.call("POST", target, body, headers)
        if status == 412 and self.tries > 1:
            status = 200  # the act that it is to follow is not the last any more: an earlier try has done it
        if status not in (200, 201):
            return self.expect(status, answer)
        self.under_way = None
        if "note" in body:
            self.notes[-1].append(body["note"])
            self.from_now_on -= 1
        else:
            self.cases.append(answer["id"])
            self.notes.append([])
            self.from_now_on = NOTES

    def erase(self):
        self.counter += 1
        id, secret = f"own:{self.number}-e{self.counter}", "planted " + "".join(self.dice.choices("bcdfghklmnprstvz", k=14))
        status, _, answer = self.call("PUT", f"/v1/profiles/{id}", self.profile(id, secret))
        if status not in (200, 201):
            self.doubtful.add(id)
            return self.expect(status, answer)
        self.doubtful.add(id)
        status, _, answer = self.call("POST", "/v1/erasures", {"profiles": [id]})
        if status == 200 or status == 202:
            self.doubtful.discard(id)
            self.erased.add((id, secret))
        else:
            self.expect(status, answer)

    # --- What must hold, asked of one server while nobody writes.

    def check(self, client):
        for id, sent in self.sent.items():
            self.check_history(client, id, sent)
        for case, notes in zip(self.cases, self.notes):
            status, _, told = client.call("GET", f"/v1/interests/{case}")
            assert status == 200, told
            found = [act["note"] for act in told["timeline"] if act.get("note")]
            pending = [self.under_way[1]["note"]] if self.under_way and "note" in self.under_way[1] and case == self.cases[-1] else []
            assert found in (notes, notes + pending), f"{case}: acknowledged {notes}, found {found}"

    def check_history(self, client, id, sent):
        status, _, told = client.call("GET", f"/v1/profiles/{id}/versions")
        acknowledged = [text for text, one in sent.items() if one]
        if status == 404:
            assert not acknowledged, f"{id} is not there, and {acknowledged} were acknowledged"
            return
        numbers = sorted(one["version"] for one in told["versions"])
        found = [client.call("GET", f"/v1/profiles/{id}/versions/{number}")[2]["profile"]["offers"] for number in numbers]
        assert len(set(found)) == len(found), f"{id}: applied twice: {found}"
        assert set(found) <= set(sent), f"{id}: {found}"
        assert len(acknowledged) <= numbers[-1] <= len(sent), f"{id}: version {numbers[-1]}; {len(acknowledged)} of {len(sent)} acknowledged"
        in_order = [text for text in found if sent[text]]
        if numbers[0] == 1:
            assert in_order == acknowledged, f"{id}: {acknowledged} were acknowledged, {in_order} are there"
        else:
            assert len(found) > KEPT and in_order == acknowledged[len(acknowledged) - len(in_order):], f"{id}: {acknowledged[-30:]} were acknowledged, {in_order} are there"


class World:
    def __init__(self, place, dice):
        self.place, self.dice = place, dice
        self.over, self.pause = threading.Event(), threading.Event()
        self.sides = [Side(place, "one"), Side(place, "two")]
        self.owner, self.copy = self.sides
        self.done, self.refused, self.takeovers, self.left, self.revived = collections.Counter(), 0, 0, 0, 0
        self.stray, self.locks = 0, {}
        self.owner.start()
        self.token = self.owner.server.token
        self.token_file = place / "token"
        self.token_file.write_text(self.token + "\n")
        client = Client(self.owner.port, self.token)
        assert client.call("PUT", "/v1/offices", crash_cases.directory())[0] < 300
        status, _, answer = client.call("PUT", "/v1/profiles/to", {"kind": "company", "title": "to", "country": "KE", "offers": "pumps",
                                                                   "office": "riyadh", "capacity": 1000})
        assert status == 201, answer
        client.close()
        self.follow()
        self.ready()
        self.lanes = [Lane(self, number, dice) for number in range(LANES)]
        self.locks = {lane: threading.Lock() for lane in self.lanes}
        for lane in self.lanes:
            lane.start()

    def busy(self, lane):
        return self.locks[lane]

    # --- Servers.

    def ask(self, side, method, path, body=None):
        client = Client(side.port, self.token)
        try:
            return client.call(method, path, body)
        except Gone:
            return None, {}, {}
        finally:
            client.close()

    def state(self, side):
        status, _, answer = self.ask(side, "GET", "/v1/replica")
        return answer if status == 200 else {}

    def follow(self, *options):
        """The copy begins, or goes on."""
        copy, owner = self.copy, self.owner
        copy.data.mkdir(exist_ok=True)
        if not (copy.data / "MASTER-KEY").exists():
            shutil.copy(owner.data / "MASTER-KEY", copy.data / "MASTER-KEY")
        copy.options = ["--follow", owner.url, "--follow-token-file", str(self.token_file), "--stand-by"]
        plain = list(copy.options)
        copy.options += options
        copy.start()
        copy.options = plain

    def ready(self):
        def stands_by():
            for side in (self.owner, self.copy):
                if not side.runs():  # as systemd does
                    self.revived += side.server is not None  # it ended by itself
                    side.start()
            return self.state(self.copy).get("stands_by") and self.state(self.owner).get("standby", {}).get("heard")

        try:
            wait_for(stands_by, "the copy to stand by", PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.owner.name}: {self.state(self.owner)}\n{self.owner.said()}\n"
                                 f"{self.copy.name}: {self.state(self.copy)}\n{self.copy.said()}") from error

    def wait(self, most=2.0):
        time.sleep(self.dice.uniform(0.05, most))

    # --- Faults: each does its harm, waits, and mends it.

    def kill_owner(self):
        self.owner.kill()
        self.wait()
        self.owner.start()

    def kill_copy(self):
        self.copy.kill()
        self.wait(4.0)
        self.copy.start()

    def kill_both(self):
        for side in self.dice.sample(self.sides, 2):
            side.kill()
        self.wait()
        self.owner.start()
        self.copy.start()

    def stop_owner(self):
        self.owner.signal(signal.SIGSTOP)
        until = time.monotonic() + self.dice.uniform(0.5, 6)
        while time.monotonic() < until:
            began = time.monotonic()
            status = self.ask(self.copy, "GET", "/v1/profiles/to")[0]
            assert status in (200, 401) and time.monotonic() - began < 7, f"a read of the copy took {time.monotonic() - began:.1f} s: {status}"
            time.sleep(0.1)
        self.owner.signal(signal.SIGCONT)

    def stop_copy(self):
        self.copy.signal(signal.SIGSTOP)
        self.wait(6.0)
        self.copy.signal(signal.SIGCONT)

    def cut_link(self):
        self.owner.link.cut()
        self.wait(5.0)
        self.owner.link.heal()

    def swallow_link(self):
        self.owner.link.swallow()
        self.wait(5.0)
        self.owner.link.heal()

    def erase_and_kill_copy(self):
        """What was erased a moment before must leave the copy's files all the same."""
        lane = self.dice.choice(self.lanes)
        with self.locks[lane]:
            lane.erase()
        self.copy.kill()
        self.copy.start()

    def take_over_from_dead(self):
        self.ready()
        self.owner.kill()
        self.take_over()

    def take_over_from_stopped(self):
        self.ready()
        self.owner.signal(signal.SIGSTOP)
        self.wait(0.5)
        self.take_over()

    def take_over_from_parted(self):
        """Both run, and whoever writes reaches both."""
        self.ready()
        self.owner.link.cut()
        self.wait(0.5)
        self.take_over()

    def take_over_in_order(self):
        self.ready()
        self.take_over()

    def take_over_and_die(self):
        """The one that takes over is killed while it does, and takes over when it is there again."""
        self.ready()
        self.owner.kill()
        first = threading.Thread(target=lambda: PROGRAM.run(self.copy.data, "promote"))
        first.start()
        time.sleep(self.dice.uniform(0.0, 0.4))
        self.copy.kill()
        first.join()
        if json.loads((self.copy.data / "ROLE").read_text().split("\n")[0])["kind"] == "promoted":
            self.copy.start()
            return self.took_over()
        self.copy.start()
        self.take_over()

    def take_over(self):
        done = PROGRAM.run(self.copy.data, "promote", "--json")
        if done.returncode == 0:
            return self.took_over()
        assert "--accept-loss" in done.stderr or "hand over" in done.stderr, done.stderr
        self.refused += 1
        self.owner.signal(signal.SIGCONT)
        self.owner.link.heal()
        if not self.owner.runs():
            self.owner.start()

    def took_over(self):
        self.takeovers += 1
        self.owner, self.copy = self.copy, self.owner
        old, new = self.copy, self.owner
        wait_for(lambda: self.state(new).get("role") == "owner", f"{new.name} to serve as the owner: {new.said()}", PATIENCE)
        self.wait()
        old.signal(signal.SIGCONT)
        self.wait(1.0)
        old.link.heal()
        if not old.runs() and self.dice.random() < 0.3:
            shutil.rmtree(old.data)
            return self.follow()
        if not old.runs():
            old.start()
        # It comes back and does not know.
        status, _, answer = self.ask(old, "PUT", "/v1/profiles/stray", {"kind": "company", "title": "stray", "country": "KE", "offers": "stray"})
        assert status not in (200, 201), f"{old.name} was overtaken and acknowledges: {status} {answer}"
        self.stray += 1
        try:
            wait_for(lambda: self.state(old).get("role") == "fenced", f"{old.name} to be fenced", PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.state(old)}\n{old.said()}\n{self.state(new)}\n{new.said()}") from error
        old.stop()
        left = "left_behind" in (role := (old.data / "ROLE").read_text()) and json.loads(role.split("\n")[0])["left_behind"]
        self.left += left
        self.follow(*(["--accept-loss"] if left else []))

    FAULTS = {kill_owner: 5, kill_copy: 5, kill_both: 2, stop_owner: 3, stop_copy: 3, cut_link: 3, swallow_link: 2, erase_and_kill_copy: 3,
              take_over_from_dead: 4, take_over_from_stopped: 2, take_over_from_parted: 3, take_over_in_order: 2, take_over_and_die: 3}

    def harm(self, fault):
        began = time.monotonic()
        fault(self)
        self.done[fault.__name__] += 1
        for lane in self.lanes:
            if lane.fault:
                raise AssertionError(f"lane {lane.number}: {lane.fault!r}\n{self.owner.said()}\n{self.copy.said()}") from lane.fault
        if "-v" in os.environ.get("CHAOS", ""):
            print(f"{fault.__name__}: {time.monotonic() - began:.1f} s, owner {self.owner.name}", flush=True)

    # --- What must hold.

    def settle(self):
        self.pause.set()
        for lock in self.locks.values():
            lock.acquire()
        try:
            began = time.monotonic()
            self.ready()
            until = time.monotonic() + PATIENCE
            while (why := self.difference()) and time.monotonic() < until:
                time.sleep(0.3)
            assert not why, why
            for side in self.sides:
                client = Client(side.port, self.token)
                for lane in self.lanes:
                    lane.check(client)
                client.close()
            searched = self.check_erased()
            print(f"settled in {time.monotonic() - began:.1f} s after {sum(self.done.values())} faults; {self.acknowledged()} writes acknowledged, "
                  f"{searched} files without what was erased", flush=True)
        finally:
            for lock in self.locks.values():
                lock.release()
            self.pause.clear()

    def acknowledged(self):
        return sum(sum(sum(texts.values()) for texts in lane.sent.values()) + sum(map(len, lane.notes)) + len(lane.cases) + 2 * len(lane.erased)
                   for lane in self.lanes)

    def difference(self):
        """All that both tell, at one sequence, and the hash over the log of all that was ever done."""
        one, other = self.state(self.owner), self.state(self.copy)
        if (one.get("number"), one.get("epoch")) != (other.get("visible"), other.get("epoch")):
            return f"{one} against {other}"
        for method, path in (("GET", "/v1/profiles:export"), ("GET", "/v1/interests?limit=1000"), ("GET", "/v1/offices"), ("POST", "/v1/audit:verify")):
            body = {} if method == "POST" else None
            told = [self.ask(side, method, path, body) for side in self.sides]
            if told[0][0] != 200 or told[0][2] != told[1][2]:
                return f"{path}: {str(told[0])[:300]} against {str(told[1])[:300]}"
        return ""

    def check_erased(self):
        erased = {secret for lane in self.lanes for _, secret in lane.erased}
        ids = [id for lane in self.lanes for id, _ in lane.erased]
        if not erased:
            return 0
        until = time.monotonic() + PATIENCE
        while not (told := self.ask(self.owner, "POST", "/v1/erasures", {"profiles": ids[-50:]})[2]).get("complete"):
            assert time.monotonic() < until, told
            time.sleep(0.5)
        wait_for(lambda: not any((side.data / "replica-unclean").exists() for side in self.sides), "files to be cleaned", PATIENCE)
        searched = 0
        for side in self.sides:
            for file in side.data.rglob("*"):
                try:
                    content = file.read_bytes() if file.is_file() else b""
                except FileNotFoundError:
                    continue  # it went while we looked
                searched += 1
                found = {match.decode() for match in SECRET.findall(content)} & erased
                assert not found, f"{file} has what was erased: {found}"
        return searched

    def end(self):
        self.over.set()
        for lane in self.lanes:
            lane.join()
        for side in (self.copy, self.owner):
            side.stop()
            report = PROGRAM.answer(side.data, "verify")
            assert not report["difference_count"], report

    def abandon(self):
        self.over.set()
        for side in self.sides:
            side.kill()


def main():
    seed = GIVEN.seed if GIVEN.seed is not None else random.randrange(1 << 30)
    dice = random.Random(seed)
    place = pathlib.Path(tempfile.mkdtemp())
    began, whole, world = time.monotonic(), False, None
    print(f"seed {seed}", flush=True)
    try:
        world = World(place, dice)
        kinds = list(World.FAULTS)
        plan = kinds[:]
        dice.shuffle(plan)
        plan = plan[:GIVEN.faults] + dice.choices(kinds, [World.FAULTS[kind] for kind in kinds], k=max(0, GIVEN.faults - len(kinds)))
        for number, fault in enumerate(plan, 1):
            world.harm(fault)
            if number % GIVEN.between == 0 and number < len(plan):
                world.settle()
        world.settle()
        world.end()
        whole = True
        print(f"{len(plan)} faults in {time.monotonic() - began:.0f} s: {dict(world.done)}\n"
              f"{world.takeovers} takeovers, {world.refused} refused for it was not safe; {world.stray} overtaken ones asked, 0 acknowledged; "
              f"{world.revived} ended by themselves; {world.left} acts left behind, none of them acknowledged\n"
              f"{world.acknowledged()} acknowledged writes, 0 lost, 0 applied twice; {sum(lane.reads for lane in world.lanes)} of them read elsewhere at once; "
              f"{sum(len(lane.erased) for lane in world.lanes)} erased; two stores equal")
    finally:
        if world:
            world.abandon()
        if whole or not os.environ.get("KEEP"):
            shutil.rmtree(place, True)
        else:
            print(f"left in {place}")


main()
