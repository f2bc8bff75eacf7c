"""Cases that programmes run: a request of the CTCN on the command line, a cohort of the GCIP over HTTP.

    programme_cases_test.py COUNTERPART SOURCE_DIR MODELS

The clock is a file that the test writes: weeks pass without waiting. Exit status 1 on the first answer that is another than
expected.
"""
import datetime
import json
import os
import pathlib
import sys
import tempfile

import serving

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
OFFICES = [("nairobi", "KE", "Africa/Nairobi", ["amina", "otieno"]), ("ctcn", "DK", "Europe/Copenhagen", ["lund", "holm"]),
           ("gcip", "AT", "Europe/Vienna", ["huber", "maier"])]  # head, deputy
PROFILES = [{"id": "drought", "kind": "project", "title": "Early warning of drought", "country": "KE", "office": "nairobi",
             "roles": ["government"], "seeks": "forecasts"},
            {"id": "biogas", "kind": "company", "title": "Biogas Ltd", "country": "KE", "office": "nairobi",
             "roles": ["technology_supplier"], "offers": "biogas plants"},
            {"id": "late", "kind": "company", "title": "Late Ltd", "country": "KE", "office": "nairobi",
             "roles": ["technology_supplier"], "offers": "solar pumps"},
            {"id": "institute", "kind": "company", "title": "Weather institute", "country": "DK", "office": "ctcn",
             "roles": ["network_member"], "offers": "forecasts"},
            {"id": "mentor", "kind": "expert", "title": "Mentor", "country": "AT", "office": "gcip", "roles": ["mentor"],
             "offers": "advice", "capacity": 1}]


def directory():
    offices = [{"id": name, "name": name.title(), "languages": ["en"], "head": desks[0], "deputies": desks[1:],
                "working_time": {"country": country, "time_zone": zone}, "duty": name == "gcip"}
               for name, country, zone, desks in OFFICES]
    desks = [{"id": desk, "name": desk.title(), "language": "en", "office": name} for name, _, _, names in OFFICES for desk in names]
    return {"offices": offices, "desks": desks}


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


class Place:
    def __init__(self, folder):
        self.folder, self.data, self.clock = folder, folder / "data", folder / "clock"
        self.program = serving.Program(COUNTERPART, SOURCE, MODELS)
        os.environ["COUNTERPART_CLOCK"] = str(self.clock)

    def at(self, moment):
        self.clock.write_text(str(int(datetime.datetime.fromisoformat(moment + "+00:00").timestamp())))

    def filled(self):
        for name, text in (("offices.json", json.dumps(directory())),
                           ("profiles.jsonl", "".join(json.dumps(one) + "\n" for one in PROFILES))):
            (self.folder / name).write_text(text)
        for words in (("import", self.folder / "profiles.jsonl"), ("office", "import", self.folder / "offices.json")):
            done = self.run(*words)
            expect(done.returncode == 0, done.stderr)

    def run(self, verb, *words):
        return self.program.run(self.data, verb, *map(str, words))

    def answer(self, *words):
        done = self.run(*words, "--json")
        expect(done.returncode == 0, f"{words}: {done.stderr}")
        return json.loads(done.stdout)

    def refused(self, *words):
        done = self.run(*words)
        expect(done.returncode == 1, f"{words} ended with {done.returncode}")
        return done.stderr


