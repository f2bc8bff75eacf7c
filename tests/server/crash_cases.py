"""Casework for crash_loop.py: acts under way when the server dies, and what must be there afterwards.

Each act that was answered is in its case's timeline and in the audit log, once; of those that were not, one was under way. The
introduction that `accept` opens is there if and only if the interest is accepted. Each letter lies in one file of the spool,
whatever was killed when, and an erased case leaves none. The clock of casework is a file (COUNTERPART_CLOCK) that runs ahead.
"""
import datetime
import email
import json
import os
import pathlib
import re
import time

OFFICES = {"dakar": ("SN", "Africa/Dakar", ["mbaye", "sow", "awa"]), "riyadh": ("SA", "Asia/Riyadh", ["noura", "salem", "omar"]),
           "vienna": ("AT", "Europe/Vienna", ["huber", "maier"])}
DESKS = [desk for _, _, desks in OFFICES.values() for desk in desks]
START = int(datetime.datetime(2026, 11, 26, 10, tzinfo=datetime.timezone.utc).timestamp())
REMINDER = "due_soon"  # comes in digests, and with a new number again where an erased one shared its file

# What is visited while acts are done and letters leave. Some are visited while the server opens, too.
KILL_POINTS = ["outbox: letters sent, not noted", "cases: acts in a batch that is not written", "cases: acts written, nobody told",
               "cases: of an erased profile, in a batch that is not written", "audit: entries in a batch that is not written",
               "store: batch written, high-water mark not raised", "file: written, not synced", "file: renamed, folder not synced"]


def fail(message):
    raise SystemExit("FAILED: casework: " + message)


def directory():
    offices = [{"id": name, "name": name.title(), "languages": ["en"], "mail": f"{name}@example.org", "head": desks[0],
                "deputies": [desks[1]], "working_time": {"country": country, "time_zone": zone}, "duty": name == "vienna"}
               for name, (country, zone, desks) in OFFICES.items()]
    desks = [{"id": desk, "name": desk.title(), "language": "en", "office": office}
             for office, (_, _, names) in OFFICES.items() for desk in names]
    return {"offices": offices, "desks": desks}


class Clock:
    def __init__(self, file):
        self.file, self.now = file, START
        self.set(START)

    def set(self, moment):
        self.now = moment
        beside = self.file.with_suffix(".new")
        beside.write_text(str(moment))
        os.replace(beside, self.file)  # read at any moment, never half of it


def local_key(data):
    return json.loads((data / "server.json").read_text())["key"]


def path_of(case):
    return "/v1/introductions" if case.introduction else "/v1/interests"


class Known:
    """A case as it was answered last. `acts`: (verb, desk), without the clock's."""

    def __init__(self, sides, introduction, acts, origin=None):
        self.sides, self.introduction, self.acts, self.origin = sides, introduction, acts, origin


