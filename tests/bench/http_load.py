#!/usr/bin/env python3
"""http_load.py DATA [--fine] [--build build/dev] [--seconds 4] [--rounds 5]: POST /v1/match of a data directory under load.

Starts `counterpart serve` on DATA, which has its profiles already, and has http_bench ask it: by stored profiles and two
conditions under `itpo`, and by texts of 12 words none of which was asked before. Requests a second on this machine, the
client's share included; requests per CPU-second of the server alone; p50 of one client; p50 and p99 at half the load.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
from pathlib import Path

import figures
from own_server import Server

CONNECTIONS = 4      # two for each worker of two cores: enough to keep them busy, too few to be turned away
OPEN_CONNECTIONS = 32
WORDS_ASKED = 12
LOAD_TARGET = 3000   # requests a second
# Pairs of conditions, in turn, that leave both sides of the programme somebody (of the scale profiles a fifth, a twelfth and a
# twentieth): continents, and sections of the economy.
WHERE = ({"country": ["002", "142", "150"], "sectors": ["A", "C", "D", "E", "J", "K"]},
         {"country": ["142"], "sectors": ["C"]},
         {"country": ["002", "150"], "sectors": ["D", "J", "K"]})
# Weak ones too: else the answer to nearly every one of the scale profiles, which repeat each other, is that nobody fits, and no
# reasons are written at all.
ALL_BANDS = {"bands": ["strong", "good", "possible", "weak"]}
LOOKED_AT = 100  # answers that are read


def text_of(profile):
    return " ".join(profile[member] for member in ("offers", "seeks", "summary") if profile.get(member)) or profile["title"]


def by_id(profiles, programme, where=True, bands=True):
    """`bands`: weak ones too."""
    return [{"profile": profile["id"], "programme": programme, **({"where": WHERE[number % len(WHERE)]} if where else {}),
             **(ALL_BANDS if bands else {})} for number, profile in enumerate(profiles)]


def by_text(profiles, programme, wanted):
    """Runs of words of the profiles' texts, each only once, for weak ones too."""
    bodies, met = [], set()
    for turn in range(100):
        for profile in profiles:
            words = text_of(profile).split()[turn * WORDS_ASKED:(turn + 1) * WORDS_ASKED]
            text = " ".join(words)
            if len(words) == WORDS_ASKED and text not in met:
                met.add(text)
                bodies.append({"offering" if profile.get("offers") else "text": text, "programme": programme, **ALL_BANDS})
        if len(bodies) >= wanted:
            break
    return bodies[:wanted]


def answers_of(server, bodies):
    """What they are like, in a word: how many matches each has, all with reasons, and how often nobody fits."""
    matches = nobody = 0
    for body in bodies:
        answer = json.loads(server.call("POST", "/v1/match", json.dumps(body).encode()))
        nobody += answer["fit"] == "nobody"
        matches += len(answer["matches"])
        if not all(one.get("reasons") for one in answer["matches"]):
            raise SystemExit("http_load.py: a match came without its reasons")
    return f"{matches / len(bodies):.1f} matches an answer, with reasons; nobody fits in {nobody} of {len(bodies)}"


def sample_of(counterpart, data, places, wanted):
    """Profiles of a data directory, evenly spread over its ids."""
    said = figures.run([counterpart, "export", "--data", data, *places]).splitlines()
    chosen = random.Random(7).sample(said, min(wanted, len(said)))
    return [json.loads(line) for line in chosen]


