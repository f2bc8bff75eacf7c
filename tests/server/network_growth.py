"""What a network of 60 offices, 10,000,000 profiles and 100,000 changes a day would cost each of its links, its hub and its machines.

    network_growth.py BINARY SOURCE MODELS [PROFILES]    standard library only

Measures what an operation is here, on the real samples: bytes in a bundle, CPU of who takes it in, bytes on disk, and messages that a hub
of three nodes takes a second where a NATS server is to be had. Then it goes through a day of all offices second by second, each working
eight hours of its own, with the courier's own rules: what is new goes within a second to each reader by itself, each reader confirms, and all
say every five minutes where they stand.
"""
import json
import pathlib
import random
import resource
import shutil
import socket
import sys
import tempfile
import time
import zlib

OFFICES, ALL, CHANGES, DAY, WORK, WORD = 60, 10_000_000, 100_000, 86_400, 8 * 3600, 300
PROFILES = int(sys.argv[4]) if len(sys.argv) > 4 else 1500
# Read from tests/README.md ("Match runs", the million): what a night is on two cores.
NIGHT_MILLION, ASSIGNING_MILLION, CPU_MILLION, MEMORY_RUN, MEMORY_SERVED = 828, 113, 1329, 5486, 1618


class Measured:
    def __init__(self, program, source, place):
        self.program, self.place = program, place
        self.rows = []
        for name in ("worldbank", "techstars", "ifc_miga", "unfccc", "aims_fr"):
            self.rows += [json.loads(line) for line in (source / f"datasets/samples/{name}.jsonl").read_text().splitlines()]
        random.Random(1).shuffle(self.rows)
        del self.rows[PROFILES:]
        self.take_in("rome", self.rows)
        self.take_in("lagos", [{**self.rows[0], "id": "lagos:1"}])
        for office in ("rome", "lagos"):
            self.say(office, "network", "join", "--office", office)
            self.say(office, "network", "card", "--output", str(place / f"{office}.card"))
        self.say("rome", "network", "add", str(place / "lagos.card"))
        self.say("lagos", "network", "add", str(place / "rome.card"))
        before = self.disk("lagos")
        state, self.state_cpu = self.hand_over("rome", "lagos")
        self.state = state / len(self.rows)
        self.state_cpu /= len(self.rows)
        self.stored = (self.disk("lagos") - before) / len(self.rows)
        self.hand_over("lagos", "rome")
        self.empty, cpu_empty = self.hand_over("rome", "lagos")
        changed = [{**row, "summary": row.get("summary", "") + " Read again."} for row in self.rows[:200]]
        self.take_in("rome", changed)
        changes, cpu = self.hand_over("rome", "lagos")
        self.operation, self.operation_cpu = (changes - self.empty) / len(changed), (cpu - cpu_empty) / len(changed)
        self.squeezed = sum(len(zlib.compress(json.dumps(row).encode(), 6)) for row in changed) / sum(len(json.dumps(row).encode()) for row in changed)

    def say(self, office, *words):
        done = self.program.run(self.place / office, *words)
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        return done

    def take_in(self, office, rows):
        file = self.place / "rows.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.say(office, "import", str(file))

    def hand_over(self, office, to):
        """Bytes, and CPU of who takes them in."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.place))
        self.say(office, "network", "export", "--to", to, str(folder))
        files = sorted(folder.iterdir())
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.say(to, "network", "apply", *(str(file) for file in files))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return sum(file.stat().st_size for file in files), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def disk(self, office):
        return sum(file.stat().st_size for file in (self.place / office).rglob("*") if file.is_file())


def hub_rate(place, size, count=3000):
    """Messages a second that three nodes, each of which syncs each write, take; nothing without a server."""
    del sys.argv[4:]
    from nats_hub import Hub, Leaf  # ends this program with 77 where there is none
    hub = Hub(place)
    leaf = None
    try:
        hub.start()
        leaf = Leaf(hub, "rate")
        leaf.start()
        stream = {"name": "COUNTERPART", "subjects": ["counterpart.bundle.>"], "retention": "workqueue", "storage": "file", "num_replicas": 3}
        until = time.monotonic() + 30
        while b'"config"' not in leaf.ask("$JS.API.STREAM.CREATE.COUNTERPART", json.dumps(stream).encode()) and time.monotonic() < until:
            time.sleep(0.5)
        with socket.create_connection(("127.0.0.1", leaf.port), timeout=60) as wire:
            wire.sendall(b'CONNECT {"verbose":false}\r\nSUB answer 1\r\n')
            message = b"PUB counterpart.bundle.nobody answer %d\r\n%s\r\n" % (size, b"x" * size)
            began, sent, got, told = time.monotonic(), 0, 0, b""
            while got < count and time.monotonic() - began < 60:
                while sent < count and sent - got < 200:
                    wire.sendall(message)
                    sent += 1
                told += wire.recv(65536)
                got += told.count(b"MSG answer")
                told = told[-len(b"MSG answer") + 1:]
            return got / (time.monotonic() - began)
    finally:
        if leaf:
            leaf.kill()
        hub.end()


def one_day(measured, dice):
    """Bundles and bytes up and down of one office's link, and what the hub takes at its busiest; all offices are alike but for their hours."""
    each = CHANGES // OFFICES
    made = [0] * (DAY // 60)  # bundles of all offices, by minute
    up = down = 0
    for _ in range(OFFICES):
        begins, seconds = dice.randrange(DAY), {}
        for _ in range(each):
            second = (begins + dice.randrange(WORK)) % DAY
            seconds[second] = seconds.get(second, 0) + 1
        for second, changes in seconds.items():
            made[second // 60] += 2 * (OFFICES - 1)  # to each reader, which confirms
            up += (OFFICES - 1) * (measured.empty + changes * measured.operation)
            down += (OFFICES - 1) * measured.empty
    word = DAY // WORD * (OFFICES - 1) * measured.empty
    bundles = sum(made) / OFFICES
    # What goes up at one comes down at the others.
    both = (up + down) / OFFICES
    return {"bundles": bundles, "each_way": both + word, "word": word, "busiest": max(made) / 60, "mean": sum(made) / DAY}


def main():
    from serving import Program
    program = Program(*sys.argv[1:4])
    place = pathlib.Path(tempfile.mkdtemp())
    try:
        measured = Measured(program, pathlib.Path(sys.argv[2]), place)
        print(f"measured on {len(measured.rows)} real profiles:\n"
              f"  a profile in a whole state {measured.state:.0f} bytes, a change {measured.operation:.0f}, a bundle with nothing in it {measured.empty}; "
              f"zlib would leave {measured.squeezed:.2f} of the text\n"
              f"  taken in: {measured.state_cpu * 1000:.2f} CPU-ms a profile of a state, {measured.operation_cpu * 1000:.2f} a change; "
              f"{measured.stored:.0f} bytes on disk")
        day = one_day(measured, random.Random(1))
        own = ALL // OFFICES
        print(f"{OFFICES} offices, {ALL:,} profiles, {CHANGES:,} changes a day:\n"
              f"  each link {day['each_way'] / 1e6:.0f} MB a day each way ({day['word'] / 1e6:.1f} of it only to say where all stand), "
              f"{day['each_way'] * 8 / WORK / 1000:.0f} kbit/s where it falls into eight hours; {day['bundles']:,.0f} bundles\n"
              f"  the hub {day['mean']:.0f} bundles a second in the mean, {day['busiest']:.0f} in the busiest minute\n"
              f"  taking a day's changes in: {CHANGES * measured.operation_cpu:.0f} CPU-seconds an office\n"
              f"  a new office: {(ALL - own) * measured.state / 1e9:.1f} GB, {(ALL - own) * measured.state_cpu / 3600:.1f} CPU-hours; of 1,000,000 profiles "
              f"{measured.state / 1e3:.1f} GB, {1e6 * measured.state_cpu / 60:.0f} CPU-minutes\n"
              f"  on each disk {ALL * measured.stored / 1e9:.0f} GB; kept for an office that is silent: {CHANGES // OFFICES:,} operations a day")
        scale = ALL / 1e6
        product = CPU_MILLION - ASSIGNING_MILLION
        print(f"  memory: {MEMORY_SERVED * scale / 1024:.0f} GiB to serve, {MEMORY_RUN * scale / 1024:.0f} GiB at most of a night\n"
              f"  a night of all with all: {product * scale ** 2 / 3600:.0f} CPU-hours; of an office's own {own:,} with all: "
              f"{product * scale ** 2 / OFFICES / 3600:.1f}")
        try:
            hub = place / "hub"
            hub.mkdir()
            rate = hub_rate(hub, int(measured.empty + measured.operation))
            print(f"  a hub on this one disk takes {rate:.0f} bundles a second: {rate / max(day['busiest'], 1):.1f} times the busiest minute")
        except SystemExit:
            print("  how many bundles a hub takes was not measured: there is no NATS server")
    finally:
        shutil.rmtree(place, True)


main()
