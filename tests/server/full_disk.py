"""A server whose disk is full, and one that is short of memory.

    full_disk.py COUNTERPART SOURCE_DIR MODELS [--part disk|memory]

Disk: a file system of 64 MB in a namespace of its own (skipped, and said so, where the system gives none). It is filled while
profiles come in: writes are then refused with 507, reads, search and verify go on; when space is freed writes go on in the
same process; each acknowledged profile is there after a kill -9, none that was refused, and indexes are equal. An act on a case is
refused with 507 too, and has changed nothing; its letters leave once there is space.

Memory: importing and matching under less and less address space either do their work or end, by a refusal or a death; the
directory opens afterwards and holds what was acknowledged, and verify finds no difference.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import crash_cases
from serving import Client, Gone, Program, Server

MIB = 1 << 20


def fail(message):
    raise SystemExit("FAILED: " + message)


def body(number, padding=950):
    # The address is not embedded, so that a disk is filled in little time; nor does it compress.
    return {"kind": "company", "title": f"pump {number}", "country": "KE", "offers": f"solar pumps, series {number}",
            "contact": {"address": os.urandom(padding).hex() or "Nairobi"}}


def put(client, number):
    return client.call("PUT", f"/v1/profiles/p{number}", body(number))[0]


def write_until(client, ledger, number, wanted, patience):
    """Writes on until a write is answered `wanted` five times in a row; the next free number."""
    until, met = time.monotonic() + patience, 0
    while met < 5:
        status = put(client, number)
        if status == 201:
            ledger[f"p{number}"] = f"pump {number}"
        elif status != 507:
            fail(f"a write to a full disk is answered {status}")
        met = met + 1 if status == wanted else 0
        number += 1
        if time.monotonic() > until:
            fail(f"no {wanted} within {patience} s")
        if wanted == 201 and status == 507:
            time.sleep(0.3)
    return number


def reads_go_on(client, ledger):
    for target in ("/v1/profiles?limit=5", "/v1/profiles/p3", "/v1/profiles?q=solar+pumps&limit=5", "/healthz"):
        status, _, told = client.call("GET", target)
        if status != 200:
            fail(f"on a full disk {target} is answered {status} {told}")
    status, _, told = client.call("POST", "/v1/match", {"text": "solar pumps", "limit": 5})
    if status != 200 or len(told["matches"]) != 5:
        fail(f"on a full disk a match is answered {status} {told}")


def check(program, data, server, ledger):
    client = Client(server.port)
    status, _, lines = client.call("GET", "/v1/profiles:export")
    found = {row["id"]: row["title"] for row in map(json.loads, lines.splitlines())}
    client.close()
    if found != ledger:
        fail(f"{len(found)} profiles are there, {len(ledger)} were acknowledged; "
             f"differing: {sorted(set(found) ^ set(ledger))[:5]}")
    report = program.answer(data, "verify")
    if report["difference_count"] or report["stored"] != len(ledger):
        fail(f"verify: {report}")


class Enquiry:
    """A case that is acted on beside full and free disk."""

    def __init__(self, client, ledger):
        if client.call("PUT", "/v1/offices", crash_cases.directory())[0] >= 300:
            fail("no offices")
        for name, office in (("from", "dakar"), ("to", "riyadh")):
            profile = {"kind": "company", "title": name, "country": "KE", "offers": "pumps", "office": office, "capacity": 3}
            if client.call("PUT", "/v1/profiles/" + name, profile)[0] != 201:
                fail("no profile to ask about")
            ledger[name] = name
        self.target, self.acts = "/v1/interests/i-000001", 1
        status, _, told = client.call("POST", "/v1/interests?desk=awa", {"from": "from", "to": "to", "answers": {"cooperation": "equity"}})
        if status != 201:
            fail(f"asking: {status} {told}")

    def act(self, client, wanted):
        """Acts until that is answered `wanted`; a refused act has changed nothing."""
        for _ in range(60):
            status, _, told = client.call("POST", self.target + ":remind?desk=awa", {})
            self.acts += status == 200
            seen = client.call("GET", self.target)[2]
            if len(seen["timeline"]) != self.acts:
                fail(f"an act was answered {status}, and the case has {len(seen['timeline'])} acts, not {self.acts}")
            if status == wanted:
                return
            if status not in (200, 507):
                fail(f"an act is answered {status} {told}")
            if wanted == 200:
                time.sleep(0.3)
        fail(f"no act is answered {wanted}")

    def all_told(self, client, data):
        """Each act is a letter; one that could not be spooled waits, and none lies there twice."""
        letters = client.call("GET", "/v1/outbox?limit=200&case=i-000001")[2]["letters"]
        reminded = [one["number"] for one in letters if one["letter"] == "reminded"]
        if len(reminded) != self.acts - 1:
            fail(f"{self.acts - 1} acts wrote {len(reminded)} letters")
        files = [file.name for part in ("new", "cur") for file in (data / "outbox" / part).glob("*")]
        sent = [one["number"] for one in letters if one["state"] == "sent"]
        if not {f"{number}.counterpart.eml" for number in sent} <= set(files):
            fail(f"letters {sent} were sent, and {files} lie in the spool")


def fill(mount, leave):
    """Takes up the space that is left but `leave` bytes."""
    with open(mount / "filling", "ab") as file:
        free = os.statvfs(mount).f_bavail * os.statvfs(mount).f_frsize - leave
        while free > 0:
            try:
                os.posix_fallocate(file.fileno(), file.tell(), min(free, MIB))
                file.seek(0, 2)
            except OSError:
                return
            free -= MIB


def full_disk(program, mount):
    data, ledger = mount / "data", {}
    server = Server(program, data)
    client = Client(server.port, crash_cases.local_key(data))
    enquiry = Enquiry(client, ledger)
    number = write_until(client, ledger, 0, 201, 60)
    enquiry.act(client, 200)
    times = 0
    for leave in (MIB, 0):
        fill(mount, leave)
        number = write_until(client, ledger, number, 507, 120)
        enquiry.act(client, 507)
        reads_go_on(client, ledger)
        times += 1
        (mount / "filling").unlink()
        number = write_until(client, ledger, number, 201, 60)
        enquiry.act(client, 200)
    fill(mount, 0)
    number = write_until(client, ledger, number, 507, 120)
    server.kill()
    (mount / "filling").unlink()
    server = Server(program, data)
    check(program, data, server, ledger)
    client = Client(server.port, crash_cases.local_key(data))
    write_until(client, ledger, number, 201, 30)
    check(program, data, server, ledger)
    enquiry.act(client, 200)
    enquiry.all_told(client, data)
    status = server.stop()
    # The index file, a cache, may not fit any more beside what was taken in.
    if status != 0 and not any("No space left" in line for line in server.said):
        fail(f"the server ends with {status}: {''.join(server.said[-5:])}")
    print(f"RESULT full_disk | filled {times + 1} times, {len(ledger)} acknowledged writes | 507 for writes, reads went on, writes "
          "too once there was space; nothing lost")


def in_namespace(asked):
    """This program again, as root of a user namespace with a small file system; None: the system allows none."""
    mount = tempfile.mkdtemp(prefix="counterpart-disk-")
    script = 'mount -t tmpfs -o size=64m none "$0" && exec "$@"'
    unshare = shutil.which("unshare")
    tried = unshare and subprocess.run([unshare, "-Urm", "sh", "-c", script, mount, "true"], capture_output=True).returncode == 0
    if not tried:
        os.rmdir(mount)
        return None
    done = subprocess.run([unshare, "-Urm", "sh", "-c", script, mount, sys.executable, __file__, asked.binary, asked.source,
                           asked.models, "--mounted", mount])
    os.rmdir(mount)
    return done.returncode


def short_of_memory(program, directory):
    rows = directory / "rows.jsonl"
    rows.write_text("".join(json.dumps({"id": f"m{i}", **body(i, 0)}) + "\n" for i in range(600)))
    outcomes = {"done": 0, "refused": 0, "died": 0}
    data = directory / "data"
    for mib in (4000, 1400, 900, 700, 600, 500, 400, 300, 200, 100):
        for verb, arguments in (("import", [str(rows)]), ("match", ["--text", "solar pumps"]), ("rematch", ["--threads", "1"])):
            # OpenBLAS's own threads try for ever to have their 128 MiB each, and the exit waits for them.
            alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
            command = [program.binary, verb, "--data", str(data), *program.common, *arguments]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=alone,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (mib * MIB, mib * MIB)))
            outcomes["done" if done.returncode == 0 else "died" if done.returncode < 0 else "refused"] += 1
            if done.returncode == 0 and verb == "import" and program.answer(data, "verify")["stored"] != 600:
                fail(f"an import under {mib} MiB said that it was done, and was not")
        if not data.exists():
            continue
        report = program.answer(data, "verify")
        if report["difference_count"]:
            fail(f"after {mib} MiB verify says {report}")
        rows.write_text(rows.read_text().replace("series", f"series of {mib}", 300))  # the next import has something to write
    if outcomes["done"] == 0 or outcomes["refused"] + outcomes["died"] == 0:
        fail(f"the limits tell nothing: {outcomes}")
    print(f"RESULT short_of_memory | {sum(outcomes.values())} commands under 4000 to 100 MiB | {outcomes['done']} done, "
          f"{outcomes['refused']} refused, {outcomes['died']} died; no damage")


def main():
    parser = argparse.ArgumentParser()
    for name in ("binary", "source", "models"):
        parser.add_argument(name)
    parser.add_argument("--part", choices=("disk", "memory"))
    parser.add_argument("--mounted")
    asked = parser.parse_args()
    program = Program(asked.binary, asked.source, asked.models)
    if asked.mounted:
        full_disk(program, pathlib.Path(asked.mounted))
        return
    if asked.part != "memory":
        status = in_namespace(asked)
        if status is None:
            print("RESULT full_disk | 0 | skipped: this system gives no file system in a user namespace")
        elif status != 0:
            raise SystemExit(status)
    if asked.part != "disk":
        directory = pathlib.Path(tempfile.mkdtemp(prefix="counterpart-memory-"))
        short_of_memory(program, directory)
        shutil.rmtree(directory)


if __name__ == "__main__":
    main()