def request_on_the_command_line(place):
    opening = ("case", "open", "request", "drought", "--desk", "amina")
    said = place.refused(*opening, "--programme", "gcip")
    expect("runs no cases of the kind `request`" in said and "the kind is run by ctcn" in said, said)
    expect("`request`" in place.refused(*opening), "a programme must be named")
    said = place.run(*opening, "--programme", "ctcn").stdout
    expect("endorsed" in said and "10 working days" in said and "next: " not in said.split("lund")[0], said)
    request = place.answer("case", "list", "--programme", "ctcn", "--open")["cases"][0]["id"]
    expect(request == "r-000001", request)
    expect([row["id"] for row in place.answer("desk", "--desk", "holm")["inbox"]] == [request], "it is in the inbox of the CTCN")
    act = lambda verb, desk, *more: ("case", "act", request, verb, "--desk", desk, *more)
    expect(place.answer(*act("screen", "holm"))["state"] == "screened", "screened")
    plan = [word for fact in ("plan=Forecasts by district", "amount=180000", "currency=USD", "starts=2027-03-01", "ends=2027-12-31")
            for word in ("--fact", fact)]
    said = place.refused(*act("plan", "holm", *plan, "--fact", "implementer=biogas"))
    expect("has not the role network_member" in said, said)
    now = place.answer(*act("plan", "holm", *plan, "--fact", "implementer=institute"))
    expect(now["state"] == "response_plan" and now["owner"]["desk"] == "amina", now)
    expect(place.answer(*act("approve", "amina"))["state"] == "implementation", "the country agrees")
    expect("one of achieved, partly_achieved or not_achieved" in place.refused(*act("close", "holm")), "no closure without an outcome")
    expect("outcome" in place.refused(*act("close", "holm", "--reason", "achieved")), "in words, too")
    now = place.answer(*act("close", "holm", "--reason", "achieved", "--fact", "outcome=Two districts are warned"))
    expect(not now["open"] and now["state"] == "closed" and now["reason"] == "achieved", now)
    shown = place.run("case", "show", request).stdout
    expect("outcome=Two districts are warned" in shown and "implementer=institute" in shown, shown)
    letters = [one["letter"] for one in place.answer("outbox", "list", "--case", request)["letters"]]
    expect(letters[:3] == ["case_opened", "case_moved", "case_for_you"], letters)


def cohort_over_http(place):
    server = serving.Server(place.program, place.data)
    client = serving.Client(server.port)
    call = lambda path, body, wanted=200: called(client, path, body, wanted)
    applying = lambda profile: {"kind": "application", "from": profile, "programme": "gcip"}
    first = call("/v1/cases?desk=amina", applying("biogas"), 201)
    expect(first["from"]["office"] == "nairobi" and first["to"]["office"] == "gcip", first)
    place.at("2027-02-01T08:00")
    late = call("/v1/cases?desk=amina", applying("late"), 409)
    expect(late["detail"] == "the call of `gcip` closed on 2027-01-31", late)
    on = lambda verb, desk, body=None, wanted=200: call(f"/v1/cases/{first['id']}:{verb}?desk={desk}", body or {}, wanted)
    for verb in ("screen", "call_jury"):
        on(verb, "maier")
    marks = {"facts": {"marks": [{"criterion": one, "points": 4} for one in ("innovation", "market", "team", "impact")]}}
    expect(on("score", "maier", {"facts": {"marks": []}}, 400)["member"] == "facts.marks", "points are needed")
    on("score", "maier", marks)
    expect("done this already" in on("score", "maier", marks, 409)["detail"], "a desk gives them once")
    expect("1 of 2 jurors" in on("choose", "maier", None, 409)["detail"], "two jurors are needed")
    on("score", "amina", marks, 403)
    on("score", "huber", {"facts": {"marks": [{**mark, "points": 5} for mark in marks["facts"]["marks"]]}})
    expect(on("choose", "maier")["state"] == "semi_finalist", "chosen")
    on("assign", "maier", {"facts": {"mentor": "mentor"}})
    status, _, listed = client.call("GET", "/v1/cases?kind=application&state=semi_finalist&programme=gcip&open=true")
    expect(status == 200 and [one["id"] for one in listed["cases"]] == [first["id"]], listed)
    expect((listed["cases"][0]["jurors"], listed["cases"][0]["points"]) == (2, 18), listed)
    status, _, listed = client.call("GET", "/v1/cases?kind=application&state=jury")
    expect(listed["cases"] == [], listed)
    status, _, wrong = client.call("GET", "/v1/cases?kind=nonsense")
    expect(status == 400 and wrong["member"] == "kind", wrong)
    status, _, seen = client.call("GET", "/v1/cases/" + first["id"])
    expect(status == 200 and {"report", "promote", "assign"} <= {act["verb"] for act in seen["acts"]}, seen)
    server.stop()


def called(client, path, body, wanted):
    status, _, answer = client.call("POST", path, body)
    expect(status == wanted, f"{path} was answered with {status}, not {wanted}: {answer}")
    return answer


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        place = Place(pathlib.Path(name))
        place.at("2026-11-26T08:00")
        place.filled()
        request_on_the_command_line(place)
        cohort_over_http(place)
    print("RESULT programme cases | a request to its closure, a cohort to its semi-final | as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
