"""A match run whose groups of rows two copies of the data share: the same result as alone, whoever dies, stalls or lies.

    shared_night_test.py BINARY SOURCE MODELS [--figures ROWS.jsonl]    standard library only; figures: of the profiles in a file
"""
import http.server
import json
import os
import pathlib
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

from serving import Client, Program, Server, free_port, wait_for

PROGRAM = Program(*sys.argv[1:4])
SUBJECTS = ["solar pumps", "cold storage for fish", "drip irrigation", "wind turbines", "mobile payments", "recycled plastics"]
PATIENCE = 120  # seconds


def profile(number):
    return {"id": f"own:{number}", "kind": "company", "title": f"Company {number}", "country": ["KE", "IT", "GH"][number % 3],
            "offers": f"{SUBJECTS[number % 6]} of size {number % 97}", "seeks": f"{SUBJECTS[(number + 1) % 6]} number {number % 89}"}


class Side:
    def __init__(self, place, name):
        self.data, self.port, self.server, self.token = place / name, free_port(), None, None

    def serve(self, *options):
        self.server = Server(PROGRAM, self.data, *options, guarded=True, port=self.port)
        self.token = self.server.token or self.token

    def call(self, method, target, body=None):
        client = Client(self.port, self.token)
        try:
            return client.call(method, target, body)
        finally:
            client.close()

    def end(self):
        if self.server and self.server.process.poll() is None:
            self.server.process.send_signal(signal.SIGCONT)
            self.server.kill()


