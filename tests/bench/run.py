#!/usr/bin/env python3
"""run.py SHARED_DATA_DIR [--quick] [--sizes 10000,100000] [--parts ...]: every figure with its target, in one run.

Parts, each a table: `import` (vectors given, `fast`, fine, by import_bench), `encoders` (both instruction sets), `search` (in
clusters and on texts, beside FAISS, hnswlib and usearch, where build/bench-venv has them), `sizes` (for each size a data
directory of make_scale.py's profiles: start, memory, POST /v1/match under load), `growth` from the least size to the greatest,
`night` (rematch_bench), `served` (Weaviate, pgvector, Chroma, where they are). Medians of rounds with the least and the
greatest; CPU-seconds where other work could be in the way. The client of the HTTP figures is on the same machine; its own time
is told apart. tests/bench/run builds what this needs. --quick ends within five minutes on a quiet machine: small sizes, few
rounds, FAISS alone, by which no target is proved.
"""

import argparse
import datetime
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import figures
from figures import ROOT, Table, percentile
from http_load import by_id, measure_http, sample_of
from own_server import Server

PARTS = ("import", "encoders", "search", "sizes", "growth", "night", "served")
BOTH = ("avx512_vnni", "avx2")
GIVEN = {False: (50_000, 5_000, 300), True: (3_000, 300, 20)}  # rows of imports: vectors given, fast, fine; of --quick
CALLS_BETWEEN = 50  # two looks at a match run
THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.places = ["--datasets", ROOT / "datasets", "--models", options.models]
        self.rates = {}  # size -> kind of question -> requests a CPU-second of the server
        self.missed = 0
        for name in ("counterpart", "import_bench", "project_fine", "encode_bench", "search_bench", "rematch_bench", "http_bench"):
            if not os.access(self.program(name), os.X_OK):
                sys.exit(f"run.py: {self.program(name)} is not there; tests/bench/run builds it")

    def program(self, name):
        return self.options.build / name

    def shown(self, table, title):
        table.print(f"{title}; {figures.machine()}")
        self.missed += table.missed

    def rows(self, size):
        """A file of so many profiles of make_scale.py's, which are the first of more of them."""
        options, all_of_them, some = self.options, self.folder / "scale.jsonl", self.folder / f"{size}.jsonl"
        if not all_of_them.exists():
            most = max(options.sizes + [GIVEN[options.quick][0]])
            with open(all_of_them, "wb") as out:
                subprocess.run([sys.executable, str(ROOT / "datasets/scripts/make_scale.py"), str(options.data), str(most)],
                               stdout=out, check=True, stderr=subprocess.DEVNULL,
                               env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        if not some.exists():
            with open(all_of_them, "rb") as lines, open(some, "wb") as out:
                out.writelines(itertools.islice(lines, size))
        return some

    def directory(self, size):
        """A data directory of so many profiles with fine vectors: --keep's, or made now."""
        data = (self.options.keep or self.folder) / f"data-{size}"
        if data.exists():
            return data
        figures.run([self.program("counterpart"), "import", self.rows(size), "--data", data, "--json", *self.places],
                    stderr=subprocess.DEVNULL)
        if self.options.fine == "own":
            figures.run([self.program("counterpart"), "refine", "--data", data, *self.places], stderr=subprocess.DEVNULL)
        elif self.options.fine == "projected":
            figures.run([self.program("project_fine"), data, self.options.models])
        # A first start reads what was written last, and leaves the corpus's space and the snapshot for the starts measured.
        with Server(self.serving(data)):
            return data

    def serving(self, data):
        return [self.program("counterpart"), "serve", "--open-local", "--listen", "127.0.0.1:0", "--log-level", "warn", "--fine",
                "none" if self.options.fine == "none" else "e5", "--data", data, *self.places]

    # ---- parts

    def measure_import(self):
        table, options = Table(), self.options
        given, fast, fine = GIVEN[options.quick]
        command = [self.program("import_bench"), self.rows(given), ROOT / "datasets", options.models, given, fast, fine]
        rounds = [figures.run(command) for _ in range(options.rounds)]

        def figure(what, unit):
            return [float(re.search(rf"^{what}: .*?([\d.]+) {re.escape(unit)}", said, re.M)[1]) for said in rounds]

        for what, name, target in (("given", "import, vectors given", 20_000), ("fast", "import with `fast`", 1_500)):
            table.add(name, figure(what, "rows/s"), "rows/s", 0, (">=", target))
            table.add(f"{name}, a core", figure(what, "rows/CPU-s"), "rows/CPU-s", 0)
        alone, made = figure("fine model alone", "rows/CPU-s"), figure("fine", "rows/CPU-s")
        table.add("fine vectors made and stored", figure("fine", "rows/s"), "rows/s", 0)
        table.add("fine vectors, a core", made, "rows/CPU-s", 0)
        table.add("times the CPU of the fine model alone", [a / m for a, m in zip(alone, made)], "times", 2, ("<", 1.1))
        self.shown(table, f"Import of {given:,}, {fast:,} and {fine:,} profiles")

    def measure_encoders(self):
        for instructions in BOTH:
            table = Table()
            done = subprocess.run([str(self.program("encode_bench")), str(self.options.models), str(ROOT / "datasets")],
                                  env={**os.environ, **THREADS, figures.INSTRUCTIONS: instructions}, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if done.returncode != 0:
                table.say(f"encoders, {instructions}", done.stderr.strip())
            model = "fast"
            peak = re.search(r"oneDNN int8 peak (\d+) GOP/s", done.stdout)
            for line in done.stdout.splitlines():
                model = "e5" if line.startswith("e5") else model
                found = re.match(r" *(\d+) words,.* texts/s, ([\d.]+) ms(.*?); .*?([\d.]+) of the peak", line)
                if not found:
                    continue
                how = next((word for word in ("one by one", "together") if word in found[3]), "one by one")
                table.add(f"{model}, {found[1]} words, {how}", float(found[2]), "ms", 2)
                table.add(f"{model}, {found[1]} words, {how}: of the peak", float(found[4]), "", 2, (">=", 0.7))
            self.shown(table, f"Encoders, {instructions}, int8 peak of the same run {peak[1] if peak else '?'} GOP/s")

    def measure_search(self):
        options = self.options
        venv = options.venv / "bin/python"
        sets = [("clusters", [])]
        if not options.quick:
            sets.append(("texts", ["--data", str(self.real_directory())]))
        for name, more in sets:
            rows = 10_000 if options.quick else 100_000
            command = [str(self.program("search_bench")), "--rows", str(rows), *more]
            command += ["--rounds", "1", "--queries", "50", "--peers", "faiss"] if options.quick else []
            python = str(venv) if venv.exists() else sys.executable
            print(f"\nSearch in {name}, targets: 2 times the best peer under a condition, ahead of it without one", flush=True)
            said = ""
            with subprocess.Popen([python, str(ROOT / "tests/bench/search_peers.py"), *command], text=True,
                                  stdout=subprocess.PIPE) as process:
                for line in process.stdout:
                    print(line, end="", flush=True)
                    said += line
            self.missed += said.count("MISSED")
            table = Table()
            if found := re.search(r"exact scan: ([\d.]+) GB/s of vectors, memory read ([\d.]+) GB/s: ([\d.]+) times", said):
                table.add("exact scan: memory's speed is", float(found[3]), "times", 2, ("<", 1.2),
                          f"{found[1]} of {found[2]} GB/s")
                self.shown(table, f"Exact scan, {name}")
        if options.million:
            print("\nSearch in clusters, 1,000,000 rows; target: p50 < 1 ms in every class", flush=True)
            subprocess.run([str(self.program("search_bench")), "1000000", "200"], check=True)

    def real_directory(self):
        data = (self.options.keep or self.folder) / "data-real"
        if not data.exists():
            profiles = self.folder / "real.jsonl"
            with open(profiles, "wb") as out:
                subprocess.run([sys.executable, str(ROOT / "tests/bench/real_profiles.py"), str(self.options.data)], stdout=out,
                               check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
            figures.run([self.program("counterpart"), "import", profiles, "--data", data, "--json", *self.places],
                        stderr=subprocess.DEVNULL)
        return data

    def measure_size(self, size):
        options, table = self.options, Table()
        data = self.directory(size)
        bytes_of = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
        table.add("data directory", bytes_of / 2**20, "MiB", 0)
        profiles = sample_of(self.program("counterpart"), data, self.places, 20_000)
        starts = []
        for turn in range(options.rounds):
            with Server(self.serving(data)) as server:
                starts.append(server.ready_after)
                if turn < options.rounds - 1:
                    continue
                table.add("server's memory when ready", server.memory()["VmRSS"] / 1e3, "GB", 2)
                with tempfile.TemporaryDirectory() as folder:
                    self.rates[size] = measure_http(table, options.build, server, profiles, folder, options.programme,
                                                    options.rounds, options.seconds)
                target = ("<", 4.29) if size >= 1_000_000 else None
                table.add("server's memory after the calls", server.memory()["VmRSS"] / 1e3, "GB", 2, target)
                if not options.quick:
                    self.beside_run(table, server, by_id(profiles[:1000], options.programme))
        target = ("<", 2) if size >= 1_000_000 else ("<", 0.5)
        table.add("start to ready", starts, "s", 2, target)
        self.shown(table, f"{size:,} profiles, fine vectors: {options.fine}")

    def beside_run(self, table, server, bodies):
        """Match calls while a match run works on all cores, in turns of the same calls without one."""
        idle = [server.time_calls(bodies)]
        server.call("POST", "/v1/runs", json.dumps({"programme": self.options.programme, "full": True}).encode(), 202)
        start, busy = time.monotonic(), []
        while server.run_status()["state"] == "working":
            first = len(busy) % len(bodies)
            busy += server.time_calls(bodies[first:first + CALLS_BETWEEN])
        seconds, status = time.monotonic() - start, server.run_status()
        if "error" in status:
            sys.exit(f"run.py: the match run failed: {status['error']}")
        idle.append(server.time_calls(bodies))
        table.add("match run beside the calls", seconds, "s", 1)
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            without = statistics.mean(percentile(times, share) for times in idle)
            beside = percentile(busy, share)
            table.add(f"match by id beside a match run, {name}, times without", beside / without, "times", 2,
                      ("<", 2) if name == "p99" else None, f"{len(busy)} calls, {beside:.2f} ms")

    def measure_growth(self):
        sizes = sorted(self.rates)
        if len(sizes) < 2:
            return
        table = Table()
        for less, more in zip(sizes, sizes[1:]):
            for what, rate in self.rates[less].items():
                table.add(f"{what}, {less:,} to {more:,}: CPU a request", rate / self.rates[more][what], "times", 2,
                          ("<", round((more / less) ** 0.5, 2)), "the square root of the growth is the target")
        self.shown(table, "Growth")

    def measure_night(self):
        options, table = self.options, Table()
        size = max(options.sizes)
        ask = [size] if options.quick else sorted({10_000, 30_000, size} | ({1_000_000} if options.million else set()))
        said = figures.run([self.program("rematch_bench"), self.directory(size), ROOT / "datasets", options.programme, *ask],
                           env={**os.environ, **THREADS})
        for part in re.split(r"^(?=\d+ rows \()", said, flags=re.M)[1:]:
            rows = int(part.split()[0])
            night = {name: float(cpu) for name, cpu in
                     re.findall(r"^  (whole run|after 1 in 1,000) .*?([\d.]+) CPU-s; at most", part, re.M)}
            product = re.search(r"([\d.]+) of this core's int8 peak", part)
            table.add(f"night of {rows:,}", night["whole run"], "CPU-s", 1)
            if product:
                table.add(f"night of {rows:,}: product, of the peak", float(product[1]), "", 2,
                          (">=", 0.6) if rows >= 30_000 else None)
            table.add(f"night of {rows:,}: 1 in 1,000 changed", 100 * night["after 1 in 1,000"] / max(1e-9, night["whole run"]), "%", 1,
                      ("<", 10), f"{night['after 1 in 1,000']:.1f} CPU-s")
            for name, times, same in re.findall(r"^  (FAISS .*?)  .*, ([\d.]+) times ours; ([\d.]+) %", part, re.M):
                table.add(f"night of {rows:,}: as fast as {name}", float(times), "times", 1, None, f"{same} % of our first ten")
        self.shown(table, "Match runs")

    def measure_served(self):
        rows = ["--rows", "1000", "--rounds", "1", "--seconds", "1"] if self.options.quick else []
        served = self.options.venv.parent / "served-venv/bin/python"
        python = str(served) if served.exists() else sys.executable
        data = ["--data", str(self.directory(max(self.options.sizes)))]
        print(flush=True)
        subprocess.run([python, str(ROOT / "tests/bench/served_peers.py"), "--build", str(self.options.build), "--models",
                        str(self.options.models), *data, *rows], check=False)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="SHARED_DATA_DIR")
    parser.add_argument("--quick", action="store_true", help="small and within five minutes")
    parser.add_argument("--sizes", help="numbers of profiles (10000,100000; --quick: 1000,3000)")
    parser.add_argument("--parts", default=",".join(PARTS), help="which, as in search,night (%(default)s)")
    parser.add_argument("--build", type=Path, default=ROOT / "build/bench", help="where the programs are")
    parser.add_argument("--models", type=Path, default=ROOT / "build/models", help="converted text models")
    parser.add_argument("--venv", type=Path, default=ROOT / "build/bench-venv", help="with tests/bench/requirements.txt")
    parser.add_argument("--keep", type=Path, help="data directories stay in this folder, and are taken from it")
    parser.add_argument("--programme", default="itpo", help="by whose rules (%(default)s)")
    parser.add_argument("--fine", choices=("projected", "own", "none"), default="projected",
                        help="the fine vectors of the sizes: turned from the fast ones (as large, as slow, quickly made), of the "
                        "fine model (100,000: an hour), or none")
    parser.add_argument("--million", action="store_true", help="search and night at 1,000,000 rows too")
    parser.add_argument("--rounds", type=int, help="of which the median counts (5; --quick: 1)")
    parser.add_argument("--seconds", type=float, help="a round of HTTP load (4; --quick: 1)")
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.sizes = [int(size) for size in (options.sizes or ("1000,3000" if options.quick else "10000,100000")).split(",")]
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.seconds = options.seconds or (1 if options.quick else 4)
    options.parts = options.parts.split(",")
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


def main():
    options = parsed()
    start = time.monotonic()
    now = datetime.datetime.now(datetime.timezone.utc)
    print(f"{now:%Y-%m-%d %H:%M} UTC, commit {figures.commit()}, programme {options.programme}; {figures.machine()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="counterpart-bench-") as folder:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        bench = Bench(options, Path(folder))
        steps = {"import": bench.measure_import, "encoders": bench.measure_encoders, "search": bench.measure_search,
                 "sizes": lambda: [bench.measure_size(size) for size in options.sizes], "growth": bench.measure_growth,
                 "night": bench.measure_night, "served": bench.measure_served}
        for part in PARTS:
            if part in options.parts:
                steps[part]()
    print(f"\n{bench.missed} figures miss their targets; {(time.monotonic() - start) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
