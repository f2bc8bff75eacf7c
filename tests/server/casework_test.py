"""Casework on the command line: an interest from the first preview to the introduction, and one that nobody answers.

    casework_test.py COUNTERPART SOURCE_DIR MODELS

The clock is a file that the test writes (server/service/service.cpp): weeks pass without waiting. Exit status 1 on the first
answer that is another than expected.
"""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
OFFICES = [("dakar", "SN", "Africa/Dakar", ["mbaye", "sow", "awa"]), ("riyadh", "SA", "Asia/Riyadh", ["noura", "salem", "omar"]),
           ("vienna", "AT", "Europe/Vienna", ["huber", "maier"])]  # head, deputy, another


def directory():
    offices = [{"id": name, "name": name.title(), "languages": ["en"], "head": desks[0], "deputies": [desks[1]],
                "working_time": {"country": country, "time_zone": zone}, "duty": name == "vienna"}
               for name, country, zone, desks in OFFICES]
    desks = [{"id": desk, "name": desk.title(), "language": "en", "office": name} for name, _, _, names in OFFICES for desk in names]
    return {"offices": offices, "desks": desks}


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


class Desk:
    def __init__(self, folder):
        self.data, self.clock = folder / "data", folder / "clock"

    def at(self, day, hour):
        moment = datetime.datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
        self.clock.write_text(str(int(moment.timestamp())))

    def run(self, *words, status=0):
        command = [COUNTERPART, *words, "--data", str(self.data), "--datasets", SOURCE + "/datasets", "--models", MODELS,
                   "--fine", "none"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600,
                              env={**os.environ, "COUNTERPART_CLOCK": str(self.clock)})
        expect(done.returncode == status, f"{words} ended with {done.returncode}, not {status}: {done.stderr[-2000:]}")
        return done

    def answer(self, *words):
        return json.loads(self.run(*words, "--json").stdout)


