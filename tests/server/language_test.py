"""Whoever asks speaks the language that the words are in, whether it is said or not: without it words would say nothing.

    language_test.py BINARY SOURCE MODELS    standard library only
"""
import pathlib
import shutil
import sys
import tempfile
import unittest

from serving import Client, Program, Server

PROGRAM = Program(*(sys.argv.pop(1) for _ in range(3)))
OFFER = "Solar-powered cold rooms keep fish and vegetables fresh where there is no grid"
NEED = "We look for solar cold rooms in which fish from our landing sites stays fresh"
ROWS = f"""id,kind,title,country,roles,offers
l:en,company,Cold Rooms,DE,technology_supplier,{OFFER}
l:fr,company,Chambres froides,FR,technology_supplier,Des chambres froides solaires gardent le poisson et les legumes frais sans reseau
"""
DRAFT = {"kind": "company", "title": "Fisheries of the Lake", "country": "KE", "roles": ["buyer"], "seeks": NEED}


class Language(unittest.TestCase):
    def setUp(self):
        place = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, place, True)
        (place / "f.csv").write_text(ROWS, encoding="utf-8")
        self.assertEqual(PROGRAM.run(place / "data", "import", str(place / "f.csv")).returncode, 0)
        server = Server(PROGRAM, place / "data")
        self.addCleanup(server.stop)
        self.client = Client(server.port)
        self.addCleanup(self.client.close)

    def parts(self, asking):
        """By counterpart: the parts of its score by signal."""
        status, _, answer = self.client.call("POST", "/v1/match", {**asking, "programme": "open", "explain": True})
        self.assertEqual(status, 200, answer)
        return {match["id"]: {part["signal"]: part for part in match["parts"]} for match in answer["matches"]}

    def test_a_draft_without_a_language_is_matched_as_one_that_states_it(self):
        said = self.parts({"draft": {**DRAFT, "lang": "en"}})
        self.assertEqual(self.parts({"draft": DRAFT}), said)
        self.assertTrue(said["l:en"]["words_forward"]["known"])
        self.assertGreater(said["l:en"]["words_forward"]["value"], 0.1)

    def test_words_count_for_a_bare_text_and_say_nothing_of_another_language(self):
        parts = self.parts({"text": NEED})
        self.assertTrue(parts["l:en"]["words_forward"]["known"])
        self.assertFalse(parts["l:fr"]["words_forward"]["known"])

    def test_the_direction_that_both_state_counts_alone(self):
        parts = self.parts({"draft": DRAFT})["l:en"]
        self.assertTrue(parts["words_forward"]["counted"])
        self.assertFalse(parts["words_backward"]["counted"])
        self.assertEqual(parts["words_backward"]["contribution"], 0)


if __name__ == "__main__":
    unittest.main()
