"""What is refused is told in the language that was asked for: bad calls over HTTP, rows of an import there and on the command
line, in five languages beside English.

    refusals_test.py BINARY SOURCE MODELS    standard library only
"""
import json
import pathlib
import re
import shutil
import socket
import sys
import tempfile
import unittest

from serving import Client, Program, Server

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
LANGUAGES = ("fr", "es", "ar", "zh", "ru")
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "zh": r"[\u4e00-\u9fff]", "ru": r"[\u0400-\u04ff]"}
PROFILE = {"id": "r:1", "kind": "company", "title": "Lakeshore Cold", "country": "KE", "roles": ["technology_supplier"],
           "offers": "solar cold rooms"}


def profile(**members):
    return ("POST", "/v1/profiles", {**PROFILE, "id": "r:2", **members})


def match(**members):
    return ("POST", "/v1/match", {"text": "cold rooms", **members})


# Method, target, body, header fields; all are refused.
CALLS = [
    ("GET", "/v1/nothing"), ("DELETE", "/v1/match"), ("GET", "/v1/profiles?nonsense=1"), ("GET", "/v1/profiles?limit=0"),
    ("GET", "/v1/profiles?limit=many"), ("GET", "/v1/profiles?limit=1&limit=2"), ("GET", "/v1/profiles?cursor=rubbish"),
    ("GET", "/v1/profiles?country=Keny"), ("GET", "/v1/profiles?sectors=C99"), ("GET", "/v1/profiles?roles=dancer"),
    ("GET", "/v1/profiles?facets=colour"), ("GET", "/v1/profiles?trl=12"), ("GET", "/v1/profiles?women_led=perhaps"),
    ("GET", "/v1/profiles/r:absent"), ("GET", "/v1/profiles/not%20an%20id"),
    ("GET", "/v1/profiles/r:1/advice?lang=xx"), ("GET", "/v1/countries/XX/brief"), ("GET", "/v1/explain?a=r:1"),
    ("GET", "/v1/explain?a=r:1&b=r:1"), ("GET", "/v1/runs/none-1"), ("GET", "/v1/desk"), ("GET", "/v1/desk?desk=nobody"),
    ("GET", "/v1/outbox?state=lost"), ("GET", "/v1/programmes/none/coverage"), ("GET", "/v1/programmes/itpo/coverage?shares=LDC"),
    ("GET", "/v1/alerts?query=q99"), ("GET", "/v1/audit?subject=%2A"), ("GET", "/v1/audit?limit=0"),
    ("POST", "/v1/tokens", {}), ("POST", "/v1/tokens", {"role": "king"}), ("POST", "/v1/tokens", {"role": "owner"}),
    ("POST", "/v1/tokens", {"role": "officer", "office": "rome", "days": 0}), ("POST", "/v1/tokens", {"rule": "x"}),
    ("DELETE", "/v1/tokens/none"),
    profile(country="Keny"), profile(country="XX"), profile(kind="compny"), profile(sectors=["C99"]), profile(titel="x"),
    profile(title=""), profile(title="x" * 4000), profile(title=5), profile(title="two\nlines"), profile(roles=["a"] * 500),
    profile(trl=12), profile(trl=1.5), profile(valid_until="tomorrow"), profile(valid_until="2026-02-31"), profile(lang="english!"),
    profile(id="not an id"), profile(contact={"email": "nobody"}), profile(offers=""), profile(budget={}),
    profile(gender="female"), profile(id="r:1", title="Other"), ("POST", "/v1/profiles", "{"), ("POST", "/v1/profiles", "[]"),
    ("POST", "/v1/profiles", '{"id":"a","id":"b"}'), ("POST", "/v1/profiles", "{}", {"Content-Type": "text/plain"}),
    ("PUT", "/v1/profiles/r:1", {**PROFILE, "title": "Other"}, {"If-Match": '"99"'}), ("PUT", "/v1/profiles/r:1", PROFILE,
                                                                                      {"If-Match": "99"}),
    ("PUT", "/v1/profiles/r:1", {**PROFILE, "id": "r:9"}), ("DELETE", "/v1/profiles/r:absent"),
    match(programme="none"), match(limit=0), match(limit="x"), match(where={"colour": ["red"]}), match(where={"country": ["Keny"]}),
    match(where=[]), match(profile="r:1"), match(bands=["great"]), match(side="moon", programme="itpo"), match(colour="red"),
    match(text=""), ("POST", "/v1/erasures", {"profiles": []}), ("POST", "/v1/standing-queries", {}),
    ("POST", "/v1/standing-queries", {"text": "a", "minimum": 2}), ("POST", "/v1/panels", {"level": "galaxy"}),
    ("POST", "/v1/panels", {"seats": 0}), ("POST", "/v1/backups", {"folder": "relative"}), ("POST", "/v1/runs", {"programme": "none"}),
    ("POST", "/v1/interests", {"from": "r:1"}), ("POST", "/v1/profiles/r:1/review", {}), ("PUT", "/v1/offices", {}),
    ("GET", "/v1/me", None, {"Authorization": "Bearer wrong"}), ("GET", "/v1/me", None, {"Authorization": ""}),
]
OF_AN_OFFICER = [
    ("GET", "/v1/tokens", None), ("PUT", "/v1/profiles/r:1", PROFILE), ("DELETE", "/v1/profiles/r:1", None),
    ("POST", "/v1/erasures", {"profiles": ["r:1"]}), ("POST", "/v1/backups", {}), ("GET", "/v1/desk", None),
    ("POST", "/v1/interests", {"from": "r:1", "to": "r:1", "programme": "itpo"}), ("PUT", "/v1/offices", {"offices": [], "desks": []}),
]
ROWS = ("id,kind,title,country,roles,offers\n"
        "b:1,company,Cold,Keny,technology_supplier,rooms\n"
        "b:2,compny,Cold,KE,technology_supplier,rooms\n"
        "b:3,company,,KE,technology_supplier,rooms\n"
        "b:4,company,Cold,KE\n")


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.place, True)
        cls.data = cls.place / "data"
        (cls.place / "one.jsonl").write_text(json.dumps(PROFILE) + "\n", encoding="utf-8")
        assert PROGRAM.run(cls.data, "import", str(cls.place / "one.jsonl")).returncode == 0
        cls.server = Server(PROGRAM, cls.data, "--budget", "0", guarded=True)
        cls.addClassCleanup(cls.server.stop)
        cls.client = Client(cls.server.port, cls.server.token)
        cls.addClassCleanup(cls.client.close)
        _, _, made = cls.client.call("POST", "/v1/tokens", {"role": "officer", "office": "rome"})
        cls.officer = {"Authorization": "Bearer " + made["token"]}

    def ask(self, language, method, target, body=None, headers=None):
        status, fields, problem = self.client.call(method, target, body, {"Accept-Language": language, **(headers or {})})
        return status, fields, problem

    def is_said(self, text, english, language):
        """`text` is `english` in that language, and quotes what that quotes."""
        self.assertNotEqual(text, english)
        if language in SCRIPTS:
            self.assertRegex(text, SCRIPTS[language], english)
        for one in re.findall(r"`([^`]*)`", english):
            self.assertIn(one, text)

    def test_every_problem_is_told_in_each_language(self):
        for call in CALLS + [(*call, self.officer) for call in OF_AN_OFFICER]:
            status, fields, english = self.ask("en", *call)
            self.assertGreaterEqual(status, 400, call)
            self.assertEqual(fields["content-language"], "en", call)
            for language in LANGUAGES:
                with self.subTest(language=language, call=call, english=english):
                    self.compare(language, self.ask(language, *call), status, english)

    def compare(self, language, answer, status, english):
        again, fields, problem = answer
        self.assertEqual(again, status)
        self.assertEqual(fields["content-language"], language)
        self.assertNotIn("detail_language", problem)
        for same in ("type", "member"):
            self.assertEqual(problem.get(same), english.get(same))
        self.assertNotEqual(problem["title"], english["title"])
        for part in ("detail", "remedy"):
            self.assertEqual(part in problem, part in english)
            if part in english:
                self.is_said(problem[part], english[part], language)

    def test_what_was_sent_comes_back_unchanged_and_isolated_in_arabic(self):
        for sent in ("Keny", "كينيا؟", "a` is no b", "{name}", "x 's", "50 %"):
            _, _, english = self.ask("en", *match(where={"country": [sent]}))
            _, _, problem = self.ask("ar", *match(where={"country": [sent]}))
            self.assertIn(f"`{sent}`", english["detail"])
            self.assertIn(f"`\u2068{sent}\u2069`", problem["detail"])

    def test_lang_wins_over_the_header_where_a_call_takes_it(self):
        _, fields, problem = self.ask("ru", "GET", "/v1/countries/XX/brief?lang=fr")
        self.assertEqual((fields["content-language"], problem["title"]), ("fr", "Introuvable"))

    def test_rows_of_an_import_are_judged_in_each_language(self):
        lines = "\n".join(json.dumps({**PROFILE, "id": f"b:{i}", **wrong}) for i, wrong in
                          enumerate([{"country": "Keny"}, {"kind": "compny"}, {"title": ""}, {"gender": "female"}]))
        def verdicts(language):
            status, _, text = self.client.call("POST", "/v1/profiles:import", lines, {"Accept-Language": language},
                                               media="application/x-ndjson")
            self.assertEqual(status, 200)
            return [json.loads(line) for line in text.splitlines()]
        english = verdicts("en")
        self.assertEqual([one["status"] for one in english], ["refused"] * 4)
        for language in LANGUAGES:
            for before, verdict in zip(english, verdicts(language)):
                self.assertNotIn("detail_language", verdict)
                self.assertNotEqual(verdict["detail"], before["detail"])
                self.assertEqual(verdict["member"], before["member"])

    def test_rows_of_a_file_are_judged_in_each_language_on_the_command_line(self):
        (self.place / "bad.csv").write_text(ROWS, encoding="utf-8")
        english = PROGRAM.run(self.data, "import", str(self.place / "bad.csv")).stderr
        self.assertIn("is not in ISO 3166-1", english)
        for language in LANGUAGES:
            said = PROGRAM.run(self.data, "import", str(self.place / "bad.csv"), "--lang", language).stderr
            told = [line for line in said.splitlines() if "bad.csv" in line]
            self.assertEqual(len(told), sum("bad.csv" in line for line in english.splitlines()), said)
            for line in told:
                self.assertNotIn(line, english)
        # And where no server holds the directory.
        said = PROGRAM.run(self.place / "other", "import", str(self.place / "bad.csv"), "--dry-run", "--lang", "fr").stderr
        self.assertIn("`Keny` ne figure pas dans ISO 3166-1", said)

    def test_the_listener_refuses_in_the_language_of_the_head_it_has_read(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as connection:
            connection.sendall(b"POST /v1/match HTTP/1.1\r\nHost: localhost\r\nAccept-Language: fr\r\nExpect: tea\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        self.assertIn(" 417 ", answer)
        self.assertIn("Content-Language: fr", answer)
        self.assertIn("seul 100-continue est connu", answer)


if __name__ == "__main__":
    unittest.main()
