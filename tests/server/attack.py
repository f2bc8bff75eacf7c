"""A server under attack and under load: it stays alive, quick to say so, and within its memory.

    attack.py COUNTERPART SOURCE_DIR MODELS [--long] [ATTACK...]

While each attack runs, /healthz is asked every 50 ms on a connection of its own and the server's memory is read. Prints one
line an attack, `RESULT name | runs | outcome`. Exit status 1 if a bound is broken. The short form is for a machine that
does other things as well: there a single probe may be late, one in a hundred may not. Standard library only.
"""
import gzip
import json
import math
import multiprocessing
import os
import pathlib
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
LONG = "--long" in sys.argv
SECONDS = 20 if LONG else 4
PROBE_PAUSE, PROBE_BOUND, PROBE_WORST = 0.05, 0.1, 0.1 if LONG else 0.5
# Over what it held before the attack: bodies in flight (256 MiB at most), buffers of connections, answers being made.
MEMORY_BOUND_MB = 700
IDLE = 10_000
HOST = "Host: localhost\r\n"
failures = []


def result(name, runs, outcome, fine):
    print(f"RESULT {name} | {runs} | {outcome}{'' if fine else '  BROKEN'}", flush=True)
    if not fine:
        failures.append(name)


def raise_descriptors():
    """As many sockets as this user may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Server:
    def __init__(self, directory):
        command = [COUNTERPART, "--data", str(directory), "--datasets", SOURCE + "/datasets", "--models", MODELS]
        samples = [str(p) for p in sorted(pathlib.Path(SOURCE, "datasets/samples").glob("*.jsonl"))]
        subprocess.run([command[0], "import", *command[1:], *samples], check=True, capture_output=True)
        self.process = subprocess.Popen([command[0], "serve", *command[1:], "--fine", "none", "--open-local", "--listen",
                                         "127.0.0.1:0", "--log-level", "warn"], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.startswith("listening on "):
                self.port = int(line.rsplit(":", 1)[1])
                break
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def memory_mb(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024

    def connect(self, timeout=5):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def ask(server, head, body=b"", timeout=10):
    """Status and head of the answer; 0: the connection ended without one."""
    with server.connect(timeout) as connection:
        try:
            connection.sendall(head.encode() + body)
        except OSError:
            pass  # refused before it was read: the answer is there all the same
        return read_answer(connection)[0]


def read_answer(connection):
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return 0, data
            data += more
        head, _, rest = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(rest) < length:
            more = connection.recv(65536)
            if not more:
                break
            rest += more
        return int(head.split()[1]), head + b"\r\n\r\n" + rest
    except OSError:
        return 0, data


def post(path, body, kind="application/json"):
    if isinstance(body, str):
        body = body.encode()
    return (f"POST {path} HTTP/1.1\r\n{HOST}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n", body)


# The attacks. Each runs in a process of its own until `until`, and returns what it did.

def many(server, count, opening):
    sockets = []
    for _ in range(count):
        try:
            connection = server.connect()
            connection.setblocking(False)
            connection.send(opening)
            sockets.append(connection)
        except OSError:
            time.sleep(0.001)
    return sockets


def trickle(server, until, count, opening, piece):
    sockets = many(server, count, opening)
    sent = 0
    while time.time() < until:
        for connection in sockets:
            try:
                connection.send(piece)
                sent += 1
            except OSError:
                pass
        time.sleep(0.5)
    return f"{len(sockets)} connections, {sent} pieces"


def slow_loris(server, until):
    return trickle(server, until, 2000, b"GET /v1/profiles HTTP/1.1\r\n", b"X-a: b\r\n")


def slow_bodies(server, until):
    return trickle(server, until, 2000, f"POST /v1/match HTTP/1.1\r\n{HOST}Content-Length: 100000\r\n\r\n".encode(), b" ")


def idle_sockets(server, until):
    sockets = many(server, min(IDLE, raise_descriptors() - 100), b"")
    time.sleep(max(1, until - time.time()))
    return f"{len(sockets)} sockets opened and held" + ("" if len(sockets) == IDLE else f", not {IDLE}: not permitted more")


def repeat(server, until, requests, clients=8):
    """The requests over and over from several threads; statuses seen."""
    seen, lock = {}, threading.Lock()

    def work(turn):
        while time.time() < until:
            status = ask(server, *requests[turn % len(requests)])
            turn += 1
            with lock:
                seen[status] = seen.get(status, 0) + 1
    threads = [threading.Thread(target=work, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bad = [s for s in seen if s >= 500 and s != 503]
    return ("FAULT " if bad else "") + "answers " + ", ".join(f"{s or 'none'}: {seen[s]}" for s in sorted(seen))


def huge_k(server, until):
    words = "water energy food health pumps solar finance"
    bodies = [{"text": words, "limit": k, "explain": True} for k in (250, 1000, 10 ** 9, 10 ** 18, -1, 1e300)]
    bodies.append({"text": words * 2000, "limit": 250})
    gets = [(f"GET /v1/profiles?q=water&limit={k} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n",) for k in (250, 10 ** 9)]
    return repeat(server, until, [post("/v1/match", json.dumps(b)) for b in bodies] + gets)


def wide_conditions(server, until):
    codes = [a + b for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    sectors = [c + str(n) for c in "ABCDEFGHIJKLMNOPQRSTU" for n in range(1, 99)]
    bodies = [{"text": "water", "where": {"country": ["KE", "IT"] * 20000}},
              {"text": "water", "where": {"country": codes, "sectors": sectors}},
              {"text": "water", "where": {f"field{i}": ["x"] for i in range(20000)}},
              {"text": "water", "where": {"sectors": list("ABCDEFGHIJKLMNOPQRSTU") * 50,
                                          "country": ["africa", "LDC", "developing", "002"] * 200}}]
    query = "&".join(f"country={c}" for c in codes)[:12000]
    gets = [(f"GET /v1/profiles?{query} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n",)]
    return repeat(server, until, [post("/v1/match", json.dumps(b)) for b in bodies] + gets)


def deep_json(server, until):
    bodies = ["[" * 500_000, '{"a":' * 200_000, '{"text":"' + "\\ud83d" * 200_000 + '"}', '{"limit":' + "9" * 1_000_000 + "}",
              '{"where":' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}", '{"text":"' + "a" * 1_900_000 + '"}',
              "{" + ",".join(f'"k{i}":1' for i in range(100_000)) + "}"]
    paths = ["/v1/match", "/v1/profiles", "/v1/panels", "/v1/standing-queries"]
    return repeat(server, until, [post(p, b) for b in bodies for p in paths])


def compressed_bombs(server, until):
    bomb = gzip.compress(b"\0" * 50_000_000)
    requests = []
    for path in ("/v1/match", "/v1/profiles:import"):
        head, body = post(path, bomb)
        requests.append((head.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n"), body))
    started = time.time()
    statuses = {ask(server, *one) for one in requests}
    took = time.time() - started
    return ("" if statuses == {415} and took < 2 else "FAULT ") + repeat(server, until, requests)


def pipelined_garbage(server, until):
    chance = random.Random(7)
    sent = 0
    while time.time() < until:
        with server.connect() as connection:
            connection.setblocking(False)
            kind = chance.randrange(4)
            if kind == 0:  # many requests, no answer read
                data = f"GET /v1/profiles?limit=250 HTTP/1.1\r\n{HOST}\r\n".encode() * 2000
            elif kind == 1:
                data = chance.randbytes(100_000)
            elif kind == 2:
                data = f"GET / HTTP/1.1\r\n{HOST}X: ".encode() + b"a" * 200_000
            else:
                data = f"POST /v1/match HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n".encode() + b"1\r\na\r\n" * 20_000
            try:
                sent += connection.send(data)
            except OSError:
                pass
            time.sleep(0.02)
    return f"{sent // 1024} KiB sent"


def unfinished_bodies(server, until):
    """Many large bodies that never end: together more than memory may be given to."""
    head = f"POST /v1/profiles:import HTTP/1.1\r\n{HOST}Content-Type: application/x-ndjson\r\nContent-Length: 62000000\r\n\r\n"
    sent, lock = [0], threading.Lock()

    def one():
        while time.time() < until:
            with server.connect() as connection:
                try:
                    connection.sendall(head.encode())
                    for _ in range(900):
                        connection.sendall(b"x" * 65536)
                        with lock:
                            sent[0] += 1
                    time.sleep(max(0, until - time.time()))
                except OSError:
                    time.sleep(0.05)
    threads = [threading.Thread(target=one) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return f"{sent[0] // 16} MiB sent"


def slow_readers(server, until):
    """Large answers asked for and never taken."""
    sockets = many(server, 500, (f"GET /openapi.json HTTP/1.1\r\n{HOST}\r\n" * 60).encode())
    time.sleep(max(1, until - time.time()))
    return f"{len(sockets)} connections of 60 requests each"


ATTACKS = [slow_loris, slow_bodies, idle_sockets, huge_k, wide_conditions, deep_json, compressed_bombs, pipelined_garbage,
           unfinished_bodies, slow_readers]


def under(attack, server):
    """Runs an attack in a process of its own and watches the server meanwhile."""
    told = multiprocessing.Queue()
    until = time.time() + SECONDS
    worker = multiprocessing.Process(target=lambda: told.put(attack(server, until)))
    before = server.memory_mb()
    most, times, lost = before, [], 0
    worker.start()
    while worker.is_alive() or not times:
        started = time.perf_counter()
        try:
            if ask(server, f"GET /healthz HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n", timeout=5) != 200:
                lost += 1
        except OSError:
            lost += 1
        times.append(time.perf_counter() - started)
        most = max(most, server.memory_mb())
        time.sleep(PROBE_PAUSE)
    did = told.get(timeout=10) if worker.exitcode == 0 else "FAULT the attack itself failed"
    times.sort()
    late = times[math.ceil(len(times) * 0.99) - 1]
    fine = (lost == 0 and late < PROBE_BOUND and times[-1] < PROBE_WORST and most - before < MEMORY_BOUND_MB
            and not did.startswith("FAULT") and server.process.poll() is None)
    result(f"attack {attack.__name__}", f"{len(times)} probes",
           f"healthz p99 {late * 1000:.0f} ms, worst {times[-1] * 1000:.0f} ms, {lost} lost; memory {before:.0f} MB, at most "
           f"{most:.0f} MB; {did}", fine)


# Load: what was let in is not much slower than on an idle machine, and the rest is told so at once.

def clients(server, count, rate, seconds, told):
    """`count` connections that together ask `rate` times a second (None: again as soon as answered). Puts [status, seconds]."""
    seen, lock = [], threading.Lock()
    words = "solar pumps water cold storage fish waste recycling steel cement textile leather cocoa coffee biogas".split()

    def one(number):
        chance = random.Random(number)
        connection = server.connect()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.perf_counter() + chance.random() * (count / rate if rate else 0)
        turn, mine = 0, []
        while time.perf_counter() < begun + seconds:
            if rate:
                time.sleep(max(0, begun + turn * count / rate - time.perf_counter()))
            turn += 1
            body = json.dumps({"text": " ".join(chance.sample(words, 6)), "limit": 10}).encode()
            head = f"POST /v1/match HTTP/1.1\r\n{HOST}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            started = time.perf_counter()
            connection.sendall(head.encode() + body)
            status, answer = read_answer(connection)
            mine.append((status, time.perf_counter() - started, b"Retry-After:" in answer))
            if status == 0:
                connection = server.connect()
        with lock:
            seen.extend(mine)
    threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.put(seen)


def load(server, count, rate, seconds):
    told = multiprocessing.Queue()
    worker = multiprocessing.Process(target=clients, args=(server, count, rate, seconds, told))
    worker.start()
    seen = told.get(timeout=seconds + 60)
    worker.join()
    return seen


def slowest_of(seen, share, status=200):
    times = sorted(t for s, t, _ in seen if s == status)
    return times[math.ceil(len(times) * share) - 1] if times else 0.0


def overload(server):
    workers = max(2, os.cpu_count())
    load(server, workers, None, 1)  # warm
    calm = load(server, workers, None, SECONDS)
    capacity = len(calm) / SECONDS
    flood = load(server, 64, 4 * capacity, SECONDS)
    let_in = [one for one in flood if one[0] == 200]
    shed = [one for one in flood if one[0] == 503]
    other = len(flood) - len(let_in) - len(shed)
    before, after = slowest_of(calm, 0.99), slowest_of(let_in, 0.99)
    ratio = after / before
    fine = (ratio < (3 if LONG else 5) and other == 0 and all(told for _, _, told in shed)
            and len(let_in) > 0.5 * capacity * SECONDS and slowest_of(shed, 0.99, 503) < 0.5)
    result("overload, 4 times the capacity", f"{len(flood)} requests",
           f"p99 of those let in {after * 1000:.1f} ms, {ratio:.1f} times that at capacity ({before * 1000:.1f} ms); "
           f"{len(let_in)} answered ({capacity * SECONDS:.0f} at capacity), {len(shed)} told 503 with Retry-After, p99 "
           f"{slowest_of(shed, 0.99, 503) * 1000:.1f} ms; {other} otherwise", fine)


def main():
    raise_descriptors()
    with tempfile.TemporaryDirectory() as directory:
        server = Server(pathlib.Path(directory, "data"))
        try:
            chosen = ATTACKS if len(sys.argv) < 5 + LONG else [a for a in ATTACKS if a.__name__ in sys.argv]
            for attack in chosen:
                under(attack, server)
            if chosen is ATTACKS or "overload" in sys.argv:
                overload(server)
        finally:
            status = server.stop()
        result("attack, then an orderly end", 1, f"exit status {status}", status == 0)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
