"""Two served offices with a real NATS server between them, which is killed, restarted and robbed of its stream: what one publishes
is at the other in the end, and what it erases is gone there.

    network_wire_test.py BINARY SOURCE MODELS    standard library only; ends with 77 where no NATS server can be had
"""
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from link import SlowLink
from serving import Client, Program, Server, free_port, wait_for

PROGRAM, SOURCE = Program(*sys.argv[1:4]), pathlib.Path(sys.argv[2])
del sys.argv[1:4]
SKIPPED = 77


def nats_server():
    """The program of the pinned version, built once for all tests; nothing where it cannot be had."""
    module = [line for line in (SOURCE / "tests/server/nats.txt").read_text().split("\n") if line and line[0] != "#"][0]
    place = SOURCE / "build" / "nats" / module.rsplit("@", 1)[1]
    program = place / "nats-server"
    if not program.exists():
        if not shutil.which("go"):
            return None, "there is no Go"
        place.mkdir(parents=True, exist_ok=True)
        try:
            made = subprocess.run(["go", "install", module], capture_output=True, text=True, timeout=900,
                                  env={**os.environ, "GOBIN": str(place.absolute())})
        except subprocess.TimeoutExpired:
            return None, "it could not be built within a quarter of an hour"
        if made.returncode != 0:
            return None, made.stderr[-500:]
    return program, ""


