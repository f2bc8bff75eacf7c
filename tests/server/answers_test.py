"""Every answer in words comes in the language that was asked for: in none of the other five is an English sentence left.

    answers_test.py BINARY SOURCE MODELS    standard library only

Each call is asked for once in English and once in each other language, and the two answers are walked side by side. What is
the same in both must be a code, a number, somebody's own text or a name; two words of English in a row are none of these.
"""
import csv
import io
import json
import pathlib
import re
import shutil
import sys
import tempfile
import time
import unittest

from serving import Client, Program, Server

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
OTHERS = ("fr", "es", "ar", "zh", "ru")

SUPPLIER = {"id": "x:supplier", "kind": "company", "title": "Nordlicht Pumpen", "country": "DE", "lang": "en", "office": "bonn",
            "roles": ["technology_supplier", "investor", "network_member"], "offers": "Solar pumps for farms", "sectors": ["C28"],
            "technologies": ["solar_pv"], "themes": ["sustainable_energy"], "sdgs": ["7"], "cooperation": ["equity", "joint_venture"],
            "countries_of_activity": ["UG"], "finance": {"offered": {"min": 500000, "max": 3000000, "currency": "USD", "instruments": ["equity"]}},
            "partner": {"countries": ["LDC"], "kinds": ["project"]}, "organisation": {"identifiers": [{"scheme": "LEI", "id": "529900T8BM49AURSDO55"}]}}
PROJECT = {"id": "x:project", "kind": "project", "title": "Kima Irrigation", "country": "UG", "lang": "en", "office": "kampala",
           "roles": ["project_sponsor"], "seeks": "Solar pumps for farms", "sectors": ["C28"], "technologies": ["solar_pv"],
           "themes": ["sustainable_energy"], "sdgs": ["7"], "cooperation": ["equity", "joint_venture"],
           "finance": {"sought": {"max": 2000000, "currency": "EUR", "instruments": ["equity"]}}}
BUYER = {"id": "x:buyer", "kind": "company", "title": "Lagune Froid", "country": "KE", "lang": "en", "office": "kampala",
         "roles": ["buyer"], "seeks": "Solar pumps for farms", "partner": {"exclude_countries": ["DE"]}, "valid_until": "2091-01-01"}
TWIN = {**SUPPLIER, "id": "x:twin", "summary": "Pumps"}
EXPERTS = [{"id": f"x:expert{n}", "kind": "expert", "title": f"Dr {n}", "country": "UG", "lang": "en", "roles": ["labour"],
            "offers": "Advice on pumps"} for n in range(3)]
PROFILES = [SUPPLIER, PROJECT, BUYER, TWIN, *EXPERTS]

# Members that never hold a code: one word of English is too much there.
WORDS = {"title", "name", "label", "what", "why", "description", "reasons", "add", "subject", "summary", "message", "rule", "remedy",
         "note", "words", "condition"}
# What is the same word in both languages.
SAME = {("fr", "expert"), ("fr", "association"), ("es", "mentor"), ("fr", "mentor"), ("fr", "technologies"), ("fr", "programme hydrogen"), ("es", "no")}
# Codes in spite of their names: what holds them, and the member.
CODES = {("skipped", "why"), ("offices", "title"), ("sides", "name"), ("dimensions", "name")}
OFFICES = [("bonn", "DE", "Europe/Berlin", ["weber"]), ("kampala", "UG", "Africa/Kampala", ["okello", "auma"]),
           ("vienna", "AT", "Europe/Vienna", ["huber"])]


def directory():
    return {"offices": [{"id": name, "name": name.title(), "languages": ["en"], "head": desks[0], "deputies": desks[1:],
                         "working_time": {"country": country, "time_zone": zone}, "duty": name == "vienna"}
                        for name, country, zone, desks in OFFICES],
            "desks": [{"id": desk, "name": desk.title(), "language": "en", "office": name}
                      for name, _, _, desks in OFFICES for desk in desks]}


def own_texts():
    """What the profiles and offices say themselves."""
    texts = {profile[member] for profile in PROFILES for member in ("title", "offers", "seeks", "summary") if member in profile}
    return texts | {one["name"] for members in directory().values() for one in members}


