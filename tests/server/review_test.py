"""A profile's life on the command line and over HTTP: submitted, reviewed, sent back, published, found, renewed, erased.

    review_test.py COUNTERPART SOURCE_DIR MODELS

The clock is a file that the test writes: weeks pass without waiting. Exit status 1 on the first answer that is another than
expected.
"""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
SCORES = '{"advantages":4,"clarity":3,"cooperation":3,"rules":4}'


def directory():
    offices = [{"id": "dakar", "name": "Dakar", "languages": ["fr"], "head": "mbaye", "deputies": ["sow"], "reviews": True,
                "working_time": {"country": "SN", "time_zone": "Africa/Dakar"}, "duty": True}]
    desks = [{"id": desk, "name": desk.title(), "language": "fr", "office": "dakar"} for desk in ("mbaye", "sow", "awa")]
    desks[1]["organisation"] = "Dakar Ice"
    return {"offices": offices, "desks": desks}


def profile(seeks, **more):
    return {"id": "da:ice", "kind": "company", "title": "Dakar Ice SARL", "country": "SN", "office": "dakar", "seeks": seeks, **more}


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


class Directory:
    def __init__(self, folder):
        self.folder, self.data, self.clock = folder, folder / "data", folder / "clock"
        self.environment = {**os.environ, "COUNTERPART_CLOCK": str(self.clock)}
        self.options = ["--data", str(self.data), "--datasets", SOURCE + "/datasets", "--models", MODELS, "--fine", "none"]

    def at(self, day, hour=10):
        moment = datetime.datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
        self.clock.write_text(str(int(moment.timestamp())))

    def run(self, *words, status=0):
        done = subprocess.run([COUNTERPART, *words, *self.options], capture_output=True, text=True, timeout=600,
                              env=self.environment)
        expect(done.returncode == status, f"{words} ended with {done.returncode}, not {status}: {done.stderr[-2000:]}")
        return done

    def answer(self, *words):
        return json.loads(self.run(*words, "--json").stdout)

    def imported(self, *profiles, **options):
        file = self.folder / "profiles.jsonl"
        file.write_text("\n".join(json.dumps(one) for one in profiles) + "\n")
        words = [word for name, value in options.items() for word in ("--" + name.rstrip("_"), value)]
        return self.answer("import", str(file), *words)

    def serve(self):
        server = subprocess.Popen([COUNTERPART, "serve", "--listen", "127.0.0.1:0", *self.options], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, env=self.environment)
        token = server.stdout.readline().strip()
        for line in server.stderr:
            if line.startswith("listening on "):
                return server, token, "http://" + line.split()[-1]
        expect(False, "the server did not come up")


def called(base, token, method, path, body=None):
    request = urllib.request.Request(base + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                     headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"{}")


def on_the_command_line(desk):
    totals = desk.imported(profile("compressors for ice", contact={"person": "Planted Person"}), desk="awa")
    expect((totals["accepted"], totals["held"], totals["created"]) == (1, 1, 0), totals)
    expect("da:ice" not in desk.run("export").stdout, "what is held back is not exported")
    draft = desk.answer("profile", "draft", "da:ice")
    review = draft["case"]
    expect(draft["profile"]["seeks"] == "compressors for ice", draft)
    found = desk.answer("match", "--text", "ice", "--all-bands")
    expect("da:ice" not in json.dumps(found), "nor matched")
    refused = desk.run("review", "publish", review, "--desk", "sow", "--fact", "scores=" + SCORES, "--fact", "valid_until=2027-01-31",
                       status=1)
    expect("organisation" in refused.stderr, refused.stderr)
    desk.run("review", "send_back", review, "--desk", "mbaye", "--fact", 'comments=[{"member":"seeks","text":"of which size?"}]')
    desk.imported(profile("compressors of 40 kW for ice"), desk="awa")
    published = desk.answer("review", "publish", review, "--desk", "mbaye", "--fact", "scores=" + SCORES, "--fact",
                            "valid_until=2027-01-31")
    expect(published["state"] == "published", published)
    expect("of 40 kW" in desk.run("export").stdout, "the published text is there")
    expect('"Planted Person"' in desk.run("export", "--with-private").stdout, "with the contact that the draft had")
    return review


def over_http(base, token, review):
    ask = lambda *call: called(base, token, *call)
    status, held = ask("PUT", "/v1/profiles/da:ice?desk=awa", profile("compressors of 60 kW for ice"))
    expect((status, held["status"], held["version"]) == (202, "held", 1), (status, held))
    matched = ask("POST", "/v1/match", {"offering": "compressors", "bands": ["strong", "good", "possible", "weak"]})[1]
    expect(matched["matches"][0]["id"] == "da:ice", matched)
    expect(ask("GET", "/v1/profiles/da:ice")[1]["seeks"] == "compressors of 40 kW for ice", "the old version stays")
    status, now = ask("POST", f"/v1/reviews/{held['case']}:publish?desk=mbaye",
                      {"facts": {"scores": json.loads(SCORES), "valid_until": "2027-03-31"}})
    expect((status, now["state"]) == (200, "published"), (status, now))
    expect(ask("GET", f"/v1/reviews/{review}")[1]["state"] == "superseded", "the case before it is done")
    expect(ask("GET", "/v1/profiles/da:ice")[1]["valid_until"] == "2027-03-31", "until the day that the review said")
    return held["case"]


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        folder = pathlib.Path(name)
        desk = Directory(folder)
        desk.at("2026-11-26")
        (folder / "offices.json").write_text(json.dumps(directory()))
        desk.imported({"id": "at:pumps", "kind": "company", "title": "Pumps", "country": "AT", "offers": "pumps"})
        desk.run("office", "import", str(folder / "offices.json"))
        review = on_the_command_line(desk)

        server, token, base = desk.serve()
        try:
            second = over_http(base, token, review)
        finally:
            server.terminate()
            server.wait(60)

        versions = desk.answer("profile", "versions", "da:ice")["versions"]
        expect([one["version"] for one in versions] == [1, 2] and versions[1]["case"] == second, versions)
        expect("[-40-]{+60+}" in desk.run("profile", "diff", "da:ice", "2", "1").stdout, "word by word")
        expect("waits" in desk.run("profile", "restore", "da:ice", "1", "--desk", "awa").stdout, "through the review")
        desk.at("2027-03-05")
        desk.run("review", "renew", second, "--desk", "awa", "--fact", "valid_until=2028-03-31")
        expect('"valid_until":"2028-03-31"' in desk.run("export").stdout, "the profile and its case agree")
        desk.run("erase", "da:ice")
        for file in (desk.data / "store").iterdir():
            content = file.read_bytes()
            expect(b"kW for ice" not in content and b"Planted Person" not in content, f"{file.name} tells of what was erased")
    print("RESULT review | a profile from its draft to its erasure | as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
