"""A company without an account, over HTTP and on the command line: it drafts in Arabic, confirms its mailbox, is asked to
improve, resubmits while the old version stays matched, is found, withdraws and gets a receipt. And who tries to get at it.

    company_test.py COUNTERPART SOURCE_DIR MODELS

The clock is a file that the test writes: weeks pass without waiting. Exit status 1 on the first answer that is another than
expected.
"""
import datetime
import email
import email.policy
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

COUNTERPART, SOURCE, MODELS = sys.argv[1:4]
SCORES = {"advantages": 4, "clarity": 3, "cooperation": 3, "rules": 4}
MAILBOX, PERSON = "planted.person@mail.example", "Planted Person of Dakar"
TITLE = "شركة ثلج داكار"
SEEKS = "نبحث عن شريك لتوريد ضواغط تبريد صناعية لمصنع الثلج"
BANDS = ["strong", "good", "possible", "weak"]


def expect(condition, message):
    if not condition:
        print("FAILED:", message)
        sys.exit(1)


def directory():
    offices = [{"id": "dakar", "name": "Dakar", "languages": ["fr"], "mail": "itpo@dakar.example", "head": "mbaye",
                "deputies": ["sow"], "working_time": {"country": "SN", "time_zone": "Africa/Dakar"}},
               {"id": "vienna", "name": "Vienna", "languages": ["en"], "mail": "itpo@vienna.example", "head": "huber",
                "deputies": ["maier"], "working_time": {"country": "AT", "time_zone": "Europe/Vienna"}, "duty": True}]
    desks = [{"id": desk, "name": "Desk " + desk.title(), "language": "fr", "office": office}
             for desk, office in (("mbaye", "dakar"), ("sow", "dakar"), ("huber", "vienna"), ("maier", "vienna"))]
    return {"offices": offices, "desks": desks}


class Site:
    def __init__(self, folder):
        self.folder, self.data, self.clock = folder, folder / "data", folder / "clock"
        self.environment = {**os.environ, "COUNTERPART_CLOCK": str(self.clock)}
        self.options = ["--data", str(self.data), "--datasets", SOURCE + "/datasets", "--models", MODELS, "--fine", "none"]
        self.log = open(folder / "log", "a+")

    def at(self, day, hour=10, minute=0):
        moment = datetime.datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00+00:00")
        self.clock.write_text(str(int(moment.timestamp())))

    def run(self, *words, status=0):
        done = subprocess.run([COUNTERPART, *words, *self.options], capture_output=True, text=True, timeout=600,
                              env=self.environment)
        expect(done.returncode == status, f"{words} ended with {done.returncode}, not {status}: {done.stderr[-2000:]}")
        return done

    def serve(self, drafts):
        self.server = subprocess.Popen([COUNTERPART, "serve", "--listen", "127.0.0.1:0", "--drafts", str(drafts), *self.options],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=self.environment)
        for line in self.server.stderr:
            self.log.write(line)
            if line.startswith("listening on "):
                self.base = "http://" + line.split()[-1]
                return
        expect(False, "the server did not come up")

    def stop(self):
        self.server.terminate()
        self.log.write(self.server.stderr.read())
        self.server.wait(60)

    def ask(self, secret, method, path, body=None, headers=None):
        headers = {"Content-Type": "application/json", **({"Authorization": "Bearer " + secret} if secret else {}), **(headers or {})}
        request = urllib.request.Request(self.base + path, method=method, headers=headers,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read() or b"{}")

    def done(self, secret, method, path, body=None, status=200):
        got, answer = self.ask(secret, method, path, body)
        expect(got == status, f"{method} {path}: {got}, not {status}: {answer}")
        return answer

    def letters(self):
        """Texts of what lies in the spool, by reader."""
        return [(message["To"], message.get_body().get_content()) for message in
                (email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                 for file in sorted((self.data / "outbox" / "new").glob("*")))]

    def letter_to(self, reader):
        """The last one, as soon as the server has written it."""
        for _ in range(600):
            found = [text for to, text in self.letters() if reader in to]
            if found:
                return found[-1]
            time.sleep(0.1)
        expect(False, f"no letter to {reader}")

    def holds(self, *needles):
        """Files of the data directory in which one of these bytes stands."""
        return [(file.name, needle) for file in self.data.rglob("*") if file.is_file()
                for needle in needles if needle in file.read_bytes()]


def marks(answer, text):
    return [text[one["from"]:one["to"]] for one in answer["reveals"]]