class Nats:
    def __init__(self, place, name="hub", sync="always"):
        self.place = place
        self.port, self.monitor = free_port(), free_port()
        self.config = place / "nats.conf"
        self.config.write_text(
            (f"server_name: {name}\n" if name else "") +
            f"listen: 127.0.0.1:{self.port}\nhttp: 127.0.0.1:{self.monitor}\nmax_payload: 8MB\n"
            f"jetstream {{ store_dir: \"{place}/nats\"{', sync_interval: ' + sync if sync else ''} }}\n")
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([NATS, "-c", str(self.config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: self.facts() is not None, "the NATS server to start")

    def facts(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.monitor, timeout=5)
            connection.request("GET", "/varz")
            return json.loads(connection.getresponse().read())
        except OSError:
            return None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, subject, body=b""):
        """One request of the API, by the bare protocol."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as wire:
            wire.sendall(b'CONNECT {"verbose":false}\r\nSUB answer 1\r\nPUB %s answer %d\r\n%s\r\nPING\r\n'
                         % (subject.encode(), len(body), body))
            told = b""
            while b"MSG answer" not in told or not told.rstrip().endswith(b"}"):
                told += wire.recv(65536)
        return told

    def options(self, port=None):
        return ["--network-url", f"nats://127.0.0.1:{port or self.port}", "--network-monitor", f"http://127.0.0.1:{self.monitor}"]


class Office:
    def __init__(self, place, name):
        self.name, self.data, self.server = name, place / name, None
        rows = place / "rows.jsonl"
        rows.write_text(json.dumps(self.profile(0, "solar pumps")) + "\n")
        self.say("import", str(rows))
        self.say("network", "join", "--office", name)
        self.say("network", "card", "--output", str(place / f"{name}.card"))

    def profile(self, number, text):
        return {"id": f"{self.name}:{number}", "kind": "company", "title": f"{self.name} {number}", "country": "KE", "offers": text}

    def say(self, *words):
        done = PROGRAM.run(self.data, *words)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)

    def serve(self, nats, port=None):
        self.server = Server(PROGRAM, self.data, *(nats.options(port) if port else nats.options()))

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def put(self, number, text):
        status, answer = self.call("PUT", f"/v1/profiles/{self.name}:{number}", self.profile(number, text))
        if status not in (200, 201):
            raise AssertionError(answer)

    def says(self, profile):
        status, answer = self.call("GET", "/v1/profiles/" + profile)
        return answer.get("offers") if status == 200 else None

    def other(self, name):
        return next(one for one in self.call("GET", "/v1/network")[1]["offices"] if one["office"] == name)


class Wire(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        self.nats = None
        self.addCleanup(lambda: self.nats and self.nats.process.poll() is None and self.nats.kill())

    def begin(self):
        self.nats = Nats(self.place)
        self.rome, self.lagos = (Office(self.place, name) for name in ("rome", "lagos"))
        self.rome.say("network", "add", str(self.place / "lagos.card"))
        self.lagos.say("network", "add", str(self.place / "rome.card"))
        for office in (self.rome, self.lagos):
            office.serve(self.nats)
            self.addCleanup(lambda office=office: office.server and office.server.process.poll() is None and office.server.kill())

    def arrives(self, text, number=0):
        wait_for(lambda: self.lagos.says(f"rome:{number}") == text, f"`{text}` to arrive")

    def confirmed(self):
        wait_for(lambda: self.rome.other("lagos")["behind"] == 0 and not self.rome.other("lagos")["whole_state_due"],
                 "everything to be confirmed")

    def test_what_one_publishes_is_at_the_other_whatever_becomes_of_the_wire(self):
        self.begin()
        self.arrives("solar pumps")
        wait_for(lambda: self.rome.says("lagos:0") == "solar pumps", "Lagos's profile at Rome")
        self.rome.put(0, "wind pumps")
        self.arrives("wind pumps")
        self.confirmed()
        # The server is killed; offices go on, and it catches up.
        self.nats.kill()
        self.rome.put(0, "while it was away")
        self.nats.start()
        self.arrives("while it was away")
        # An office is killed and comes back.
        self.lagos.server.kill()
        self.rome.put(0, "while Lagos was away")
        self.rome.put(1, "a new one")
        self.lagos.serve(self.nats)
        self.arrives("while Lagos was away")
        self.arrives("a new one", 1)
        # The stream is deleted, with whatever was in it.
        self.assertIn(b'"success":true', self.nats.ask("$JS.API.STREAM.DELETE.COUNTERPART"))
        self.rome.put(0, "after the stream was deleted")
        self.arrives("after the stream was deleted")
        self.confirmed()
        # An erasure is complete once Lagos has confirmed it.
        def erased():
            return self.rome.call("POST", "/v1/erasures", {"profiles": ["rome:1"]})[1]
        erased()
        wait_for(lambda: erased()["complete"], "the erasure to be confirmed")
        self.assertIsNone(self.lagos.says("rome:1"))
        self.assertEqual(self.rome.call("GET", "/v1/network")[1]["position"]["epoch"], 1)
        for office in (self.rome, self.lagos):
            self.assertEqual(office.server.stop(), 0)
            office.server = None
            office.say("verify")

    def test_what_is_large_comes_over_a_slow_link_and_once(self):
        """350 kB over 192 kbit/s: longer than any call waits for a word."""
        self.nats = Nats(self.place)
        self.rome, self.lagos = (Office(self.place, name) for name in ("rome", "lagos"))
        words = random.Random(7)
        rows = self.place / "many.jsonl"
        rows.write_text("".join(json.dumps(self.rome.profile(number, "".join(words.choices("abcdefghij klmno", k=700)))) + "\n"
                                for number in range(1, 450)))
        self.rome.say("import", str(rows))
        self.rome.say("network", "add", str(self.place / "lagos.card"))
        self.lagos.say("network", "add", str(self.place / "rome.card"))
        links = [SlowLink(self.nats.port, 24_000) for _ in range(2)]
        for office, link in zip((self.rome, self.lagos), links):
            office.serve(self.nats, link.port)
            self.addCleanup(lambda office=office: office.server and office.server.process.poll() is None and office.server.kill())
        wait_for(lambda: self.lagos.other("rome")["profiles"] == 450, "Rome's profiles over a slow link", 150)
        self.confirmed()
        self.assertEqual([link.opened for link in links], [2, 2])  # one to look at the start; nobody gave up and began anew
        size = sum(len(line) for line in rows.read_text().splitlines())
        for link in links:
            self.assertLess(link.carried, 3 * size)

    def refused(self, nats):
        data = self.place / "alone"
        if not data.exists():
            office = Office(self.place, "alone")
            self.assertTrue(office.data.exists())
        done = subprocess.run([PROGRAM.binary, "serve", "--open-local", "--data", str(data), *PROGRAM.common, "--listen", "127.0.0.1:0",
                               *nats.options()], capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_a_server_that_may_lose_messages_is_refused_at_the_start(self):
        for settings, words in (({"sync": ""}, "does not sync each write"), ({"name": ""}, "has no name")):
            place = pathlib.Path(tempfile.mkdtemp(dir=self.place))
            self.nats = Nats(place, **settings)
            self.assertIn(words, self.refused(self.nats))
            self.nats.kill()
        place = pathlib.Path(tempfile.mkdtemp(dir=self.place))
        self.nats = Nats(place)
        stream = {"name": "COUNTERPART", "subjects": ["counterpart.bundle.>"], "retention": "workqueue", "storage": "file",
                  "num_replicas": 1}
        for settings, words in (({"compression": "s2"}, "is compressed"), ({"storage": "memory"}, "not kept in files"),
                                ({"retention": "limits"}, "is another one")):
            self.nats.ask("$JS.API.STREAM.CREATE.COUNTERPART", json.dumps({**stream, **settings}).encode())
            self.assertIn(words, self.refused(self.nats))
            self.nats.ask("$JS.API.STREAM.DELETE.COUNTERPART")


NATS, WHY = nats_server()
if NATS is None:
    print("SKIPPED: no NATS server of the pinned version: " + WHY)
    sys.exit(SKIPPED)

if __name__ == "__main__":
    unittest.main()
