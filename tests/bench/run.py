#!/usr/bin/env python3
"""run.py SHARED_DATA_DIR [--sizes 20000,100000] [--build build/bench]: the bench table, all figures by one command.

For each size: profiles of make_scale.py, `counterpart import` of them into a new directory, match_bench
in process, then `counterpart serve` started three times and asked over one HTTP connection, at last while a match run
works. Needs counterpart, match_bench and rematch_bench in the build folder (tests/bench/run builds them) and the `fast`
model. Files are read from a warm page cache; the client of the HTTP figures is this program, on the same machine.
"""

import argparse
import datetime
import http.client
import json
import os
import platform
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTS = 3
WARM_UP = 50
WORDS_ASKED = 12
CALLS_BETWEEN = 50  # two looks at a match run
READY_WITHIN_S = 600
BENCH_LINE = re.compile(r"(match by .*?)\s{2,}(\d+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+(\d+) %")


class Table:
    """Lines of figure, value, target. A target is (comparison, limit): of the first release, at 100,000 profiles."""

    def __init__(self):
        self.lines = []

    def add(self, name, value, unit, digits=2, target=None, note=""):
        wanted = verdict = ""
        if target:
            comparison, limit = target
            wanted = f"{comparison} {limit:g} {unit}"
            verdict = "met" if (value < limit if comparison == "<" else value >= limit) else "MISSED"
        self.lines.append((name, f"{value:,.{digits}f} {unit}", wanted, verdict, note))

    def print(self, title):
        print(f"\n{title}")
        print(f"{'figure':<44} {'measured':>16}  {'target':<16} {'':<7} note")
        for name, value, wanted, verdict, note in self.lines:
            print(f"{name:<44} {value:>16}  {wanted:<16} {verdict:<7} {note}".rstrip())
        sys.stdout.flush()


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def run(command, **more):
    done = subprocess.run([str(part) for part in command], text=True, stdout=subprocess.PIPE, **more)
    if done.returncode != 0:
        sys.exit(f"run.py: `{' '.join(map(str, command))}` ended with {done.returncode}\n{done.stdout or ''}")
    return done.stdout


