"""What an organisation did before: IATI activities that become references of its profile.

    references_test.py BINARY SOURCE MODELS    standard library only
"""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

from serving import Client, Program, Server

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
FIRM = {"id": "r:1", "kind": "company", "title": "Alpha Works", "country": "DE", "offers": "turnkey plants", "lang": "en",
        "references": [{"title": "Stated by itself"}],
        "organisation": {"identifiers": [{"scheme": "DE-HRB", "id": "77"}]}, "contact": {"email": "a@example.org"}}


def activity(number, ref, year, status=4):
    return (f"<iati-activity><iati-identifier>X-{number}</iati-identifier><title><narrative>Ice plant {number}</narrative></title>"
            f"<participating-org ref='{ref}' role='4'/><activity-status code='{status}'/>"
            f"<activity-date type='4' iso-date='{year}-03-01'/><recipient-country code='KE'/></iati-activity>")


class References(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place, True)
        self.data = self.place / "data"
        self.file = self.place / "did.xml"
        self.file.write_text("<iati-activities version='2.03'>" + activity(1, "DE-HRB-77", 2011) + activity(2, "de-hrb-77", 2019)
                             + activity(3, "DE-HRB-78", 2020) + activity(4, "DE-HRB-77", 2021, 5) + "</iati-activities>")
        (self.place / "f.jsonl").write_text(json.dumps(FIRM) + "\n")
        self.assertEqual(PROGRAM.run(self.data, "import", str(self.place / "f.jsonl")).returncode, 0)

    def titles(self):
        stored = json.loads(PROGRAM.run(self.data, "export", "--with-private").stdout)
        self.assertEqual(stored["contact"], FIRM["contact"])
        return [one["title"] for one in stored["references"]]

    def test_activities_of_the_organisation_are_added_newest_first_and_once(self):
        dry = PROGRAM.answer(self.data, "references", "r:1", str(self.file), "--dry-run")
        self.assertEqual((dry["activities"], dry["took_part"], dry["added"], dry["dry_run"]), (4, 3, 2, True))
        self.assertEqual(self.titles(), ["Stated by itself"])
        self.assertEqual(PROGRAM.answer(self.data, "references", "r:1", str(self.file))["added"], 2)
        self.assertEqual(self.titles(), ["Stated by itself", "Ice plant 2", "Ice plant 1"])
        again = PROGRAM.answer(self.data, "references", "r:1", str(self.file))
        self.assertEqual((again["added"], again["there"]), (0, 2))

    def test_a_server_that_holds_the_directory_is_asked(self):
        server = Server(PROGRAM, self.data)
        self.addCleanup(server.kill)
        done = PROGRAM.run(self.data, "references", "r:1", str(self.file))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("3 of 4 activities; 2 added", done.stdout)
        client = Client(server.port)
        self.addCleanup(client.close)
        stored = client.call("GET", "/v1/profiles/r:1")[2]
        self.assertEqual(stored["references"][1], {"title": "Ice plant 2", "country": "KE", "year": 2019})
        self.assertEqual(server.stop(), 0)
        self.assertEqual(len(self.titles()), 3)

    def test_what_is_not_there_is_said(self):
        for arguments, words in ((("r:2", str(self.file)), "r:2"), (("r:1", str(self.place / "none.xml")), "none.xml"),
                                 (("r:1", str(self.place / "f.jsonl")), "not well-formed")):
            with self.subTest(arguments):
                done = PROGRAM.run(self.data, "references", *arguments)
                self.assertEqual(done.returncode, 1)
                self.assertIn(words, done.stderr)
        self.file.write_text("<iati-activities>" + activity(1, "XM-1", 2011) + "</iati-activities>")
        done = PROGRAM.run(self.data, "references", "r:1", str(self.file))
        self.assertEqual(done.returncode, 1)
        self.assertIn("organisation.identifiers", done.stderr)


if __name__ == "__main__":
    unittest.main()