class Casework:
    def __init__(self, data, clock):
        self.data, self.clock = data, clock
        self.cases = {}         # id -> Known
        self.gone = set()       # ids of cases that were erased
        self.under_way = {}     # worker -> ("open", sides, desk), ("act", id, verb, desk) or ("erase", profile)
        self.touched = set()
        self.logged = {}        # case -> [(act, verb)] of the audit log
        self.last_entry = 0
        self.messages = {}      # number of a letter -> Message-ID of the file that it was in
        self.letters = {}       # number -> (case, letter, sent)
        self.acknowledged = 0

    # ---- what is done, by one worker at a time

    def profiles(self, number):
        return [f"k{number}-{i}" for i in range(6)]

    def prepare(self, client, workers):
        answer = client.call("PUT", "/v1/offices", directory())
        if answer[0] >= 300:
            fail(f"offices: {answer}")
        for number in range(workers):
            for profile in self.profiles(number):
                self.put(client, profile)

    def put(self, client, profile):
        office = list(OFFICES)[int(profile[-1]) % 3]
        status, _, told = client.call("PUT", "/v1/profiles/" + profile, {
            "kind": "company", "title": "Pumps of " + profile, "country": "KE", "office": office, "offers": "pumps", "capacity": 10,
            "contact": {"email": profile + "@example.org"}})
        if status >= 300 and status < 500:
            fail(f"putting {profile}: {status} {told}")

    def own(self, number):
        return [id for id, case in list(self.cases.items()) if case.sides[0] in self.profiles(number)]

    def step(self, client, draw, number):
        self.under_way.pop(number, None)
        chance, own = draw.random(), self.own(number)
        if chance < 0.02:
            self.erase(client, draw, number)
        elif chance < 0.3 or not own:
            self.open(client, draw, number)
        else:
            self.act(client, draw, number, draw.choice(own[-30:]))
        self.under_way.pop(number, None)

    def open(self, client, draw, number):
        sides, desk = draw.sample(self.profiles(number), 2), draw.choice(DESKS)
        self.under_way[number] = ("open", tuple(sides), desk)
        status, _, told = client.call("POST", f"/v1/interests?desk={desk}",
                                      {"from": sides[0], "to": sides[1], "answers": {"cooperation": "equity"}})
        if status == 201:
            self.cases[told["id"]] = Known(tuple(sides), False, [("send", desk)])
            self.touched.add(told["id"])
            self.acknowledged += 1

    def act(self, client, draw, number, id):
        case, desk = self.cases[id], draw.choice(DESKS)
        verb, said = draw.choice([("accept", {}), ("decline", {"reason": "too_small"}), ("receive", {}), ("claim", {}),
                                  ("hand_over", {"facts": {"desk": draw.choice(DESKS)}}), ("note", {"note": "seen"}), ("withdraw", {})]
                                 if not case.introduction else
                                 [("release", {}), ("release", {}), ("release", {}), ("first_contact", {}), ("call", {"note": "rang"}),
                                  ("hand_over", {"facts": {"desk": draw.choice(DESKS)}}), ("drop", {"reason": "no_reply"})])
        self.under_way[number] = ("act", id, verb, desk)
        status, _, told = client.call("POST", f"{path_of(case)}/{id}:{verb}?desk={desk}", said)
        if status == 200:
            case.acts.append((verb, desk))
            self.touched.add(id)
            self.acknowledged += 1
            for other in told.get("others", []):
                self.cases[other] = Known(case.sides, True, [("agree", desk)], id)
                self.touched.add(other)
        elif status not in (400, 403, 404, 409, 412, 422, 429, 503, 507):
            fail(f"{verb} on {id}: {status} {told}")

    def erase(self, client, draw, number):
        profile = draw.choice(self.profiles(number))
        self.under_way[number] = ("erase", profile)
        if client.call("DELETE", "/v1/profiles/" + profile)[0] == 204:
            self.forget(profile)
        self.under_way.pop(number)
        self.put(client, profile)

    def forget(self, profile):
        for id, case in list(self.cases.items()):
            if profile in case.sides:
                self.gone.add(id)
                del self.cases[id]

    def take_mail(self, draw):
        """As a mail program does."""
        new = self.data / "outbox" / "new"
        for file in sorted(new.iterdir()) if new.exists() else []:
            if draw.random() < 0.3:
                try:
                    os.rename(file, self.data / "outbox" / "cur" / (file.name + ":2,S"))
                except FileNotFoundError:
                    pass  # taken back

    # ---- what must be there

    def check(self, client, workers):
        for number, done in list(self.under_way.items()):
            if done[0] == "erase" and client.call("GET", "/v1/profiles/" + done[1])[0] == 404:
                self.forget(done[1])
        found = {case["id"]: case for kind in ("interests", "introductions") for case in listed(client, "/v1/" + kind, "cases")}
        self.settle_openings(client, found)
        for id, case in self.cases.items():
            if id not in found:
                fail(f"{id} is lost")
            if found[id]["version"] < len(case.acts):
                fail(f"{id} has {found[id]['version']} acts, acknowledged were {len(case.acts)}")
        for id in self.gone & set(found):
            fail(f"{id} was erased, and is there")
        self.touched |= {done[1] for done in self.under_way.values() if done[0] == "act"}
        self.check_origins(found)
        self.read_log(client)
        for id, case in found.items():
            if len(self.logged.get(id, [])) != case["version"]:
                fail(f"{id} has {case['version']} acts, the audit log {self.logged.get(id)}")
        for id in sorted(self.touched & set(self.cases)):
            self.check_timeline(client, id)
        self.under_way.clear()
        self.touched.clear()
        for number in range(workers):
            for profile in self.profiles(number):
                if client.call("GET", "/v1/profiles/" + profile)[0] == 404:
                    self.put(client, profile)
        self.check_letters(client)

    def settle_openings(self, client, found):
        """What was opened unanswered: by `open`, or by an `accept`, with which it came."""
        for id in set(found) - set(self.cases) - self.gone:
            one = found[id]
            sides = (one["from"]["profile"], one["to"]["profile"])
            first = client.call("GET", ("/v1/introductions/" if one["kind"] == "introduction" else "/v1/interests/") + id)[2]["timeline"][0]
            if one["kind"] == "introduction":
                asked = [done for done in self.under_way.values() if done[:3] == ("act", one["origin"], "accept")]
            else:
                asked = [done for done in self.under_way.values() if done == ("open", sides, first["desk"])]
            if len(asked) != 1:
                fail(f"{id} was opened by nobody: {one}")
            self.cases[id] = Known(sides, one["kind"] == "introduction", [(first["verb"], first["desk"])], one.get("origin"))
            self.touched.add(id)

    def check_origins(self, found):
        origins = [case["origin"] for case in found.values() if case["kind"] == "introduction"]
        accepted = [id for id, case in found.items() if case["kind"] == "interest" and case["state"] == "accepted"]
        if sorted(origins) != sorted(accepted):
            fail(f"accepted without introduction, or the other way round: {set(origins) ^ set(accepted)}")

    def read_log(self, client):
        while True:
            page = client.call("GET", f"/v1/audit?after={self.last_entry}&limit=1000")[2]["entries"]
            for entry in page:
                if entry["what"].startswith("case "):
                    self.logged.setdefault(entry["subject"], []).append((entry["version"], entry["what"][5:]))
                    if entry["who"] == "clock":
                        self.touched.add(entry["subject"])
            if not page:
                return
            self.last_entry = page[-1]["number"]

    def check_timeline(self, client, id):
        case = self.cases[id]
        status, _, now = client.call("GET", f"{path_of(case)}/{id}")
        if status != 200:
            fail(f"{id}: {status} {now}")
        if [(act["number"], act["verb"]) for act in now["timeline"]] != sorted(self.logged[id]):
            fail(f"{id} has {now['timeline']}, the audit log {self.logged[id]}")
        acts = [(act["verb"], act["desk"]) for act in now["timeline"] if act["by"] != "clock"]
        allowed = [case.acts] + [case.acts + [done[2:]] for done in self.under_way.values() if done[:2] == ("act", id)]
        if acts not in allowed:
            fail(f"{id} has {acts}, and ought to be one of {allowed}")
        case.acts = acts
        # Where one office is on both sides, two of its desks turn them.
        turned_by, keys = "desk" if now["from"]["office"] == now["to"]["office"] else "office", set()
        for act in now["timeline"]:
            keys = set() if act["verb"] in ("agree", "reopen") else keys | ({act[turned_by]} if act["verb"] == "release" else set())
        if now["released"] != (len(keys) == 2):
            fail(f"{id} is released: {now['released']}, keys are of {keys}")

    def spooled(self):
        files = {}
        for part in ("new", "cur"):
            folder = self.data / "outbox" / part
            for file in folder.iterdir() if folder.exists() else []:
                message = email.message_from_bytes(file.read_bytes())["Message-ID"]
                for number in map(int, re.match(r"([\d+]+)\.counterpart\.eml", file.name).group(1).split("+")):
                    if number in files:
                        fail(f"letter {number} lies in two files")
                    files[number] = message
        return files

    def check_letters(self, client):
        letters = {one["number"]: one for one in listed(client, "/v1/outbox", "letters")}
        told = {(one["case"], one["letter"]) for one in letters.values()}
        for number, (case, letter, sent) in self.letters.items():
            if case in self.gone or letter == REMINDER:
                continue
            if number not in letters and (case, letter) in told:
                continue  # of a message with a letter that was erased: queued again, under a new number
            if number not in letters:
                fail(f"letter {number} about {case} is lost")
            if sent and letters[number]["state"] != "sent":
                fail(f"letter {number} was sent, and is {letters[number]['state']}")
        files = self.spooled()

        def parted(number):  # from a letter of the same message that was erased: the message goes, whoever had it already
            message = self.messages.get(number)
            if message is None:
                return bool(self.gone)  # it was never seen
            return any(other not in letters for other, its in self.messages.items() if its == message)

        def nowhere():
            return [one for number, one in letters.items() if one["state"] == "sent" and "words" not in one
                    and "profile" not in one and number not in files and not parted(number)]

        for _ in range(100):  # those of erased cases go with the first round of letters, which may be under way
            if set(files) <= set(letters) and not nowhere():
                break
            time.sleep(0.1)
            letters = {one["number"]: one for one in listed(client, "/v1/outbox", "letters")}
            files = self.spooled()
        else:
            fail(f"files of letters that are not there: {sorted(set(files) - set(letters))[:5]}; sent, and nowhere: {nowhere()[:2]}")
        for number, message in files.items():
            if self.messages.setdefault(number, message) != message:
                fail(f"letter {number} was {self.messages[number]}, and is {message}")
        self.letters = {number: (one["case"], one["letter"], one["state"] == "sent") for number, one in letters.items()}

    def all_left(self, client):
        """In the end: every letter whose time has come, and that is not refused, lies in the spool."""
        for _ in range(300):
            waiting = [one for one in listed(client, "/v1/outbox?state=queued", "letters")
                       if datetime.datetime.fromisoformat(one["next_try"].replace("Z", "+00:00")).timestamp() <= self.clock.now]
            if not waiting:
                break
            time.sleep(0.1)
        else:
            fail(f"{len(waiting)} letters did not leave: {waiting[:2]}")
        self.check_letters(client)
        left = list((self.data / "outbox" / "tmp").iterdir())
        if left:
            fail(f"half letters are left: {left}")
        return len(self.messages)


def listed(client, target, member):
    after = ""
    while True:
        status, _, page = client.call("GET", target + ("&" if "?" in target else "?") + "limit=200" + (f"&after={after}" if after else ""))
        if status != 200:
            fail(f"{target}: {status} {page}")
        yield from page[member]
        if not page["more"]:
            return
        after = page["after"]