def listed_for(desk, profile, *words):
    found = desk.answer("match", "--profile", profile, "--all-bands", *words)
    return found.get("full", 0), {one["id"]: one["places"] for one in found["matches"]}


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        folder = pathlib.Path(name)
        desk = Desk(folder)
        desk.at("2026-11-26", 10)
        (folder / "offices.json").write_text(json.dumps(directory()))
        profiles = [{"id": f"{office[:2]}:{kind}", "kind": "project", "title": f"{kind} of {office}", "country": country,
                     "seeks": "pumps", "office": office, "capacity": 1, "contact": {"email": f"{kind}@{office}.example"}}
                    for office, country, _, _ in OFFICES for kind in ("solar", "dairy")]
        (folder / "profiles.jsonl").write_text("".join(json.dumps(one) + "\n" for one in profiles))
        desk.run("import", str(folder / "profiles.jsonl"))
        expect("vienna  Vienna, AT, Europe/Vienna, on duty for all" in
               desk.run("office", "import", str(folder / "offices.json")).stdout, "the directory is taken in")

        # Asked, answered, both keys, and the contacts for both sides alone.
        asked = ("interest", "send", "da:solar", "ri:solar", "--cooperation", "joint_venture", "--desk", "awa")
        preview = desk.answer(*asked, "--preview")
        expect(preview["due"].startswith("2026-12-07") and preview["letters"][0]["reader"]["name"] == "Noura", preview)
        interest = desk.answer(*asked)["id"]
        expect([row["id"] for row in desk.answer("desk", "--desk", "omar")["inbox"]] == [interest], "it is in Riyadh's inbox")
        said = desk.run("desk", "--office", "riyadh").stdout
        expect("due Monday 7 December: 5 working days from Thursday 26 November" in said, said)
        introduction = desk.answer("interest", "accept", interest, "--desk", "omar")["others"][0]
        refused = desk.run("interest", "decline", interest, "--reason", "too_small", "--desk", "omar", status=1)
        expect("accepted" in refused.stderr, refused.stderr)
        desk.run("introduction", "release", introduction, "--desk", "omar")
        expect("contacts" not in desk.answer("introduction", "show", introduction, "--desk", "awa"), "one key is not enough")
        expect(desk.answer("introduction", "move", introduction, "--to", "released", "--desk", "awa")["released"], "two are")
        contacts = desk.answer("introduction", "show", introduction, "--desk", "awa")["contacts"]
        expect([one["contact"]["email"] for one in contacts] == ["solar@dakar.example", "solar@riyadh.example"], contacts)
        for reader in (("--desk", "maier"), ()):
            seen = desk.run("introduction", "show", introduction, *reader, "--json").stdout
            expect("solar@" not in seen, "a third office sees no contact")
        # It takes the only place of both: they are listed no more until it ends, and advice says why.
        full, listed = listed_for(desk, "vi:dairy")
        expect(full == 2 and not {"da:solar", "ri:solar"} & listed.keys(), (full, listed))
        full, listed = listed_for(desk, "vi:dairy", "--full")
        expect(full == 0 and listed["da:solar"] == {"of": 1, "taken": 1}, (full, listed))
        broken = [one["condition"] for one in desk.answer("explain", "vi:dairy", "da:solar")["verdicts"] if not one["met"]]
        expect(broken == ["`da:solar` has a free place"], broken)
        expect(desk.answer("advice", "da:solar")["advice"][0]["member"] == "capacity", "its owner is told first")
        desk.at("2026-12-02", 10)
        desk.run("introduction", "first_contact", introduction, "--desk", "omar")
        desk.run("introduction", "drop", introduction, "--desk", "awa", "--reason", "no_finance")
        full, listed = listed_for(desk, "vi:dairy")
        expect(full == 0 and listed["da:solar"] == {"of": 1, "taken": 0}, (full, listed))

        # Many at once, and back; and a call that is repeated.
        desk.at("2026-12-02", 11)
        loan = lambda kind: ("interest", "send", "vi:" + kind, "ri:" + kind, "--cooperation", "loan", "--desk", "huber", "--key", kind)
        many = [desk.answer(*loan(kind))["id"] for kind in ("solar", "dairy")]
        expect(desk.answer(*loan("solar"))["id"] == many[0], "a call with a known key opens nothing")
        overtaken = desk.run("interest", "claim", many[0], "--desk", "omar", "--if-match", "9", status=1).stderr
        expect("somebody has changed it meanwhile" in overtaken, overtaken)
        bulk = desk.answer("bulk", "hand_over", *many, "--to", "salem", "--desk", "omar")
        expect([row["owner"]["desk"] for row in bulk["rows"]] == ["salem", "salem"], bulk)
        desk.run("interest", "note", many[1], "--note", "mine", "--desk", "salem")
        undone = desk.run("bulk", "undo", bulk["id"], "--desk", "omar").stdout
        expect("1 done, 1 refused" in undone and "something has happened since" in undone, undone)
        for one in many:
            desk.run("interest", "withdraw", one, "--desk", "huber")

        # Nobody answers: deputy, head, duty office, each on its own working days.
        desk.at("2026-12-03", 10)
        second = desk.answer("interest", "send", "da:dairy", "ri:dairy", "--cooperation", "equity", "--desk", "awa")["id"]
        desk.run("interest", "claim", second, "--desk", "omar")
        steps = []
        for day in ("2026-12-03", "2026-12-14", "2026-12-17", "2026-12-22"):
            desk.at(day, 15)
            now = desk.answer("interest", "show", second)
            steps.append((now["step"], now["owner"]["desk"], now["due"][:10]))
        expect(steps == [("owner", "omar", "2026-12-14"), ("deputy", "salem", "2026-12-17"), ("head", "noura", "2026-12-22"),
                         ("duty", "huber", "2026-12-30")], steps)
        expect([row["id"] for row in desk.answer("desk", "--desk", "huber")["mine"]] == [second], "it is the duty office's")

        # Somebody who is away is sat in for.
        away = ("office", "absence", "huber", "--from", "2026-12-22", "--until", "2026-12-23", "--deputy", "maier")
        expect("2026-12-22 to 2026-12-23: with maier" in desk.run(*away, "--preview").stdout, "it is told who would have the work")
        expect("maier sits in" in desk.run(*away).stdout, "an absence is noted")
        expect(desk.answer("interest", "show", second)["owner"]["desk"] == "maier", "its deputy has the work")
        letters = desk.answer("outbox", "list", "--case", interest)["letters"]
        expect([one["letter"] for one in letters] == ["interest_received", "interest_accepted"], letters)
    print("RESULT casework | an interest to its introduction, and one that nobody answered | as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
