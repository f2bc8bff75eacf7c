"""Three offices that hand each other sticks: what one publishes is at the others, once, whatever happens to the sticks, and what is
private stays where it is.

    network_test.py BINARY SOURCE MODELS    standard library only
"""
import http.client
import json
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

from serving import Client, Program, Server

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
PLANTED = "planted-%s@mail.example"


def profile(office, number, text):
    return {"id": f"{office}:{number}", "kind": "company", "title": f"{office} {number}", "country": "KE", "offers": text,
            "contact": {"email": PLANTED % office, "person": f"Planted Person of {office}"}}


def told_of(office):
    """An expert who may sit on a panel, who supplies what a project seeks, and one that both offices have."""
    twin = {"id": f"{office}:twin", "kind": "company", "title": "Fish Traders of the Lake", "country": "KE",
            "offers": "dried fish and fish meal from the lake, by the tonne", "seeks": "cold rooms for landing sites"}
    expert = {"id": f"{office}:expert", "kind": "expert", "title": f"Expert of {office}", "country": "KE",
              "roles": ["labour" if office == "rome" else "business"], "offers": "advice on industrial policy and energy"}
    pumps = {"id": "rome:pumps", "kind": "company", "title": "Pompe Solari", "country": "IT", "roles": ["technology_supplier"],
             "offers": "solar pumps for rice fields, with training", "cooperation": ["joint_venture"]}
    rice = {"id": "lagos:rice", "kind": "project", "title": "Rice of Kebbi", "country": "NG", "roles": ["project_sponsor"],
            "seeks": "solar pumps for rice fields", "offers": "land and licences", "cooperation": ["joint_venture"],
            "finance": {"sought": {"max": 2_000_000, "currency": "USD", "instruments": ["loan"]}}}
    return [expert, twin, pumps if office == "rome" else rice]