class Liar(http.server.BaseHTTPRequestHandler):
    """Between a copy and its owner: every score in what the copy gives is one millionth more."""
    protocol_version = "HTTP/1.1"
    owner, lies = 0, 0

    def log_message(self, *_):
        pass

    def hand_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "/run:give" in self.path:
            body = more(body)
            Liar.lies += 1
        headers = {key: value for key, value in self.headers.items() if key.lower() not in ("host", "connection", "content-length")}
        request = urllib.request.Request(f"http://127.0.0.1:{Liar.owner}{self.path}", body or None, headers, method=self.command)
        try:
            answer = urllib.request.urlopen(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            answer = refused
        told = answer.read()
        self.send_response(answer.status)
        for key, value in answer.headers.items():
            if key.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = hand_on


class Between(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # the owner ended first


def more(piece):
    """A packed group (index/run/run_log.h) with another value for each match."""
    out, at = bytearray(piece), 24

    def count():
        nonlocal at
        at += 8
        return struct.unpack_from("<Q", out, at - 8)[0]

    rows = count()  # of each list: its rank, how many candidates, whether it is complete
    at += 4 * rows
    sizes = count()
    candidates = sum(struct.unpack_from(f"<{sizes}I", out, at))
    at += 4 * sizes
    complete = count()
    at += complete + 8 * candidates
    for _ in range(rows):
        for _ in range(count()):
            value = struct.unpack_from("<i", out, at + 4)[0]
            struct.pack_into("<i", out, at + 4, value + 1)
            at += 16
    return bytes(out)


class Night(unittest.TestCase):
    rows = None

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, folder, True)
        rows, cls.imported = cls.rows or folder / "rows.jsonl", folder / "data"
        if not cls.rows:
            rows.write_text("".join(json.dumps(profile(number)) + "\n" for number in range(6000)))
        done = PROGRAM.run(cls.imported, "import", str(rows))
        assert done.returncode == 0, done.stderr

    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        self.owner = Side(self.place, "owner")
        self.addCleanup(self.owner.end)
        shutil.copytree(self.imported, self.owner.data)
        self.owner.serve()
        self.token_file = self.place / "token"
        self.token_file.write_text(self.owner.token + "\n")
        self.copies = []

    def copy(self, port=None):
        """A server that follows the owner, by way of `port`, and stands where it does."""
        side = Side(self.place, f"copy{len(self.copies)}")
        side.token = self.owner.token
        self.copies.append(side)
        self.addCleanup(side.end)
        side.data.mkdir()
        shutil.copy(self.owner.data / "MASTER-KEY", side.data / "MASTER-KEY")
        side.serve("--follow", f"http://127.0.0.1:{port or self.owner.port}", "--follow-token-file", str(self.token_file))
        wait_for(lambda: side.call("GET", "/v1/replica")[2]["visible"] == self.owner.call("GET", "/v1/replica")[2]["number"],
                 "the copy", PATIENCE)
        return side

    def start(self, workers, **more_of_it):
        body = {"programme": "open", "full": True, "workers": workers, **more_of_it}
        status, _, answer = self.owner.call("POST", "/v1/runs", body)
        self.assertEqual(status, 202, answer)

    def state(self):
        return self.owner.call("GET", "/v1/runs")[2]["status"]

    def end_of_run(self):
        wait_for(lambda: self.state()["state"] not in ("working", "paused"), "the run", PATIENCE)
        state = self.state()
        self.assertEqual(state["state"], "idle", state)
        return state, self.owner.call("GET", "/v1/runs/" + state["published"])[2]["result_hash"]

    def alone(self):
        self.start(0)
        return self.end_of_run()[1]

    def at_work(self):
        return self.state()["phase"] not in ("waiting", "reading")


class SharedNight(Night):
    def test_two_copies_help_and_the_result_is_the_same(self):
        alone = self.alone()
        self.copy(), self.copy()
        self.start(2)
        state, together = self.end_of_run()
        self.assertEqual(together, alone)
        self.assertEqual(state["shared"]["workers"], 2, state)
        self.assertGreaterEqual(state["shared"]["groups"], 2, state)
        self.assertEqual(state["shared"]["dropped"], [])

    def test_copies_that_die_and_stall_cost_their_groups_again(self):
        alone = self.alone()
        dies, stalls = self.copy(), self.copy()
        self.start(2)
        wait_for(self.at_work, "the groups", PATIENCE)
        dies.server.kill()
        stalls.server.process.send_signal(signal.SIGSTOP)
        _, together = self.end_of_run()
        self.assertEqual(together, alone)

    def test_what_a_copy_gives_that_is_wrong_is_found_and_thrown_away(self):
        alone = self.alone()
        Liar.owner = self.owner.port
        with Between(("127.0.0.1", 0), Liar) as between:
            threading.Thread(target=between.serve_forever, daemon=True).start()
            self.copy(between.server_port)
            self.start(1)
            state, together = self.end_of_run()
            self.copies[0].end()
            between.shutdown()
        self.assertEqual(together, alone)
        self.assertGreater(Liar.lies, 0)
        self.assertEqual(len(state["shared"]["dropped"]), 1, state)
        self.assertEqual(state["shared"]["groups"], 0)

    def test_a_copy_that_stands_elsewhere_does_not_help_and_nobody_waits_for_more_than_moments(self):
        side = self.copy()
        alone = self.alone()
        side.server.process.send_signal(signal.SIGSTOP)
        status, _, _ = self.owner.call("PUT", "/v1/profiles/own:1", {**profile(1), "offers": "harbour cranes"})
        self.assertEqual(status, 200)
        self.start(1)
        wait_for(lambda: self.state()["phase"] != "waiting", "the run to begin", PATIENCE)
        side.server.process.send_signal(signal.SIGCONT)
        state, later = self.end_of_run()
        self.assertNotEqual(later, alone)
        self.start(1)
        state, again = self.end_of_run()
        self.assertEqual(again, later)
        self.assertEqual(state["shared"]["workers"], 1, state)

    def test_the_command_line_asks_for_them_and_without_a_server_there_are_none(self):
        self.copy()
        done = PROGRAM.run(self.owner.data, "rematch", "--full", "--workers", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1 copies helped", done.stderr)
        self.owner.end()
        done = PROGRAM.run(self.owner.data, "rematch", "--workers", "1")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no copy of the data reaches this process", done.stderr)


def cpu_of(side):
    fields = pathlib.Path(f"/proc/{side.server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Figures(Night):
    """One thread each: how long a night takes and what it costs, alone and with one copy."""

    def test_figures(self):
        sides = [self.owner, self.copy()]
        hashes = {}
        for turn in range(3):
            for workers in (0, 1):
                before, start = [cpu_of(side) for side in sides], time.monotonic()
                self.start(workers, threads=1, nice=0)
                state, hashes[workers] = self.end_of_run()
                spent = [cpu_of(side) - one for side, one in zip(sides, before)]
                print(f"turn {turn}, {workers} copies: {time.monotonic() - start:.1f} s, CPU-seconds {spent[0]:.1f} and {spent[1]:.1f}, "
                      f"{state.get('shared')}, result {hashes[workers][:12]}", flush=True)
        self.assertEqual(hashes[0], hashes[1])


if __name__ == "__main__":
    if sys.argv[4:5] == ["--figures"]:
        Night.rows = pathlib.Path(sys.argv[5])
        PATIENCE = 3600
        sys.argv[1:] = ["Figures"]
    else:
        sys.argv[1:] = sys.argv[4:] or ["SharedNight"]
    unittest.main(verbosity=2)
