"""A hub of three NATS nodes and offices' leaves as the product ships their configuration (server/nats), with TLS, on loopback
ports that the system chose; between any two of them a link that can be cut. Standard library alone."""
import http.client
import json
import random
import re
import shutil
import signal
import socket
import subprocess

from link import Link
from network_wire_test import NATS, PROGRAM, SOURCE, free_port, wait_for

SHIPPED = SOURCE / "server" / "nats"


def certificate(folder, name, *hosts):
    words = [word for host in hosts for word in ("--host", host)]
    done = PROGRAM.run_as_is("network", "certificate", str(folder), "--name", name, *words)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)


def write_node(folder, settings):
    (folder / "node.conf").write_text("".join(f"{name}: {json.dumps(value) if not isinstance(value, int) else value}\n"
                                              for name, value in settings.items()))


class NatsProcess:
    """`nats-server` over one of the shipped configurations."""

    def __init__(self, folder, shipped, name):
        self.folder, self.config, self.name, self.process = folder, folder / shipped, name, None
        self.log = folder / "log"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(SHIPPED / shipped, self.config)

    def launch(self):
        self.process = subprocess.Popen([NATS, "-c", str(self.config)], stdout=subprocess.DEVNULL, stderr=self.log.open("ab"))

    def runs(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.runs():
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop_a_while(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)


class Node(NatsProcess):
    def __init__(self, place, number):
        super().__init__(place / f"hub-{number}", "hub.conf", f"hub-{number}")
        self.number, self.store = number, self.folder / "store"
        self.clients, self.routes, self.leaves, self.monitor = (free_port() for _ in range(4))

    def told(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.monitor, timeout=3)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, ValueError, http.client.HTTPException):
            return 0, None
        finally:
            connection.close()

    def is_healthy(self):
        return self.told("/healthz")[0] == 200

    def stream_files(self):
        return [file for file in self.store.rglob("*") if file.is_file() and "/streams/COUNTERPART/" in str(file) and file.stat().st_size > 0]

    def flip_bits(self, dice, how_many=8):
        """Of a node that does not run: in what it has of the stream. How many files were changed."""
        files = self.stream_files()
        for _ in range(how_many if files else 0):
            file = dice.choice(files)
            content = bytearray(file.read_bytes())
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
            file.write_bytes(content)
        return len(files)


class Hub:
    """Three nodes; `routes[i, j]` is the link by which node i reaches node j."""

    def __init__(self, place):
        self.place, self.keys = place, place / "keys"
        self.nodes = [Node(place, number) for number in range(3)]
        self.routes = {(i, j): Link(self.nodes[j].routes) for i in range(3) for j in range(3) if i != j}
        for node in self.nodes:
            certificate(self.keys, node.name, "127.0.0.1")
            write_node(node.folder, {
                "NODE": node.name, "CLIENTS": f"127.0.0.1:{node.clients}", "ROUTES": f"127.0.0.1:{node.routes}",
                "ADVERTISED": "127.0.0.1:1", "LEAVES": f"127.0.0.1:{node.leaves}", "MONITOR": f"127.0.0.1:{node.monitor}",
                "NODES": [f"nats-route://127.0.0.1:{self.routes[node.number, other].port}" for other in range(3) if other != node.number],
                "AUTHORITY": str(self.keys / "hub-ca.pem"), "CERTIFICATE": str(self.keys / f"{node.name}.pem"),
                "KEY": str(self.keys / f"{node.name}.key"), "STORE": str(node.store), "DISK": 1 << 30})

    def start(self):
        for node in self.nodes:
            node.launch()
        try:
            wait_for(self.is_whole, "the hub's nodes to find each other", 240)  # beside a build they take more than a minute
        except AssertionError:
            self.end()
            raise

    def is_whole(self):
        return all(node.runs() and node.is_healthy() for node in self.nodes)

    def leader(self):
        """Of the stream; none: nobody knows."""
        for node in self.nodes:
            _, told = node.told("/jsz?streams=1")
            for account in (told or {}).get("account_details", []):
                for stream in account.get("stream_detail", []):
                    name = stream.get("cluster", {}).get("leader")
                    for other in self.nodes:
                        if other.name == name and other.runs():
                            return other
        return None

    def monitors(self):
        return ",".join(f"http://127.0.0.1:{node.monitor}" for node in self.nodes)

    def end(self):
        for node in self.nodes:
            node.kill()


class Leaf(NatsProcess):
    """An office's own server; `links` lead to the nodes."""

    def __init__(self, hub, office):
        super().__init__(hub.place / f"leaf-{office}", "leaf.conf", f"leaf-{office}")
        self.port = free_port()
        self.links = [Link(node.leaves) for node in hub.nodes]
        certificate(hub.keys, self.name)
        write_node(self.folder, {
            "NODE": self.name, "CLIENTS": f"127.0.0.1:{self.port}", "HUB": [f"tls://127.0.0.1:{link.port}" for link in self.links],
            "AUTHORITY": str(hub.keys / "hub-ca.pem"), "CERTIFICATE": str(hub.keys / f"{self.name}.pem"),
            "KEY": str(hub.keys / f"{self.name}.key")})
        self.hub = hub

    def start(self):
        self.launch()

    def options(self):
        return ["--network-url", f"nats://127.0.0.1:{self.port}", "--network-monitor", self.hub.monitors(), "--network-replicas", "3"]

    def ask(self, subject, body=b""):
        """One request of the API, by the bare protocol; empty: no answer."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as wire:
                wire.sendall(b'CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nSUB answer 1\r\nPUB %s answer %d\r\n%s\r\nPING\r\n'
                             % (subject.encode(), len(body), body))
                told = b""
                while not re.search(rb"H?MSG answer.*\r\n(\{|NATS/1.0 503)", told, re.S) or not (told.rstrip().endswith(b"}") or b" 503" in told):
                    piece = wire.recv(65536)
                    if not piece:
                        return b""
                    told += piece
                return told
        except OSError:
            return b""


class Direct:
    """An office's links to the hub without a server of its own."""

    def __init__(self, hub, office):
        self.hub, self.name = hub, office
        self.links = [Link(node.clients) for node in hub.nodes]
        certificate(hub.keys, office)

    def options(self):
        urls = [f"tls://127.0.0.1:{link.port}" for link in self.links]
        random.shuffle(urls)
        return ["--network-url", ",".join(urls), "--network-monitor", self.hub.monitors(), "--network-replicas", "3",
                "--network-ca", str(self.hub.keys / "hub-ca.pem"), "--network-cert", str(self.hub.keys / f"{self.name}.pem"),
                "--network-key", str(self.hub.keys / f"{self.name}.key")]

