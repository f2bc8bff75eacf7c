"""What the benches share: a table of figures with their targets, medians of rounds with their spread, CPU time, the machine."""

import os
import platform
import re
import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTIONS = "COUNTERPART_INSTRUCTIONS"


class Table:
    """Lines of figure, value, target. A target is (comparison, limit). A value may be a list, of rounds: their median, and
    the least and the greatest in the note."""

    def __init__(self):
        self.lines = []
        self.missed = 0

    def add(self, name, value, unit, digits=2, target=None, note=""):
        if isinstance(value, list):
            if len(value) > 1:
                spread = f"{min(value):,.{digits}f} to {max(value):,.{digits}f}"
                note = f"{spread}; {note}" if note else spread
            value = statistics.median(value)
        wanted = verdict = ""
        if target:
            comparison, limit = target
            wanted = f"{comparison} {limit:,g} {unit}"
            verdict = "met" if (value < limit if comparison == "<" else value >= limit) else "MISSED"
            self.missed += verdict == "MISSED"
        self.lines.append((name, f"{value:,.{digits}f} {unit}", wanted, verdict, note))

    def say(self, name, word):
        """A figure that cannot be had, and why."""
        self.lines.append((name, "-", "", "", word))

    def print(self, title):
        print(f"\n{title}")
        print(f"{'figure':<62} {'measured':>16}  {'target':<20} {'':<7} note")
        for name, value, wanted, verdict, note in self.lines:
            print(f"{name:<62} {value:>16}  {wanted:<20} {verdict:<7} {note}".rstrip())
        sys.stdout.flush()


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def run(command, **more):
    done = subprocess.run([str(part) for part in command], text=True, stdout=subprocess.PIPE, **more)
    if done.returncode != 0:
        sys.exit(f"`{' '.join(map(str, command))}` ended with {done.returncode}\n{done.stdout or ''}")
    return done.stdout


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine():
    """The processor, which instructions are used of it, and how busy it is with other work."""
    about = Path("/proc/cpuinfo").read_text()
    found = re.search(r"model name\s*:\s*(.*)", about)
    flags = set(re.search(r"flags\s*:\s*(.*)", about)[1].split()) if "flags" in about else set()
    best = "avx512_vnni" if "avx512_vnni" in flags else "avx2" if "avx2" in flags else "portable"
    used = os.environ.get(INSTRUCTIONS) or best
    return (f"{len(os.sched_getaffinity(0))} cores of {found[1] if found else platform.machine()}, {used}, "
            f"load {os.getloadavg()[0]:.1f}")


def commit():
    git = ["git", "--no-optional-locks", "-C", str(ROOT)]
    try:
        name = run([*git, "rev-parse", "--short", "HEAD"]).strip()
        return name + (" with uncommitted changes" if run([*git, "status", "--porcelain"]).strip() else "")
    except OSError:
        return "unknown"
