"""A server that follows another: the same answers, writes handed on, reads of what was written elsewhere, and taking over.

    replica_test.py BINARY SOURCE MODELS    standard library only
"""
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import time
import unittest

from serving import Client, Gone, Program, Server, free_port, wait_for

PROGRAM, SOURCE = Program(*sys.argv[1:4]), pathlib.Path(sys.argv[2])
del sys.argv[1:4]
SEQUENCE = "x-counterpart-sequence"
READS = [
    ("GET", "/v1/profiles?q=solar+pumps&limit=20", None),
    ("GET", "/v1/profiles?country=KE", None),
    ("GET", "/v1/profiles/own:3", None),
    ("GET", "/v1/profiles/own:3/versions", None),
    ("GET", "/v1/profiles:export", None),
    ("GET", "/v1/standing-queries", None),
    ("GET", "/v1/alerts", None),
    ("GET", "/v1/offices", None),
    ("GET", "/v1/tokens", None),
    ("GET", "/v1/interests", None),
    ("GET", "/v1/runs/open-000001", None),
    ("GET", "/v1/profiles/own:3/matches?programme=open", None),
    ("GET", "/v1/explain?a=own:3&b=own:4&programme=open", None),
    ("POST", "/v1/match", {"profile": "own:3", "limit": 10, "explain": True}),
    ("POST", "/v1/match", {"text": "cold storage for fish", "limit": 10}),
]
SUBJECTS = ["solar pumps", "cold storage for fish", "drip irrigation", "wind turbines", "mobile payments", "recycled plastics"]


def profile(number, subject=None):
    subject = subject or SUBJECTS[number % len(SUBJECTS)]
    return {"id": f"own:{number}", "kind": "company", "title": f"Company {number}", "country": ["KE", "IT", "GH"][number % 3],
            "offers": subject, "seeks": SUBJECTS[(number + 1) % len(SUBJECTS)],
            **({"contact": {"email": f"c{number}@mail.example"}} if number % 6 == 5 else {})}


class Side:
    """One of the two servers over a directory of its own."""

    def __init__(self, place, name):
        self.data, self.port, self.server, self.token = place / name, free_port(), None, None
        self.url = f"http://127.0.0.1:{self.port}"

    def serve(self, *options, environment=None):
        self.server = Server(PROGRAM, self.data, *options, guarded=True, port=self.port, environment=environment)
        self.token = self.server.token or self.token

    def call(self, method, target, body=None, headers=None):
        client = Client(self.port, self.token)
        try:
            return client.call(method, target, body, headers)
        finally:
            client.close()

    def state(self):
        return self.call("GET", "/v1/replica")[2]

    def raw(self, method, target, body=None):
        client = Client(self.port, self.token)
        try:
            connection = client.open()
            connection.request(method, target, json.dumps(body) if body else None,
                               {"Content-Type": "application/json", **client.authorization})
            answer = connection.getresponse()
            return answer.status, answer.read(), int(answer.headers[SEQUENCE])
        finally:
            client.close()

    def put(self, number, subject=None, headers=None):
        return self.call("PUT", f"/v1/profiles/own:{number}", profile(number, subject), headers)

    def says(self, number):
        status, _, answer = self.call("GET", f"/v1/profiles/own:{number}")
        return answer.get("offers") if status == 200 else None

    def log(self):
        return "".join(self.server.said)

    def end(self):
        if self.server and self.server.process.poll() is None:
            self.server.kill()