def told_twice(english, other, path=()):
    """(path, string) of each string that stands in both at one place."""
    if isinstance(english, dict) and isinstance(other, dict):
        for name, value in english.items():
            if name in other:
                yield from told_twice(value, other[name], (*path, name))
    elif isinstance(english, list) and isinstance(other, list):
        for number, (one, its) in enumerate(zip(english, other)):
            yield from told_twice(one, its, (*path, number))
    elif isinstance(english, str) and english == other:
        yield path, english


def strings(value):
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, place, True)
        (place / "p.jsonl").write_text("".join(json.dumps(one) + "\n" for one in PROFILES), encoding="utf-8")
        (place / "o.json").write_text(json.dumps(directory()), encoding="utf-8")
        cls.data = place / "data"
        for words in (("import", str(place / "p.jsonl")), ("office", "import", str(place / "o.json"))):
            done = PROGRAM.run_as_is(*words, "--data", str(cls.data), *PROGRAM.common)
            if done.returncode:
                sys.exit(f"{words}: {done.stderr}")
        server = Server(PROGRAM, cls.data)
        cls.addClassCleanup(server.stop)
        cls.client = Client(server.port)
        cls.addClassCleanup(cls.client.close)
        cls.own = own_texts()
        interest = {"from": "x:project", "to": "x:supplier", "programme": "open", "answers": {"cooperation": "equity"}}
        status, _, opened = cls.client.call("POST", "/v1/interests?desk=okello", interest)
        if status != 201:
            sys.exit(f"an interest: {opened}")
        cls.case = "/v1/interests/" + opened["id"]
        cls.client.call("POST", "/v1/runs", {"programme": "open"})
        for _ in range(600):
            told = cls.client.call("GET", "/v1/runs")[2]
            if told["status"]["state"] == "idle" and told["runs"]:
                break
            time.sleep(0.1)
        cls.run_id = told["runs"][0]["id"]

    def answer(self, method, target, body, language):
        # Where every field of a profile is a filter, `lang` is one, and the header tells the language.
        header = {"Accept-Language": language} if target.startswith("/v1/profiles?") else None
        asked = target if header else target + ("&" if "?" in target else "?") + "lang=" + language
        status, _, told = self.client.call(method, asked, body, header)
        self.assertEqual(status, 200, (target, told))
        return told

    def check(self, method, target, body=None, wanted=()):
        """`wanted`: members that the English answer must have, so that there is something to see."""
        english = self.answer(method, target, body, "en")
        for member in wanted:
            self.assertIn(f'"{member}"', json.dumps(english), f"{target} has no {member}: {json.dumps(english)[:3000]}")
        for language in OTHERS:
            other = self.answer(method, target, body, language)
            for text in strings(other):
                self.assertNotIn("\u27e8", text, (target, language))
            for path, text in told_twice(english, other):
                *around, member = [name for name in path if isinstance(name, str)]
                if (language, text) in SAME or any(text in one for one in self.own):
                    continue
                if "keep" in around or (*around[-1:], member) in CODES:  # the question itself, as it was asked
                    continue
                sentence = re.search(r"[a-z]{2,} [a-z]{2,}", text)
                if sentence or member in WORDS and text[:1].islower():
                    self.fail(f"{method} {target} in {language}: {'.'.join(map(str, path))} is still {text!r}")
        return english

    def test_a_list_and_its_reasons(self):
        told = self.check("POST", "/v1/match", {"profile": "x:project", "explain": True, "bands": ["strong", "good", "possible", "weak"]},
                          ["reasons", "exposure"])
        reasons = [reason for match in told["matches"] for reason in match["reasons"]]
        for part in ("fits what you seek", "both in ISIC C28", "they work in Uganda",
                     "the money offered fits the money sought", "up to 2,000,000 EUR"):
            self.assertTrue(any(part in reason for reason in reasons), (part, reasons))

    def test_a_text_that_nobody_answers(self):
        for where in ({"country": ["AQ"]}, {"roles": ["mentor"], "kind": ["company"]}):
            self.check("POST", "/v1/match", {"text": "solar pumps", "programme": "itpo", "where": where}, ["removed"])
        self.check("POST", "/v1/match", {"profile": "x:buyer", "programme": "ctcn"}, ["removed", "remedy"])
        self.check("POST", "/v1/match", {"draft": {"kind": "company", "title": "D", "country": "DE", "seeks": "pumps",
                                                   "partner": {"countries": ["AQ"]}}}, ["removed"])

    def test_a_pair_explained(self):
        for a, b in (("x:supplier", "x:project"), ("x:buyer", "x:supplier"), ("x:supplier", "x:buyer"), ("x:buyer", "x:expert0")):
            for programme in ("open", "itpo", "ctcn", "pfan", "gcip"):
                self.check("GET", f"/v1/explain?a={a}&b={b}&programme={programme}", None, ["would_help", "summary"])

    def test_search_programmes_and_advice(self):
        self.check("GET", "/v1/profiles?country=AQ", None, ["removed"])
        self.check("GET", "/v1/programmes", None, ["description", "label"])
        self.check("GET", "/v1/profiles/x:expert0/advice", None, ["add"])

    def test_surveys(self):
        for programme in ("itpo", "gcip", "hydrogen"):
            self.check("GET", f"/v1/programmes/{programme}/coverage", None, ["gaps", "title"])
        self.check("GET", "/v1/countries/UG/brief", None, ["income", "sectors", "currency"])
        self.check("GET", "/v1/duplicates", None, ["reasons"])
        self.check("POST", "/v1/projects/x:project/assemble", {"programme": "open"}, ["needs", "uncovered"])

    def test_a_panel_that_cannot_keep_its_rules(self):
        for seats in (2, 3):
            self.check("POST", "/v1/panels", {"programme": "consultations", "seats": seats, "topics": ["Pumps"]},
                       ["relaxations", "message"])

    def test_reports(self):
        self.check("GET", "/v1/reports/response-times", None, ["definition", "note"])
        self.check("GET", "/v1/reports/funnel", None, ["definition", "title"])

    def test_a_desk_and_its_cases(self):
        self.check("GET", "/v1/desk?desk=weber", None, ["why_due"])
        self.check("GET", self.case, None, ["why_due", "subject"])
        self.check("GET", "/v1/interests?office=bonn", None, ["subject"])
        self.check("POST", self.case + ":accept?desk=weber&preview=true", {}, ["letters", "reader"])

    def test_lists_of_a_match_run_and_their_table(self):
        self.check("GET", f"/v1/runs/{self.run_id}/digest", None, ["why"])
        table = {language: list(csv.reader(io.StringIO(self.answer("GET", f"/v1/runs/{self.run_id}/digest?format=csv", None, language))))
                 for language in ("en", *OTHERS)}
        self.assertEqual(table["en"][0][:3], ["profile", "title", "change"])
        for language in OTHERS:
            self.assertFalse(set(table["en"][0]) & set(table[language][0]), language)
            for row, other in zip(table["en"][1:], table[language][1:]):
                for column in ("change", "why", "proposed"):
                    place = table["en"][0].index(column)
                    self.assertTrue(row[place] != other[place] or (language, row[place]) in SAME, (language, row[place]))

    def test_a_browser_is_answered_in_its_own_language_and_a_strange_one_in_english(self):
        body = {"profile": "x:project"}
        said = {accept: self.client.call("POST", "/v1/match", body, {"Accept-Language": accept})[2]
                for accept in ("en", "zh-TW,zh;q=0.9,en;q=0.5", "de")}
        self.assertEqual(said["de"], said["en"])
        self.assertIn("文本相似度", json.dumps(said["zh-TW,zh;q=0.9,en;q=0.5"], ensure_ascii=False))
        self.assertEqual(self.client.call("GET", "/v1/programmes?lang=de")[2]["member"], "lang")

    def test_the_command_line_has_the_language_too(self):
        """The server holds the directory: it is asked, and passes the language on."""
        done = PROGRAM.run(self.data, "explain", "x:supplier", "x:project", "--lang", "es")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("ambos buscan", done.stdout)


if __name__ == "__main__":
    unittest.main()
