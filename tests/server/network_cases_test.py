"""An interest of one office in a profile of another, each at its own server: on sticks, and over a wire where a NATS server is there.
Both turn their keys while nothing goes between them, and no contact is on a machine that may not have it.

    network_cases_test.py BINARY SOURCE MODELS    standard library only
"""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from serving import Program, Server, wait_for

PROGRAM, SOURCE = Program(*sys.argv[1:4]), pathlib.Path(sys.argv[2])
del sys.argv[1:4]
PLACES = {"rome": ("IT", "Europe/Rome"), "lagos": ("NG", "Africa/Lagos"), "cairo": ("EG", "Africa/Cairo")}
PLANTED = "planted-%s@mail.example"
NOTE = "Words for Lagos alone"
NATS = next(iter(sorted((SOURCE / "build/nats").glob("*/nats-server"))), None)


class Office:
    def __init__(self, place, name):
        self.name, self.place, self.data, self.server, self.said = name, place, place / name, None, []
        country, zone = PLACES[name]
        directory = {"offices": [{"id": name, "name": f"ITPO {name.title()}", "languages": ["en"], "head": f"{name}-a", "duty": True,
                                  "working_time": {"country": country, "time_zone": zone}}],
                     "desks": [{"id": f"{name}-{one}", "name": f"Desk {one} of {name}", "language": "en", "office": name} for one in "ab"]}
        profiles = [{"id": f"{name}:{number}", "kind": "company", "title": f"{name} {number}", "country": country, "office": name,
                     "offers": f"solar pumps of {name}", "contact": {"email": PLANTED % name, "person": f"Planted Person of {name}"}}
                    for number in range(2)]
        for file, text in (("offices.json", json.dumps(directory)), ("rows.jsonl", "".join(json.dumps(one) + "\n" for one in profiles))):
            (place / file).write_text(text)
        self.run("office", "import", str(place / "offices.json"))
        self.run("import", str(place / "rows.jsonl"))
        self.run("network", "join", "--office", name, "--name", f"ITPO {name.title()}")
        self.run("network", "card", "--output", str(place / f"{name}.card"))

    def run(self, *words, ends=0):
        done = PROGRAM.run(self.data, *words)
        if done.returncode != ends:
            raise AssertionError(f"{self.name}: {words} ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout + done.stderr

    def answer(self, *words):
        return PROGRAM.answer(self.data, *words)

    def serve(self, *options):
        self.server = Server(PROGRAM, self.data, *options)
        self.said = self.server.said

    def stop(self):
        if self.server and self.server.process.poll() is None:
            self.server.stop()

    def hand_over(self, other):
        stick = pathlib.Path(tempfile.mkdtemp(dir=self.place / "sticks"))
        self.run("network", "export", "--to", other.name, str(stick))
        other.run("network", "apply", *(str(file) for file in sorted(stick.iterdir())))

    def only(self, kind):
        found = self.answer(kind, "list")["cases"]
        if len(found) != 1:
            raise AssertionError(f"{self.name} has {len(found)} of the kind {kind}")
        return found[0]["id"]

    def shown(self, kind, identity):
        return self.answer(kind, "show", identity, "--desk", f"{self.name}-a")


def both_ways(one, other, times=1):
    for _ in range(times):
        one.hand_over(other)
        other.hand_over(one)


class Cases(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        (self.place / "sticks").mkdir()

    def begin(self, *names):
        self.offices = [Office(self.place, name) for name in names]
        for one in self.offices:
            self.addCleanup(one.stop)
            for other in self.offices:
                if one is not other:
                    one.run("network", "add", str(self.place / f"{other.name}.card"))
        return self.offices

    def nowhere(self, name, *folders):
        """No file of these folders has the name in clear, nor what a server said."""
        for folder in folders:
            for file in (self.place / folder).rglob("*"):
                if file.is_file():
                    self.assertNotIn(name.encode(), file.read_bytes(), file.name)
        for office in self.offices:
            self.assertNotIn(name, "".join(office.said))

    def test_from_the_interest_to_the_contacts_on_sticks(self):
        rome, lagos, cairo = self.begin("rome", "lagos", "cairo")
        for office in (rome, lagos):
            office.serve()
        for one, other in ((rome, lagos), (rome, cairo), (lagos, cairo)):
            both_ways(one, other)
        refused = rome.run("interest", "send", "lagos:0", "rome:0", "--cooperation", "licence", "--desk", "rome-a", ends=1)
        self.assertIn("is for `lagos`", refused)
        sent = rome.answer("interest", "send", "rome:0", "lagos:0", "--cooperation", "licence", "--note", NOTE, "--desk", "rome-a")
        self.assertEqual((sent["owner"]["office"], sent["letters"]), ("lagos", []))
        here = sent["id"]
        self.assertIs(rome.shown("interest", here)["shared_with"]["delivered"], False)
        both_ways(rome, lagos)
        there = lagos.only("interest")
        at_rome, at_lagos = rome.shown("interest", here), lagos.shown("interest", there)
        self.assertEqual(at_rome["promised"], at_lagos["promised"])  # both clocks, by both calendars
        self.assertEqual(at_lagos["owner"]["desk"], "lagos-a")
        self.assertEqual(at_lagos["timeline"][0]["note"], NOTE)
        self.assertEqual((at_rome["shared_with"]["office"], at_rome["shared_with"]["name"]), ("lagos", "ITPO Lagos"))
        self.assertEqual(at_rome["shared_with"]["unconfirmed"], 0)
        self.assertIn("as_of", at_rome["shared_with"])
        self.assertEqual((at_rome["shared_with"]["delivered"], "confirmed_at" in at_rome["shared_with"]), (True, True))
        self.assertEqual([row["id"] for row in lagos.answer("desk", "--desk", "lagos-b")["inbox"]], [there])
        refused = rome.run("interest", "accept", here, "--desk", "rome-a", ends=1)
        self.assertIn("is not for who asks", refused)
        refused = rome.run("interest", "accept", here, "--desk", "lagos", ends=1)
        self.assertIn("acts at its own server", refused)

        lagos.run("interest", "accept", there, "--desk", "lagos-b")
        lagos.hand_over(rome)
        here, there = rome.only("introduction"), lagos.only("introduction")
        # Nothing goes between them, and both turn their keys.
        rome.run("introduction", "release", here, "--desk", "rome-a")
        lagos.run("introduction", "release", there, "--desk", "lagos-b")
        for office, case in ((rome, here), (lagos, there)):
            seen = office.shown("introduction", case)
            self.assertEqual((seen["released"], "contacts" in seen), (False, False))
        lagos.hand_over(rome)  # Lagos's key alone
        self.assertFalse(rome.shown("introduction", here)["released"])
        self.assertEqual(rome.shown("introduction", here)["shared_with"]["unconfirmed"], 1)
        both_ways(rome, lagos)
        rome.hand_over(lagos)  # what it releases, now that Lagos has said that it has both keys
        for office, case in ((rome, here), (lagos, there)):
            seen = office.shown("introduction", case)
            self.assertTrue(seen["released"])
            self.assertEqual({one["profile"]: one["contact"]["email"] for one in seen["contacts"]},
                             {"rome:0": PLANTED % "rome", "lagos:0": PLANTED % "lagos"})
        # Who is no side of it learns of nothing.
        for office in (rome, lagos):
            office.hand_over(cairo)
        self.assertEqual(cairo.answer("case", "list")["cases"], [])
        for office in self.offices:
            office.stop()
        for name in (PLANTED % "rome", PLANTED % "lagos", "Planted Person of"):
            self.nowhere(name, "rome", "lagos", "cairo", "sticks")
        self.nowhere(NOTE, "cairo", "sticks")
        rome.run("verify")

        # What its owner erases ends the case in both offices, and what was released goes.
        lagos.run("erase", "lagos:0", ends=1)  # the other offices have not confirmed it yet
        both_ways(lagos, rome)
        both_ways(lagos, cairo)
        self.assertEqual(rome.answer("case", "list")["cases"], [])
        self.assertIn("was erased", rome.run("introduction", "show", here, "--desk", "rome-a", ends=1))
        self.assertTrue(lagos.answer("erase", "lagos:0")["complete"])
        rome.run("interest", "send", "rome:1", "lagos:1", "--cooperation", "licence", "--desk", "rome-a")
        rome.run("network", "remove", "lagos")
        self.assertEqual(rome.answer("case", "list")["cases"], [])
        self.assertIn("there is no such profile", rome.run(
            "interest", "send", "rome:1", "lagos:1", "--cooperation", "licence", "--desk", "rome-a", ends=1))

    @unittest.skipIf(NATS is None, "no NATS server was built here: the test network_wire builds one")
    def test_over_a_wire(self):
        rome, lagos = self.begin("rome", "lagos")
        ports = []
        for _ in range(2):
            with socket.socket() as held:
                held.bind(("127.0.0.1", 0))
                ports.append(held.getsockname()[1])
        config = self.place / "nats.conf"
        config.write_text(f"server_name: hub\nlisten: 127.0.0.1:{ports[0]}\nhttp: 127.0.0.1:{ports[1]}\nmax_payload: 8MB\n"
                          f"jetstream {{ store_dir: \"{self.place}/nats\", sync_interval: always }}\n")
        nats = subprocess.Popen([NATS, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(nats.wait)
        self.addCleanup(nats.kill)
        for office in (rome, lagos):
            office.serve("--network-url", f"nats://127.0.0.1:{ports[0]}", "--network-monitor", f"http://127.0.0.1:{ports[1]}")
        wait_for(lambda: PROGRAM.run(rome.data, "interest", "send", "rome:0", "lagos:0", "--cooperation", "licence", "--desk",
                                     "rome-a").returncode == 0, "Lagos to be known in Rome")
        wait_for(lambda: lagos.answer("interest", "list")["cases"], "the interest in Lagos")
        lagos.run("interest", "accept", lagos.only("interest"), "--desk", "lagos-b")
        wait_for(lambda: rome.answer("introduction", "list")["cases"], "the introduction in Rome")
        rome.run("introduction", "release", rome.only("introduction"), "--desk", "rome-a")
        lagos.run("introduction", "release", lagos.only("introduction"), "--desk", "lagos-b")
        for office in (rome, lagos):
            wait_for(lambda office=office: "contacts" in office.shown("introduction", office.only("introduction")),
                     f"the contacts in {office.name}")
        self.nowhere(PLANTED % "rome", "rome", "lagos", "nats")
        self.nowhere(PLANTED % "lagos", "rome", "lagos", "nats")


if __name__ == "__main__":
    unittest.main()
