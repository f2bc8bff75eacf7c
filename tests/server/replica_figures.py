"""What copies that follow take off their owner: reads a second and CPU-seconds a request with 0 to 3 copies on one machine, and
how long a write takes with and without a standby. Cores are shared, so the CPU-seconds are the figure.

    replica_figures.py BINARY SOURCE MODELS [PROFILES] [SECONDS]    standard library only; prints a table
"""
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from serving import Client, Program, Server, free_port  # noqa: E402

PROGRAM = Program(*sys.argv[1:4])
PROFILES = int(sys.argv[4]) if len(sys.argv) > 4 else 5000
SECONDS = float(sys.argv[5]) if len(sys.argv) > 5 else 10
WORDS = "solar pumps cold storage fish drip irrigation wind turbines mobile payments recycled plastics dairy cooling maize mills".split()
LANES = 2  # clients of each server


def cpu(server):
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def profile(number, pick):
    return {"id": f"own:{number}", "kind": "company", "title": f"Company {number}", "country": pick.choice(["KE", "IT", "GH", "NO"]),
            "offers": " ".join(pick.sample(WORDS, 5)), "seeks": " ".join(pick.sample(WORDS, 5))}


def read_for(servers, token, seconds):
    done, stop = [0] * (LANES * len(servers)), time.monotonic() + seconds

    def lane(index):
        client, pick = Client(servers[index // LANES].port, token), random.Random(index)
        while time.monotonic() < stop:
            status, _, answer = client.call("POST", "/v1/match", {"profile": f"own:{pick.randrange(PROFILES)}", "limit": 10})
            if status != 200:
                raise SystemExit(f"a read was refused: {answer}")
            done[index] += 1

    lanes = [threading.Thread(target=lane, args=(index,)) for index in range(len(done))]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    return sum(done)


def write_some(port, token, count, prefix):
    client, pick, took = Client(port, token), random.Random(7), []
    for number in range(count):
        began = time.monotonic()
        status, _, answer = client.call("PUT", f"/v1/profiles/{prefix}:{number}", {**profile(number, pick), "id": f"{prefix}:{number}"})
        took.append(time.monotonic() - began)
        if status not in (200, 201):
            raise SystemExit(f"a write was refused: {answer}")
    took.sort()
    return 1000 * took[len(took) // 2], 1000 * took[len(took) * 99 // 100]


def main():
    place = pathlib.Path(tempfile.mkdtemp())
    servers = []
    try:
        pick = random.Random(1)
        rows = place / "rows.jsonl"
        rows.write_text("".join(json.dumps(profile(number, pick)) + "\n" for number in range(PROFILES)))
        PROGRAM.run(place / "owner", "import", str(rows))
        port = free_port()
        owner = Server(PROGRAM, place / "owner", "--budget", "0", "--log-level", "warn", guarded=True, port=port)
        servers.append(owner)
        (place / "token").write_text(owner.token + "\n")
        print(f"{PROFILES:,} profiles, matches of stored profiles, {LANES} clients a server, {SECONDS:.0f} s each")
        print("copies   reads/s   CPU ms a read   of it at the owner")
        for copies in range(4):
            if copies:
                data = place / f"copy{copies}"
                data.mkdir()
                shutil.copy(place / "owner" / "MASTER-KEY", data / "MASTER-KEY")
                began = time.monotonic()
                servers.append(Server(PROGRAM, data, "--budget", "0", "--log-level", "warn", "--follow", f"http://127.0.0.1:{port}",
                                      "--follow-token-file", str(place / "token"), guarded=True, port=free_port()))
                opened = time.monotonic() - began
            asked = servers[1:] or servers  # who reads asks the copies, once there are any
            before = [cpu(server) for server in servers]
            reads = read_for(asked, owner.token, SECONDS)
            spent = [cpu(server) - was for server, was in zip(servers, before)]
            print(f"{copies:6}   {reads / SECONDS:7.0f}   {1000 * sum(spent) / reads:13.2f}   {1000 * spent[0] / reads:18.2f}")
        print(f"a copy serves {opened:.1f} s after its start")
        idle = [cpu(server) for server in servers]
        time.sleep(5)
        print("idle: " + ", ".join(f"{(cpu(s) - was) / 5 * 100:.1f} %" for s, was in zip(servers, idle)) + " of a core (owner, copies)")
        for copy in servers[1:]:
            copy.stop()
        del servers[1:]
        print("write, without a standby: p50 %.1f ms, p99 %.1f ms" % write_some(port, owner.token, 200, "alone"))
        servers.append(Server(PROGRAM, place / "copy1", "--budget", "0", "--log-level", "warn", "--follow", f"http://127.0.0.1:{port}",
                              "--follow-token-file", str(place / "token"), "--stand-by", guarded=True, port=free_port()))
        client = Client(port, owner.token)
        while not client.call("GET", "/v1/replica")[2].get("standby", {}).get("heard"):
            time.sleep(0.1)
        print("write, with a standby:    p50 %.1f ms, p99 %.1f ms" % write_some(port, owner.token, 200, "stood-by"))
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.kill()
        shutil.rmtree(place, True)


if __name__ == "__main__":
    main()
