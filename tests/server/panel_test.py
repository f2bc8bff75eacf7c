"""A panel from its draw to its seats, as a manager runs it: certificate, invitations, two alternates called up.

    panel_test.py COUNTERPART SOURCE_DIR MODELS

Over HTTP, but the certificate is checked by the command line, with nothing but the file. Exit status 1 on the first answer that is
another than expected.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from serving import Client, Program, Server

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
BANDS = ["strong", "good", "possible", "weak"]
CONSTITUENCIES = ["government", "business", "labour", "consumers", "research"]
COUNTRIES = ["KE", "SN", "BD", "PE", "VN", "DE", "FR", "JP"]  # three LDCs, two more of developing countries


def expert(number):
    return {"id": f"x{number}", "kind": "expert", "title": f"Expert {number}", "country": COUNTRIES[number // 5 % 8],
            "roles": [CONSTITUENCIES[number % 5]], "gender": "female" if number // 40 % 2 else "male", "office": "vienna",
            "offers": "advice on industrial policy and energy", "contact": {"email": f"x{number}@example.org"}}


OFFICES = {"offices": [{"id": "vienna", "name": "Vienna", "languages": ["en"], "head": "huber", "deputies": ["maier"], "duty": True,
                        "working_time": {"country": "AT", "time_zone": "Europe/Vienna"}}],
           "desks": [{"id": desk, "name": desk.title(), "language": "en", "office": "vienna"} for desk in ("huber", "maier")]}


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


class Office:
    def __init__(self, server):
        self.client = Client(server.port)

    def call(self, method, target, body=None, status=200, **more):
        got, _, answer = self.client.call(method, target, body, **more)
        expect(got == status, f"{method} {target} answered {got}, not {status}: {str(answer)[:1500]}")
        return answer

    def case(self, case, verb, **said):
        return self.call("POST", f"/v1/cases/{case}:{verb}?desk=maier", said)


def kind_of(profile):
    return profile["roles"][0], profile["gender"], profile["country"] in COUNTRIES[:5]


def check(file, *words):
    return subprocess.run([COUNTERPART, "convene", "--check", str(file), "--datasets", SOURCE + "/datasets", *words],
                          capture_output=True, text=True, timeout=300)


def story(office, folder, experts):
    panel = office.call("POST", "/v1/panels", {"programme": "consultations", "seats": 20, "seed": 1975, "topics": [], "certificate": True})
    certificate = panel["certificate"]
    expect(panel["status"] == "complete" and len(panel["seats"]) == 20, panel["relaxations"])
    for seat in panel["seats"]:
        for other in seat["alternates"]:
            expect(not other["alike"] or kind_of(experts[seat["id"]]) == kind_of(experts[other["id"]]), seat)
    expect("example.org" not in json.dumps(certificate), "no contact data is in a certificate")

    # Anybody checks it, with the file alone; a seat that was swapped by hand is found.
    file = folder / "draw.json"
    file.write_text(json.dumps(certificate))
    done = check(file)
    expect(done.returncode == 0 and "Drawn again" in done.stdout and "WRONG" not in done.stdout, done.stdout + done.stderr)
    forged = json.loads(file.read_text())
    seat = next(one for one in forged["result"]["seats"] if one["alternates"])
    seat["id"], seat["alternates"][0]["id"] = seat["alternates"][0]["id"], seat["id"]
    (folder / "forged.json").write_text(json.dumps(forged))
    done = check(folder / "forged.json", "--lang", "fr")
    expect(done.returncode == 1 and "WRONG" in done.stdout and "Le résultat a été modifié" in done.stdout, done.stdout)
    office.call("POST", "/v1/panels:invite?desk=huber", forged, status=409)
    expect(office.call("POST", "/v1/panels:check", forged)["holds"] is False, "the server finds it too")

    # All are invited at once; a second time nobody is.
    preview = office.call("POST", "/v1/panels:invite?desk=huber&preview=true", certificate)
    expect(preview["invited"] == 20, preview)
    sent = office.call("POST", "/v1/panels:invite?desk=huber", certificate)
    expect(sent["invited"] == 20 and {one["state"] for one in sent["seats"]} == {"invited"}, sent)
    again = office.call("POST", "/v1/panels:invite?desk=huber", certificate)
    expect(again["invited"] == 0 and [one["case"] for one in again["seats"]] == [one["case"] for one in sent["seats"]], again)

    # Two decline, one of them after having accepted: the alternates of their own seats are asked in the same moment.
    alike = [seat["id"] for seat in panel["seats"] if seat["alternates"] and seat["alternates"][0]["alike"]]
    expect(len(alike) >= 2, alike)
    declining, cancelling = alike[:2]
    of = {one["seat"]: one["case"] for one in sent["seats"]}
    for seat, case in of.items():
        if seat != declining:
            office.case(case, "accept")
    office.case(of[declining], "decline", reason="conflict_of_interest")
    office.case(of[cancelling], "cancel", reason="other_duties")
    now = {one["seat"]: one for one in office.call("POST", "/v1/panels:invite?desk=huber", certificate)["seats"]}
    for seat in (declining, cancelling):
        called = now[seat]
        expect(called["state"] == "invited" and called["id"] != seat, called)
        expect(kind_of(experts[called["id"]]) == kind_of(experts[seat]), (experts[called["id"]], experts[seat]))
        office.case(called["case"], "accept")
    states = {one["state"] for one in office.call("POST", "/v1/panels:invite?desk=huber", certificate)["seats"]}
    expect(states == {"accepted"}, states)
    letters = office.call("GET", "/v1/outbox?limit=1000")["letters"]
    expect(sum(one["letter"] == "invitation_sent" and one["profile"] == now[declining]["id"] for one in letters if "profile" in one) == 1,
           "whoever is called up is written to once")


def nominations(office, experts):
    """Only whoever was nominated, and confirmed by the programme's office, stands for a panel of nominees."""
    stands = {f"x{number}" for number in range(100, 112)}
    for id in sorted(stands) + ["x150"]:
        case = office.call("POST", "/v1/cases?desk=maier", {"kind": "nomination", "from": id, "programme": "consultations"}, status=201)["id"]
        if id != "x150":
            office.case(case, "confirm")
    asked = {"programme": "consultations", "seats": 8, "topics": [], "nominated": True}
    panel = office.call("POST", "/v1/panels", asked)
    seated = {seat["id"] for seat in panel["seats"]} | {one["id"] for seat in panel["seats"] for one in seat["alternates"]}
    expect(panel["candidates"] == len(stands) and seated and seated <= stands, panel)

    # Whoever is excluded stands for nothing, and is in no list, however it is asked for; the record stays.
    def lists(id):
        return [id in json.dumps(office.call(*asked)) for asked in (
            ("GET", "/v1/profiles?q=Expert&limit=200"), ("POST", "/v1/match", {"draft": experts["x3"], "limit": 100, "where": {"kind": ["expert"]}, "bands": BANDS}),
            ("POST", "/v1/panels", asked_of))]
    asked_of = {**asked, "seats": 12}
    before = lists("x100")
    expect(all(before), before)
    office.call("POST", "/v1/profiles/x100:check?desk=maier", {"as": "excluded", "reason": "a court's judgment"})
    for _ in range(1000):  # an index follows a moment after
        if not any(lists("x100")):
            break
    expect(not any(lists("x100")), lists("x100"))
    expect(office.call("POST", "/v1/panels", asked)["candidates"] == len(stands) - 1, "who is excluded does not stand")
    expect(office.call("GET", "/v1/profiles/x100")["due_diligence"]["status"] == "excluded", "its record stays")
    office.call("POST", "/v1/profiles/x100:check?desk=maier", {"as": "not_checked"})
    for _ in range(1000):
        if all(lists("x100")):
            break
    expect(all(lists("x100")), "and comes back when nobody says so any more")
    del asked["programme"]
    expect(office.call("POST", "/v1/panels", asked, status=400)["member"] == "programme", "of which programme?")


def main():
    program = Program(COUNTERPART, SOURCE, MODELS)
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        folder = pathlib.Path(name)
        experts = {one["id"]: one for one in map(expert, range(160))}
        (folder / "experts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in experts.values()))
        done = program.run(folder / "data", "import", str(folder / "experts.jsonl"))
        expect(done.returncode == 0, done.stderr)
        (folder / "offices.json").write_text(json.dumps(OFFICES))
        done = program.run(folder / "data", "office", "import", str(folder / "offices.json"))
        expect(done.returncode == 0, done.stderr)
        server = Server(program, folder / "data")
        try:
            story(Office(server), folder, experts)
            nominations(Office(server), experts)
        finally:
            server.stop()
    print("a panel of 20 was drawn, certified, invited and filled, two seats by their alternates")


if __name__ == "__main__":
    main()
