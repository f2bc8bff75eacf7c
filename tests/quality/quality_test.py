#!/usr/bin/env python3
"""The figures of match quality against values worked out by hand, and the program's ranks of a made-up set.

    quality_test.py BINARY SOURCE MODELS    standard library only
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from figures import Resampled, interval, macro_weights, mean, ndcg_at_10, ratio, recall_at_10, reciprocal_rank  # noqa: E402
from measuring import Program, Set, plain_words, read_ranks, tfidf  # noqa: E402
from pairs import first_by_hash, half_of  # noqa: E402
from table import Asked, Part, parts_of  # noqa: E402

BINARY, SOURCE, MODELS = sys.argv[1:4]
PUMPS, SCHOOLS = "solar pumps for irrigation", "school books and teachers"


def made_up(directory, twins=2):
    """One set: the right answer has `twins` - 1 doubles, so that it stands in the middle of a tie."""
    rows = [{"set": "made_up", "source": "none", "about": "", "group": "made_up", "macro": False, "across": False}]
    rows += [{"candidate": f"pump{i}", "texts": [{"id": f"p{i}", "text": PUMPS}]} for i in range(twins)]
    rows += [{"candidate": f"other{i}", "texts": [{"id": f"o{i}", "text": f"{SCHOOLS} in district {i}"}]} for i in range(12)]
    rows += [{"candidate": "both", "texts": [{"id": "b0", "text": PUMPS + " of farms"}, {"id": "b1", "text": "wheat"}]}]
    rows += [{"query": "q1", "text": PUMPS, "relevant": ["pump0"], "country": "Chad"},
             {"query": "q2", "text": PUMPS + " of farms", "leave_out": "b0", "relevant": ["both", "pump1"]},
             {"query": "q3", "text": SCHOOLS, "relevant": ["other3"], "country": "Niger"}]
    file = pathlib.Path(directory) / "made_up.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


class Figures(unittest.TestCase):
    def test_recall_is_the_share_of_the_relevant_among_the_first_ten(self):
        self.assertEqual(recall_at_10([1, 10, 10.5, 300]), 0.5)

    def test_the_reciprocal_rank_is_of_the_best_one(self):
        self.assertEqual(reciprocal_rank([8, 2.5]), 1 / 2.5)

    def test_gain_falls_with_the_logarithm_of_the_rank_and_is_divided_by_the_best_possible(self):
        self.assertEqual(ndcg_at_10([1]), 1)
        self.assertAlmostEqual(ndcg_at_10([3]), 1 / math.log2(4))
        self.assertAlmostEqual(ndcg_at_10([2, 40]), (1 / math.log2(3)) / (1 + 1 / math.log2(3)))
        self.assertEqual(ndcg_at_10([11]), 0)

    def test_half_of_a_tie_stands_before(self):
        self.assertEqual(tfidf.tie_aware_rank([.9, .5, .5, .5, .1], 1), 3)

    def test_in_a_macro_mean_every_owner_weighs_the_same(self):
        weights = macro_weights(["big", "big", "big", "small"])
        self.assertAlmostEqual(mean([1, 1, 1, 0], weights), 0.5)

    def test_the_interval_is_the_middle_of_the_draws(self):
        self.assertEqual(interval(range(1, 1001)), (25, 976))
        self.assertEqual(interval([1, ratio(1, 0), ratio(0, 0)])[1], math.inf)


class Bootstrap(unittest.TestCase):
    VALUES = [i % 3 == 0 for i in range(60)]

    def test_is_the_same_each_time(self):
        ids = [str(i) for i in range(60)]
        self.assertEqual(Resampled(ids, [1] * 60).means(self.VALUES), Resampled(ids, [1] * 60).means(self.VALUES))

    def test_two_methods_see_the_same_draws(self):
        resampled = Resampled([str(i) for i in range(60)], [1] * 60)
        better = [value + 0.25 for value in self.VALUES]
        low, high = interval(a - b for a, b in zip(resampled.means(better), resampled.means(self.VALUES)))
        self.assertAlmostEqual(low, 0.25)
        self.assertAlmostEqual(high, 0.25)

    def test_its_interval_is_about_two_standard_errors_on_both_sides(self):
        low, high = interval(Resampled([str(i) for i in range(60)], [1] * 60).means(self.VALUES))
        error = math.sqrt((1 / 3) * (2 / 3) / 60)
        self.assertAlmostEqual(low, 1 / 3 - 1.96 * error, delta=0.03)
        self.assertAlmostEqual(high, 1 / 3 + 1.96 * error, delta=0.03)

    def test_an_item_asked_in_two_languages_counts_as_one_draw(self):
        twice = Resampled([str(i % 30) for i in range(60)], [1] * 60)
        self.assertEqual(len(twice.clusters), 30)
        self.assertGreater(twice.means(self.VALUES), [0])


class Sampling(unittest.TestCase):
    def test_a_new_row_moves_nobody_else_in(self):
        before = first_by_hash([str(i) for i in range(100)], 20)
        after = first_by_hash([str(i) for i in range(101)], 20)
        self.assertEqual(len(before), 20)
        self.assertLessEqual(set(after) - set(before), {"100"})


class Measured(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.file = made_up(self.place)
        self.options = ["--datasets", f"{SOURCE}/datasets", "--models", MODELS]

    def test_the_programs_ranks_are_those_of_its_own_table(self):
        done = subprocess.run([BINARY, "evaluate", *self.options, "--json", "--ranks", self.place / "ranks.tsv", self.file],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        ranks = read_ranks(self.place / "ranks.tsv")
        rows = json.loads(done.stdout)["sets"]
        self.assertEqual({row["method"] for row in rows}, set(ranks))
        for row in rows:
            of_queries = ranks[row["method"]]["made_up"].values()
            self.assertEqual(len(of_queries), 3)
            for name, figure in (("recall_at_10", recall_at_10), ("mrr", reciprocal_rank), ("ndcg_at_10", ndcg_at_10)):
                with self.subTest(row["method"], figure=name):
                    self.assertAlmostEqual(row[name], sum(map(figure, of_queries)) / 3)

    def test_a_tie_is_shared_and_the_querys_own_text_does_not_speak(self):
        ranks = Program([BINARY, *self.options], self.place / "vectors", self.place).evaluate([self.file])["e5"]["made_up"]
        self.assertEqual(ranks["q1"], [1.5])
        self.assertGreater(ranks["q2"][0], 2)  # it is left with "wheat"
        self.assertEqual(ranks["q2"][1], 1.5)

    def test_kept_vectors_give_the_same_ranks(self):
        program = Program([BINARY, *self.options], self.place / "vectors", self.place)
        first = program.evaluate([self.file])
        sizes = {file.name: file.stat().st_size for file in (self.place / "vectors").iterdir()}
        self.assertEqual(len(sizes), 2)
        self.assertEqual(program.evaluate([self.file]), first)
        self.assertEqual({file.name: file.stat().st_size for file in (self.place / "vectors").iterdir()}, sizes)

    def test_a_record_that_was_cut_off_is_made_anew(self):
        program = Program([BINARY, *self.options], self.place / "vectors", self.place)
        first = program.evaluate([self.file])
        for file in (self.place / "vectors").iterdir():
            file.write_bytes(file.read_bytes()[:-7])
        self.assertEqual(program.evaluate([self.file]), first)

    def test_plain_words_find_who_shares_them(self):
        found = plain_words(Set(self.file), self.place / "words")
        for method in ("TF-IDF", "BM25"):
            with self.subTest(method):
                self.assertEqual(found[method]["q1"], [1.5])
                self.assertGreater(found[method]["q2"][0], 2)
        self.assertEqual(plain_words(Set(self.file), self.place / "words"), found)

    def test_the_part_of_unseen_organisations_is_what_the_program_measures_after_learning(self):
        """So both halve by the same hash."""
        rows = [json.loads(line) for line in self.file.read_text().splitlines()]
        for row in rows:
            if "query" in row:
                row.pop("country", None)
        rows += [{"query": f"o{i}", "text": f"{SCHOOLS} in {i}", "relevant": [f"other{i}"]} for i in range(12)]
        self.file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        program = Program([BINARY, *self.options], self.place / "vectors", self.place)
        ranks = program.evaluate([self.file], "--train", "--out", self.place / "weights.toml")
        tested = ranks["fast"]["made_up"]
        owners = {row["query"]: row["relevant"][0] for row in rows if "query" in row}
        self.assertEqual(set(tested), {query for query, owner in owners.items() if half_of(owner) == 1})
        self.assertTrue(0 < len(tested) < len(owners))


class Parts(unittest.TestCase):
    @staticmethod
    def asked(count, ranks_of):
        methods = {"TF-IDF": {"s": {}}, "shipped": {"s": {}}}
        rows = []
        for i in range(count):
            rows.append({"query": f"q{i}", "country": f"C{i % 5}", "when": str(2000 + i % 10)})
            methods["TF-IDF"]["s"][f"q{i}"], methods["shipped"]["s"][f"q{i}"] = ranks_of(i)
        return [Asked(row, f"owner{i}", "s", methods) for i, row in enumerate(rows)]

    def test_the_latest_third_is_by_year(self):
        queries = self.asked(90, lambda i: ([1], [1]))
        parts = dict(parts_of(queries))
        self.assertEqual(list(parts), ["all", "organisations", "countries", "latest third"])
        self.assertEqual({one.when for one in parts["latest third"]}, {"2006", "2007", "2008", "2009"})

    def test_ratio_and_difference_are_to_tf_idf(self):
        part = Part(self.asked(100, lambda i: ([1 if i % 4 == 0 else 50], [1 if i % 2 == 0 else 50])), macro=False)
        self.assertAlmostEqual(part.ratio("shipped")[0], 2)
        value, low, high = part.difference("shipped")
        self.assertAlmostEqual(value, 0.25)
        self.assertTrue(0.15 < low < 0.25 < high < 0.35)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