class Network(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        for office in ("rome", "lagos", "cairo"):
            self.take_in(office, [profile(office, number, f"solar pumps of {office}") for number in range(3)])
            self.say(office, "join", "--office", office, "--name", f"Office of {office}")
            self.say(office, "card", "--output", str(self.place / f"{office}.card"))
        for office in ("rome", "lagos", "cairo"):
            for other in {"rome", "lagos", "cairo"} - {office}:
                self.say(office, "add", str(self.place / f"{other}.card"))

    def data(self, office):
        return self.place / office

    def take_in(self, office, profiles):
        rows = self.place / "rows.jsonl"
        rows.write_text("".join(json.dumps(one) + "\n" for one in profiles))
        done = PROGRAM.run(self.data(office), "import", str(rows))
        self.assertEqual(done.returncode, 0, done.stderr)

    def say(self, office, *words, ends=0):
        done = PROGRAM.run(self.data(office), "network", *words)
        self.assertEqual(done.returncode, ends, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def status(self, office):
        return PROGRAM.answer(self.data(office), "network", "status")

    def other(self, office, other):
        return next(one for one in self.status(office)["offices"] if one["office"] == other)

    def stick(self, office, to):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.place))
        self.say(office, "export", "--to", to, str(folder))
        return sorted(folder.iterdir())

    def hand_over(self, office, to, ends=0):
        return self.say(to, "apply", *(str(file) for file in self.stick(office, to)), ends=ends)

    def exported(self, office, prefix):
        lines = PROGRAM.run(self.data(office), "export").stdout.splitlines()
        return {one["id"]: one for one in map(json.loads, lines) if one["id"].startswith(prefix)}

    def equal(self, owner, reader):
        own = self.exported(owner, owner + ":")
        self.assertEqual(self.exported(reader, owner + ":"), own)
        return own

    def test_what_is_published_is_at_the_others_and_private_members_are_not(self):
        for owner in ("rome", "lagos", "cairo"):
            for reader in {"rome", "lagos", "cairo"} - {owner}:
                self.hand_over(owner, reader)
        for owner in ("rome", "lagos", "cairo"):
            for reader in {"rome", "lagos", "cairo"} - {owner}:
                self.assertEqual(len(self.equal(owner, reader)), 3)
                self.assertTrue(self.other(reader, owner)["as_of"])
        for file in self.place.rglob("*"):
            if file.is_file() and file.suffix in (".bundle", ".card"):
                self.assertNotIn(b"lanted", file.read_bytes())
        for reader in ("lagos", "cairo"):
            shown = PROGRAM.run(self.data(reader), "export", "--with-private").stdout
            self.assertNotIn(PLANTED % "rome", shown)
            for file in self.data(reader).rglob("*"):
                if file.is_file():
                    self.assertNotIn((PLANTED % "rome").encode(), file.read_bytes())
        self.assertIn("rome 1", PROGRAM.run(self.data("lagos"), "match", "--text", "solar pumps of rome", "--all-bands").stdout)
        self.assertEqual(PROGRAM.run(self.data("lagos"), "verify").returncode, 0)

    def test_every_list_says_which_office_a_profile_is_of(self):
        for office in ("rome", "lagos"):
            self.take_in(office, told_of(office))
        self.hand_over("rome", "lagos")
        data, mark = self.data("lagos"), "of the office Office of rome, as of 20"
        self.assertEqual(PROGRAM.run(data, "rematch", "--programme", "itpo").returncode, 0)
        asked = {"panel": ["convene", "--programme", "consultations", "--seats", "2"], "set": ["assemble", "lagos:rice"],
                 "pair": ["duplicates"], "news": ["digest", "--programme", "itpo"]}
        for name, words in asked.items():
            with self.subTest(name):
                lines = PROGRAM.run(data, *words).stdout.splitlines()
                named = [at for at, line in enumerate(lines) if "Expert of rome" in line or "[rome:" in line or "  rome:" in line and "merge" not in line]
                self.assertTrue(named, lines)
                for at in named:
                    self.assertTrue(any(mark in line for line in lines[at + 1:at + 3]), lines[at:at + 3])
                self.assertEqual(sum(mark in line for line in lines), len(named), lines)
        seats = PROGRAM.answer(data, *asked["panel"])["seats"]
        self.assertEqual({seat["id"]: seat.get("received_from", {}).get("name") for seat in seats},
                         {"rome:expert": "Office of rome", "lagos:expert": None})
        pair = next(one for one in PROGRAM.answer(data, "duplicates")["pairs"] if "lagos:twin" in (one["keep"], one["erase"]))
        other = "keep" if pair["keep"] == "rome:twin" else "erase"
        self.assertEqual([pair[one + "_received_from"]["office"] for one in ("keep", "erase") if one + "_received_from" in pair], ["rome"])
        self.assertIn(other + "_received_from", pair)
        table = PROGRAM.run(data, "digest", "--programme", "itpo", "--csv").stdout.splitlines()
        self.assertTrue(table[0].endswith(",counterpart_office,as_of"))
        self.assertEqual([",Office of rome,20" in line for line in table[1:]], [",rome:pumps," in line for line in table[1:]])

    def test_a_server_takes_sticks_in_and_lets_nobody_write_what_it_received(self):
        bundle = self.stick("rome", "lagos")[0].read_bytes()
        server = Server(PROGRAM, self.data("lagos"), guarded=True)
        try:
            client = Client(server.port, server.token)
            for _ in range(2):
                status, _, body = ask(client, "POST", "/v1/network/bundles:receive", bundle, "application/octet-stream")
                self.assertEqual(status, 200, body)
                self.assertTrue(json.loads(body)["whole"])
            status, _, body = ask(client, "PUT", "/v1/profiles/rome:1", json.dumps(profile("rome", 1, "diesel")).encode())
            self.assertEqual(status, 403, body)
            self.assertIn("rome", json.loads(body)["detail"])
            for method, path in (("DELETE", "/v1/profiles/rome:1"), ("POST", "/v1/erasures")):
                sent = json.dumps({"profiles": ["rome:1"]}).encode() if method == "POST" else b""
                status, _, body = ask(client, method, path, sent)
                self.assertEqual(status, 403, body)
            status, _, body = ask(client, "POST", "/v1/network/bundles:receive", bundle[:-1] + b"?", "application/octet-stream")
            self.assertEqual(status, 400, body)
            self.assertIn("operation", self.say("lagos", "status"))  # the verbs ask the server
        finally:
            server.stop()
        self.equal("rome", "lagos")

    def test_sticks_that_are_lost_come_late_again_or_damaged_change_nothing_in_the_end(self):
        first = self.stick("rome", "lagos")
        self.take_in("rome", [profile("rome", number, "wind pumps") for number in range(2, 6)])
        second = self.stick("rome", "lagos")
        damaged = self.place / "damaged.bundle"
        damaged.write_bytes(second[0].read_bytes()[:-3])
        self.assertIn("does not open", self.say("lagos", "apply", str(damaged), ends=1))
        self.say("lagos", "apply", str(second[0]))
        self.say("lagos", "apply", str(first[0]), str(second[0]), str(first[0]))
        self.equal("rome", "lagos")
        self.assertIn("is for the office `lagos`", self.say("cairo", "apply", str(first[0]), ends=1))
        self.hand_over("lagos", "rome")  # the confirmation
        self.assertEqual(self.other("rome", "lagos")["behind"], 0)
        self.assertEqual(self.status("rome")["operations_kept"], 0)  # Cairo was never sent anything
        self.take_in("rome", [profile("rome", 1, "water wheels")])
        lost = self.stick("rome", "lagos")
        self.take_in("rome", [profile("rome", 2, "water wheels")])
        self.assertEqual(len(lost), 1)
        self.hand_over("rome", "lagos")
        self.assertEqual(self.equal("rome", "lagos")["rome:1"]["offers"], "water wheels")

    def test_an_erasure_is_complete_when_the_offices_have_confirmed_it(self):
        for reader in ("lagos", "cairo"):
            self.hand_over("rome", reader)
            self.hand_over(reader, "rome")
        receipt = PROGRAM.answer(self.data("rome"), "erase", "rome:1")
        self.assertFalse(receipt["complete"])
        self.assertIn("cairo, lagos", receipt["pending"]["reason"])
        for reader in ("lagos", "cairo"):
            self.hand_over("rome", reader)
            self.hand_over(reader, "rome")
            self.assertEqual(len(self.exported(reader, "rome:")), 2)
            for file in self.data(reader).rglob("*"):
                if file.is_file() and file.parent.name == "store":
                    self.assertNotIn(b"rome 1", file.read_bytes())
        receipt = PROGRAM.answer(self.data("rome"), "erase", "rome:1")
        self.assertTrue(receipt["complete"], receipt)
        self.assertEqual({one["place"]: one["verdict"] for one in receipt["places"] if one["place"].startswith("office ")},
                         {"office cairo": "removed", "office lagos": "removed"})

    def test_an_office_alone_is_in_no_network_and_says_so(self):
        self.take_in("oslo", [profile("oslo", 1, "boats")])
        self.assertFalse(self.status("oslo")["joined"])
        self.assertIn("in no network", self.say("oslo", "status"))
        self.assertIn("join --office ID", self.say("oslo", "export", "--to", "rome", str(self.place / "x"), ends=1))
        self.assertIn("no office of that id is known", self.say("rome", "export", "--to", "oslo", str(self.place / "x"), ends=1))
        self.assertIn("was changed since", self.say("rome", "add", str(self.changed_card()), ends=1))
        self.say("rome", "remove", "lagos")
        self.assertEqual([one["office"] for one in self.status("rome")["offices"]], ["cairo"])

    def changed_card(self):
        card = (self.place / "lagos.card").read_text().replace("Office of lagos", "Office of Lagos")
        (self.place / "changed.card").write_text(card)
        return self.place / "changed.card"


def ask(client, method, target, body=b"", media="application/json"):
    told = ask_once(client, method, target, body, media)
    while told[0] == 429:  # to take a bundle in costs much of what a token may ask for in a while: it comes again when it is told to
        time.sleep(int(told[1]["Retry-After"]))
        told = ask_once(client, method, target, body, media)
    return told


def ask_once(client, method, target, body, media):
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    connection.request(method, target, body, {"Content-Type": media, **client.authorization})
    answer = connection.getresponse()
    told = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return told


if __name__ == "__main__":
    unittest.main()
