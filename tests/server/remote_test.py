"""What a verb says and how it ends when the server that holds its directory refuses: every kind of problem, from a stand-in.

    remote_test.py BINARY SOURCE MODELS    standard library only
"""
import fcntl
import http.server
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import unittest

from serving import Program

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
ROW = "id,kind,title,country,roles,offers\nd:1,company,Alpha,DE,technology_supplier,pumps\n"
STATUSES = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503, 507]


class StandIn(http.server.BaseHTTPRequestHandler):
    """Is alive, and answers every call by the problem `refusal`: status, document."""
    refusal = None

    def answer(self, status, media, body):
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200, "application/json", b"{}")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, document = self.refusal
        self.answer(status, "application/problem+json", document)

    def log_message(self, *_):
        pass


class Remote(unittest.TestCase):
    def setUp(self):
        place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, place, True)
        self.data = place / "data"
        (place / "f.csv").write_text(ROW)
        self.assertEqual(PROGRAM.run(self.data, "import", str(place / "f.csv")).returncode, 0)
        server = http.server.HTTPServer(("127.0.0.1", 0), StandIn)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        for lock in self.data.rglob("LOCK"):  # as the process that serves it holds them
            held = lock.open("r+")
            self.addCleanup(held.close)
            fcntl.lockf(held, fcntl.LOCK_EX)
        (self.data / "server.json").write_text(
            json.dumps({"address": "127.0.0.1", "port": server.server_address[1], "pid": 1, "key": "k", "tls": False}))

    def test_every_refusal_ends_a_verb_with_1_and_its_own_words(self):
        for status in STATUSES:
            with self.subTest(status):
                document = {"type": "/problems/any", "status": status, "detail": f"no {status}", "member": "here", "remedy": "wait"}
                StandIn.refusal = status, json.dumps(document).encode()
                done = PROGRAM.run(self.data, "verify")
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertEqual(done.stderr.splitlines()[-1], f"counterpart: here: no {status}; wait")

    def test_an_answer_that_is_no_problem_document_is_told_by_its_status(self):
        StandIn.refusal = 502, b"<html>"
        done = PROGRAM.run(self.data, "verify")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.splitlines()[-1], "counterpart: the server answered 502")


if __name__ == "__main__":
    unittest.main()