class Replica(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        self.owner, self.copy = Side(self.place, "owner"), Side(self.place, "copy")
        self.addCleanup(self.owner.end)
        self.addCleanup(self.copy.end)
        rows = self.place / "rows.jsonl"
        rows.write_text("".join(json.dumps(profile(number)) + "\n" for number in range(30)))
        done = PROGRAM.run(self.owner.data, "import", str(rows))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.owner.serve()
        self.copy.token = self.owner.token
        self.token_file = self.place / "token"
        self.token_file.write_text(self.owner.token + "\n")

    def follow(self, *options, whom=None, who=None, environment=None):
        whom, who = whom or self.owner, who or self.copy
        who.data.mkdir(exist_ok=True)
        if not (who.data / "MASTER-KEY").exists():
            shutil.copy(whom.data / "MASTER-KEY", who.data / "MASTER-KEY")
        who.serve("--follow", whom.url, "--follow-token-file", str(self.token_file), *options, environment=environment)

    def caught_up(self):
        wait_for(lambda: self.copy.state()["visible"] == self.owner.state()["number"], "the copy to stand where its owner does")

    def compare(self):
        for method, target, body in READS:
            for _ in range(200):  # until both stand at the same sequence, and what is searched does too
                one, other = self.owner.raw(method, target, body), self.copy.raw(method, target, body)
                if one == other:
                    break
                time.sleep(0.02)
            self.assertEqual(one, other, target)

    def test_the_same_answers_and_writes_handed_on(self):
        owner, copy = self.owner, self.copy
        self.assertEqual(owner.call("POST", "/v1/runs", {"programme": "open"})[0], 202)
        wait_for(lambda: owner.call("GET", "/v1/runs")[2]["runs"], "a match run")
        self.follow()
        self.caught_up()
        self.compare()

        # Writes at the copy are the owner's, and whoever hands the sequence back reads them at once.
        for number in (3, 40, 41):
            status, headers, answer = copy.put(number, "biogas digesters")
            self.assertIn(status, (200, 201), answer)
            status, seen, answer = copy.call("GET", f"/v1/profiles/own:{number}", None, {"X-Counterpart-Sequence": headers[SEQUENCE]})
            self.assertEqual((status, answer["offers"]), (200, "biogas digesters"))
            self.assertGreaterEqual(int(seen[SEQUENCE]), int(headers[SEQUENCE]))
            found = copy.call("GET", "/v1/profiles?q=biogas+digesters", None, {"X-Counterpart-Sequence": headers[SEQUENCE]})[2]
            self.assertIn(f"own:{number}", [one["id"] for one in found["profiles"]], "what is searched follows too")
        self.assertEqual(owner.says(40), "biogas digesters")
        for number in range(42, 52):  # and whoever writes through the copy does not even have to
            self.assertEqual(copy.put(number, "heat pumps")[0], 201)
            self.assertEqual(copy.says(number), "heat pumps")

        # What stands in memory beside the profiles follows too.
        made = copy.call("POST", "/v1/standing-queries", {"text": "biogas digesters", "office": "rome"})
        self.assertEqual(made[0], 201, made[2])
        status, headers, token = copy.call("POST", "/v1/tokens", {"role": "reader", "label": "made at the copy"})
        self.assertEqual(status, 201, token)
        reader = Client(copy.port, token["token"])
        self.assertEqual(reader.call("GET", "/v1/profiles/own:3", None, {"X-Counterpart-Sequence": headers[SEQUENCE]})[0], 200)
        self.assertEqual(reader.call("PUT", "/v1/profiles/own:3", profile(3))[0], 403, "with its own token, not with the copy's")
        reader.close()
        self.assertEqual(owner.call("POST", "/v1/runs", {"programme": "itpo"})[0], 202)
        wait_for(lambda: any(run["programme"] == "itpo" for run in owner.call("GET", "/v1/runs")[2]["runs"]), "a second run")
        self.caught_up()
        run = next(run["id"] for run in owner.call("GET", "/v1/runs")[2]["runs"] if run["programme"] == "itpo")
        wait_for(lambda: copy.call("GET", "/v1/runs/" + run)[0] == 200, "the run at the copy", 20)
        self.assertEqual(copy.raw("GET", "/v1/runs/" + run)[:2], owner.raw("GET", "/v1/runs/" + run)[:2], "it is at the copy too")
        self.assertEqual(owner.call("DELETE", "/v1/profiles/own:7")[0], 204)
        self.caught_up()
        self.compare()

        # Private members are read where that is noted down.
        status, _, answer = copy.call("GET", "/v1/profiles/own:5")
        self.assertEqual(answer.get("contact", {}).get("email"), "c5@mail.example", answer)

        # What nobody has yet is waited for, and then refused.
        far = str(int(headers[SEQUENCE]) + 10_000)
        status, _, answer = copy.call("GET", "/v1/profiles/own:3", None, {"X-Counterpart-Sequence": far})
        self.assertEqual((status, answer["member"]), (503, "X-Counterpart-Sequence"), answer)

        # Without its owner it answers what it has, and says of the rest whose it is.
        owner.server.kill()
        self.assertEqual(copy.says(40), "biogas digesters")
        status, _, answer = copy.call("GET", "/v1/profiles/own:5")
        self.assertEqual((status, answer.get("contact")), (200, None), "what must be noted down is not told")
        status, _, answer = copy.put(55)
        self.assertEqual((status, answer["member"]), (503, "owner"), answer)
        refused = PROGRAM.run(copy.data, "promote")
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("--accept-loss", refused.stderr)
        self.assertEqual(copy.server.stop(), 0)

        # Behind by what nobody keeps any more, it takes a new copy, and says so.
        owner.serve()
        for number in range(60, 65):
            self.assertIn(owner.put(number)[0], (200, 201))
        owner.server.kill()
        owner.serve()
        self.follow()
        wait_for(lambda: "a new copy" in copy.log(), "it to be told")
        wait_for(lambda: self.reached(copy, owner), "the new copy")
        self.compare()
        self.assertEqual(copy.says(64), profile(64)["offers"])

    @staticmethod
    def reached(copy, owner):
        try:
            return copy.state()["visible"] == owner.state()["number"]
        except (Gone, KeyError):  # it starts again
            return False

    def test_a_copy_that_has_data_of_its_own_or_no_key_is_refused(self):
        options = ["--follow", self.owner.url, "--follow-token-file", str(self.token_file)]
        refused = PROGRAM.run(self.copy.data, "serve", *options)
        self.assertIn("master key", refused.stderr)
        self.assertNotEqual(refused.returncode, 0)
        rows = self.place / "rows.jsonl"
        self.assertEqual(PROGRAM.run(self.place / "other", "import", str(rows)).returncode, 0)
        refused = PROGRAM.run(self.place / "other", "serve", *options)
        self.assertIn("holds data of its own", refused.stderr)
        refused = PROGRAM.run(self.copy.data, "serve", "--follow", "http://192.0.2.7:8080", "--follow-token-file", str(self.token_file))
        self.assertIn("in the clear", refused.stderr)

    def test_a_standby_takes_over_and_the_old_owner_can_acknowledge_nothing(self):
        owner, copy = self.owner, self.copy
        self.follow("--stand-by")
        wait_for(lambda: copy.state().get("stands_by"), "it to be the standby")
        acknowledged, stop = [], threading.Event()

        def write(lane):
            number = 1000 * lane
            while not stop.is_set():
                number += 1
                try:
                    if owner.put(number)[0] in (200, 201):
                        acknowledged.append(number)
                except Gone:
                    return

        lanes = [threading.Thread(target=write, args=(lane,)) for lane in (1, 2, 3)]
        for lane in lanes:
            lane.start()
        wait_for(lambda: len(acknowledged) >= 60, "writes to be acknowledged")
        owner.server.kill()
        stop.set()
        for lane in lanes:
            lane.join()

        done = PROGRAM.run(copy.data, "promote", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["epoch"], 2)
        wait_for(lambda: self.role(copy) == "owner", "it to serve as the owner")
        for number in acknowledged:
            self.assertEqual(copy.says(number), profile(number)["offers"], f"own:{number} was acknowledged")
        self.assertIn(copy.put(5000)[0], (200, 201))

        # It comes back and does not know; nothing of its is acknowledged all the same.
        owner.serve()
        status, _, answer = owner.put(6000)
        self.assertEqual((status, answer["member"]), (503, "owner"), answer)
        wait_for(lambda: self.role(owner) == "fenced", "it to learn who took over")
        status, _, answer = owner.put(6001)
        self.assertEqual(status, 503)
        self.assertIn("--follow " + copy.url, answer["remedy"])
        self.assertEqual(owner.says(6000), None)
        left = owner.state()["left_behind"]
        owner.server.stop()
        owner.serve()
        self.assertEqual(self.role(owner), "fenced", "over a restart, too")
        owner.server.stop()

        # It goes on as a copy of the new owner.
        self.follow(*(["--accept-loss"] if left else []), whom=copy, who=owner)
        wait_for(lambda: self.reached(owner, copy), "the old owner to follow")
        self.assertEqual(owner.says(5000), profile(5000)["offers"])
        self.assertIn(owner.put(5001)[0], (200, 201), "handed on to the new owner")
        self.assertEqual(copy.says(5001), profile(5001)["offers"])

    @staticmethod
    def role(side):
        try:
            return side.state().get("role")
        except Gone:
            return None

    def test_a_silent_standby_holds_writes_up_until_it_is_let_go(self):
        owner, copy = self.owner, self.copy
        self.follow("--stand-by")
        wait_for(lambda: copy.state().get("stands_by"), "it to be the standby")
        self.assertIn(owner.put(100)[0], (200, 201))
        copy.server.kill()
        wait_for(lambda: owner.put(101)[0] == 503, "writes to be refused")
        done = PROGRAM.run(owner.data, "promote", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(owner.put(102)[0], (200, 201))
        self.assertNotIn("standby", owner.state())
        self.follow()
        wait_for(lambda: self.reached(copy, owner), "it to follow again")

    def test_what_the_new_owner_never_had_is_told(self):
        owner, copy = self.owner, self.copy
        self.follow()
        self.caught_up()
        copy.server.kill()
        self.assertIn(owner.put(200, "wave energy")[0], (200, 201))  # acknowledged, and not at the copy
        owner.server.kill()
        done = PROGRAM.run(copy.data, "promote", "--accept-loss", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        copy.serve("--follow", owner.url, "--follow-token-file", str(self.token_file))
        self.assertEqual(copy.state()["role"], "owner")
        owner.serve()
        wait_for(lambda: self.role(owner) == "fenced" and owner.state()["left_behind"], "it to be fenced")
        told = [json.loads(line) for line in (owner.data / "LEFT-BEHIND").read_text().splitlines()]
        self.assertIn(("put", "own:200"), [(one["what"], one["subject"]) for one in told])
        wait_for(lambda: "LEFT-BEHIND" in copy.log(), "the new owner's log to tell")
        owner.server.stop()
        refused = PROGRAM.run(owner.data, "serve", "--follow", copy.url, "--follow-token-file", str(self.token_file))
        self.assertIn("--accept-loss", refused.stderr)

    def test_a_copy_that_has_more_than_its_restored_owner_keeps_it(self):
        owner, copy = self.owner, self.copy
        backups = self.place / "backups"
        done = PROGRAM.run(owner.data, "backup", str(backups))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.follow("--stand-by")
        self.caught_up()
        for number in (400, 401, 402):
            wait_for(lambda at=number: owner.put(at)[0] in (200, 201), "a write that both have")
        self.caught_up()
        owner.server.kill()
        shutil.rmtree(owner.data)
        done = PROGRAM.run(owner.data, "restore", str(backups))
        self.assertEqual(done.returncode, 0, done.stderr)
        owner.serve()
        wait_for(lambda: "batches that its owner lacks" in copy.log(), "the copy to say what would go")
        self.assertEqual(copy.says(402), profile(402)["offers"])
        copy.server.stop()
        self.follow("--stand-by")
        wait_for(lambda: copy.says(402), "it to have all that it had")
        copy.server.stop()
        self.follow("--accept-loss")
        wait_for(lambda: not copy.says(402) and copy.says(3), "a new copy")

    def test_an_owner_that_answers_hands_over_all_that_it_has(self):
        owner, copy = self.owner, self.copy
        self.follow()
        self.caught_up()
        self.assertIn(owner.put(300)[0], (200, 201))
        done = PROGRAM.run(copy.data, "promote", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        wait_for(lambda: self.role(copy) == "owner", "it to serve as the owner")
        self.assertEqual(copy.says(300), profile(300)["offers"])
        status, _, answer = owner.put(301)
        self.assertEqual(status, 503, answer)
        self.assertEqual(self.role(owner), "fenced")
        wait_for(lambda: owner.state().get("left_behind") == 0, "it to be told that nothing is missing")

    def test_what_a_copy_had_left_to_do_is_done_after_its_restart(self):
        owner, copy = self.owner, self.copy
        self.assertEqual(owner.call("POST", "/v1/runs", {"programme": "open"})[0], 202)
        wait_for(lambda: owner.call("GET", "/v1/runs")[2]["runs"], "a match run")
        self.assertIn(owner.put(500, "planted tidal turbines")[0], (200, 201))
        self.follow(environment={"COUNTERPART_KILL_AT": "purge: memory in tables, old tables there"})
        wait_for(lambda: copy.server.process.poll() is not None, "it to clean what came with the copy, and to die of it")
        self.assertTrue((copy.data / "replica-unclean").exists())
        self.follow()
        wait_for(lambda: not (copy.data / "replica-unclean").exists(), "files without what was erased")
        copy.server.stop()

        # It dies again, with an erasure on its disk and not out of its files.
        self.follow(environment={"COUNTERPART_KILL_AT": "purge: memory in tables, old tables there"})
        self.caught_up()
        self.assertEqual(owner.call("POST", "/v1/erasures", {"profiles": ["own:500"]})[0], 200)
        wait_for(lambda: copy.server.process.poll() is not None, "it to die while it cleans")
        self.assertTrue(self.holds(copy, b"planted tidal turbines"))
        # And with a run that was told and did not come.
        shutil.rmtree(copy.data / "runs")
        self.follow()
        wait_for(lambda: not self.holds(copy, b"planted tidal turbines"), "files without what was erased")
        wait_for(lambda: copy.call("GET", "/v1/runs/open-000001")[0] == 200, "the run", 20)

    @staticmethod
    def holds(side, text):
        files = [file for file in side.data.rglob("*") if file.is_file()]
        return any(text in file.read_bytes() for file in files if file.exists())

    def test_reads_go_on_beside_an_owner_that_hangs(self):
        owner, copy = self.owner, self.copy
        self.follow()
        self.caught_up()
        owner.server.process.send_signal(signal.SIGSTOP)
        self.addCleanup(owner.server.process.send_signal, signal.SIGCONT)
        answers = []
        lanes = [threading.Thread(target=lambda at=number: answers.append(copy.put(600 + at))) for number in range(24)]
        for lane in lanes:
            lane.start()
        wait_for(lambda: len(answers) >= 8, "those that are too many to be refused", 20)
        for _ in range(20):
            began = time.monotonic()
            self.assertEqual(copy.says(3), profile(3)["offers"])
            self.assertLess(time.monotonic() - began, 3)
        for status, headers, answer in answers:
            self.assertEqual((status, headers["retry-after"], answer["member"]), (503, "1", "owner"), answer)
        owner.server.process.send_signal(signal.SIGCONT)
        for lane in lanes:
            lane.join()
        self.assertEqual(sum(status in (200, 201) for status, _, _ in answers), 16)

    def test_a_copy_over_https_follows_hands_on_and_takes_over(self):
        keys = self.place / "keys"
        for name in ("owner", "stranger"):
            made = PROGRAM.run_as_is("network", "certificate", str(keys if name == "owner" else self.place / "other"), "--name", name,
                                     "--host", "127.0.0.1")
            self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        tls = ["--tls-cert", str(keys / "owner.pem"), "--tls-key", str(keys / "owner.key")]
        owner, copy = self.owner, self.copy
        owner.server.stop()
        owner.serve(*tls)
        secure = "https://127.0.0.1:"
        copy.data.mkdir()
        shutil.copy(owner.data / "MASTER-KEY", copy.data / "MASTER-KEY")
        follow = ["--follow", secure + str(owner.port), "--follow-token-file", str(self.token_file), "--stand-by"]
        refused = PROGRAM.run(copy.data, "serve", *follow, "--follow-ca", str(self.place / "other" / "hub-ca.pem"), "--listen", "127.0.0.1:0")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("certificate verify failed", refused.stderr)
        copy.serve(*follow, "--follow-ca", str(keys / "hub-ca.pem"), *tls)

        def state(side):  # by the command line, which speaks TLS with the server on its machine
            done = PROGRAM.run(side.data, "promote", "--status", "--json")
            return json.loads(done.stdout) if done.returncode == 0 else {}

        wait_for(lambda: state(copy).get("stands_by"), "it to be the standby")
        rows = self.place / "more.jsonl"
        rows.write_text("".join(json.dumps(profile(number, "wave energy")) + "\n" for number in range(700, 710)))
        done = PROGRAM.run(copy.data, "import", str(rows))
        self.assertEqual(done.returncode, 0, done.stderr)
        wait_for(lambda: state(copy)["visible"] == state(owner)["number"], "it to stand where its owner does")
        both = [PROGRAM.run(side.data, "export").stdout for side in (owner, copy)]
        self.assertEqual(*both)
        self.assertIn("own:709", both[1])

        owner.server.kill()
        done = PROGRAM.run(copy.data, "promote", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        wait_for(lambda: state(copy).get("role") == "owner", "it to serve as the owner")
        owner.serve(*tls)
        try:
            wait_for(lambda: state(owner).get("role") == "fenced", "the old owner to be told over https")
        except AssertionError as error:
            raise AssertionError(f"{error}: {state(owner)} {state(copy)}\n{owner.log()}\n{copy.log()}") from error


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
