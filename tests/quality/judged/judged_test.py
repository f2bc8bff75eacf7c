#!/usr/bin/env python3
"""The figures of judged answers against values worked out by hand, and the committed questions and judgments against each other."""

import tempfile
import unittest
from collections import Counter
from pathlib import Path

from judged import Answer, Figures, Question, Silence, groups_of, read_judgments, read_questions, table

HERE = Path(__file__).resolve().parent


def question(name, direction="offer", fit="some", half="open"):
    return Question(name, half, "en", direction, "DE", fit, "pumps")


class FiguresOfJudgedAnswers(unittest.TestCase):
    def setUp(self):
        self.questions = [question("full"), question("short", "need", half="kept"), question("silent", "need"),
                          question("empty", fit="nobody"), question("talkative", fit="nobody")]
        self.answers = {"full": Answer(tuple("abcdefghij"), False), "short": Answer(("a", "b", "c", "new"), False),
                        "silent": Answer((), True), "empty": Answer((), True), "talkative": Answer(("a",), False)}
        self.judgments = {"full": dict(zip("abcdefghij", (2, 2, 2, 2, 1, 1, 0, 0, 0, 0))) | {"elsewhere": 2},
                          "short": {"a": 2, "b": 2, "c": 1}, "silent": {"x": 2}, "talkative": {"a": 0}}

    def of(self, *names):
        return Figures([one for one in self.questions if one.id in names], self.answers, self.judgments)

    def test_a_full_list_counts_the_relevant_of_ten(self):
        full = self.of("full")
        self.assertEqual((full.of_shown, full.of_shown_or_partly, full.of_ten), (.4, .6, .4))
        self.assertAlmostEqual(full.of_findable, 4 / 5)  # five are known

    def test_a_short_list_is_measured_both_by_what_it_shows_and_by_ten(self):
        short = self.of("short")
        self.assertEqual((short.shown, short.of_shown, short.of_shown_or_partly, short.of_ten), (4, .5, .75, .2))
        self.assertEqual(short.of_findable, 1)

    def test_an_unjudged_answer_is_nonsense_and_is_told(self):
        self.assertEqual(self.of("short").unjudged, 1)

    def test_a_question_left_without_answer_counts_as_none_relevant(self):
        both = self.of("full", "silent")
        self.assertEqual((both.shown, both.of_shown, both.of_ten), (5, .2, .2))

    def test_questions_with_nobody_are_left_out_of_the_shares(self):
        self.assertEqual(len(self.of("full", "empty", "talkative").questions), 1)
        self.assertEqual(self.of("full", "empty", "talkative").of_shown, .4)

    def test_nobody_is_right_where_there_is_nobody_and_wrong_elsewhere(self):
        silence = Silence(self.questions, self.answers)
        self.assertEqual((silence.right, silence.asked["nobody"]), (.5, 2))
        self.assertAlmostEqual(silence.wrong, 1 / 3)

    def test_the_table_has_a_line_for_each_direction_half_and_language(self):
        lines = table(self.questions, self.answers, self.judgments).splitlines()
        self.assertEqual(len(lines), 2 + len(list(groups_of(self.questions))))
        self.assertIn("| supplier to projects | 1 | 10.0 | 0.40 | 0.60 | 0.40 | 0.50 | 0.80 | 0.50 of 2 | 0.00 of 1 |", lines)

    def test_no_questions_make_no_figures(self):
        self.assertEqual(Figures([], {}, {}).of_ten, 0)


class CommittedSet(unittest.TestCase):
    def test_questions_are_spread_over_languages_directions_and_halves(self):
        questions = read_questions(HERE / "questions.tsv")
        self.assertEqual(len({one.id for one in questions}), len(questions))
        self.assertGreaterEqual(len(questions), 64)
        languages = Counter(one.language for one in questions)
        self.assertEqual(sorted(languages), ["ar", "en", "es", "fr", "ru", "zh"])
        self.assertEqual(set(Counter((one.language, one.direction) for one in questions).values()), {6})
        self.assertGreaterEqual(sum(one.fit == "nobody" for one in questions) / len(questions), .2)
        self.assertEqual({one.fit for one in questions}, {"some", "nobody"})
        halves = Counter((one.half, one.direction) for one in questions)
        self.assertEqual(halves["open", "offer"], halves["kept", "offer"])
        self.assertEqual(halves["open", "need"], halves["kept", "need"])

    def test_judgments_are_grades_of_known_questions_each_given_once(self):
        questions = {one.id: one for one in read_questions(HERE / "questions.tsv")}
        judgments = read_judgments(HERE / "judgments.tsv")
        lines = (HERE / "judgments.tsv").read_text(encoding="utf-8").splitlines()[1:]
        self.assertEqual(sum(map(len, judgments.values())), len(lines))
        self.assertLessEqual(judgments.keys(), questions.keys())
        for name, grades in judgments.items():
            self.assertLessEqual(set(grades.values()), {0, 1, 2}, name)
            if questions[name].fit == "nobody":
                self.assertNotIn(2, grades.values(), f"{name} has a counterpart after all")

    def test_a_file_of_judgments_is_read_by_question_and_profile(self):
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "judgments.tsv"
            file.write_text("question\tprofile\tgrade\nq\ta\t2\nq\tb\t0\n", encoding="utf-8")
            self.assertEqual(read_judgments(file), {"q": {"a": 2, "b": 0}})


if __name__ == "__main__":
    unittest.main()