def begins(site, token):
    """Nothing but a kind is a draft; what is missing is told in the asker's language; nobody else sees any of it."""
    status, refused = site.ask(None, "POST", "/v1/drafts?lang=ar", {"kind": "company", "titel": "x"})
    expect((status, refused["member"]) == (400, "titel"), refused)
    begun = site.done(None, "POST", "/v1/drafts?lang=ar", {"kind": "company"}, 201)
    draft, secret = begun["id"], begun["secret"]
    expect(len(secret) > 40 and "secret" not in site.done(secret, "GET", f"/v1/drafts/{draft}"), "told once")
    missing = {one.get("member"): one for one in begun["missing"]}
    expect({"title", "country", "contact.email"} <= missing.keys(), missing)
    expect(all(re.search("[\u0600-\u06ff]", one["detail"]) and "detail_language" not in one for one in missing.values()), missing)
    expect(begun["advice"]["lang"] == "ar" and begun["advice"]["completeness"] < 0.2, begun["advice"])

    text = SEEKS + "، اكتبوا إلى " + MAILBOX
    saved = site.done(secret, "PUT", f"/v1/drafts/{draft}?lang=ar",
                      {"kind": "company", "title": TITLE, "country": "SN", "seeks": text, "sectors": ["Z"],
                       "contact": {"person": PERSON, "email": MAILBOX}})
    expect(saved["version"] == 2 and marks(saved, text) == [MAILBOX], saved["reveals"])
    expect([one["member"] for one in saved["missing"]] == ["sectors[0]", "contact.email"], saved["missing"])
    expect(saved["profile"]["sectors"] == ["Z"], "what is not right yet is kept all the same")
    status, other = site.ask(secret, "PUT", f"/v1/drafts/{draft}", {}, {"If-Match": '"1"'})
    expect((status, other["theirs"]["title"]) == (412, TITLE), other)
    expect(site.ask(token, "GET", f"/v1/profiles/{draft}")[0] == 404, "no profile yet")
    expect(site.done(token, "GET", "/v1/drafts")["drafts"] == [], "and in no list")
    expect(site.ask(token, "GET", f"/v1/drafts/{draft}")[0] == 403, "an administrator's token does not open it")
    return draft, secret


def is_attacked(site, token, draft, secret):
    """Guessed ids and secrets, another draft's, too much of everything."""
    other = site.done(None, "POST", "/v1/drafts", {}, 201)
    expect(site.ask(other["secret"], "GET", f"/v1/drafts/{draft}")[0] == 404, "another draft's secret")
    expect(site.ask(other["secret"], "GET", "/v1/drafts/p-0")[0] == 404, "which does not tell whether there is one")
    expect(site.ask(other["secret"], "GET", "/v1/profiles")[0] == 403, "nor opens anything else")
    for guess in (secret[:-1], secret + "x", secret.replace(draft, other["id"]), "cpd_" + draft + "_", "cpd__", "cpd_"):
        expect(site.ask(guess, "GET", f"/v1/drafts/{draft}")[0] == 401, guess)
    expect(site.ask(None, "GET", f"/v1/drafts/{draft}")[0] == 401, "none at all")
    expect(site.ask(None, "GET", f"/v1/drafts/{draft}?secret={secret}")[0] in (400, 401), "never in the query")
    try:
        expect(site.ask(secret, "PUT", f"/v1/drafts/{draft}", {"seeks": "x" * 300_000})[0] == 413, "too large")
    except urllib.error.URLError:
        pass  # refused by its length, before all of it was sent
    expect(site.ask(None, "POST", f"/v1/drafts/{draft}:confirm", {"code": "guessed"})[0] == 400, "a guessed code")
    site.done(other["secret"], "POST", f"/v1/drafts/{other['id']}:erase")
    waiting = [site.done(None, "POST", "/v1/drafts", {"title": "Planted words of nobody"}, 201)["secret"] for _ in range(3)]
    status, refused = site.ask(None, "POST", "/v1/drafts", {})
    expect(status == 503, f"four may wait: {status} {refused}")
    return waiting


def is_confirmed(site, draft, secret):
    status, refused = site.ask(secret, "POST", f"/v1/drafts/{draft}:submit", None)
    expect((status, refused["member"]) == (400, "sectors[0]"), refused)
    text = SEEKS + "، اكتبوا إلى " + MAILBOX
    profile = {"kind": "company", "title": TITLE, "country": "SN", "seeks": text, "contact": {"person": PERSON, "email": MAILBOX}}
    site.done(secret, "PUT", f"/v1/drafts/{draft}?lang=ar", profile)
    status, refused = site.ask(secret, "POST", f"/v1/drafts/{draft}:submit", None)
    expect((status, refused["member"]) == (409, "contact.email"), refused)
    site.done(secret, "POST", f"/v1/drafts/{draft}:confirm-mail?lang=ar", None, 202)
    expect(site.ask(secret, "POST", f"/v1/drafts/{draft}:confirm-mail", None)[0] == 429, "one at a time")
    letter = site.letter_to(MAILBOX)
    code = re.search(r"/#confirm=([\w-]+)\.([\w-]+)", letter)
    expect(code and code[1] == draft and re.search("[\u0600-\u06ff]", letter) and TITLE not in letter, letter)
    site.done(None, "POST", f"/v1/drafts/{draft}:confirm", {"code": code[2]}, 204)
    expect(site.ask(None, "POST", f"/v1/drafts/{draft}:confirm", {"code": code[2]})[0] == 400, "once")
    expect(site.done(secret, "GET", f"/v1/drafts/{draft}")["mailbox"]["confirmed"], "confirmed")
    status, refused = site.ask(secret, "POST", f"/v1/drafts/{draft}:submit", None)
    expect((status, refused["findings"][0]["member"]) == (422, "seeks"), refused)
    profile["seeks"] = SEEKS
    site.done(secret, "PUT", f"/v1/drafts/{draft}?lang=ar", profile)
    return profile


