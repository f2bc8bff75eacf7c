"""Three offices on a hub of three nodes, while everything is done to them that a bad week does: what was acknowledged is not lost,
nothing is applied twice, all stores are equal in the end, no contact is where it may not be, and every receipt is complete.

    network_chaos.py BINARY SOURCE MODELS [--faults N] [--seed N] [--between N]    standard library only; libfaketime moves clocks
                                                                                   where it is there

Rome reaches the hub itself, over TLS; Lagos and Cairo by a leaf each, of which each has one link a node. A restored older copy of
an office's data is its truth from then on: what it had acknowledged since is known to be gone there, and must go everywhere.
"""
import argparse
import collections
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("program", nargs=3)
OPTIONS.add_argument("--faults", type=int, default=12)
OPTIONS.add_argument("--between", type=int, default=25, help="faults between two looks at everything")
OPTIONS.add_argument("--seed", type=int, default=None)
GIVEN = OPTIONS.parse_args()
sys.argv[1:] = GIVEN.program
from nats_hub import PROGRAM, Direct, Hub, Leaf, wait_for  # reads its three arguments  # noqa: E402
from serving import Server  # noqa: E402

NAMES, PROFILES, PATIENCE = ("rome", "lagos", "cairo"), 12, 400
PLANTED = "planted-%s@mail.example"
FAKE = next((str(file) for file in pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
DAY = 86400


class Office:
    def __init__(self, place, name, wire, dice):
        self.name, self.wire, self.dice, self.place = name, wire, random.Random(dice.random()), place
        self.data, self.copies = place / name, place / "copies" / name
        self.server, self.clock, self.logs = None, 0, []
        self.said = {}         # what it has acknowledged, by number
        self.doubtful = {}     # calls of which nobody knows whether they were done
        self.erased = set()    # of which no file may tell anything
        self.counter, self.written, self.restores = 0, 0, 0
        self.pause = threading.Event()
        self.lock = threading.Lock()  # whoever holds it may call, kill or restore
        self.run("import", str(self.rows()))
        self.said = {number: f"text 0 of {name}" for number in range(PROFILES)}
        self.run("network", "join", "--office", name)
        self.run("network", "card", "--output", str(place / f"{name}.card"))

    def rows(self):
        rows = self.place / f"{self.name}.jsonl"
        rows.write_text("".join(json.dumps(self.profile(number, f"text 0 of {self.name}")) + "\n" for number in range(PROFILES)))
        return rows

    def profile(self, number, text):
        return {"id": f"{self.name}:{number:02}", "kind": "company", "title": f"{self.name} {number}", "country": "KE", "offers": text,
                "contact": {"email": PLANTED % self.name, "person": f"Planted Person of {self.name}"}}

    def run(self, *words):
        done = PROGRAM.run(self.data, *words)
        if done.returncode != 0:
            raise AssertionError(f"{self.name}: {words}: {done.stdout}{done.stderr}")
        return done.stdout

    # --- Served.

    def start(self):
        moved = {"LD_PRELOAD": FAKE, "FAKETIME": f"{self.clock:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"} if FAKE and self.clock else {}
        self.server = Server(PROGRAM, self.data, *self.wire.options(), "--budget", "0", environment=moved)
        self.logs.append(self.server.said)
        for number, (text, _) in list(self.doubtful.items()):
            self.said[number] = self.says(f"{self.name}:{number:02}")
        self.doubtful = {}

    def kill(self):
        if self.server:
            self.server.kill()
        self.server = None

    def call(self, method, path, body=None, patience=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=patience)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def says(self, profile):
        status, answer = self.call("GET", "/v1/profiles/" + profile)
        assert status in (200, 404, 410), (status, answer)
        return answer.get("offers") if status == 200 else None

    # --- Writes, of one thread.

    def write_on(self, over):
        while not over.is_set():
            if self.pause.is_set():
                time.sleep(0.05)
                continue
            with self.lock:
                if self.server and not self.pause.is_set():
                    self.write()
            time.sleep(self.dice.uniform(0.02, 0.3))

    def write(self):
        number = self.dice.randrange(PROFILES)
        kind = self.dice.choices(("put", "delete", "erase"), (10, 2, 1))[0]
        if kind != "put" and self.said.get(number) is None:
            kind = "put"
        self.counter += 1
        text = f"text {self.counter} of {self.name}" if kind == "put" else None
        path = f"/v1/profiles/{self.name}:{number:02}"
        self.doubtful[number] = (text, kind)
        try:
            if kind == "put":
                status, answer = self.call("PUT", path, self.profile(number, text))
            elif kind == "delete":
                status, answer = self.call("DELETE", path)
            else:
                status, answer = self.call("POST", "/v1/erasures", {"profiles": [f"{self.name}:{number:02}"]})
        except (OSError, http.client.HTTPException):
            return  # it was killed; what came of it is seen at its next start
        if status >= 300:
            if status not in (429, 503):
                print(f"{self.name}: {kind} of {number}: {status} {answer}", flush=True)
            self.said[number] = self.says(f"{self.name}:{number:02}")
        else:
            self.said[number], self.written = text, self.written + 1
            (self.erased.add if kind == "erase" else self.erased.discard)(number)
        del self.doubtful[number]

    # --- Copies.

    def copy(self):
        """As a disk has it after a power cut."""
        self.kill()
        shutil.rmtree(self.copies, True)
        shutil.copytree(self.data, self.copies)
        self.start()
        self.kept = dict(self.said), set(self.erased)

    def restore(self):
        self.kill()
        shutil.rmtree(self.data)
        shutil.copytree(self.copies, self.data)
        self.said, self.erased = dict(self.kept[0]), set(self.kept[1])
        self.doubtful = {}
        self.restores += 1
        self.start()


class World:
    def __init__(self, place, dice):
        self.place, self.dice, self.over = place, dice, threading.Event()
        self.hub = Hub(place)
        self.hub.start()
        self.leaves = {name: Leaf(self.hub, name) for name in NAMES[1:]}
        for leaf in self.leaves.values():
            leaf.start()
        self.wires = {"rome": Direct(self.hub, "rome"), **self.leaves}
        self.offices = {name: Office(place, name, self.wires[name], dice) for name in NAMES}
        for one in self.offices.values():
            for other in set(NAMES) - {one.name}:
                one.run("network", "add", str(place / f"{other}.card"))
        for one in self.offices.values():
            one.start()
        for one in self.offices.values():
            one.copy()
        self.node_copies, self.done, self.remedies, self.versions = {}, collections.Counter(), 0, 0
        self.writers = [threading.Thread(target=one.write_on, args=(self.over,), daemon=True) for one in self.offices.values()]
        for writer in self.writers:
            writer.start()

    # --- Faults: each does its harm, waits, and mends it.

    def wait(self, most=2.0):
        time.sleep(self.dice.uniform(0.1, most))

    def restart(self, node):
        node.launch()

    def kill_node(self, node=None):
        node = node or self.dice.choice(self.hub.nodes)
        node.kill()
        self.wait()
        self.restart(node)

    def kill_leader(self):
        self.kill_node(self.hub.leader())

    def kill_hub(self):
        for node in self.hub.nodes:
            node.kill()
        self.wait()
        for node in self.hub.nodes:
            self.restart(node)

    def stop_node(self):
        node = self.dice.choice(self.hub.nodes)
        node.stop_a_while()
        self.wait(6.0)
        node.go_on()

    def kill_leaf(self):
        leaf = self.dice.choice(list(self.leaves.values()))
        leaf.kill()
        self.wait()
        leaf.launch()

    def kill_office(self):
        office = self.dice.choice(list(self.offices.values()))
        office.server.kill()  # whatever it is doing
        with office.lock:
            office.kill()
            self.wait(1.0)
            office.start()

    def cut_link(self):
        links = self.dice.choice(list(self.wires.values())).links
        for link in links:
            link.cut()
        self.wait(5.0)
        for link in links:
            link.heal()

    def swallow_link(self):
        links = self.dice.choice(list(self.wires.values())).links
        for link in links:
            link.swallow()
        self.wait(5.0)
        for link in links:
            link.heal()

    def part_hub(self):
        lonely = self.dice.choice(self.hub.nodes).number
        links = [link for ends, link in self.hub.routes.items() if lonely in ends]
        for link in links:
            link.cut()
        self.wait(4.0)
        for link in links:
            link.heal()

    def old_node(self):
        """Its disk as it was some faults ago."""
        node = self.dice.choice(self.hub.nodes)
        node.kill()
        copy = self.place / "copies" / node.name
        if node.name in self.node_copies:
            shutil.rmtree(node.store)
            shutil.move(copy, node.store)
        shutil.rmtree(copy, True)
        shutil.copytree(node.store, copy)
        self.node_copies[node.name] = True
        self.restart(node)

    def old_office(self):
        office = self.dice.choice(list(self.offices.values()))
        with office.lock:
            office.restore()

    def copy_office(self):
        office = self.dice.choice(list(self.offices.values()))
        with office.lock:
            office.copy()

    def flip_bits(self):
        nodes = self.hub.nodes if self.dice.random() < 0.3 else [self.dice.choice(self.hub.nodes)]
        for node in nodes:
            node.kill()
            node.flip_bits(self.dice)
        for node in nodes:
            self.restart(node)

    def delete_stream(self):
        for leaf in self.leaves.values():
            if b'"success":true' in leaf.ask("$JS.API.STREAM.DELETE.COUNTERPART"):
                return

    def move_clock(self):
        if not FAKE:
            return
        office = self.dice.choice(list(self.offices.values()))
        with office.lock:
            office.kill()
            office.clock = self.dice.choice((-DAY, 0, DAY))
            office.start()

    FAULTS = {kill_node: 4, kill_leader: 4, kill_hub: 2, stop_node: 2, kill_leaf: 3, kill_office: 6, cut_link: 4, swallow_link: 2, part_hub: 3,
              old_node: 3, old_office: 2, copy_office: 2, flip_bits: 4, delete_stream: 2, move_clock: 2}

    def harm(self, fault):
        fault(self)
        self.done[fault.__name__] += 1

    # --- What must hold.

    def settle(self):
        """Writes pause, everything is mended: until all is equal and confirmed."""
        for one in self.offices.values():
            one.pause.set()
        for one in self.offices.values():
            one.lock.acquire()
        try:
            began = time.monotonic()
            self.mend_hub()
            until, forced = time.monotonic() + PATIENCE, time.monotonic() + 90
            while (why := self.difference()) and time.monotonic() < until:
                if time.monotonic() > forced:
                    forced = time.monotonic() + 90
                    print("nothing moves: " + why, flush=True)
                    self.mend_hub(by_force=not self.moves())
                time.sleep(0.5)
            if why:
                raise AssertionError("in the end: " + why)
            self.check_owners()
            self.check_histories()
            self.check_receipts()
            print(f"settled in {time.monotonic() - began:.1f} s after {sum(self.done.values())} faults; "
                  f"{sum(one.written for one in self.offices.values())} writes acknowledged", flush=True)
        finally:
            for one in self.offices.values():
                one.lock.release()
                one.pause.clear()

    def moves(self):
        """Whether the hub keeps a stream: the rest is the offices' business."""
        return any(b'"num_replicas":3' in leaf.ask("$JS.API.STREAM.INFO.COUNTERPART") for leaf in self.leaves.values())

    def mend_hub(self, by_force=False):
        """What whoever runs it does: nodes that do not come back begin with empty disks; the stream is the wire's, not the truth's."""
        for node in self.hub.nodes:
            if not node.runs():
                self.restart(node)
        for patience in (30, 30):
            try:
                wait_for(self.hub.is_whole, "the hub", patience)
                if not by_force:
                    return
            except AssertionError:
                pass
            self.remedies += 1
            bad = [node for node in self.hub.nodes if not (node.runs() and node.is_healthy())]
            print(f"the hub is made anew: {[node.name for node in bad]} {'' if not by_force else '(nothing moves)'}", flush=True)
            for node in self.hub.nodes if by_force or len(bad) > 1 else bad:
                node.kill()
                shutil.rmtree(node.store, True)
            for node in self.hub.nodes:
                if not node.runs():
                    self.restart(node)
            by_force = False

    def difference(self):
        try:
            told = {name: one.call("GET", "/v1/network")[1] for name, one in self.offices.items()}
            for name in NAMES:
                head = told[name]["position"]
                for other in told[name]["offices"]:
                    if other["whole_state_due"] or other["behind"]:
                        return f"{other['office']} has not confirmed {name}: {other['confirmed']} of {head}"
                    if other["parked"] or other["erasures_pending"]:
                        return f"{name} has something of {other['office']} aside: {other}"
                for reader in set(NAMES) - {name}:
                    received = next(one for one in told[reader]["offices"] if one["office"] == name)["received"]
                    if received != head:
                        return f"{reader} has {received} of {name}'s {head}"
            for owner in NAMES:
                own = self.digest(owner, owner)
                for reader in set(NAMES) - {owner}:
                    if self.digest(reader, owner) != own:
                        return f"what {reader} has of {owner} is not what {owner} has"
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        return ""

    def digest(self, place, owner):
        """Of all that `place` has of `owner`, without what is of the place alone."""
        hash_of = hashlib.sha256()
        for number in range(PROFILES):
            status, profile = self.offices[place].call("GET", f"/v1/profiles/{owner}:{number:02}")
            for mark in ("received_from", "versions", "version", "updated_at", "contact"):
                profile.pop(mark, None)
            hash_of.update(json.dumps(profile if status == 200 else None, sort_keys=True).encode())
        return hash_of.hexdigest()

    def check_owners(self):
        for name, one in self.offices.items():
            for number in range(PROFILES):
                found = one.says(f"{name}:{number:02}")
                assert found == one.said[number], f"{name}:{number:02} was acknowledged as {one.said[number]!r} and is {found!r}"

    def check_histories(self):
        """Of what was received: each text once, and in its order, but for what an older copy of its owner took back."""
        for owner, one in self.offices.items():
            for reader in set(NAMES) - {owner}:
                for number in range(PROFILES):
                    texts = self.history(reader, f"{owner}:{number:02}")
                    self.versions += len(texts)
                    counts = [int(re.match(r"text (\d+)", text)[1]) for text in texts]
                    for before, after in zip(counts, counts[1:]):
                        assert before != after, f"{reader} applied {owner}:{number:02} twice: {counts}"
                    drops = sum(before > after for before, after in zip(counts, counts[1:]))
                    assert drops <= one.restores, f"{reader} has {owner}:{number:02} out of order: {counts}"

    def history(self, place, profile):
        status, told = self.offices[place].call("GET", f"/v1/profiles/{profile}/versions")
        if status != 200:
            return []
        texts = []
        for version in sorted(one["version"] for one in told["versions"]):
            status, one = self.offices[place].call("GET", f"/v1/profiles/{profile}/versions/{version}")
            if status == 200 and "profile" in one:
                texts.append(one["profile"]["offers"])
        return texts

    def check_receipts(self):
        until = time.monotonic() + PATIENCE
        for name, one in self.offices.items():
            for number in sorted(one.erased):
                def receipt():
                    return one.call("POST", "/v1/erasures", {"profiles": [f"{name}:{number:02}"]})[1]
                while not (told := receipt()).get("complete") and time.monotonic() < until:
                    time.sleep(0.5)
                assert told.get("complete"), f"{name}:{number:02}: {told}"
                assert {place["place"] for place in told["places"]} >= {f"office {other}" for other in set(NAMES) - {name}}, told

    def check_planted(self):
        searched = 0
        for name in NAMES:
            secret = (PLANTED % name).encode(), f"Planted Person of {name}".encode()
            own = [self.place / name, self.place / "copies" / name, self.place / f"{name}.jsonl"]
            for file in self.place.rglob("*"):
                if not file.is_file() or any(file == mine or mine in file.parents for mine in own):
                    continue
                content, searched = file.read_bytes(), searched + 1
                assert not any(one in content for one in secret), f"{file} has a contact of {name}"
            for other in set(NAMES) - {name}:
                said = "".join(line for lines in self.offices[other].logs for line in lines).encode()
                assert not any(one in said for one in secret), f"the log of {other} has a contact of {name}"
        return searched

    def end(self):
        self.over.set()
        for writer in self.writers:
            writer.join()
        for one in self.offices.values():
            if one.server:
                assert one.server.stop() == 0
                one.server = None
                one.run("verify")

    def abandon(self):
        self.over.set()
        for one in self.offices.values():
            one.kill()
        for leaf in self.leaves.values():
            leaf.kill()
        self.hub.end()


def main():
    seed = GIVEN.seed if GIVEN.seed is not None else random.randrange(1 << 30)
    dice = random.Random(seed)
    place = pathlib.Path(tempfile.mkdtemp())
    began = time.monotonic()
    print(f"seed {seed}; clocks {'are moved by a day' if FAKE else 'stay: there is no libfaketime'}", flush=True)
    world, whole = World(place, dice), False
    try:
        kinds = list(World.FAULTS)
        plan = kinds[:GIVEN.faults] if GIVEN.faults < len(kinds) else kinds + dice.choices(
            kinds, [World.FAULTS[kind] for kind in kinds], k=GIVEN.faults - len(kinds))
        dice.shuffle(plan)
        for number, fault in enumerate(plan, 1):
            world.harm(fault)
            if number % GIVEN.between == 0 and number < len(plan):
                world.settle()
        world.settle()
        world.end()
        searched = world.check_planted()
        whole = True
        print(f"{len(plan)} faults in {time.monotonic() - began:.0f} s: {dict(world.done)}\n"
              f"{sum(one.written for one in world.offices.values())} acknowledged writes, 0 lost, 0 applied twice (of {world.versions} versions at readers); three stores equal; "
              f"receipts complete; {searched} files without a contact; the hub was made anew {world.remedies} times")
    finally:
        world.abandon()
        if whole or not os.environ.get("KEEP"):
            shutil.rmtree(place, True)
        else:
            print(f"left in {place}")


main()