class Load:
    """http_bench on a running server; what was asked of a list of bodies is not asked of it again where that matters."""

    def __init__(self, program, server, folder):
        self.program, self.server, self.folder = program, server, Path(folder)
        self.used = {}

    def write(self, name, bodies):
        with open(self.folder / name, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(body, separators=(",", ":")) + "\n" for body in bodies)

    def ask(self, name, seconds, new=False, **options):
        """`new`: from where the last one ended, and each body once."""
        more = [str(part) for key, value in options.items() for part in (f"--{key}", value)]
        if new:
            more += ["--skip", str(self.used.get(name, 0)), "--once"]
        said = json.loads(figures.run([self.program, self.server.port, self.folder / name, "--pid", self.server.process.pid,
                                       "--seconds", seconds, *more]))
        self.used[name] = self.used.get(name, 0) + said["answered"] + said["turned_away"]
        return said

    def measure(self, table, what, name, bodies, rounds, seconds, new=False, target=False, p50_target=None):
        """Lines of one kind of question. Returns the median of requests a server CPU-second."""
        like = answers_of(self.server, bodies[:LOOKED_AT])
        self.write(name, bodies[LOOKED_AT:])
        self.ask(name, min(1, seconds), new, connections=CONNECTIONS)
        alone = [self.ask(name, seconds / 2, new, connections=1) for _ in range(rounds)]
        full = [self.ask(name, seconds, new, connections=CONNECTIONS) for _ in range(rounds)]
        rates = [one["answered"] / one["wall_s"] for one in full]
        a_core = [one["answered"] / one["server_cpu_s"] for one in full]
        wanted = LOAD_TARGET / 2
        half = wanted if statistics.median(rates) >= 1.2 * wanted else statistics.median(rates) / 2
        steady = [self.ask(name, seconds, new, connections=OPEN_CONNECTIONS, rate=round(half)) for _ in range(rounds)]
        cores = len(os.sched_getaffinity(0))
        client = statistics.median(one["client_cpu_s"] / one["wall_s"] for one in full)
        waited = statistics.median(one["server_waited_s"] / max(1e-9, one["server_cpu_s"]) for one in full)
        away = sum(one["turned_away"] for one in full)
        table.add(f"{what}: requests a second, {cores} cores", rates, "/s", 0, None,
                  f"the client's {client:.2f} cores included, {away} turned away; the server waited {waited:.1f} times "
                  "as long for a core as it had one")
        table.add(f"{what}: per server CPU-second", a_core, "/CPU-s", 0, None, like)
        table.add(f"{what}: on {cores} cores, client apart", [cores * rate for rate in a_core], "/s", 0,
                  (">=", LOAD_TARGET) if target else None, "CPU-seconds, so other work does not count")
        table.add(f"{what}: one client, p50", [one["p50_ms"] for one in alone], "ms", 2, p50_target)
        table.add(f"{what}: CPU a request", [1000 * one["server_cpu_s"] / max(1, one["answered"]) for one in alone], "ms", 3,
                  None, "one client")
        away = sum(one["turned_away"] for one in steady)
        table.add(f"{what}: at {half:,.0f}/s, p50", [one["p50_ms"] for one in steady], "ms", 2)
        table.add(f"{what}: at {half:,.0f}/s, p99", [one["p99_ms"] for one in steady], "ms", 2, ("<", 5) if target else None,
                  ("half the target" if half == wanted else "half of what it does") + f", {away} turned away")
        return statistics.median(a_core)


def text_target():
    return ("<", 4 if "avx512_vnni" in figures.machine() else 15)


def measure_http(table, build, server, profiles, folder, programme, rounds, seconds):
    load = Load(build / "http_bench", server, folder)
    some, few = (rounds, seconds), (max(1, rounds // 2), seconds)
    return {
        "by id": load.measure(table, "match by id, two conditions", "ids", by_id(profiles, programme), *some, target=True),
        "by default": load.measure(table, "match by id, none but fitting", "default",
                                   by_id(profiles, programme, where=False, bands=False), *few),
        "by text": load.measure(table, f"match by {WORDS_ASKED} words", "texts", by_text(profiles, programme, 100_000), *some,
                                new=True, p50_target=text_target()),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--build", type=Path, default=figures.ROOT / "build/dev", help="where the programs are")
    parser.add_argument("--models", type=Path, default=figures.ROOT / "build/models", help="converted text models")
    parser.add_argument("--programme", default="itpo", help="by whose rules (%(default)s)")
    parser.add_argument("--fine", action="store_true", help="with the fine model; DATA has its vectors")
    parser.add_argument("--seconds", type=float, default=4, help="a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts (%(default)s)")
    options = parser.parse_args()
    build = options.build.resolve()
    places = ["--datasets", figures.ROOT / "datasets", "--models", options.models]
    profiles = sample_of(build / "counterpart", options.data, places, 20_000)
    table = figures.Table()
    before = figures.machine()
    with tempfile.TemporaryDirectory() as folder, Server(
            [build / "counterpart", "serve", "--open-local", "--listen", "127.0.0.1:0", "--log-level", "warn", "--fine",
             "e5" if options.fine else "none", "--data", options.data, *places]) as server:
        measure_http(table, build, server, profiles, folder, options.programme, options.rounds, options.seconds)
        table.add("server's memory after the calls", server.memory()["VmRSS"], "MB", 0)
    table.print(f"{'With' if options.fine else 'Without'} fine vectors; commit {figures.commit()}; {before}")


if __name__ == "__main__":
    main()