def is_reviewed(site, token, draft, secret, profile):
    """Handed in, sent back with a comment, handed in again and published, though its office reviews nothing by itself."""
    now = site.done(secret, "POST", f"/v1/drafts/{draft}:submit?lang=ar")["review"]
    expect((now["state"], now["with"]["office"], now["yours"]) == ("review", "dakar", False), now)
    expect(re.search("[\u0600-\u06ff]", now["why"]) and now["day"] == "2026-12-10", now)
    expect("mbaye" not in json.dumps(now).lower(), "whose desk it is, is nobody's business")
    expect(site.ask(token, "GET", f"/v1/profiles/{draft}")[0] == 404, "not published yet")
    site.at("2026-11-27")
    site.done(token, "POST", f"/v1/reviews/{now['case']}:send_back?desk=mbaye",
              {"facts": {"comments": [{"member": "seeks", "text": "De quelle puissance ?"}]}})
    now = site.done(secret, "GET", f"/v1/drafts/{draft}")["review"]
    expect((now["state"], now["yours"], now["comments"]) ==
           ("revision", True, [{"member": "seeks", "text": "De quelle puissance ?"}]), now)
    profile["seeks"] = SEEKS + " بقدرة 40 كيلوواط"
    site.done(secret, "PUT", f"/v1/drafts/{draft}?lang=ar", profile)
    now = site.done(secret, "POST", f"/v1/drafts/{draft}:submit")["review"]
    site.done(token, "POST", f"/v1/reviews/{now['case']}:publish?desk=mbaye", {"facts": {"scores": SCORES, "valid_until": "2027-11-26"}})
    shown = site.done(secret, "GET", f"/v1/drafts/{draft}")
    expect((shown["review"]["state"], [one["version"] for one in shown["published"]]) == ("published", [1]), shown)


def matched(site, token):
    found = site.done(token, "POST", "/v1/match", {"offering": "industrial refrigeration compressors", "bands": BANDS})
    return {one["id"]: one for one in found["matches"]}


def revises(site, token, draft, secret, profile):
    """The published version stays matched until the next one is."""
    profile["seeks"] = SEEKS + " بقدرة 60 كيلوواط"
    site.done(secret, "PUT", f"/v1/drafts/{draft}?lang=ar", profile)
    now = site.done(secret, "POST", f"/v1/drafts/{draft}:submit")["review"]
    expect(now["state"] == "review", now)
    expect(draft in matched(site, token) and "40" in site.done(token, "GET", f"/v1/profiles/{draft}")["seeks"], "the old one stays")
    site.done(token, "POST", f"/v1/reviews/{now['case']}:publish?desk=mbaye", {"facts": {"scores": SCORES, "valid_until": "2027-12-31"}})
    expect("60" in site.done(token, "GET", f"/v1/profiles/{draft}")["seeks"], "then the new one is in force")
    expect([one["version"] for one in site.done(secret, "GET", f"/v1/drafts/{draft}")["published"]] == [1, 2], "both are told")


def knows_its_reach(site, draft, secret):
    reach = site.done(secret, "GET", f"/v1/drafts/{draft}/reach?lang=ar")
    expect(reach["now"] == 5 and reach["below"] == 3, reach)
    speaks = [one for one in reach["facts"] if one["member"] == "organisation.languages"]
    expect([one["more"] for one in speaks] == [5], f"four ask for French, and two for Russian, who are not told: {reach}")
    expect(not re.search(r"fi:|at:", json.dumps(reach)), "no id")