class Bench:
    def __init__(self, options):
        self.options = options
        self.counterpart = options.build / "counterpart"
        self.match_bench = options.build / "match_bench"
        self.rematch_bench = options.build / "rematch_bench"
        self.places = ["--datasets", ROOT / "datasets", "--models", options.models]
        for program in (self.counterpart, self.match_bench, self.rematch_bench):
            if not os.access(program, os.X_OK):
                sys.exit(f"run.py: {program} is not there; tests/bench/run builds it")

    def size(self, count, folder):
        profiles, data = folder / "profiles.jsonl", folder / "data"
        with open(profiles, "wb") as out:
            subprocess.run([sys.executable, str(ROOT / "datasets/scripts/make_scale.py"), str(self.options.data),
                            str(count)], stdout=out, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        sample = self.sample(profiles, count)
        table = Table()
        load = os.getloadavg()[0]
        self.measure_import(table, profiles, data, count, sample)
        profiles.unlink()
        self.measure_in_process(table, data, "none")
        if self.options.fine:
            self.measure_refining(table, data, count)
            self.measure_in_process(table, data, "e5")
        self.measure_served(table, data, sample)
        table.print(f"{count:,} profiles; {machine()}; load before {load:.1f}")
        if self.options.rematch and count == max(map(int, self.options.sizes.split(","))):
            print(flush=True)
            threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
            subprocess.run([str(self.rematch_bench), str(data), str(ROOT / "datasets"), self.options.programme,
                            *self.options.rematch.split(",")], check=True, env={**os.environ, **threads})

    def sample(self, profiles, count):
        """Profiles evenly spread over the file, as many as there are calls."""
        step, chosen = max(1, count // self.options.calls), []
        with open(profiles, encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % step == 0 and len(chosen) < self.options.calls:
                    chosen.append(json.loads(line))
        return chosen

    def measure_import(self, table, profiles, data, count, sample):
        words = statistics.mean(len(text_of(profile).split()) for profile in sample)
        before, start = cpu_of_children(), time.monotonic()
        said = run([self.counterpart, "import", profiles, "--data", data, "--json", *self.places],
                   stderr=subprocess.DEVNULL)
        seconds, cpu = time.monotonic() - start, cpu_of_children() - before
        accepted = json.loads(said)["accepted"]
        if accepted != count:
            sys.exit(f"run.py: of {count} profiles {accepted} were accepted")
        table.add("import, fast model", count / seconds, "rows/s", 0, (">=", 300), f"{words:.0f} words a profile")
        table.add("import, a core", count / cpu, "rows/CPU-s", 0)
        size = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
        table.add("data directory", size / 2**20, "MiB", 0)

    def measure_refining(self, table, data, count):
        before, start = cpu_of_children(), time.monotonic()
        run([self.counterpart, "refine", "--data", data, *self.places], stderr=subprocess.DEVNULL)
        seconds, cpu = time.monotonic() - start, cpu_of_children() - before
        table.add("fine vectors", count / seconds, "profiles/s", 0)
        table.add("fine vectors, a core", count / cpu, "/CPU-s", 0)

    def measure_in_process(self, table, data, fine):
        said = run([self.match_bench, data, ROOT / "datasets", self.options.models, self.options.programme,
                    self.options.calls, *([fine] if fine != "none" else [])], stderr=subprocess.DEVNULL)
        found = list(BENCH_LINE.finditer(said))
        if not found:
            sys.exit(f"run.py: match_bench printed no figures:\n{said}")
        for line in found:
            name, calls = f"{line[1]}, in process{', fine' if fine != 'none' else ''}", f"{line[2]} calls, {line[6]} % by probing lists"
            by_id = name.startswith("match by id")
            table.add(f"{name}, p50", float(line[3]), "ms", 3, ("<", 1) if by_id else None, calls)
            table.add(f"{name}, p99", float(line[5]), "ms", 3, ("<", 5) if by_id else None)

    def measure_served(self, table, data, sample):
        starts = []
        for turn in range(STARTS):
            with Server([self.counterpart, "serve", "--open-local", "--listen", "127.0.0.1:0", "--log-level", "warn",
                         "--fine", "e5" if self.options.fine else "none", "--data", data, *self.places]) as server:
                starts.append(server.ready_after)
                if turn == STARTS - 1:
                    figures = self.ask(server, sample)
        each = ", ".join(f"{seconds:.2f}" for seconds in starts)
        table.add("start to ready, median", statistics.median(starts), "s", 2, ("<", 2), f"of {each}")
        for line in figures:
            table.add(*line)

    def ask(self, server, sample):
        programme = self.options.programme
        by_id = [{"profile": profile["id"], "programme": programme} for profile in sample]
        by_text = [{"offering" if profile.get("offers") else "text": " ".join(text_of(profile).split()[:WORDS_ASKED]),
                    "programme": programme} for profile in sample]
        idle = server.memory()
        empty = server.time_calls([None] * len(sample))
        figures = [("HTTP round trip, GET /readyz, p50", percentile(empty, 0.5), "ms", 3, None, "the client's share")]
        for name, bodies, target in (("match by id, HTTP", by_id, None),
                                     (f"match by text of {WORDS_ASKED} words, HTTP", by_text, ("<", 4))):
            server.time_calls(bodies[:WARM_UP])
            times = server.time_calls(bodies)
            figures.append((f"{name}, p50", percentile(times, 0.5), "ms", 3, target, f"{len(times)} calls"))
            figures.append((f"{name}, p99", percentile(times, 0.99), "ms", 3))
        after = server.memory()
        figures += self.beside_run(server, by_id)
        figures.append(("server's memory when ready", idle["VmRSS"], "MB", 0))
        figures.append(("server's memory after the calls", after["VmRSS"], "MB", 0, ("<", 600)))
        figures.append(("server's memory at its highest", after["VmHWM"], "MB", 0))
        return figures


    def beside_run(self, server, bodies):
        """Match calls while a match run works on all cores, in turns of the same calls without one."""
        idle = [server.time_calls(bodies)]
        server.call("POST", "/v1/runs", json.dumps({"programme": self.options.programme, "full": True}).encode(), 202)
        start, busy = time.monotonic(), []
        while server.run_status()["state"] == "working":
            first = len(busy) % len(bodies)
            busy += server.time_calls(bodies[first:first + CALLS_BETWEEN])
        seconds, status, memory = time.monotonic() - start, server.run_status(), server.memory()
        if "error" in status:
            sys.exit(f"run.py: the match run failed: {status['error']}")
        idle.append(server.time_calls(bodies))
        figures = [("match run beside the calls", seconds, "s", 1),
                   ("server's memory at its highest, with it", memory["VmHWM"], "MB", 0)]
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            without = statistics.mean(percentile(times, share) for times in idle)
            beside = percentile(busy, share)
            figures.append((f"match by id, HTTP, beside a match run, {name}", beside, "ms", 3))
            target = ("<", 2) if name == "p99" else None
            figures.append((f"the same, times {name} without a run", beside / without, "times", 2, target, f"{len(busy)} calls"))
        return figures


class Server:
    """A server of our own and one kept-alive connection to it; ended with the `with`."""

    def __init__(self, command):
        self.command = [str(part) for part in command]

    def __enter__(self):
        start = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        watchdog = threading.Timer(READY_WITHIN_S, self.process.kill)
        watchdog.start()
        try:
            self.connect()
            self.ready_after = time.monotonic() - start
        except BaseException:
            self.__exit__()
            raise
        finally:
            watchdog.cancel()
        # Nobody else empties the pipe, and a full one would stop the server.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        return self

    def connect(self):
        said = ""
        for line in self.process.stderr:
            said += line
            found = re.search(r"listening on 127\.0\.0\.1:(\d+)", line)
            if found:
                break
        else:
            sys.exit(f"run.py: the server did not start:\n{said}")
        self.connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.call("GET", "/readyz", None)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def call(self, method, target, body, wanted=200):
        self.connection.request(method, target, body, {"Content-Type": "application/json"} if body else {})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != wanted:
            sys.exit(f"run.py: {method} {target} {body} was answered with {answer.status}: {text.decode()[:500]}")
        return text

    def time_calls(self, bodies):
        """Milliseconds of each POST /v1/match; None stands for GET /readyz."""
        times = []
        for body in bodies:
            sent = None if body is None else json.dumps(body).encode()
            start = time.perf_counter()
            self.call(*(("GET", "/readyz", None) if sent is None else ("POST", "/v1/match", sent)))
            times.append((time.perf_counter() - start) * 1000)
        return times

    def run_status(self):
        return json.loads(self.call("GET", "/v1/runs", None))["status"]

    def memory(self):
        """VmRSS and VmHWM in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return {name: int(kib) * 1024 / 1e6 for name, kib in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status)}


def text_of(profile):
    return " ".join(profile[member] for member in ("offers", "seeks") if profile.get(member)) or profile["title"]


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine():
    found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    name = found[1] if found else platform.machine()
    return f"{len(os.sched_getaffinity(0))} cores of {name}"


def commit():
    git = ["git", "--no-optional-locks", "-C", str(ROOT)]
    try:
        name = run([*git, "rev-parse", "--short", "HEAD"]).strip()
        return name + (" with uncommitted changes" if run([*git, "status", "--porcelain"]).strip() else "")
    except OSError:
        return "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, metavar="SHARED_DATA_DIR")
    parser.add_argument("--sizes", default="20000,100000", help="numbers of profiles (%(default)s)")
    parser.add_argument("--build", type=Path, default=ROOT / "build/bench", help="where the programs are")
    parser.add_argument("--models", type=Path, default=ROOT / "build/models", help="converted text models")
    parser.add_argument("--programme", default="itpo", help="by whose rules (%(default)s)")
    parser.add_argument("--calls", type=int, default=1000, help="calls a figure (%(default)s)")
    parser.add_argument("--fine", action="store_true",
                        help="make the fine vectors too (100,000: some 20 minutes of two cores) and measure with them")
    parser.add_argument("--rematch", metavar="ROWS", help="match runs of so many profiles each, beside FAISS, as in "
                        "10000,100000,1000000 (the last: an hour), of the largest size's and what is made of them")
    options = parser.parse_args()
    options.build = options.build.resolve()
    bench = Bench(options)
    now = datetime.datetime.now(datetime.timezone.utc)
    print(f"{now:%Y-%m-%d %H:%M} UTC, commit {commit()}, programme {options.programme}; "
          "targets are those of the first release, for 100,000 profiles")
    for size in options.sizes.split(","):
        with tempfile.TemporaryDirectory(prefix="counterpart-bench-") as folder:
            bench.size(int(size), Path(folder))


if __name__ == "__main__":
    main()
