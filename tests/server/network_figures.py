"""How long a profile takes from office to office over a wire, and how long a new office takes to have everything.

    network_figures.py BINARY SOURCE MODELS [WRITES [PROFILES]]    standard library only; a NATS server as network_wire_test.py has it
"""
import json
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

WRITES, PROFILES = (int(sys.argv[i]) if len(sys.argv) > i else standard for i, standard in ((4, 100), (5, 5000)))
del sys.argv[4:]
from network_wire_test import PROGRAM, Nats, Office, wait_for  # reads its three arguments  # noqa: E402


def cpu_of(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def memory_of(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


PROGRAM.patience = max(600, PROFILES // 50)


def main(place):
    nats = Nats(place)
    rome, lagos = (Office(place, name) for name in ("rome", "lagos"))
    rome.say("network", "add", str(place / "lagos.card"))
    lagos.say("network", "add", str(place / "rome.card"))
    rows = place / "many.jsonl"
    rows.write_text("".join(json.dumps(rome.profile(number, f"number {number}: pumps, boats, cold stores and water wheels of the "
                                                    f"kind {number % 97} for markets in {number % 89} towns")) + "\n"
                            for number in range(1, PROFILES + 1)))
    rome.say("import", str(rows))
    try:
        rome.serve(nats)
        began = time.monotonic()
        lagos.serve(nats)
        before = cpu_of(lagos.server.process)
        # Counting what is there costs the reader more the more it has, so it is asked rarely.
        rest = min(5, max(0.1, PROFILES / 20_000))
        wait_for(lambda: lagos.other("rome")["profiles"] == PROFILES + 1 or time.sleep(rest), "all profiles", PROGRAM.patience)
        taken = time.monotonic() - began
        print(f"catch-up of {PROFILES + 1} profiles: {taken:.1f} s, {(PROFILES + 1) / taken:.0f} a second; "
              f"{cpu_of(lagos.server.process) - before:.1f} CPU-seconds and at most "
              f"{memory_of(lagos.server.process)} MiB of the reader")
        lags = []
        for number in range(WRITES):
            text = f"text {number}"
            rome.put(0, text)
            written = time.monotonic()
            while lagos.says("rome:0") != text:
                time.sleep(0.005)
            lags.append(time.monotonic() - written)
        lags.sort()
        print(f"from acknowledged there to read here, {WRITES} writes one by one: p50 {statistics.median(lags) * 1000:.0f} ms, "
              f"p99 {lags[int(len(lags) * 0.99) - 1] * 1000:.0f} ms, worst {lags[-1] * 1000:.0f} ms")
    finally:
        for one in (rome.server, lagos.server):
            if one:
                one.kill()
        nats.kill()


PLACE = pathlib.Path(tempfile.mkdtemp())
try:
    main(PLACE)
finally:
    shutil.rmtree(PLACE, True)