def leaves(site, token, draft, secret):
    site.done(secret, "POST", f"/v1/drafts/{draft}:withdraw")
    everything = json.dumps(site.done(secret, "POST", f"/v1/drafts/{draft}:export"), ensure_ascii=False)
    for part in (TITLE, "40", "60", PERSON, MAILBOX, "profile_published"):
        expect(part in everything, f"the export has {part}")
    receipt = site.done(secret, "POST", f"/v1/drafts/{draft}:erase")
    expect(receipt["complete"] and receipt["profiles"] == [draft], receipt)
    expect(site.ask(secret, "GET", f"/v1/drafts/{draft}")[0] == 401, "the secret opens nothing any more")
    expect(site.ask(token, "GET", f"/v1/profiles/{draft}")[0] == 404, "nobody finds it")
    hashed = hashlib.blake2b(secret.encode(), digest_size=32).digest()
    left = site.holds(hashed, MAILBOX.encode(), PERSON.encode(), TITLE.encode(), SEEKS.encode())
    expect(left == [], f"bytes that are left: {left}")


def on_the_command_line(site):
    file, secret = site.folder / "part.json", site.folder / "secret"
    file.write_text(json.dumps({"kind": "project", "country": "KE"}))
    begun = site.run("draft", "begin", str(file), "--secret-file", str(secret))
    expect("title" in begun.stdout and "cpd_" not in begun.stdout and secret.stat().st_mode & 0o77 == 0, begun.stdout)
    file.write_text(json.dumps({"kind": "project", "country": "KE", "title": "Cold store at Kisumu"}))
    site.run("draft", "save", str(file), "--secret-file", str(secret))
    expect("version 2" in site.run("draft", "show", "--secret-file", str(secret)).stdout, "saved")
    expect("admit it" in site.run("draft", "reach", "--secret-file", str(secret)).stdout, "counted")
    expect("Nothing is left" in site.run("draft", "erase", "--secret-file", str(secret)).stdout, "erased")
    site.run("draft", "show", "--secret-file", str(secret), status=1)


def expires(site, waiting):
    """What nobody handed in is gone after its days, its secret's hash too, and makes room."""
    hashes = [hashlib.blake2b(secret.encode(), digest_size=32).digest() for secret in waiting]
    expect(len(site.holds(*hashes)) >= len(hashes), "their hashes are what is kept of the secrets")
    site.at("2027-01-10")
    site.serve(len(waiting))
    for _ in range(15):
        status, _ = site.ask(None, "POST", "/v1/drafts", {})
        if status == 201:
            break
        time.sleep(1)
    expect(status == 201, status)
    site.stop()
    expect(site.holds(*hashes) == [], "nothing of them is left")


def main():
    with tempfile.TemporaryDirectory(prefix="counterpart-") as name:
        folder = pathlib.Path(name)
        site = Site(folder)
        site.at("2026-11-26")
        (folder / "offices.json").write_text(json.dumps(directory()))
        firms = [{"id": f"at:{i}", "kind": "company", "title": f"Compressors {i}", "country": "AT", "lang": "en",
                  "offers": "industrial refrigeration compressors"} for i in range(5)]
        firms += [{"id": f"fi:{i}", "kind": "company", "title": f"Cooling {i}", "country": "FI", "offers": "cooling", "lang": "en",
                   "partner": {"languages": ["fr" if i < 4 else "ru"]}} for i in range(6)]
        (folder / "firms.jsonl").write_text("".join(json.dumps(one) + "\n" for one in firms))
        site.run("import", str(folder / "firms.jsonl"))
        site.run("office", "import", str(folder / "offices.json"))
        token = site.run("token", "create", "--role", "admin").stdout.strip()
        site.serve(0)
        try:
            expect(site.ask(None, "POST", "/v1/drafts", {})[0] == 403, "off until an administrator allows it")
            site.stop()
            site.serve(4)
            draft, secret = begins(site, token)
            waiting = is_attacked(site, token, draft, secret)
            site.stop()
            site.serve(10)
            expect(site.done(secret, "GET", f"/v1/drafts/{draft}")["profile"]["title"] == TITLE, "it survives a restart")
            knows_its_reach(site, draft, secret)
            profile = is_confirmed(site, draft, secret)
            is_reviewed(site, token, draft, secret, profile)
            revises(site, token, draft, secret, profile)
            metrics = urllib.request.urlopen(urllib.request.Request(site.base + "/metrics", headers={"Authorization": "Bearer " + token}))
            expect(secret not in metrics.read().decode(), "no secret in the figures")
            expect(secret.encode() not in b"".join(file.read_bytes() for file in site.data.rglob("*") if file.is_file()), "nor on disk")
            on_the_command_line(site)
            leaves(site, token, draft, secret)
        finally:
            site.stop()
        site.log.seek(0)
        log = site.log.read()
        expect(secret not in log and MAILBOX not in log, "no secret and no address in the log")
        expires(site, waiting)
    print("RESULT company | a draft without an account, from its first word to its receipt | as expected")


if __name__ == "__main__":
    main()
